import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { basicAuthorization, headerFault, mergeHeaders, readHeader } from '../../source/profile/headers.ts';
import {
  readConnections,
  readLength,
  readPerConnection,
  readPositiveRate,
  readRate,
  readSeed,
  readStages,
  readTimeout,
  readUsers,
  readWorkers,
} from '../../source/profile/quantities.ts';
import {
  endpointOf,
  parseConnectTo,
  readConnectTo,
  readMongoUri,
  readOrigin,
  readProbeUrl,
  readProxy,
  resolveProbe,
} from '../../source/profile/target.ts';

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
    [readUsers, '0', 0],
    [readUsers, '1M', 1e6],
    [readPositiveRate, '0.5', 0.5],
    [readPositiveRate, '6/m', 0.1],
    [readPerConnection, '10k', 10_000],
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
    [readUsers, '1.5'],
    [readUsers, '1000001'],
    [readUsers, '-1'],
    [readPositiveRate, '0'],
    [readPositiveRate, 'max'],
    [readPerConnection, '10001'],
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

  test.each([
    ['me:secret', 'Basic bWU6c2VjcmV0'],
    ['me:', 'Basic bWU6'],
    ['ü:a:b', 'Basic w7w6YTpi'],
  ])('the Authorization of %s is %s', (credentials, expected) => {
    expect(basicAuthorization(credentials)).toBe(expected);
  });

  test.each(['me', '', 'me:\n'])('%j is no user with a password', (credentials) => {
    expect(() => basicAuthorization(credentials)).toThrow(UnitError);
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

  test.each([
    ['127.0.0.1:8443', { hostname: undefined, port: undefined, to: { hostname: '127.0.0.1', port: 8443 } }],
    ['[::1]:80', { hostname: undefined, port: undefined, to: { hostname: '::1', port: 80 } }],
    ['::b.test:81', { hostname: undefined, port: undefined, to: { hostname: 'b.test', port: 81 } }],
    ['A.Test:443:b.test:81', { hostname: 'a.test', port: 443, to: { hostname: 'b.test', port: 81 } }],
    [':443:b.test:81', { hostname: undefined, port: 443, to: { hostname: 'b.test', port: 81 } }],
    ['[::2]::[::1]:81', { hostname: '::2', port: undefined, to: { hostname: '::1', port: 81 } }],
  ])('%s leads connections elsewhere', (text, expected) => {
    expect(parseConnectTo(readConnectTo(` ${text} `))).toEqual(expected);
  });

  test.each([
    '',
    'b.test',
    'b.test:0',
    'b.test:65536',
    ':81',
    '::1:81:',
    'http://b.test:81',
    'a:b:c',
    'a:0:b:81',
    'a b:1',
  ])('%j is no place to connect to', (text) => {
    expect(() => readConnectTo(text)).toThrow(UnitError);
  });

  test.each([
    ['http://proxy.test:8888', 'http://proxy.test:8888/', 8888],
    ['proxy.test', 'http://proxy.test/', 80],
    ['http://me:p%40ss@[::1]:3128/', 'http://me:p%40ss@[::1]:3128/', 3128],
  ])('the proxy %s is %s', (text, expected, port) => {
    expect(readProxy(text)).toBe(expected);
    expect(endpointOf(new URL(readProxy(text))).port).toBe(port);
  });

  test.each([
    '',
    'https://proxy.test',
    'socks5://proxy.test',
    'proxy.test/a',
    'proxy.test:0',
    'http://%00:b@c',
    'http://%zz:b@c',
  ])('%j is no HTTP proxy', (text) => {
    expect(() => readProxy(text)).toThrow(UnitError);
  });

  test.each(['example.com/health', ':99999/m', 'ftp://x', ''])('the probe %j is refused', (text) => {
    expect(() => readProbeUrl(text)).toThrow(UnitError);
  });

  test.each(['localhost', 'http://localhost', 'mongodb://', 'mongodb:///x'])('%s is no MongoDB URI', (text) => {
    expect(() => readMongoUri(text)).toThrow(UnitError);
  });
});
