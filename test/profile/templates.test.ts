// Templates are found wherever they stand, read with their arguments, and refused in words that help where they are none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { Streams, type TemplateValue } from '../../source/profile/template-functions.ts';
import {
  charactersOf,
  mapText,
  readByteTemplates,
  readTemplates,
  replaceTemplates,
  type Text,
} from '../../source/profile/templates.ts';

const read = (text: string): Text => readTemplates(text, 'body of "x"', new Streams());

const faultOf = (run: () => unknown): UserError => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return expect.unreachable('nothing was thrown');
};

describe('a function', () => {
  const stream = 100;
  it.each<[string, TemplateValue]>([
    ['{{arrival}}', { type: 'arrival' }],
    ['{{ arrival\t}}', { type: 'arrival' }],
    ['{{uuid}}', { type: 'uuid', stream }],
    ['{{integer 1 5}}', { type: 'integer', min: 1, max: 5, stream }],
    ['{{  integer   -5   -5  }}', { type: 'integer', min: -5, max: -5, stream }],
    ['{{integer 007 999999999999999}}', { type: 'integer', min: 7, max: 999_999_999_999_999, stream }],
    ['{{float 0 1 2}}', { type: 'float', min: 0, max: 100, digits: 2, stream }],
    ['{{float -0.5 19.99 2}}', { type: 'float', min: -50, max: 1999, digits: 2, stream }],
    ['{{float 1.1 1.1 1}}', { type: 'float', min: 11, max: 11, digits: 1, stream }],
    ['{{float 3 9 0}}', { type: 'float', min: 3, max: 9, digits: 0, stream }],
    ['{{float 0.29 0.57 2}}', { type: 'float', min: 29, max: 57, digits: 2, stream }],
    ['{{pick a b "c d"}}', { type: 'pick', choices: ['a', 'b', 'c d'], stream }],
    ['{{pick \'a "b" c\' "d \'e\'"}}', { type: 'pick', choices: ['a "b" c', "d 'e'"], stream }],
    ['{{pick "" x}}', { type: 'pick', choices: ['', 'x'], stream }],
    ['{{pick "{}" \'{"a": {}}\' "}}"}}', { type: 'pick', choices: ['{}', '{"a": {}}', '}}'], stream }],
    ["{{pick don't do}}", { type: 'pick', choices: ["don't", 'do'], stream }],
    ['{{pick \\"a b\\" c}}', { type: 'pick', choices: ['a b', 'c'], stream }],
    ['{{pick a\nb}}', { type: 'pick', choices: ['a', 'b'], stream }],
    ['{{pick ü "日 本"}}', { type: 'pick', choices: ['ü', '日 本'], stream }],
    ['{{cycle a "b c"}}', { type: 'cycle', choices: ['a', 'b c'] }],
    ['{{weighted a:3 "b: c:1.5"}}', { type: 'weighted', choices: ['a', 'b: c'], weights: [3, 1.5], stream }],
    ['{{sequence}}', { type: 'sequence', start: 0 }],
    ['{{sequence 1000}}', { type: 'sequence', start: 1000 }],
    ['{{string 12}}', { type: 'letters', count: 12, stream }],
    ['{{number integer 1 5}}', { type: 'integer', min: 1, max: 5, stream }],
    ['{{number pick 5 -1.5e3}}', { type: 'pick', choices: ['5', '-1.5e3'], stream }],
    ['{{text integer 1 5}}', { type: 'integer', min: 1, max: 5, stream }],
    ['{{now}}', { type: 'now' }],
    ['{{now seconds}}', { type: 'now seconds' }],
    ['{{now iso}}', { type: 'now iso' }],
    ['{{hex 1}}', { type: 'hex', digits: 1, stream }],
    ['{{hex 4096}}', { type: 'hex', digits: 4096, stream }],
  ])('%s is read', (text, value) => {
    expect(read(text)).toEqual([value]);
  });

  it.each([
    ['{{}}', '{{}}', 'one of {{arrival}}, {{sequence}}, {{uuid}}, {{integer}}, {{float}}, {{pick}}, {{cycle}}'],
    ['{{ user }}', '{{user}}', 'one of'],
    ['{{constructor}}', '{{constructor}}', 'one of'],
    ['{{"a": 1}}', '{{"a": 1}}', 'one of'],
    ['{{arrival 1}}', '{{arrival 1}}', '{{arrival}}'],
    ['{{uuid 4}}', '{{uuid 4}}', '{{uuid}}'],
    ['{{now utc}}', '{{now utc}}', '{{now}}, {{now seconds}} or {{now iso}}'],
    ['{{integer}}', '{{integer}}', '{{integer MIN MAX}}: two whole numbers of at most 15 digits'],
    ['{{integer 1}}', '{{integer 1}}', 'two whole numbers'],
    ['{{integer 1 2 3}}', '{{integer 1 2 3}}', 'two whole numbers'],
    ['{{integer 1 x}}', '{{integer 1 x}}', 'two whole numbers'],
    ['{{integer 1.5 2}}', '{{integer 1.5 2}}', 'two whole numbers'],
    ['{{integer 1 1000000000000000}}', '{{integer 1 1000000000000000}}', 'two whole numbers'],
    ['{{integer 5 1}}', '{{integer 5 1}}', '{{integer MIN MAX}}: MIN not above MAX'],
    ['{{float 0 1}}', '{{float 0 1}}', '{{float MIN MAX DIGITS}}: two numbers and how many digits follow the point'],
    ['{{float 0 1 10}}', '{{float 0 1 10}}', 'at most 9'],
    ['{{float 0 1 -1}}', '{{float 0 1 -1}}', 'at most 9'],
    ['{{float 0.125 1 2}}', '{{float 0.125 1 2}}', 'numbers with at most 2 digits after the point and 15 in all'],
    ['{{float 0 1e3 2}}', '{{float 0 1e3 2}}', 'numbers with'],
    ['{{float 0 99999999999999 2}}', '{{float 0 99999999999999 2}}', 'numbers with'],
    ['{{float 0.2 0.1 1}}', '{{float 0.2 0.1 1}}', 'MIN not above MAX'],
    ['{{cycle a}}', '{{cycle a}}', '{{cycle A B …}}: two choices or more'],
    ['{{weighted a:1 b}}', '{{weighted a:1 b}}', 'two choices or more, each with its weight after a colon'],
    ['{{weighted a:0 b:0}}', '{{weighted a:0 b:0}}', 'a weight above 0'],
    ['{{sequence -1}}', '{{sequence -1}}', '{{sequence [START]}}: a whole number of at most 15 digits'],
    ['{{string 0}}', '{{string 0}}', 'a number of letters from 1 to 4096'],
    ['{{number}}', '{{number}}', 'a function after number'],
    ['{{number uuid}}', '{{number uuid}}', 'numbers as JSON has them'],
    ['{{number pick 05 1}}', '{{number pick 05 1}}', 'numbers as JSON has them'],
    ['{{text intger 1 2}}', '{{text intger 1 2}}', 'one of'],
    ['{{people.email}}', '{{people.email}}', 'one of'],
    ['{{pick a}}', '{{pick a}}', '{{pick A B …}}: two choices or more'],
    ['{{pick a,b}}', '{{pick a,b}}', 'two choices'],
    ['{{pick "a b}}', '{{pick "a b}}', 'the quote to end before a space or the braces'],
    ['{{pick a "b"c}}', '{{pick a "b"c}}', 'the quote to end'],
    ['{{hex 0}}', '{{hex 0}}', '{{hex N}}: a number of digits from 1 to 4096'],
    ['{{hex 5000}}', '{{hex 5000}}', '{{hex N}}'],
    ['{{integer 1 5}', '{{integer 1 5}', '{{integer …}} with its end'],
    ['a {{ uuid', '{{ uuid', '{{uuid …}} with its end'],
    ['{{pick {"a":1} b}}', '{{pick {"a":1} b}}', 'with its end'],
  ])('%s is refused', (text, found, expected) => {
    const { message } = faultOf(() => read(text));
    expect(message).toMatch(/^body of "x": found /);
    expect(message).toContain(`found ${found}, expected `);
    expect(message.slice(message.indexOf(', expected '))).toContain(expected);
  });

  it.each([
    ['{{arival}}', 'did you mean {{arrival}}?'],
    ['{{int 1 5}}', 'did you mean {{integer MIN MAX}}?'],
    ['{{UUID}}', 'did you mean {{uuid}}?'],
    ['{{now utc}}', 'such as {{now iso}}'],
    ['{{integer 1}}', 'such as {{integer 1 100}}'],
    ['{{arrival 1}}', undefined],
    ['{{user.name}}', 'text with other double braces can be sent as it is from a bodyFile'],
  ])('%s is refused with a hint', (text, hint) => {
    expect(faultOf(() => read(text))).toMatchObject({ hint, exitCode: 2 });
  });
});

