// Which cookies are kept, for how long, and what they are sent with.

import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../source/engine/cookie-jar.ts';

const plain = { hostname: 'shop.example.com', secure: false };
const secure = { ...plain, secure: true };
const start = Date.parse('2026-01-31T12:00:00Z');

/** What is sent with a request after one answer. */
const sent = (set: readonly string[], { to = '/', from = '/', host = plain, after = 0 } = {}): string | undefined => {
  const jar = new CookieJar(host);
  jar.take(set, from, start);
  return jar.header(to, start + after);
};

describe('a cookie', () => {
  it.each<[string, string, string | undefined]>([
    ['with a value', 'a=1', 'a=1'],
    ['without one', 'a=', 'a='],
    ['with = in its value', 'a=b=c; Path=/', 'a=b=c'],
    ['in quotes', 'a="x y"', 'a="x y"'],
    ['without a name', '=1', undefined],
    ['without =', 'a', undefined],
    ['with a control character', 'a=1\u0001', undefined],
    ['of another domain', 'a=1; Domain=example.org', undefined],
    ['of a name that only ends alike', 'a=1; Domain=hop.example.com', undefined],
    ['of the domain above', 'a=1; Domain=.Example.com', 'a=1'],
    ['of the host itself', 'a=1; domain=shop.example.com', 'a=1'],
    ['of a host below', 'a=1; domain=x.shop.example.com', undefined],
    ['for TLS, without it', 'a=1; Secure', undefined],
    ['with attributes nobody knows', 'a=1; HttpOnly; SameSite=Lax; Odd', 'a=1'],
    ['that is over', 'a=1; Max-Age=0', undefined],
    ['that was over before', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', undefined],
    ['whose age counts before its end', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5', 'a=1'],
    ['whose end cannot be read', 'a=1; Expires=soon; Max-Age=x', 'a=1'],
    ['that is longer than any', `a=${'x'.repeat(5000)}`, undefined],
  ])('%s', (_, set, cookie) => {
    expect(sent([set])).toBe(cookie);
  });

  it('for TLS is sent over it', () => {
    expect(sent(['a=1; Secure'], { host: secure })).toBe('a=1');
  });

  it('lasts as long as it says', () => {
    const set = ['a=1; Max-Age=10', 'b=2; Expires=Sat, 31 Jan 2026 12:00:20 GMT', 'c=3'];
    expect(sent(set, { after: 9_999 })).toBe('a=1; b=2; c=3');
    expect(sent(set, { after: 10_000 })).toBe('b=2; c=3');
    expect(sent(set, { after: 20_000 })).toBe('c=3');
  });

  it.each<[string, string, string | undefined]>([
    ['/a/b', '/a/b', 'x=1'],
    ['/a/b', '/a/b/c?q', 'x=1'],
    ['/a/b', '/a/bc', undefined],
    ['/a/', '/a/b', 'x=1'],
    ['/a/', '/a', undefined],
  ])('with the path %s, to %s', (path, to, cookie) => {
    expect(sent([`x=1; Path=${path}`], { to })).toBe(cookie);
  });

  it.each<[string, string, string | undefined]>([
    ['/in', '/out', 'x=1'],
    ['/a/in?next=/b/c', '/a/out', 'x=1'],
    ['/a/in', '/b', undefined],
  ])('without a path, from %s, to %s', (from, to, cookie) => {
    expect(sent(['x=1'], { from, to })).toBe(cookie);
  });

  it('is replaced by one of its name and path, and taken away', () => {
    const jar = new CookieJar(plain);
    jar.take(['a=1', 'b=1', 'a=deep; Path=/deep'], '/', start);
    jar.take(['a=2', 'b=; Max-Age=0'], '/', start);
    expect(jar.header('/deep', start)).toBe('a=deep; a=2');
    expect(jar.header('/', start)).toBe('a=2');
    jar.clear();
    expect(jar.header('/', start)).toBeUndefined();
  });

  it('is not taken where there are too many', () => {
    const jar = new CookieJar(plain);
    jar.take(
      Array.from({ length: 1000 }, (_, n) => `c${n}=1`),
      '/',
      start,
    );
    expect(jar.header('/', start)!.split('; ')).toHaveLength(180);
  });
});
