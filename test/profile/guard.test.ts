import { describe, expect, test } from 'vitest';
import { targetPermission } from '../../source/profile/guard.ts';

const at = (origin: string, addresses: readonly string[] = [], allow: readonly string[] = [], yes = false) =>
  targetPermission([{ origin, addresses }], allow, yes);

describe('a target on this machine or in a private network', () => {
  test.each([
    ['http://localhost:3000', ['127.0.0.1', '::1']],
    ['http://localhost:3000', []],
    ['http://[::1]:3000', []],
    ['http://10.1.2.3', []],
    ['http://staging.internal', ['192.168.1.7']],
  ])('%s at %j is allowed', (origin, addresses) => {
    expect(at(origin, addresses)).toEqual({ type: 'allowed', local: true });
  });

  test('is what a Unix socket leads to', () => {
    expect(targetPermission([], [])).toEqual({ type: 'allowed', local: true });
  });
});

describe('any other target', () => {
  test.each([
    ['https://api.example.com', ['93.184.216.34'], 'api.example.com (93.184.216.34)'],
    ['https://api.example.com', [], 'api.example.com'],
    ['http://93.184.216.34', ['93.184.216.34'], '93.184.216.34'],
    ['http://[2001:db8::1]:80', ['2001:db8::1'], '2001:db8::1'],
    ['http://localhost', ['127.0.0.1', '8.8.8.8'], 'localhost (8.8.8.8)'],
    ['http://half.internal', ['10.0.0.1', '8.8.8.8'], 'half.internal (8.8.8.8)'],
  ])('%s at %j is asked for', (origin, addresses, shown) => {
    expect(at(origin, addresses)).toEqual({
      type: 'ask',
      why: `${shown} is neither this machine nor in a private network`,
    });
  });

  test('is allowed where the user agreed, but is not local', () => {
    expect(at('https://api.example.com', ['8.8.8.8'], [], true)).toEqual({ type: 'allowed', local: false });
  });

  test('is allowed where the profile names its origin, and only that origin', () => {
    const allow = ['https://api.example.com'];
    expect(at('https://api.example.com', ['8.8.8.8'], allow)).toEqual({ type: 'allowed', local: false });
    for (const origin of ['http://api.example.com', 'https://api.example.com:8443', 'https://example.com']) {
      expect(at(origin, ['8.8.8.8'], allow).type).toBe('ask');
    }
  });
});

describe('a target that is reached by way of another host', () => {
  const target = { origin: 'https://api.example.com', addresses: ['93.184.216.34'] };
  const local = { origin: 'http://localhost:3000', addresses: ['127.0.0.1'] };
  const proxy = { origin: 'http://proxy.example.net:8888', addresses: ['8.8.8.8'] };
  const near = { origin: 'http://localhost:8888', addresses: ['127.0.0.1'] };

  test.each([
    [[local, near], undefined],
    [[local, proxy], 'proxy.example.net (8.8.8.8) is neither this machine nor in a private network'],
    [[target, near], 'api.example.com (93.184.216.34) is neither this machine nor in a private network'],
    [
      [target, proxy],
      'api.example.com (93.184.216.34) and proxy.example.net (8.8.8.8) are neither this machine nor in a private network',
    ],
  ])('%j is asked for where one of the two is outside', (reached, why) => {
    expect(targetPermission(reached, [])).toEqual(
      why === undefined ? { type: 'allowed', local: true } : { type: 'ask', why },
    );
    expect(targetPermission(reached, [], true)).toEqual({ type: 'allowed', local: why === undefined });
  });

  test('is allowed where the profile names both', () => {
    expect(targetPermission([target, proxy], [target.origin])).toMatchObject({
      why: expect.stringMatching(/^proxy\.example\.net/),
    });
    expect(targetPermission([target, proxy], [target.origin, proxy.origin])).toEqual({ type: 'allowed', local: false });
  });
});
