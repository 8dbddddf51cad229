// Text from the target cannot steer a terminal, and secrets are not in what is shown.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskHeader, maskPassword, safeName, safeText } from '../../source/common/safe-text.ts';

const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('text from the target', () => {
  it.each([
    ['a colour', 'a\u001b[31mred\u001b[0m', 'a [31mred [0m'],
    ['a title sequence', '\u001b]0;pwned\u0007ok', ']0;pwned ok'],
    ['an 8-bit control sequence', 'a\u009b2Jb', 'a 2Jb'],
    ['line ends and tabs', ' a\r\n\tb\n', 'a b'],
    ['a bidirectional override', 'abc\u202edef\u202c', 'abc def'],
    ['bidirectional marks', 'a\u200fb\u061cc', 'a b c'],
    ['isolates and zero widths', '\u2066a\u2069\u200bb\ufeff', 'a b'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['letters of any script', 'Grüße 日本 🎉', 'Grüße 日本 🎉'],
    ['nothing', '', ''],
  ])('is shown without what steers: %s', (_, text, shown) => {
    expect(safeText(text)).toBe(shown);
  });

  it('is cut to the limit, and an ellipsis says so', () => {
    expect(safeText('abcdef', 6)).toBe('abcdef');
    expect(safeText('abcdefg', 6)).toBe('abcde…');
    expect(safeText(`abcd🎉xyz`, 6)).toBe('abcd\ufffd…');
  });

  it('shows that it was cut even where cleaning made it short', () => {
    expect(safeText(`${'\u001b'.repeat(5000)}the point`, 20)).toBe('…');
  });

  it('of megabytes takes no longer than text of the limit', () => {
    const huge = '\u001b '.repeat(1_000_000);
    safeText(huge);
    const begun = performance.now();
    for (let n = 0; n < 200; n += 1) safeText(huge);
    expect(performance.now() - begun).toBeLessThan(1500);
  });

  it('never holds a control, is never longer than asked, and is stable', () => {
    const units = fc.string({ unit: 'binary', maxLength: 150 });
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const shown = safeText(text, limit);
        expect(shown).not.toMatch(steering);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(safeText(shown, limit)).toBe(shown);
      }),
    );
  });
});

describe('a name that is cut', () => {
  it.each([
    ['GET /a', 24, 'GET /a'],
    ['POST /api/v1/documents/sessions', 24, 'POST …documents/sessions'],
    ['POST /api/v1/documents/session/{id}/upload', 24, 'POST …ession/{id}/upload'],
    ['orders that nobody has seen', 12, '…dy has seen'],
    ['POST /a-long-path', 1, '…'],
    ['\u001b[31mPOST /a', 40, '[31mPOST /a'],
  ])('%j in %i keeps its method and its end', (name, limit, wanted) => {
    expect(safeName(name, limit)).toBe(wanted);
  });

  it('never takes more, and none that fits is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (name, limit) => {
        const shown = safeName(name, limit);
        expect(shown.length).toBeLessThanOrEqual(limit);
        if (safeText(name).length <= limit) expect(shown).toBe(safeText(name));
      }),
    );
  });
});

describe('a password in a URL', () => {
  it.each([
    ['mongodb://user:secret@host:27017/db', 'mongodb://user:***@host:27017/db'],
    ['mongodb://user:p@ss@host/db', 'mongodb://user:***@host/db'],
    ['mongodb://user:p/ss@host/db', 'mongodb://user:***@host/db'],
    ['mongodb://user:p:ss@host/db', 'mongodb://user:***@host/db'],
    ['mongodb://user:p?s#s@host/db', 'mongodb://user:***@host/db'],
    ['mongodb://user:1234@h1:27017,h2:27018/db', 'mongodb://user:***@h1:27017,h2:27018/db'],
    ['redis://:secret@host', 'redis://:***@host'],
    ['user:secret@host:27017/db', 'user:***@host:27017/db'],
    ['cannot reach http://a:b@c and http://d:e@f', 'cannot reach http://a:***@c and http://d:***@f'],
  ])('%s is masked', (uri, shown) => {
    expect(maskPassword(uri)).toBe(shown);
  });

  it.each([
    'http://localhost:3000/@scope/package',
    'http://[::1]:3000/@scope',
    'localhost:3000/@scope',
    'mongodb://h1:27017,h2:27018/db?appName=a@b',
    'https://example.com/a:b@2x.png',
    'https://user@example.com/',
    'write to a@example.com at 12:30',
    'GET /events',
    '',
  ])('%s holds none and stays as it is', (text) => {
    expect(maskPassword(text)).toBe(text);
  });

  it('is gone, whatever it is made of', () => {
    const password = fc.stringMatching(/^[A-Za-z@:/?#%.,!]{0,12}SECRET[A-Za-z@:/?#%.,!]{0,12}$/);
    fc.assert(
      fc.property(password, (secret) => {
        expect(maskPassword(`mongodb://user:${secret}@host/db`)).toBe('mongodb://user:***@host/db');
      }),
    );
  });
});

describe('a header', () => {
  it.each([
    ['Authorization'],
    ['proxy-authorization'],
    ['Cookie'],
    ['X-API-Key'],
    ['apikey'],
    ['X-Auth-Token'],
    ['x-client-secret'],
    ['X-Vault-Token'],
  ])('%s is secret', (name) => {
    expect(maskHeader(name, 'abc')).toBe('***');
  });

  it.each([['Content-Type'], ['Idempotency-Key'], ['Accept'], ['X-Request-Id'], ['User-Agent']])(
    '%s is not',
    (name) => {
      expect(maskHeader(name, 'abc')).toBe('abc');
    },
  );
});
