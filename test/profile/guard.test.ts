import { describe, expect, test } from 'vitest';
import { targetPermission } from '../../source/profile/guard.ts';

const at = (origin: string, allow: readonly string[] = []) => ({ origin, allow });

describe('a target on this machine or in a private network', () => {
  test.each([
    ['http://localhost:3000', ['127.0.0.1', '::1']],
    ['http://localhost:3000', []],
    ['http://[::1]:3000', []],
    ['http://10.1.2.3', []],
    ['http://staging.internal', ['192.168.1.7']],
  ])('%s at %j is allowed', (origin, addresses) => {
    expect(targetPermission(at(origin), addresses)).toEqual({ type: 'allowed', local: true });
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
    expect(targetPermission(at(origin), addresses)).toEqual({
      type: 'ask',
      why: `${shown} is neither this machine nor in a private network`,
    });
  });

  test('is allowed where the user agreed, but is not local', () => {
    expect(targetPermission(at('https://api.example.com'), ['8.8.8.8'], true)).toEqual({
      type: 'allowed',
      local: false,
    });
  });

  test('is allowed where the profile names its origin, and only that origin', () => {
    const allow = ['https://api.example.com'];
    expect(targetPermission(at('https://api.example.com', allow), ['8.8.8.8'])).toEqual({
      type: 'allowed',
      local: false,
    });
    for (const origin of ['http://api.example.com', 'https://api.example.com:8443', 'https://example.com']) {
      expect(targetPermission(at(origin, allow), ['8.8.8.8']).type).toBe('ask');
    }
  });
});
