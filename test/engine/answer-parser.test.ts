// What is read of answers does not depend on how their bytes are cut, agrees with Node's own parser where both take an
// answer, and what is no HTTP is said to be none: never anything else is thrown, and nothing is read for ever.

import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerParser } from '../../source/engine/answer-parser.ts';
import { BrokenAnswerError } from '../../source/engine/engine-errors.ts';
import { listen } from '../helpers/listen.ts';

type Told = string;

/** What production does to the bytes: each read is into the same buffer, and the one before is gone. */
const shared = Buffer.alloc(300_000);

interface Reading {
  readonly told: readonly Told[];
  /** Of all answers, one after the other. */
  readonly body: string;
  readonly endsWithConnection: boolean;
}

/**
 * What the parser tells of bytes that come in pieces.
 * @param methods of the requests that were sent @param closes the connection ends after the bytes
 */
const read = (pieces: readonly Buffer[], methods: readonly string[] = ['GET'], closes = false): Reading => {
  const told: Told[] = [];
  let body = '';
  let answered = 0;
  const parser = new AnswerParser({
    began: () => told.push('began'),
    head: (status, bytes, from, to) => told.push(`head ${status} ${bytes.toString('latin1', from, to)}`),
    isToHead: () => methods[answered] === 'HEAD',
    ended: (reusable, idleMs) => {
      answered += 1;
      told.push(`ended ${reusable ? 'reusable' : 'spent'} ${idleMs}`);
    },
    isAwaited: () => answered < methods.length,
    wantsBody: () => true,
    body: (bytes, from, to) => {
      body += bytes.toString('latin1', from, to);
    },
  });
  try {
    for (const piece of pieces) {
      piece.copy(shared);
      parser.read(shared.subarray(0, piece.length));
      shared.fill('?', 0, piece.length);
    }
    if (closes) parser.close();
  } catch (error) {
    if (!(error instanceof BrokenAnswerError)) throw error;
    told.push(error.code);
  }
  return { told, body, endsWithConnection: parser.endsWithConnection };
};

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const readText = (text: string, methods?: readonly string[], closes?: boolean): readonly Told[] =>
  read([bytesOf(text)], methods, closes).told;
const readBytewise = (text: string, methods?: readonly string[], closes?: boolean): readonly Told[] =>
  read(
    [...bytesOf(text)].map((byte) => Buffer.of(byte)),
    methods,
    closes,
  ).told;

/** Cuts bytes at the places given, as parts of their length. */
const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

/** The end of the answer, of a head with lines and what follows. */
const endOf = (lines: readonly string[], body = '', { version = '1.1', method = 'GET', status = 200 } = {}): string => {
  const text = `HTTP/${version} ${status} X\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`;
  const told = readText(text, [method]);
  expect(readBytewise(text, [method])).toEqual(told);
  const last = told.at(-1)!;
  return last.startsWith('head') ? 'open' : last;
};

