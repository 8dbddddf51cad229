// Texts are put together from what stands between the templates, byte for byte, and what the templates draw; the memory
// that they are written into may be used again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scratch, StringTemplate, Template } from '../../source/engine/template.ts';
import { plainSource, writerOf } from '../../source/engine/template-value.ts';
import type { SingleValue } from '../../source/profile/template-value.ts';
import type { TextPart } from '../../source/profile/templates.ts';

const source = plainSource(5, 1_764_104_400_123);

/** The slow way: each value by itself, in a string. */
const reference = (parts: readonly TextPart[], n: number): string =>
  parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.type === 'items') return '';
      const value = writerOf(part, source);
      const bytes = Buffer.alloc(value.most);
      return bytes.toString('latin1', 0, value.write(bytes, 0, n));
    })
    .join('');

const stream = fc.integer({ min: 100, max: 200 });
const byteText = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const drawn: fc.Arbitrary<SingleValue> = fc.oneof(
  fc.constantFrom<SingleValue>({ type: 'arrival' }, { type: 'now' }, { type: 'now iso' }),
  fc.record({ type: fc.constant('uuid' as const), stream }),
  fc.record({ type: fc.constant('hex' as const), digits: fc.integer({ min: 1, max: 40 }), stream }),
  fc.record({
    type: fc.constant('integer' as const),
    min: fc.nat(99),
    max: fc.integer({ min: 99, max: 5000 }),
    stream,
  }),
  fc.record({
    type: fc.constant('pick' as const),
    choices: fc.array(byteText, { minLength: 1, maxLength: 4 }),
    stream,
  }),
);
const partList = fc.array(fc.oneof(byteText, drawn), { maxLength: 8 });

describe('a text with templates', () => {
  it.each<[string, TextPart[], number, string]>([
    ['nothing', [], 3, ''],
    ['a value alone', [{ type: 'arrival' }], 0, '0'],
    ['values one after the other', [{ type: 'arrival' }, { type: 'arrival' }], 12, '1212'],
    ['text around', ['/a/', { type: 'arrival' }, '/b?x=', { type: 'arrival' }, '&y'], 42, '/a/42/b?x=42&y'],
    ['what looks like a pattern', ['$&', { type: 'arrival' }, '$1'], 3, '$&3$1'],
  ])('of %s is put together', (_, parts, n, expected) => {
    expect(new StringTemplate(parts, source).text(n)).toBe(expected);
  });

  it('is the same as the slow way gives, again and again', () => {
    fc.assert(
      fc.property(partList, fc.array(fc.maxSafeNat(), { minLength: 1, maxLength: 5 }), (parts, arrivals) => {
        const text = new StringTemplate(parts, source);
        const template = new Template(parts, source);
        const scratch = new Scratch();
        for (const n of arrivals) {
          const expected = reference(parts, n);
          expect(text.text(n)).toBe(expected);
          const filled = scratch.fill(template, n);
          expect(filled.equals(Buffer.from(expected, 'latin1'))).toBe(true);
          expect(scratch.body).toBe(filled);
          expect(filled.length).toBeLessThanOrEqual(template.most);
          if (template.isFixed) expect(filled.length).toBe(template.most);
        }
      }),
    );
  });

  it('is the same whoever wrote into the memory before', () => {
    fc.assert(
      fc.property(
        fc.array(partList, { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(2), { maxLength: 8 }),
        (lists, order) => {
          const templates = lists.map((parts) => new Template(parts, source));
          const scratch = new Scratch();
          for (const [n, pick] of order.entries()) {
            const index = pick % templates.length;
            expect(scratch.fill(templates[index]!, n).toString('latin1')).toBe(reference(lists[index]!, n));
          }
        },
      ),
    );
  });

  it.each<[string, boolean, TextPart[]]>([
    ['UUIDs and hex', true, ['a', { type: 'uuid', stream: 100 }, { type: 'hex', digits: 3, stream: 104 }]],
    ['numbers of as many digits', true, [{ type: 'integer', min: 10, max: 99, stream: 100 }]],
    ['choices of one length', true, [{ type: 'pick', choices: ['ab', 'cd'], stream: 100 }]],
    ['the arrival', false, [{ type: 'arrival' }]],
    ['numbers from 1 to 10', false, [{ type: 'integer', min: 1, max: 10, stream: 100 }]],
    ['numbers around 0', false, [{ type: 'integer', min: -1, max: 1, stream: 100 }]],
  ])('of %s has a fixed length: %s', (_, isFixed, parts) => {
    expect(new Template(parts, source).isFixed).toBe(isFixed);
  });
});

describe('the memory of a request', () => {
  const fixed = new Template(['n=', { type: 'hex', digits: 8, stream: 100 }], source);

  it('is the same object where the length is', () => {
    const scratch = new Scratch();
    const first = scratch.fill(fixed, 1);
    expect(scratch.fill(fixed, 2)).toBe(first);
  });

  it('is not that of another', () => {
    const [one, other] = [new Scratch(), new Scratch()];
    const first = one.fill(fixed, 1);
    const before = first.toString();
    other.fill(fixed, 2);
    expect(first.toString()).toBe(before);
  });

  it.each([
    ['kept up to 64 KiB', 65_536 - 8, true],
    ['not kept above', 65_536 - 7, false],
  ])('is %s', (_, filler, isKept) => {
    const template = new Template(['x'.repeat(filler), { type: 'hex', digits: 8, stream: 100 }], source);
    const scratch = new Scratch();
    const first = scratch.fill(template, 1);
    const second = scratch.fill(template, 2);
    expect(first.buffer === second.buffer).toBe(isKept);
    expect(second.toString()).toMatch(/^x+[0-9a-f]{8}$/);
    expect(second).toHaveLength(filler + 8);
  });

  it('is small again after a large body', () => {
    const scratch = new Scratch();
    scratch.fill(new Template(['x'.repeat(100_000), { type: 'arrival' }], source), 1);
    expect(scratch.fill(fixed, 1).toString()).toBe(reference(['n=', { type: 'hex', digits: 8, stream: 100 }], 1));
  });
});
