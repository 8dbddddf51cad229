// Lines and their answers, however the bytes come: on a wire that a test holds in its hands.

import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ControlConnection, longestLine, type Wire } from '../../source/session/control-connection.ts';

class HeldWire extends EventEmitter implements Wire {
  written = '';
  writableLength = 0;
  destroyed = false;
  ended = false;
  paused = false;
  write(text: string): void {
    this.written += text;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  pause(): this {
    this.paused = true;
    return this;
  }
  resume(): this {
    this.paused = false;
    return this;
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** What is answered to text that comes in pieces. */
const answered = async (pieces: readonly string[]): Promise<unknown[]> => {
  const wire = new HeldWire();
  new ControlConnection(
    wire,
    (line) => ({ ok: true, line }),
    () => {},
  );
  for (const piece of pieces) {
    while (wire.paused) await nextTurn();
    wire.emit('data', piece);
  }
  wire.emit('end');
  while (!wire.ended) await nextTurn();
  return wire.written
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
};

it('each line is answered once and in order, whatever pieces it comes in', async () => {
  const line = fc.oneof(
    fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
    fc.integer({ min: longestLine + 1, max: longestLine * 3 }).map((length) => 'y'.repeat(length)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }),
      fc.array(fc.nat(5000), { maxLength: 20 }),
      async (lines, cuts) => {
        const words = lines.filter(
          (text) =>
            text
              .trim()
              .toLowerCase()
              .replace(/^:+\s*/, '') !== 'watch',
        );
        const text = words.map((word) => `${word}\n`).join('');
        const borders = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const pieces = borders.slice(1).map((border, index) => text.slice(borders[index], border));
        expect(await answered(pieces)).toEqual(
          words.map((word) =>
            word.length > longestLine
              ? { ok: false, error: expect.stringContaining('more than') }
              : { ok: true, line: word },
          ),
        );
      },
    ),
    { numRuns: 60 },
  );
});

it('a client that does not read is not read from until it does', async () => {
  const wire = new HeldWire();
  const asked: string[] = [];
  new ControlConnection(
    wire,
    (line) => {
      asked.push(line);
      wire.writableLength = 100_000;
      return { ok: true };
    },
    () => {},
  );
  wire.emit('data', 'a\nb\nc\n');
  await nextTurn();
  expect(asked).toEqual(['a']);
  expect(wire.paused).toBe(true);
  wire.writableLength = 0;
  wire.emit('drain');
  expect(asked).toEqual(['a', 'b']);
});

it('a client that has not read misses seconds, but not what is said last', async () => {
  const wire = new HeldWire();
  const connection = new ControlConnection(
    wire,
    () => ({ ok: true }),
    () => {},
  );
  wire.emit('data', 'watch\n');
  wire.written = '';
  wire.writableLength = 100_000;
  connection.show('second\n', false);
  expect(wire.written).toBe('');
  connection.show('summary\n', true);
  expect(wire.written).toBe('summary\n');
});

it('no client keeps everything else from its turn', async () => {
  const wire = new HeldWire();
  let count = 0;
  new ControlConnection(
    wire,
    () => {
      count += 1;
      return { ok: true };
    },
    () => {},
  );
  wire.emit('data', 'a\n'.repeat(1000));
  expect(count).toBeLessThan(100);
  while (count < 1000) await nextTurn();
});
