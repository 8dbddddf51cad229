// The terminal must show what it would show if Ink wrote to it directly.
import { Box, render, Text } from 'ink';
import { afterEach, describe, expect, it } from 'vitest';
import { draw } from '../../source/common/random.ts';
import { CellWriter } from '../../source/ui/cell-writer.ts';
import { EmulatedTerminal, FakeSink, FakeTerminal } from './emulated-terminal.ts';

const enter = '\u001b[?1049h\u001b[?25l';
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const home = '\u001b[1;1H\u001b[J';

/** What Ink writes before a frame to erase one of so many lines. */
const eraseLines = (count: number): string => {
  const lines = Array.from({ length: count }, () => '\u001b[2K').join('\u001b[1A');
  return count > 0 ? `${lines}\u001b[G` : '';
};

let drawn = 0;
const random = (below: number): number => {
  drawn += 1;
  return Math.floor(draw(4711, drawn) * below);
};
const pick = <T,>(items: readonly T[]): T => items[random(items.length)]!;

const glyphs = [...'abcXYZ019.,-', ...'   ', ...'─┤│█▏▃⣀⠤●▲é·', ...'日本語한', 'e\u0301'];
const looks = ['31', '32', '91', '1', '2', '1;2;33', '7', '4', '41', '48;5;120', '38;5;33', '38;2;10;20;30', '3'];

/** A line of at most `width` cells that closes what it opens, as Ink's lines do. */
const randomLine = (width: number): string => {
  let line = '';
  let used = 0;
  const length = random(width + 1);
  while (used < length) {
    const size = 1 + random(8);
    let text = '';
    for (let index = 0; index < size && used < length; index += 1) {
      const glyph = pick(glyphs);
      const cells = /[日本語한]/.test(glyph) ? 2 : 1;
      if (used + cells > width) break;
      text += glyph;
      used += cells;
    }
    if (text === '') break;
    line += random(2) === 0 ? text : `\u001b[${pick(looks)}m${text}\u001b[0m`;
  }
  return line;
};

const setUp = (columns: number, rows: number) => {
  const terminal = new FakeTerminal(columns, rows);
  const sink = new FakeSink();
  const output = new CellWriter(terminal, sink);
  return {
    terminal,
    sink,
    output,
    shown: new EmulatedTerminal(columns, rows),
    direct: new EmulatedTerminal(columns, rows),
  };
};

