// Items of a body are values of their own: item i of arrival n is that of number n × count + i, whatever the size of a batch.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringTemplate, Template } from '../../source/engine/template.ts';
import { plainSource } from '../../source/engine/template-value.ts';
import type { ItemsValue } from '../../source/profile/template-value.ts';
import type { TextPart } from '../../source/profile/templates.ts';

const source = plainSource(5, 0);
const values: readonly (readonly TextPart[])[] = [
  ['{"a":', { type: 'arrival' }, ',"id":"', { type: 'uuid', stream: 200 }, '"}'],
  ['"b"'],
  ['{"c":', { type: 'integer', min: 0, max: 1_000_000, stream: 210 }, '}'],
];

const body = (count: number | undefined, over: Partial<ItemsValue> = {}): ItemsValue => ({
  type: 'items',
  count,
  order: 'cycle',
  items: values,
  weights: [1, 1, 1],
  stream: 300,
  ...over,
});

const textOf = (value: ItemsValue, n: number): string => new StringTemplate([value], source).text(n);

describe('a body of items', () => {
  it('without a count is one value, in turn by the number of the arrival', () => {
    expect(textOf(body(undefined), 0)).toMatch(/^\{"a":0,"id":"[0-9a-f-]{36}"\}$/);
    expect(textOf(body(undefined), 1)).toBe('"b"');
    expect(textOf(body(undefined), 3)).toContain('"a":3');
  });

  it('with a count is a list, also of one', () => {
    expect(textOf(body(1), 1)).toBe('["b"]');
    expect(JSON.parse(textOf(body(4), 1))).toMatchObject(['b', { c: expect.any(Number) }, { a: 6 }, 'b']);
  });

  it.each(['cycle', 'random', 'weighted'] as const)('holds the same values in batches of any size (%s)', (order) => {
    const weights = [3, 0, 1];
    const single = body(undefined, { order, weights });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(2 ** 40), (count, n) => {
        const batch: unknown = JSON.parse(textOf(body(count, { order, weights }), n));
        const one = Array.from({ length: count }, (_, item): unknown => JSON.parse(textOf(single, n * count + item)));
        expect(batch).toEqual(one);
      }),
    );
  });

  it('fits into the room that it says it needs', () => {
    const template = new Template(['<', body(7), '>'], source);
    for (let n = 0; n < 500; n += 1) {
      const bytes = Buffer.alloc(template.most + 1, '~');
      const length = template.write(bytes, n, false);
      expect(length).toBeGreaterThanOrEqual(template.least);
      expect(bytes.toString('latin1', 0, length)).toMatch(/^<\[.*\]>$/);
      expect(bytes[template.most]).toBe(0x7e);
    }
  });
});