describe('the head of an answer', () => {
  it.each<[string, string, string]>([
    ['with a reason', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '200'],
    ['without a reason', 'HTTP/1.1 204 \r\n\r\n', '204'],
    ['without the space before it', 'HTTP/1.1 204\r\n\r\n', '204'],
    ['with bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', '200'],
    ['with line ends of both kinds', 'HTTP/1.1 200 OK\nContent-Length: 0\r\nA: b\n\r\n', '200'],
    ['with a reason that is no ASCII', 'HTTP/1.1 200 Schön\r\nContent-Length: 0\r\n\r\n', '200'],
    ['with the last status', 'HTTP/1.1 999 \r\nContent-Length: 0\r\n\r\n', '999'],
    ['with empty values', 'HTTP/1.1 200 OK\r\nA:\r\nB: \r\nContent-Length: 0\r\n\r\n', '200'],
    ['with lines that are no headers', 'HTTP/1.1 200 OK\r\nwhat\r\n: x\r\nContent-Length: 0\r\n\r\n', '200'],
    ['with lines that go on', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length:\r\n\t0\r\n\r\n', '200'],
  ])('%s is told as it came', (_, text, status) => {
    const expected = ['began', `head ${status} ${text}`, 'ended reusable 0'];
    expect(readText(text)).toEqual(expected);
    expect(readBytewise(text)).toEqual(expected);
  });

  it('follows interim answers, with which the answer has begun', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 102 \r\n\r\n`;
    const final = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n';
    const expected = ['began', `head 200 ${final}`, 'ended reusable 0'];
    expect(readText(`${text}${final}x`)).toEqual(expected);
    expect(readBytewise(`${text}${final}x`)).toEqual(expected);
  });

  it('does not take what an interim answer says for the final one', () => {
    const interim = 'HTTP/1.1 103 Early\r\nContent-Length: 5\r\nConnection: close\r\nKeep-Alive: timeout=9\r\n\r\n';
    expect(readText(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`).at(-1)).toBe('ended reusable 0');
  });

  it('may be 64 KiB long, and no longer, however it is cut', () => {
    for (const [length, isRead] of [
      [65_536, true],
      [65_537, false],
    ] as const) {
      const rest = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n';
      const text = rest.replace('X: ', `X: ${'x'.repeat(length - rest.length)}`);
      const bytes = bytesOf(text);
      expect(bytes).toHaveLength(length);
      const last = isRead ? 'ended reusable 0' : 'LOADTOP_ANSWER_HEAD';
      for (const places of [[], [20], [65_535], [65_536], [13, 40, 30_000, 60_000]]) {
        expect(read(cut(bytes, places)).told.at(-1)).toBe(last);
      }
      expect(readBytewise(text).at(-1)).toBe(last);
    }
    // One that never ends is not kept for ever.
    expect(readText(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(11_000)}`).at(-1)).toBe('LOADTOP_ANSWER_HEAD');
  });
});

describe('the body of an answer', () => {
  const framed: Readonly<Record<string, (body: string, chunk: number) => string>> = {
    length: (body) => `Content-Length: ${body.length}\r\n\r\n${body}`,
    chunks: (body, chunk) => {
      const pieces = body.match(new RegExp(`.{1,${chunk}}`, 'gs')) ?? [];
      const chunks = pieces.map((piece) => `${piece.length.toString(16)};x=y\r\n${piece}\r\n`).join('');
      return `Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\nTrailer: x\r\n\r\n`;
    },
    'the end of the connection': (body) => `\r\n${body}`,
  };

  it.each(Object.keys(framed))('framed by %s is told as it is, however it is cut', (framing) => {
    const bodies = fc.string({ unit: fc.constantFrom('a', '0', '\r', '\n', ';', 'ÿ'), maxLength: 200 });
    fc.assert(
      fc.property(
        bodies,
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (body, chunk, places) => {
          const bytes = bytesOf(`HTTP/1.1 200 OK\r\n${framed[framing]!(body, chunk)}`);
          expect(read(cut(bytes, places), ['GET'], true).body).toBe(body);
        },
      ),
    );
  });

  it('is none where the answer is one to HEAD', () => {
    expect(read([bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n')], ['HEAD']).body).toBe('');
  });
});

describe('the length of an answer', () => {
  it.each<[string, string[], string, string]>([
    ['none', ['Content-Length: 0'], '', 'ended reusable 0'],
    ['some', ['Content-Length: 3'], 'abc', 'ended reusable 0'],
    ['some that are missing', ['Content-Length: 3'], 'ab', 'open'],
    ['in any case', ['cOnTeNt-LeNgTh: 3'], 'abc', 'ended reusable 0'],
    ['between blanks', ['Content-Length:\t 3 \t'], 'abc', 'ended reusable 0'],
    ['behind a blank before the colon', ['Content-Length : 3'], 'abc', 'ended reusable 0'],
    ['with leading zeros', ['Content-Length: 0003'], 'abc', 'ended reusable 0'],
    ['said twice', ['Content-Length: 3', 'content-length: 3'], 'abc', 'ended reusable 0'],
    ['not of a header that begins alike', ['Content-Lengths: 3', 'Content-Length: 1'], 'a', 'ended reusable 0'],
    ['contradictory', ['Content-Length: 3', 'Content-Length: 4'], 'abc', 'LOADTOP_ANSWER_START'],
    ['contradictory, as a list', ['Content-Length: 3, 4'], 'abc', 'LOADTOP_ANSWER_START'],
    ['two numbers', ['Content-Length: 3 4'], 'abc', 'LOADTOP_ANSWER_START'],
    ['negative', ['Content-Length: -3'], 'abc', 'LOADTOP_ANSWER_START'],
    ['with a sign', ['Content-Length: +3'], 'abc', 'LOADTOP_ANSWER_START'],
    ['hexadecimal', ['Content-Length: 0x3'], 'abc', 'LOADTOP_ANSWER_START'],
    ['a fraction', ['Content-Length: 3.0'], 'abc', 'LOADTOP_ANSWER_START'],
    ['empty', ['Content-Length:'], 'abc', 'LOADTOP_ANSWER_START'],
    ['words', ['Content-Length: three'], 'abc', 'LOADTOP_ANSWER_START'],
    ['beyond what is exact', ['Content-Length: 9007199254740992'], 'abc', 'LOADTOP_ANSWER_BODY'],
    ['endless', [`Content-Length: ${'9'.repeat(400)}`], 'abc', 'LOADTOP_ANSWER_BODY'],
    ['chunked', ['Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n\r\n', 'ended reusable 0'],
    ['chunked in any case', ['TRANSFER-ENCODING: Chunked'], '3\r\nabc\r\n0\r\n\r\n', 'ended reusable 0'],
    ['chunked behind another coding', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n', 'ended reusable 0'],
    [
      'chunked in two headers',
      ['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
      'ended reusable 0',
    ],
    ['chunked with empty members', ['Transfer-Encoding: , chunked, ,'], '0\r\n\r\n', 'ended reusable 0'],
    ['chunked in a line that goes on', ['Transfer-Encoding:', ' chunked'], '0\r\n\r\n', 'ended reusable 0'],
    ['not chunked at last', ['Transfer-Encoding: chunked, gzip'], '0\r\n\r\n', 'open'],
    ['not chunked in the last header', ['Transfer-Encoding: chunked', 'Transfer-Encoding: gzip'], '0\r\n\r\n', 'open'],
    ['of another coding', ['Transfer-Encoding: gzip', 'Content-Length: 3'], 'abc', 'open'],
    ['of a coding that ends alike', ['Transfer-Encoding: xchunked'], '0\r\n\r\n', 'open'],
    // RFC 9112, section 6.1: the coding counts, and the connection is closed.
    ['said in both ways', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '1\r\na\r\n0\r\n\r\n', 'ended spent 0'],
    ['said in both ways, turned', ['Transfer-Encoding: chunked', 'Content-Length: 3'], '0\r\n\r\n', 'ended spent 0'],
    ['not said', [], 'abc', 'open'],
  ])('is %s', (_, lines, body, expected) => {
    expect(endOf(lines, body)).toBe(expected);
  });

  it.each<[string, object, string[]]>([
    ['204', { status: 204 }, ['Content-Length: 5']],
    ['304', { status: 304 }, ['Content-Length: 5']],
    ['304 with a coding', { status: 304 }, ['Transfer-Encoding: chunked']],
    ['HEAD', { method: 'HEAD' }, ['Content-Length: 5']],
    ['HEAD without a length', { method: 'HEAD' }, []],
    ['HEAD with a coding', { method: 'HEAD' }, ['Transfer-Encoding: chunked']],
  ])('is nothing for %s, whatever its head says', (_, how, lines) => {
    expect(endOf(lines, '', how)).toBe('ended reusable 0');
  });

  it('may be the end of the connection, which is not used again', () => {
    const text = 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 200 OK\r\n\r\n';
    for (const pieces of [[bytesOf(text)], [...bytesOf(text)].map((byte) => Buffer.of(byte))]) {
      const open = read(pieces);
      expect(open.endsWithConnection).toBe(true);
      expect(open.told).toHaveLength(2);
      const closed = read(pieces, ['GET'], true);
      expect(closed.told.at(-1)).toBe('ended spent 0');
      expect(closed.endsWithConnection).toBe(false);
    }
    expect(read([bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na')], ['GET'], true).told).toHaveLength(2);
  });
});

describe('a chunked body', () => {
  const end = (body: string): string => endOf(['Transfer-Encoding: chunked'], body);

  it.each<[string, string]>([
    ['nothing', '0\r\n\r\n'],
    ['chunks', '3\r\nabc\r\n1\r\nx\r\n0\r\n\r\n'],
    ['sizes in either case', 'a\r\n0123456789\r\nB\r\n01234567890\r\n0\r\n\r\n'],
    ['sizes with leading zeros', '0003\r\nabc\r\n000\r\n\r\n'],
    ['extensions', '3;a\r\nabc\r\n3;a="b;\r c"\r\nabc\r\n0;end\r\n\r\n'],
    ['blanks behind the size', '3 \r\nabc\r\n3\t;a\r\nabc\r\n0 \r\n\r\n'],
    ['a trailer', '3\r\nabc\r\n0\r\nA: b\r\nContent-Length: 5\r\n\r\n'],
    ['bare line feeds', '3\nabc\n0\nA: b\n\n'],
    ['what looks like its end', '7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n'],
  ])('of %s ends where it ends', (_, body) => {
    expect(end(body)).toBe('ended reusable 0');
    expect(end(body.slice(0, -1))).toBe('open');
  });

  it.each<[string, string]>([
    ['has no size', '\r\nabc\r\n'],
    ['has a size that is no number', 'x\r\nabc\r\n'],
    ['has a negative size', '-1\r\nabc\r\n'],
    ['has a size in C', '0x3\r\nabc\r\n'],
    ['has two sizes', '3 3\r\nabc\r\n'],
    ['has only an extension', ';a\r\nabc\r\n'],
    ['is longer than it says', '3\r\nabcd\r\n'],
    ['ends with no line', '3\r\nabc0\r\n\r\n'],
    ['ends with half a line', '3\r\nabc\r0\r\n\r\n'],
    ['has half a line end behind its size', '3\rabc\r\n0\r\n\r\n'],
  ])('is broken where a chunk %s', (_, body) => {
    expect(end(body)).toBe('LOADTOP_ANSWER_CHUNK');
  });

  it.each([
    ['not exact', '20000000000000\r\nabc\r\n'],
    ['endless', `${'f'.repeat(400)}\r\nabc\r\n`],
  ])('is too large where the size of a chunk is %s', (_, body) => {
    expect(end(body)).toBe('LOADTOP_ANSWER_BODY');
  });
});

describe('a connection', () => {
  it.each<[string, string, string[], string]>([
    ['stays in HTTP/1.1', '1.1', [], 'ended reusable 0'],
    ['closes in HTTP/1.0', '1.0', [], 'ended spent 0'],
    ['stays in HTTP/1.0 where that is said', '1.0', ['Connection: Keep-Alive'], 'ended reusable 0'],
    ['closes where that is said', '1.1', ['Connection: close'], 'ended spent 0'],
    ['closes in any case', '1.1', ['CONNECTION: CLOSE'], 'ended spent 0'],
    ['closes among other options', '1.1', ['Connection: TE, Close ,x'], 'ended spent 0'],
    ['closes in a second header', '1.1', ['Connection: x', 'Connection: close'], 'ended spent 0'],
    ['closes whatever else is said', '1.1', ['Connection: close', 'Connection: keep-alive'], 'ended spent 0'],
    ['closes whatever else, in one line', '1.1', ['Connection: keep-alive, close'], 'ended spent 0'],
    ['closes in a line that goes on', '1.1', ['Connection: x,', '\tclose'], 'ended spent 0'],
    ['stays for options that only contain the word', '1.1', ['Connection: closed, close-notify'], 'ended reusable 0'],
    ['stays for another header', '1.1', ['Proxy-Connection: close', 'Connections: close'], 'ended reusable 0'],
    ['says how long', '1.1', ['Keep-Alive: timeout=5'], 'ended reusable 5000'],
    ['says how long, among others', '1.1', ['keep-alive: max=100, Timeout = "7", x'], 'ended reusable 7000'],
    ['says how long, and how often', '1.1', ['keep-alive: timeout=3, max=100'], 'ended reusable 3000'],
    ['does not say how long', '1.1', ['Keep-Alive: max=100'], 'ended reusable 0'],
    ['does not say how long in a number', '1.1', ['Keep-Alive: timeout=long'], 'ended reusable 0'],
    ['is not kept at all', '1.1', ['Keep-Alive: timeout=0'], 'ended spent 0'],
  ])('%s', (_, version, lines, expected) => {
    expect(endOf(['Content-Length: 0', ...lines], '', { version })).toBe(expected);
  });

  it('closes after a coding in HTTP/1.0, whose end is not to be trusted', () => {
    const lines = ['Transfer-Encoding: chunked', 'Connection: keep-alive'];
    expect(endOf(lines, '0\r\n\r\n', { version: '1.0' })).toBe('ended spent 0');
  });
});

describe('what is no answer', () => {
  it.each<[string, string]>([
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['TLS', '\x15\x03\x01\x00\x02\x02\x28'],
    ['a single byte', 'x'],
    ['a request', 'GET / HTTP/1.1\r\n\r\n'],
    ['lower case', 'http/1.1 200 OK\r\n\r\n'],
    ['an empty line first', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['HTTP/2.0 in a status line', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n'],
    ['HTTP/1.10', 'HTTP/1.10 200 OK\r\n\r\n'],
    ['no version', 'HTTP 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n and more'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 99 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a negative status', 'HTTP/1.1 -20 OK\r\n\r\n'],
    ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n'],
  ])('is %s', (_, text) => {
    expect(readText(text)).toEqual(['began', 'LOADTOP_ANSWER_START']);
    expect(readBytewise(text)).toEqual(['began', 'LOADTOP_ANSWER_START']);
  });

  it('is anything else at each place of the status line', () => {
    const text = 'HTTP/1.1 200';
    for (let at = 0; at < text.length; at += 1) {
      const broken = `${text.slice(0, at)}\x7f${text.slice(at + 1)} OK\r\n\r\n`;
      expect(readText(broken), broken).toEqual(['began', 'LOADTOP_ANSWER_START']);
      expect(readBytewise(broken), broken).toEqual(['began', 'LOADTOP_ANSWER_START']);
    }
  });

  it('is a change of the protocol that nobody asked for', () => {
    expect(readText('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n')).toEqual(['began', 'LOADTOP_ANSWER_UPGRADE']);
  });

  it('is what nobody asked for, though the answer before it is one', () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx';
    expect(readText(answer, [])).toEqual(['LOADTOP_ANSWER_UNASKED']);
    const expected = ['began', `head 200 ${answer.slice(0, -1)}`, 'ended reusable 0', 'LOADTOP_ANSWER_UNASKED'];
    for (const excess of ['y', '\r\n', answer]) {
      expect(readText(answer + excess)).toEqual(expected);
      expect(readBytewise(answer + excess)).toEqual(expected);
    }
  });
});

interface Answer {
  readonly method: string;
  readonly text: string;
  readonly told: readonly Told[];
}

const digits = 'abcdefghijklmnopqrstuvwxyz'.split('');
const word = fc.string({ unit: fc.constantFrom(...digits), minLength: 1, maxLength: 12 });
const bodyText = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '0', '\r', '\n', ';', ':', 'H', ' ', '\xff'), maxLength: 40 }),
  fc.constant(''),
  fc.nat(3000).map((length) => 'x'.repeat(length)),
);
const plainHeader = fc
  .tuple(
    fc.constantFrom('X-A', 'Content-Type', 'Connection-Id', 'Trailer', 'Keep', 'Te', 'Content-Lengthy', 'Date'),
    fc.oneof(word, fc.constant(''), fc.constant('a, b;c="d"'), fc.constant('x'.repeat(2000)), fc.constant('a\r\n b')),
  )
  .map(([name, value]) => `${name}: ${value}`);
const anyCase = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) => [...name].map((letter, at) => (upper[at] ? letter.toUpperCase() : letter)).join(''));

const chunksOf = (body: string, sizes: readonly number[], upper: boolean, extension: string): string => {
  const chunks: string[] = [];
  let at = 0;
  for (let turn = 0; at < body.length; turn += 1) {
    const piece = body.slice(at, at + (sizes[turn % sizes.length] ?? 7));
    const size = piece.length.toString(16);
    chunks.push(`${upper ? size.toUpperCase() : size}${extension}\r\n${piece}\r\n`);
    at += piece.length;
  }
  return chunks.join('');
};

/** An answer that leaves the connection open, with what is to be told of it. */
const answer: fc.Arbitrary<Answer> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'HEAD'),
    status: fc.constantFrom(200, 200, 201, 204, 304, 404, 503),
    reason: fc.constantFrom('', ' ', ' OK', ' Not Here'),
    interim: fc.array(fc.constantFrom('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early\r\nLink: a\r\n\r\n'), {
      maxLength: 2,
    }),
    headers: fc.array(plainHeader, { maxLength: 5 }),
    body: bodyText,
    chunked: fc.boolean(),
    sizes: fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 3 }),
    upper: fc.boolean(),
    extension: fc.constantFrom('', ';a', ' ;a=b', ';a="b;c"'),
    trailer: fc.constantFrom('', 'A: b\r\n', 'A: b\r\nContent-Length: 7\r\n'),
    length: anyCase('content-length'),
    coding: anyCase('transfer-encoding'),
    connection: anyCase('connection: keep-alive'),
    idle: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\n'),
    old: fc.boolean(),
  })
  .map((one) => {
    const bare = one.method === 'HEAD' || one.status === 204 || one.status === 304;
    const chunked = one.chunked && !one.old;
    const lines = [
      `HTTP/1.${one.old ? 0 : 1} ${one.status}${one.reason}`,
      ...one.headers,
      chunked ? `${one.coding}: chunked` : `${one.length}: ${one.body.length}`,
      ...(one.old ? [one.connection] : []),
      ...(one.idle === undefined ? [] : [`Keep-Alive: timeout=${one.idle}`]),
      '',
      '',
    ];
    const head = lines.join(one.lineEnd);
    const coded = `${chunksOf(one.body, one.sizes, one.upper, one.extension)}0\r\n${one.trailer}\r\n`;
    const body = bare ? '' : chunked ? coded : one.body;
    const told = ['began', `head ${one.status} ${head}`, `ended reusable ${(one.idle ?? 0) * 1000}`];
    return { method: one.method, text: one.interim.join('') + head + body, told };
  });

/** One that ends the connection, by its word or by its end. */
const lastAnswer: fc.Arbitrary<Answer> = fc
  .record({ close: anyCase('close'), body: bodyText, says: fc.boolean() })
  .map(({ close, body, says }) => {
    const head = `HTTP/1.1 200 OK\r\n${says ? `Connection: x, ${close}\r\nContent-Length: ${body.length}\r\n` : ''}\r\n`;
    return { method: 'GET', text: head + body, told: ['began', `head 200 ${head}`, 'ended spent 0'] };
  });

describe('any answers one after the other', () => {
  it('are told the same, however their bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(answer, { maxLength: 5 }),
        lastAnswer,
        fc.array(fc.nat(), { maxLength: 30 }),
        (answers, last, places) => {
          const all = [...answers, last];
          const bytes = bytesOf(all.map(({ text }) => text).join(''));
          const methods = all.map(({ method }) => method);
          const expected = all.flatMap(({ told }) => told);
          expect(read([bytes], methods, true).told).toEqual(expected);
          expect(read(cut(bytes, places), methods, true).told).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are told the same, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 3 }), (answers) => {
        const bytes = bytesOf(answers.map(({ text }) => text).join(''));
        const pieces = [...bytes].map((byte) => Buffer.of(byte));
        const methods = answers.map(({ method }) => method);
        expect(read(pieces, methods).told).toEqual(answers.flatMap(({ told }) => told));
      }),
      { numRuns: 60 },
    );
  });

  it('are not complete before their last byte', () => {
    fc.assert(
      fc.property(answer, fc.nat(), ({ method, text, told }, at) => {
        const part = bytesOf(text).subarray(0, at % text.length);
        const heard = read([part], [method]).told;
        expect(heard).toEqual(told.slice(0, heard.length));
        expect(heard.length).toBeLessThan(told.length);
      }),
    );
  });

  it('fail alike however they are cut, and with no other error, where bytes of them are others', () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 32, 48, 58, 59, 102)));
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 3 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (answers, changes, places) => {
          const bytes = bytesOf(answers.map(({ text }) => text).join(''));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const methods = answers.map(({ method }) => method);
          expect(read(cut(bytes, places), methods, true)).toEqual(read([bytes], methods, true));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('fail alike where all is chance', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom('HTTP/1.1 200 OK\r\n', 'Content-Length: ', 'Transfer-Encoding: chunked\r\n', '\r\n', '\n', '5'),
      fc.constantFrom('\r\n\r\n', 'HTTP/1.', '0\r\n', 'f', ' ', '\t', 'Connection: ', 'Keep-Alive: timeout=', ';', ':'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 20 }), (pieces, places) => {
        const bytes = bytesOf(pieces.join(''));
        const methods = ['GET', 'HEAD', 'GET'];
        expect(read(cut(bytes, places), methods, true)).toEqual(read([bytes], methods, true));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('beside the parser of Node', () => {
  it('says the same of where answers end and whether the connection stays', async () => {
    // It takes neither lines that go on nor bare line feeds nor blanks behind a size nor a length in a trailer, and counts
    // 1 s of waiting as none.
    const refused = ({ text, told }: Answer): boolean =>
      /\r\n b|[^\r]\n/.test(told[1]!) || / ;|\nContent-Length: 7\r/.test(text) || /timeout=\d\r/.test(text);
    const answers = fc.sample(
      answer.filter((one) => !refused(one)),
      { numRuns: 120, seed: 7 },
    );
    let index = 0;
    const server = await listen(
      net.createServer((socket) => socket.on('data', () => socket.write(bytesOf(answers[index]!.text)))),
    );
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let compared = 0;
    for (const [at, { method, text }] of answers.entries()) {
      index = at;
      const theirs = await new Promise<string>((resolve, reject) => {
        const request = http.request({ port: server.port, host: '127.0.0.1', method, agent }, (response) => {
          response.resume();
          response.on('end', () => resolve(`${response.statusCode} ${response.complete}`));
          response.on('error', reject);
        });
        request.on('error', reject);
        request.end();
      });
      const ours = readText(text, [method]);
      expect(`${/^head (\d+)/.exec(ours[1]!)![1]} ${ours[2]!.startsWith('ended')}`).toBe(theirs);
      compared += 1;
    }
    agent.destroy();
    expect(compared).toBe(120);
    // A connection that was not read to the right place would have failed.
    expect(server.made()).toBeLessThan(10);
  });
});
