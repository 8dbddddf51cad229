import { describe, expect, test } from 'vitest';
import { secretTexts } from '../../source/profile/secret-texts.ts';
import { profileOf } from '../helpers/compile-text.ts';

describe('what of a profile must not be shown', () => {
  test('is its secret variables, its logins and headers that say so, and the password of its proxy', () => {
    const profile = profileOf(`
variables: { KEY: { default: k3y-of-all, secret: true } }
connection: { proxy: "http://me:p%40ss@localhost:1" }
auth: { bearer: t0ken-of-all }
steps:
  - get: /
  - get: /own
    auth: { basic: "user:pass word" }
    headers: { X-Api-Key: "key {{arrival}} end", Accept: text/plain, X-Key: "\${KEY}" }
`);
    expect([...secretTexts(profile)].sort()).toEqual(
      [
        'k3y-of-all',
        't0ken-of-all',
        btoa('user:pass word'),
        'user:pass word',
        'pass word',
        'key',
        'end',
        'p%40ss',
        'p@ss',
      ].sort(),
    );
  });

  test('is nothing where there is no such thing', () => {
    expect(secretTexts(profileOf('steps: [get: /]'))).toEqual([]);
  });
});
