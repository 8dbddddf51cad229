import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { UnitError } from '../../source/common/units.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import { profileFromUrl, type UrlRequest } from '../../source/profile/from-url.ts';
import type { Step } from '../../source/profile/profile.ts';

const stepOf = (url: string, request: UrlRequest = {}): Step => profileFromUrl(url, request).scenarios[0]!.steps[0]!;

describe('a URL', () => {
  test('becomes a profile of one GET', () => {
    const profile = completeProfile(profileFromUrl('http://localhost:3000/a?token=x#part'));
    expect(profile).toMatchObject({ name: 'GET localhost:3000/a', origin: 'http://localhost:3000' });
    expect(profile).toMatchObject({ maxRate: undefined, warmupMs: 0, graceMs: 30_000 });
    expect(profile.connection).toMatchObject({ http2: false, keepAlive: true, verify: true, connectTimeoutMs: 3000 });
    expect(profile.scenarios[0]?.steps).toEqual([
      { name: 'GET /a', method: 'GET', path: '/a?token=x', headers: [], body: undefined, expectStatus: undefined },
    ]);
  });

  test.each([
    ['localhost:3000', 'http://localhost:3000', '/'],
    ['127.0.0.1:8080/x', 'http://127.0.0.1:8080', '/x'],
    ['192.168.0.5/x', 'http://192.168.0.5', '/x'],
    ['[::1]:3000/x', 'http://[::1]:3000', '/x'],
    ['app.localhost/x', 'http://app.localhost', '/x'],
    ['https://example.com', 'https://example.com', '/'],
    ['HTTPS://Example.com:443/A', 'https://example.com', '/A'],
    ['http://localhost/a b/ü?q=a b', 'http://localhost', '/a%20b/%C3%BC?q=a%20b'],
    ['http://localhost/u/{{arrival}}?n={{ arrival }}', 'http://localhost', '/u/{{arrival}}?n={{arrival}}'],
    ['http://localhost/u/{{integer 1 5}}', 'http://localhost', '/u/{{integer 1 5}}'],
    ['http://localhost/{{pick "a b" c%2Fd}}', 'http://localhost', '/{{pick "a b" c%2Fd}}'],
    [
      `http://localhost/?q={{pick 'a b' "ü c"}}&r={{ uuid }}`,
      'http://localhost',
      `/?q={{pick 'a b' "%C3%BC c"}}&r={{uuid}}`,
    ],
    ['http://localhost/{a}{{', 'http://localhost', '/%7Ba%7D%7B%7B'],
  ])('%s goes to %s with the path %s', (url, origin, path) => {
    expect(profileFromUrl(url).origin).toBe(origin);
    expect(stepOf(url).path).toBe(path);
  });

  test.each([
    ['example.com/x', /^http:\/\/ or https:\/\/ in front .* https:\/\/example\.com$/],
    ['8.8.8.8:80', /in front/],
    ['ftp://localhost/', /^http:\/\/ or https:\/\/$/],
    ['http://', /^a URL such as/],
    ['http://localhost:99999', /^a URL such as/],
    ['http://localhost:0', /^a URL such as/],
    ['', /^a URL such as/],
    ['http://me:hush@localhost/', /^a URL without user name and password/],
  ])('%j is refused', (url, expected) => {
    expect(() => profileFromUrl(url)).toThrow(UnitError);
    expect(() => profileFromUrl(url)).toThrow(expected);
  });
});

describe('what stands beside it', () => {
  test.each<[string, UrlRequest, string, string | undefined]>([
    ['nothing', {}, 'GET', undefined],
    ['a body', { body: 'x' }, 'POST', undefined],
    ['an empty body', { body: '' }, 'POST', undefined],
    ['a body and a method', { body: 'x', method: 'GET' }, 'GET', undefined],
    ['a JSON body', { body: ' {"a": 1}' }, 'POST', 'application/json'],
    ['a JSON body with a number to fill in', { body: '{"a": {{arrival}}}' }, 'POST', 'application/json'],
    ['a JSON body with a number drawn', { body: '{"a": {{integer 1 5}}}' }, 'POST', 'application/json'],
    ['a JSON body with quotes in a template', { body: '[{"a": "{{pick "b c" d}}"}]' }, 'POST', 'application/json'],
    ['a JSON body with JSON in a template', { body: `{"a": {{pick '{"b": 1}' null}}}` }, 'POST', 'application/json'],
    ['braces that are no JSON', { body: '{{}}{' }, 'POST', undefined],
    ['a JSON body and a type', { body: '{}', contentType: 'text/plain' }, 'POST', 'text/plain'],
    ['a JSON body and a header', { body: '{}', headers: [['content-type', 'a/b']] }, 'POST', 'a/b'],
    ['bytes', { body: Uint8Array.from([123, 125]) }, 'POST', undefined],
  ])('%s decides method and type', (_, request, method, contentType) => {
    const step = stepOf('http://localhost/', request);
    expect(step.method).toBe(method);
    const types = step.headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value);
    expect(types).toEqual(contentType === undefined ? [] : [contentType]);
  });

  test('a type said twice is refused', () => {
    expect(() => stepOf('http://localhost', { headers: [['Content-Type', 'a/b']], contentType: 'a/b' })).toThrow(
      UserError,
    );
  });
});
