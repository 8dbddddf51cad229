// A real descriptor that nobody reads: nothing may wait for it, and the newest frame must come out in the end.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openCellOutput } from '../../source/ui/cell-output.ts';
import type { CellWriter } from '../../source/ui/cell-writer.ts';
import { medianOfThree } from '../helpers/drive.ts';
import { EmulatedTerminal, FakeTerminal } from './emulated-terminal.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** A pipe with a name: what is written to one end stays in the kernel until the other one is read. */
const openPipe = (): { readonly read: () => Buffer; readonly fd: number; readonly closeReader: () => void } => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loadtop-pipe-'));
  const file = path.join(folder, 'pipe');
  execFileSync('mkfifo', [file]);
  const reader = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  // As stdout is: a write that does not fit waits.
  const fd = fs.openSync(file, fs.constants.O_WRONLY);
  let open = true;
  const closeReader = (): void => {
    if (open) fs.closeSync(reader);
    open = false;
  };
  cleanUps.push(() => {
    fs.closeSync(fd);
    closeReader();
    fs.rmSync(folder, { recursive: true });
  });
  const read = (): Buffer => {
    const parts: Buffer[] = [];
    for (;;) {
      const part = Buffer.alloc(65_536);
      try {
        const count = fs.readSync(reader, part);
        if (count === 0) break;
        parts.push(part.subarray(0, count));
      } catch {
        break;
      }
    }
    return Buffer.concat(parts);
  };
  return { read, fd, closeReader };
};

const openOutput = (fd: number): CellWriter => {
  const output = openCellOutput(Object.assign(new FakeTerminal(100, 30), { fd }));
  cleanUps.push(() => output.restore());
  return output;
};

/** A frame in which every cell is another one than in the frame before. */
const frame = (index: number): string => {
  const line = String.fromCharCode(97 + (index % 26)).repeat(92);
  return Array.from({ length: 30 }, (_, y) => `${String(index).padStart(8)}${y % 2 ? line : line.toUpperCase()}`).join(
    '\n',
  );
};
const draw = (output: CellWriter, index: number): void => {
  output.write('\u001b[?2026h');
  output.write(`\u001b[1;1H\u001b[J${frame(index)}`);
  output.write('\u001b[?2026l');
};

describe('the output on a descriptor that nobody reads', () => {
  it('never blocks the event loop, and shows the newest frame once it is read again', async () => {
    const frames = 300;
    const unread = async (): Promise<number> => {
      const pipe = openPipe();
      const output = openOutput(pipe.fd);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      output.write('\u001b[?1049h\u001b[?25l');
      delay.enable();
      for (let index = 1; index <= frames; index += 1) {
        draw(output, index);
        if (index % 10 === 0) await sleep(5);
      }
      delay.disable();
      expect(output.framesSent).toBeLessThan(frames / 2);

      const shown = new EmulatedTerminal(100, 30);
      await expect
        .poll(
          async () => {
            await shown.feed(pipe.read());
            return shown.text();
          },
          { timeout: 8000 },
        )
        .toEqual(frame(frames).split('\n'));
      return delay.max / 1e6;
    };
    // A busy machine may take the thread away for that long once, but not each time.
    const longest = await medianOfThree(unread, (ms) => ms);
    expect(longest).toBeLessThan(250);
  });

  it('closes within a moment', async () => {
    const pipe = openPipe();
    const output = openOutput(pipe.fd);
    output.write('\u001b[?1049h');
    for (let index = 1; index <= 60; index += 1) draw(output, index);
    const before = output.framesSent;
    draw(output, 61);
    expect(output.framesSent).toBe(before);
    const started = performance.now();
    await output.close(100);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('sends the sequences that leave the screen before restore returns', () => {
    const pipe = openPipe();
    const output = openOutput(pipe.fd);
    output.write('\u001b[?1049h\u001b[?25l');
    draw(output, 1);
    output.restore();
    expect(pipe.read().toString()).toMatch(/\u001b\[\?1049l\u001b\[\?25h$/);
  });

  it('goes quiet when the terminal has gone', async () => {
    const pipe = openPipe();
    const output = openOutput(pipe.fd);
    output.write('\u001b[?1049h');
    pipe.closeReader();
    draw(output, 1);
    draw(output, 2);
    await output.close();
    expect(output.writable).toBe(false);
  });
});
