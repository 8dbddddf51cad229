import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { headerFault, mergeHeaders, readHeader } from '../../source/profile/headers.ts';
import {
  readConnections,
  readLength,
  readRate,
  readSeed,
  readStages,
  readTimeout,
  readWorkers,
} from '../../source/profile/quantities.ts';
import { readMongoUri, readOrigin, readProbeUrl, resolveProbe } from '../../source/profile/target.ts';

describe('quantities within their bounds', () => {
  test.each<[(text: string) => unknown, string, unknown]>([
    [readRate, 'max', 'max'],
    [readRate, '2.5k', 2500],
    [readRate, '1000M', 1e9],
    [readLength, '0', 0],
    [readLength, '24d', 24 * 86_400_000],
    [readTimeout, '1ms', 1],
    [readConnections, '1M', 1e6],
    [readWorkers, 'AUTO', 'auto'],
    [readWorkers, '256', 256],
    [readSeed, '0', 0],
    [readSeed, '4294967295', 4_294_967_295],
  ])('%o reads %s', (read, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each<[(text: string) => unknown, string]>([
    [readRate, '1001M'],
    [readRate, `${'9'.repeat(400)}`],
    [readRate, 'NaN'],
    [readLength, '25d'],
    [readLength, '-5'],
    [readTimeout, '0'],
    [readTimeout, '25h'],
    [readConnections, '0'],
    [readConnections, '1000001'],
    [readWorkers, '0'],
    [readWorkers, '257'],
    [readSeed, '4294967296'],
    [readSeed, '1.5'],
    [readStages, ''],
    [readStages, '0s:5'],
    [readStages, '30s'],
    [readStages, '30s:5:6'],
    [readStages, '30s:max'],
    [readStages, '20d:5,20d:5'],
  ])('%o refuses %s', (read, text) => {
    expect(() => read(text)).toThrow(UnitError);
  });

  test('stages are read in order, blanks and a last comma forgiven', () => {
    const stages = fc.array(fc.record({ lengthMs: fc.integer({ min: 1, max: 1e6 }), rate: fc.nat(1e6) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(stages, fc.constantFrom(',', ', ', ' ,'), (list, comma) => {
        const text = list.map(({ lengthMs, rate }) => `${lengthMs}ms:${rate}`).join(comma);
        expect(readStages(text)).toEqual(list);
        expect(readStages(`${text},`)).toEqual(list);
      }),
    );
  });
});

describe('headers', () => {
  test.each([
    ['Accept: */*', ['Accept', '*/*']],
    ['X-A:b: c', ['X-A', 'b: c']],
    ['X-Empty:', ['X-Empty', '']],
  ])('%s is read', (text, expected) => {
    expect(readHeader(text)).toEqual(expected);
  });

  test.each([
    '',
    'Accept',
    ': x',
    'a b: c',
    'A: b\r\nC: d',
    'A: 漢',
    'Content-Length: 5',
    'transfer-encoding: chunked',
  ])('%j is refused', (text) => {
    expect(() => readHeader(text)).toThrow(UnitError);
  });

  test('no accepted header can end its line', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => {
        if (headerFault(name, value) === undefined) expect(`${name}: ${value}`).not.toMatch(/[\r\n\0]/);
      }),
    );
  });

  test('put over others replace all of the same name', () => {
    const base = [
      ['Cookie', '1'],
      ['cookie', '2'],
      ['A', 'b'],
    ] as const;
    expect(
      mergeHeaders(base, [
        ['COOKIE', '3'],
        ['COOKIE', '4'],
      ]),
    ).toEqual([
      ['A', 'b'],
      ['COOKIE', '3'],
      ['COOKIE', '4'],
    ]);
  });
});

describe('addresses', () => {
  test.each([
    ['localhost:3000', 'http://localhost:3000'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['https://example.com:443', 'https://example.com'],
  ])('the origin %s is %s', (text, origin) => {
    expect(readOrigin(text)).toBe(origin);
  });

  test.each(['http://localhost/a', 'http://localhost?', 'http://localhost/#', 'http://localhost?a=b'])(
    '%s is more than an origin',
    (text) => {
      expect(() => readOrigin(text)).toThrow('an origin without a path, such as http://localhost');
    },
  );

  test.each([
    ['/health', 'http://host:3000/health'],
    [':9464/metrics', 'http://host:9464/metrics'],
    ['localhost:9464/metrics', 'http://localhost:9464/metrics'],
    ['https://example.com/m', 'https://example.com/m'],
  ])('the probe %s of http://host:3000 is at %s', (text, expected) => {
    expect(resolveProbe(readProbeUrl(text), 'http://host:3000')).toBe(expected);
  });

  test.each(['example.com/health', ':99999/m', 'ftp://x', ''])('the probe %j is refused', (text) => {
    expect(() => readProbeUrl(text)).toThrow(UnitError);
  });

  test.each(['localhost', 'http://localhost', 'mongodb://', 'mongodb:///x'])('%s is no MongoDB URI', (text) => {
    expect(() => readMongoUri(text)).toThrow(UnitError);
  });
});
