// Values under `json` are sent as JSON, templates in place; what is wholly one number is a number there.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from '../../source/profile/json-text.ts';

describe('a value under json', () => {
  it.each([
    ['{{integer 1 9}}', '{{integer 1 9}}'],
    ['{{float 0 1 2}}', '{{float 0 1 2}}'],
    ['{{arrival}}', '{{arrival}}'],
    ['{{sequence 5}}', '{{sequence 5}}'],
    ['{{now}}', '{{now}}'],
    ['{{now seconds}}', '{{now seconds}}'],
    ['{{number pick 5 "10"}}', '{{number pick 5 "10"}}'],
    ['{{number people.age}}', '{{number people.age}}'],
    ['{{now iso}}', '"{{now iso}}"'],
    ['{{text integer 1 9}}', '"{{text integer 1 9}}"'],
    ['{{people.age}}', '"{{people.age}}"'],
    ['{{pick 5 10}}', '"{{pick 5 10}}"'],
    ['{{integer 1 9}} ', '"{{integer 1 9}} "'],
    ['{{integer 1 9}}{{integer 1 9}}', '"{{integer 1 9}}{{integer 1 9}}"'],
    ['{{constructor}}', '"{{constructor}}"'],
  ])('%s is sent as %s', (value, expected) => {
    expect(jsonText(value)).toBe(expected);
    expect(jsonText({ a: [value] })).toBe(`{"a":[${expected}]}`);
  });

  it('without templates is what JSON.stringify makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('{{'));
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