describe('the cell writer', () => {
  it('shows what the frames would show if they were written directly, whatever is in them', async () => {
    const { terminal, sink, output, shown, direct } = setUp(40, 12);
    let before = 0;
    const both = async (text: string): Promise<void> => {
      output.write(text);
      await direct.feed(text);
      await shown.feed(sink.take());
    };
    await both(enter);
    let lines: string[] = [];
    for (let frame = 0; frame < 180; frame += 1) {
      let prefix = eraseLines(before);
      if (random(10) === 0) {
        const columns = 10 + random(60);
        const rows = 4 + random(20);
        for (const { emulator } of [shown, direct]) emulator.resize(columns, rows);
        terminal.resize(columns, rows);
        prefix = home;
      }
      const fresh = prefix === home || random(5) === 0;
      lines = Array.from({ length: terminal.rows }, (_, y) =>
        fresh || random(3) === 0 || lines[y] === undefined ? randomLine(terminal.columns) : lines[y],
      );
      // Where the frame is as high as the terminal there is no line feed behind it.
      const height = random(4) === 0 ? random(terminal.rows) : terminal.rows;
      const text = lines.slice(0, height).join('\n') + (height < terminal.rows ? '\n' : '');
      await both(`${begin}`);
      await both(prefix + text);
      await both(end);
      before = text.split('\n').length;
      expect(shown.cells(), `frame ${frame}`).toEqual(direct.cells());
    }
    expect(output.bytesSent).toBeGreaterThan(0);
    output.restore();
  });

  it('sends a small part of a frame in which little changed', () => {
    const { sink, output } = setUp(80, 24);
    const lines = Array.from({ length: 24 }, (_, y) => `line ${y} `.repeat(8));
    output.write(enter);
    output.write(`${begin}${lines.join('\n')}${end}`);
    const first = sink.take().length;
    lines[7] = `LINE${lines[7]!.slice(4)}`;
    output.write(`${begin}${eraseLines(24)}${lines.join('\n')}${end}`);
    const second = sink.take();
    expect(first).toBeGreaterThan(1000);
    expect(second).toBe('\u001b[?2026h\u001b[8HLINE\u001b[?2026l');
    output.write(`${begin}${eraseLines(24)}${lines.join('\n')}${end}`);
    expect(sink.take()).toBe('');
    expect(output.framesSent).toBe(2);
    output.restore();
  });

  it('drops the frames in between while the terminal takes nothing, and ends with the newest', async () => {
    const { sink, output, shown } = setUp(20, 3);
    output.write(enter);
    sink.stalled = true;
    for (let frame = 0; frame <= 500; frame += 1) {
      output.write(`${begin}${frame === 0 ? '' : eraseLines(3)}frame ${frame}\nb\nc${end}`);
    }
    sink.stalled = false;
    sink.most = 7;
    await expect.poll(() => output.framesSent).toBe(2);
    await output.close();
    const sent = sink.take();
    await shown.feed(sent.slice(0, sent.indexOf('\u001b[?1049l')));
    expect(shown.text()).toEqual(['frame 500', 'b', 'c']);
    expect(sent).not.toContain('499');
  });

  it('paints everything again after a write that it does not understand', async () => {
    const { sink, output, shown } = setUp(20, 3);
    output.write(`${enter}${begin}one\ntwo\nthree${end}`);
    const strange = '\u001b[2;2Hjunk\u001b[5n\u001b[4h\u001b[4l';
    output.write(strange);
    await shown.feed(sink.take());
    expect(shown.text()[1]).toBe('tjunk');
    output.write(`${begin}${eraseLines(3)}one\ntwo\nthree!${end}`);
    await shown.feed(sink.take());
    expect(shown.text()).toEqual(['one', 'two', 'three!']);
    output.restore();
  });

  it('paints everything again after a resize in which the program draws nothing', async () => {
    const { terminal, sink, output, shown } = setUp(20, 3);
    output.write(`${enter}${begin}one\ntwo\nthree${end}`);
    sink.take();
    shown.emulator.resize(30, 3);
    terminal.resize(30, 3);
    await expect.poll(() => output.framesSent).toBe(2);
    await shown.feed(`${enter}${sink.take()}`);
    expect(shown.text()).toEqual(['one', 'two', 'three']);
    output.restore();
  });

  it('puts the cursor where the program shows it', async () => {
    const { sink, output, shown } = setUp(20, 3);
    output.write(`${enter}${begin}one\n日本\nthree\u001b[1A\u001b[5G\u001b[?25h${end}`);
    await shown.feed(sink.take());
    expect(shown.cursor()).toEqual([4, 1]);
    output.write('\u001b[?25l\u001b[1B\u001b[3G\u001b[?25h');
    await shown.feed(sink.take());
    expect(shown.cursor()).toEqual([2, 2]);
    output.restore();
  });

  it('gives the terminal back once: modes off, screen left, cursor shown', () => {
    const { terminal, sink, output } = setUp(20, 3);
    output.write(`${enter}\u001b[?2004h\u001b[?1006h`);
    output.write(`${begin}one${end}`);
    sink.take();
    output.restore();
    expect(sink.take()).toBe('\u001b[?2004l\u001b[?1006l\u001b[?1049l\u001b[?25h');
    output.restore();
    output.write('late');
    expect(sink.take()).toBe('');
    expect(sink.closed).toBe(true);
    expect(terminal.listenerCount).toBe(0);
  });

  it('leaves no trace of a screen that Ink itself has left', () => {
    const { sink, output } = setUp(20, 3);
    for (const text of [enter, begin, 'one', end, '\u001b[?25h', '\u001b[?1049l', '\u001b[?25h']) output.write(text);
    expect(sink.take()).toMatch(/\u001b\[\?25h.*\u001b\[\?1049l$/);
    output.restore();
    expect(sink.take()).toBe('');
  });

  it('gives up leaving a terminal that takes nothing after a moment, and keeps what is still to be sent', async () => {
    const { sink, output, shown } = setUp(20, 3);
    output.write(enter);
    output.write(`${begin}one${end}`);
    sink.stalled = true;
    output.write(`${begin}${eraseLines(1)}two${end}`);
    const started = performance.now();
    await output.close(100);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(output.writable).toBe(false);
    await shown.feed(sink.take());
    expect(shown.emulator.buffer.active.type).toBe('alternate');
    await shown.feed(output.unsent);
    expect(shown.emulator.buffer.active.type).toBe('normal');
  });
});

describe('Ink on the cell writer', () => {
  const unmounts: (() => void)[] = [];
  afterEach(() => {
    for (const unmount of unmounts.splice(0)) unmount();
  });

  it('shows what Ink shows, through redraws and resizes, and leaves the screen when it unmounts', async () => {
    const { terminal, sink, output, shown, direct } = setUp(50, 10);
    const pass = output.write.bind(output);
    let written = '';
    output.write = (chunk, encoding, callback) => {
      written += String(chunk);
      return pass(chunk, encoding, callback);
    };
    const View = ({ step }: { step: number }) => (
      <Box width={terminal.columns} height={terminal.rows} flexDirection="column" overflow="hidden">
        {Array.from({ length: terminal.rows }, (_, y) => (
          <Text key={String(y)} wrap="truncate">
            {`${y} \u001b[3${y % 8}m日本 ${'▃'.repeat((step * (y + 3)) % 40)}\u001b[39m ${step * y}`}
          </Text>
        ))}
      </Box>
    );
    const app = render(<View step={0} />, {
      stdout: output.stream,
      interactive: true,
      alternateScreen: true,
      patchConsole: false,
      exitOnCtrlC: false,
      maxFps: 1000,
    });
    unmounts.push(app.unmount);
    const sizes = [
      [50, 10],
      [30, 10],
      [30, 6],
      [70, 14],
      [40, 5],
    ] as const;
    for (const [round, [columns, rows]] of sizes.entries()) {
      for (const { emulator } of [shown, direct]) emulator.resize(columns, rows);
      terminal.resize(columns, rows);
      for (let step = 1; step <= 4; step += 1) {
        app.rerender(<View step={round * 4 + step} />);
        await app.waitUntilRenderFlush();
        await direct.feed(written);
        await shown.feed(sink.take());
        written = '';
        expect(shown.cells(), `step ${step} at ${columns}x${rows}`).toEqual(direct.cells());
        expect(shown.text()[rows - 1]).toContain(`${rows - 1} `);
      }
    }
    app.unmount();
    await output.close();
    await shown.feed(sink.take());
    expect(shown.emulator.buffer.active.type).toBe('normal');
  });
});
