// Placeholders are filled with the arrival's number, and everything between stays as it was, byte for byte.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesTemplate, textTemplate } from '../../source/engine/template.ts';

describe('a template of text', () => {
  it.each([
    ['/events', 7, '/events'],
    ['/events/{{arrival}}', 0, '/events/0'],
    ['{{arrival}}', 12_345_678_901, '12345678901'],
    ['/a/{{ arrival }}/b/{{arrival}}?x={{\tarrival}}', 42, '/a/42/b/42?x=42'],
    ['$&{{arrival}}$1', 3, '$&3$1'],
    ['{{ other }} {arrival} {{arrival', 3, '{{ other }} {arrival} {{arrival'],
    ['', 3, ''],
  ])('"%s" for arrival %i is "%s"', (text, n, filled) => {
    expect(textTemplate(text)(n)).toBe(filled);
  });
});

describe('a template of bytes', () => {
  it('keeps bytes that are no text', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0x00, 0xc3]), Buffer.from('{{arrival}}'), Buffer.from([0x80])]);
    expect([...bytesTemplate(body)(10)]).toEqual([0xff, 0x00, 0xc3, 0x31, 0x30, 0x80]);
  });

  it('agrees with the template of text for any text', () => {
    const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{{arrival}}', '{{ arrival }}', '{{', '}}'));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.maxSafeNat(), (parts, n) => {
        const text = parts.join('');
        expect(bytesTemplate(Buffer.from(text))(n).toString()).toBe(textTemplate(text)(n));
      }),
    );
  });

  it('gives each arrival a buffer of its own', () => {
    const fill = bytesTemplate(Buffer.from('n={{arrival}}'));
    const first = fill(1);
    fill(2);
    expect(first.toString()).toBe('n=1');
  });
});
