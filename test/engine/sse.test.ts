// Server-sent events as the standard has them: fields, line ends, comments, the byte order mark; and the same events
// however the bytes are cut.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestLine, SseParser } from '../../source/engine/sse.ts';

interface Read {
  readonly events: readonly (readonly [data: string, type: string, id: string])[];
  readonly broken: number;
  readonly retryMs: number | undefined;
}

/** @param cuts lengths of the pieces; the rest comes in one */
const read = (bytes: Buffer, cuts: readonly number[] = []): Read => {
  const events: [string, string, string][] = [];
  let broken = 0;
  const parser = new SseParser({
    event: (data, type, id) => events.push([data, type, id]),
    broken: () => {
      broken += 1;
    },
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const to = Math.min(bytes.length, from + cut);
    // A buffer that is overwritten after the call, with other bytes on both sides.
    const piece = Buffer.concat([Buffer.from('\n'), bytes.subarray(from, to), Buffer.from('\n')]);
    parser.take(piece, 1, piece.length - 1);
    piece.fill(0x21);
    from = to;
  }
  return { events, broken, retryMs: parser.retryMs };
};

const readText = (text: string): Read['events'] => read(Buffer.from(text)).events;

describe('server-sent events', () => {
  it.each<[string, string, readonly (readonly [string, string, string])[]]>([
    [
      'data',
      'data: a\n\ndata:b\n\n',
      [
        ['a', 'message', ''],
        ['b', 'message', ''],
      ],
    ],
    ['one space, and no more, after the colon', 'data:  a\n\n', [[' a', 'message', '']]],
    ['several lines of data', 'data: a\ndata:\ndata: b\n\n', [['a\n\nb', 'message', '']]],
    [
      'data that is empty',
      'data:\n\ndata\n\n',
      [
        ['', 'message', ''],
        ['', 'message', ''],
      ],
    ],
    [
      'a name, for one event',
      'event: x\ndata: a\n\ndata: b\n\n',
      [
        ['a', 'x', ''],
        ['b', 'message', ''],
      ],
    ],
    [
      'an id, from then on',
      'id: 7\ndata: a\n\ndata: b\n\n',
      [
        ['a', 'message', '7'],
        ['b', 'message', '7'],
      ],
    ],
    ['no id with a NUL', 'id: 7\0\ndata: a\n\n', [['a', 'message', '']]],
    ['no event without data', 'event: x\nid: 1\n\n: ping\n\ndata: a\n\n', [['a', 'message', '1']]],
    ['no comments', ':\n: data: x\ndata: a\n:data\n\n', [['a', 'message', '']]],
    ['no other fields', 'date: x\ndatas: x\ndat\n DATA: x\ndata : x\ndata: a\n\n', [['a', 'message', '']]],
    [
      'each end of a line',
      'data: a\rdata: b\r\n\r\ndata: c\n\ndata: d\r\r',
      [
        ['a\nb', 'message', ''],
        ['c', 'message', ''],
        ['d', 'message', ''],
      ],
    ],
    ['a byte order mark, once', '\ufeffdata: a\n\n\ufeffdata: b\n\n', [['a', 'message', '']]],
    ['nothing of an event that is not complete', 'data: a\n\ndata: b\n', [['a', 'message', '']]],
  ])('has %s', (_, text, events) => {
    expect(readText(text)).toEqual(events);
  });

  it('says after how long to ask again, where that is a number', () => {
    expect(read(Buffer.from('retry: 250\nretry: 1s\n')).retryMs).toBe(250);
    expect(read(Buffer.from('data: x\n\n')).retryMs).toBeUndefined();
  });

  it('leaves out what is too long, counts it, and goes on', () => {
    const long = 'x'.repeat(longestLine);
    const text = `data: a\n\ndata: ${long}\nevent: y\n\ndata: b\n\n${`data: ${'y'.repeat(400_000)}\n`.repeat(3)}\ndata: c\n\n`;
    for (const cuts of [[], Array.from({ length: 40 }, () => 65_536)]) {
      const { events, broken } = read(Buffer.from(text), cuts);
      expect(events.map(([data]) => data)).toEqual(['a', 'b', 'c']);
      expect(broken).toBe(2);
    }
    const most = 'x'.repeat(longestLine - 'data: '.length);
    expect(readText(`data: ${most}\n\n`)).toEqual([[most, 'message', '']]);
  });

  it('reads the same events however the bytes are cut', () => {
    const part = fc.constantFrom(
      ...[
        'data',
        'event',
        'id',
        'retry',
        ':',
        ': ',
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        '\ufeff',
        'é',
        '漢字',
        '😀',
        'x',
        '1',
        '\0',
      ],
      ...['data: a\n\n', 'data:{"a":"ü"}\r\n\r\n'],
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 }),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''));
          const whole = read(bytes);
          expect(read(bytes, cuts)).toEqual(whole);
          expect(
            read(
              bytes,
              Array.from(bytes, () => 1),
            ),
          ).toEqual(whole);
        },
      ),
    );
  });

  it('reads back what was written', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n\0]/g, ''));
    const event = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
      type: line,
      end: fc.constantFrom('\n', '\r', '\r\n'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), fc.array(fc.nat({ max: 9 })), (events, cuts) => {
        const text = events
          .map(({ lines, type, end }) => [`event: ${type}`, ...lines.map((one) => `data: ${one}`), '', ''].join(end))
          .join('');
        expect(read(Buffer.from(text), cuts).events).toEqual(
          events.map(({ lines, type }) => [lines.join('\n'), type || 'message', '']),
        );
      }),
    );
  });
});
