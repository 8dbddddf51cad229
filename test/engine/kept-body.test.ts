// Bodies that are kept to be looked into: whole however they came, and never at the cost of more than they are.

import v8 from 'node:v8';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeptBody, mostKeptBytes, UnreadableBodyError } from '../../source/engine/kept-body.ts';

v8.setFlagsFromString('--expose-gc');
const collect: () => void = vm.runInNewContext('gc');

const used = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

describe('a body that is kept', () => {
  it('is whole however it came, from memory that was written over since', () => {
    const body = new KeptBody();
    const shared = Buffer.from('....');
    const text = 'a text that comes in pieces of every length, é漢😀 too. '.repeat(500);
    const bytes = Buffer.from(text);
    for (let at = 0, length = 1; at < bytes.length; at += length, length = (length % 4) + 1) {
      const count = bytes.copy(shared, 0, at, at + length);
      body.take(shared, 0, count);
    }
    expect(body.size).toBe(bytes.length);
    expect(body.read(undefined).toString()).toBe(text);
  });

  it('takes no more memory where it comes byte by byte', () => {
    const body = new KeptBody();
    const byte = Buffer.from('x');
    const before = used();
    for (let count = 0; count < mostKeptBytes; count += 1) body.take(byte, 0, 1);
    expect(used() - before).toBeLessThan(5 * mostKeptBytes);
    expect(body.read(undefined)).toHaveLength(mostKeptBytes);
    body.take(byte, 0, 1);
    expect(used() - before).toBeLessThan(mostKeptBytes);
    expect(() => body.read(undefined)).toThrow(UnreadableBodyError);
  });

  it('is not decoded more often than anybody encodes', () => {
    const body = new KeptBody();
    const packed = gzipSync(Buffer.alloc(0));
    body.take(packed, 0, packed.length);
    const encodings = (times: number): string => Array.from({ length: times }, () => 'gzip').join(', ');
    expect(body.read('gzip')).toHaveLength(0);
    expect(() => body.read(encodings(9))).toThrow('body encoded 9 times');
  });
});