describe('text', () => {
  const arrival = { type: 'arrival' };
  it.each<[string, unknown]>([
    ['', ''],
    ['{"a":{"b":{}}}', '{"a":{"b":{}}}'],
    ['{ {arrival} } {{ {{{', '{ {arrival} } {{ {{{'],
    ['a{{arrival}}b', ['a', arrival, 'b']],
    ['{{arrival}}{{arrival}}', [arrival, arrival]],
    ['{{{arrival}}}', ['{', arrival, '}']],
    ['{"a":{"n":{{arrival}}}}', ['{"a":{"n":', arrival, '}}']],
    ['{{ {{arrival}}', ['{{ ', arrival]],
    ['$1 $& {{arrival}}', ['$1 $& ', arrival]],
  ])('%j is read into its parts', (text, parts) => {
    expect(read(text)).toEqual(parts);
  });

  it('gives each template streams of its own', () => {
    const streams = new Streams();
    const parts = ['{{uuid}}{{hex 9}}', '{{integer 1 2}}{{pick a b}}', '{{uuid}}'].flatMap((text) => [
      ...readTemplates(text, '', streams),
    ]);
    expect(parts.map((part) => (typeof part === 'object' && 'stream' in part ? part.stream : part))).toEqual([
      100, 104, 106, 107, 108,
    ]);
  });

  it('is read in one pass, whatever stands in it', () => {
    const long = `${'{{ "x" '.repeat(20_000)}${'"a":"b", '.repeat(20_000)}`;
    const began = performance.now();
    expect(replaceTemplates(long, '0')).toBe(long);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('comes back whole from its parts', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('{{arrival}}', '{{ now iso }}', '{{', '}}', '"', '{{pick "a b" \'c\'}}'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const bytes = readByteTemplates(new TextEncoder().encode(text), '', new Streams());
        if (bytes instanceof Uint8Array) expect(bytes).toEqual(new TextEncoder().encode(text));
        else {
          const between = bytes.filter((part) => typeof part === 'string').join('');
          const known = /\{\{\s*(?:arrival|now(?:\s+iso)?|pick\s+"a b"\s+'c')\s*\}\}/g;
          expect(between).toBe(charactersOf(new TextEncoder().encode(text)).replaceAll(known, ''));
        }
      }),
    );
  });

  it('can be changed piece by piece', () => {
    const text = mapText(read('a b{{pick "c d" e}}{{arrival}}'), (piece) => piece.toUpperCase());
    expect(text).toEqual(['A B', { type: 'pick', choices: ['C D', 'E'], stream: 100 }, { type: 'arrival' }]);
    expect(mapText('a', (piece) => `${piece}!`)).toBe('a!');
  });

  it.each([
    ['{"n": {{integer 1 5}}, "s": "{{pick "a b" c}}"}', '{"n": 0, "s": "0"}'],
    ['{{user}} {{', '0 {{'],
    ['', ''],
  ])('%j can be looked at without its templates', (text, expected) => {
    expect(replaceTemplates(text, '0')).toBe(expected);
  });
});

describe('bytes', () => {
  const readBytes = (bytes: Uint8Array) => readByteTemplates(bytes, 'body of "x"', new Streams());

  it('without templates are handed back as they are', () => {
    const bytes = Uint8Array.from([0, 255, 0x7b, 0x7b, 0x7d, 0x80]);
    expect(readBytes(bytes)).toBe(bytes);
  });

  it('become characters, each a byte', () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect([...charactersOf(every)].map((character) => character.charCodeAt(0))).toEqual([...every]);
    const bytes = Uint8Array.from([...every, ...new TextEncoder().encode('{{arrival}}'), 0xc3]);
    expect(readBytes(bytes)).toEqual([charactersOf(every), { type: 'arrival' }, '\u00c3']);
  });

  it.each(['{{user}}', '{{arrival', '{{}}', '{{ integer 1 5 }', '{{pick {"a":1} b}}'])('leave %s alone', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(readBytes(bytes)).toBe(bytes);
  });

  it('with a function whose arguments are wrong are refused', () => {
    const fault = faultOf(() => readBytes(new TextEncoder().encode('a{{hex}}')));
    expect(fault.message).toBe('body of "x": found {{hex}}, expected {{hex N}}: a number of digits from 1 to 4096');
  });
});
