import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../source/common/secrets.ts';

describe('secrets', () => {
  it.each([
    ['as they are', 'x top "secret" y', 'x *** y'],
    ['in a path', '/a/top%20%22secret%22', '/a/***'],
    ['in a form', 'k=top+%22secret%22&b', 'k=***&b'],
    ['in JSON', '{"a":"top \\"secret\\""}', '{"a":"***"}'],
    ['cut off before an ellipsis', 'found "…top "sec…" here', 'found "…***…" here'],
    ['in JSON within JSON', String.raw`"{\"a\":\"top \\\"secret\\\"\"}"`, String.raw`"{\"a\":\"***\"}"`],
    ['but not where three letters are like it', 'we sto…', 'we sto…'],
  ])('are taken out of texts %s', (_, text, masked) => {
    expect(new Secrets(['top "secret"', 'stop it']).mask(text)).toBe(masked);
  });

  it('are learnt from what was captured under a name that says so', () => {
    const secrets = new Secrets([]);
    secrets.learn([
      ['access_token', 'hush-hush'],
      ['pin_secret', 1234],
      ['token', 'ab'],
      ['id', 'seven'],
    ]);
    expect(secrets.mask('hush-hush 1234 ab seven')).toBe('*** *** ab seven');
  });

  it('are learnt from within what was captured, where a key or its own name says so', () => {
    const secrets = new Secrets([]);
    secrets.learn([
      ['login', { user: 'somebody', access_token: 'hush-hush', more: [{ secret: 1234 }] }],
      ['tokens', ['first-one', { value: 'second-one' }]],
    ]);
    expect(secrets.mask('somebody hush-hush 1234 first-one second-one')).toBe('somebody *** *** *** ***');
  });

  it('are all that the set-up of a run captured, also within a mapping, but for long lists and what is short', () => {
    const secrets = new Secrets([]);
    const ids = Array.from({ length: 101 }, (_, n) => `identity-${n}`);
    secrets.learnAll([['login', { user: 'short', value: 'long-enough', ids, some: ['one-of-a-few'] }]]);
    expect(secrets.mask('short long-enough identity-1 one-of-a-few')).toBe('short *** identity-1 ***');
  });

  it('are in no text, wherever they stand, and the longer one goes first', () => {
    const word = fc.string({ minLength: 3, maxLength: 12 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(word, word, fc.string(), fc.string(), (one, other, before, after) => {
        const masked = new Secrets([one, one + other]).mask(`${before}${one}${other}${after}`);
        expect(masked.replaceAll('***', '')).not.toContain(one + other);
      }),
    );
  });
});
