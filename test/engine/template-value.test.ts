// Values are what a slow and obvious way of writing them gives, within their bounds and evenly spread.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsOf, draw, keyOf } from '../../source/common/random.ts';
import { plainSource, type Value, writerOf } from '../../source/engine/template-value.ts';
import type { SingleValue } from '../../source/profile/template-value.ts';

const stream = 100;
const seed = 7;

const writer = (value: SingleValue, from = seed, now = 0): Value => writerOf(value, plainSource(from, now));

/** What is written for arrival `n`; fails where it is not as long as it was said, or more is touched. */
const written = (value: Value, n: number): string => {
  const bytes = Buffer.alloc(value.most + 4, '~');
  const end = value.write(bytes, 2, n);
  expect(end - 2).toBeGreaterThanOrEqual(value.least);
  expect(end - 2).toBeLessThanOrEqual(value.most);
  expect(bytes.toString('latin1', 0, 2) + bytes.toString('latin1', value.most + 2)).toBe('~~~~');
  return bytes.toString('latin1', 2, end);
};

/** What is written for many arrivals, without a look at the memory around. */
const writtenFor = (value: Value, arrivals: readonly number[]): string[] => {
  const bytes = Buffer.alloc(value.most);
  return arrivals.map((n) => bytes.toString('latin1', 0, value.write(bytes, 0, n)));
};

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const bound = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
const numbers = Array.from({ length: 20_000 }, (_, n) => n);

describe('the number of the arrival', () => {
  it.each([0, 9, 10, 99, 100, 999_999_999, 1e9, 1_000_000_001, 2 ** 31, 2 ** 32, 12_345_678_901, 2 ** 53 - 1])(
    'is written for %i',
    (n) => {
      expect(written(writer({ type: 'arrival' }), n)).toBe(String(n));
    },
  );

  it('is written for any', () => {
    const value = writer({ type: 'arrival' });
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        expect(written(value, n)).toBe(String(n));
      }),
    );
  });
});

describe('the time', () => {
  it.each([0, 999, 1_764_104_400_000, 1_764_104_400_007, 1_764_104_400_999, 253_402_300_799_999])(
    'is told at %i',
    (now) => {
      expect(written(writer({ type: 'now' }, seed, now), 3)).toBe(String(now));
      expect(written(writer({ type: 'now iso' }, seed, now), 3)).toBe(new Date(now).toISOString());
    },
  );

  it('goes on from request to request, and back where the clock is set', () => {
    const begun = 1_764_104_399_998;
    const source = plainSource(seed, begun);
    const value = writerOf({ type: 'now iso' }, source);
    for (const step of [1, 1, 1, 500, 1000, 86_400_000, -7_200_001]) {
      source.moment.at += step + 0.25;
      expect(written(value, 0)).toBe(new Date(Math.floor(begun + source.moment.at)).toISOString());
    }
  });
});

describe('an integer', () => {
  it('is the draw of its arrival, within its bounds', () => {
    fc.assert(
      fc.property(seeds, fc.maxSafeNat(), bound, bound, (from, n, a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const text = written(writer({ type: 'integer', min, max, stream }, from), n);
        expect(text).toBe(String(min + Math.floor(draw(from, n, stream) * (max - min + 1))));
        expect(Number(text) >= min && Number(text) <= max).toBe(true);
      }),
    );
  });

  it.each([
    [1, 6],
    [-3, 3],
    [-12, -9],
    [95, 105],
    [7, 7],
  ])('takes each value from %i to %i, evenly', (min, max) => {
    const value = writer({ type: 'integer', min, max, stream });
    const counts = new Map<string, number>();
    for (const text of writtenFor(value, numbers)) counts.set(text, (counts.get(text) ?? 0) + 1);
    const span = max - min + 1;
    expect([...counts.keys()].map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: span }, (_, i) => min + i),
    );
    const expected = numbers.length / span;
    // Six standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1);
  });
});

describe('a float', () => {
  it('is the draw of its arrival in units of its last digit', () => {
    const digits = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(seeds, fc.maxSafeNat(), bound, bound, digits, (from, n, a, b, places) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const text = written(writer({ type: 'float', min, max, digits: places, stream }, from), n);
        expect(text).toMatch(places === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${places}}$`));
        expect(text).not.toMatch(/^-?0\d/);
        const drawn = BigInt(min) + BigInt(Math.floor(draw(from, n, stream) * (max - min + 1)));
        expect(BigInt(text.replace('.', ''))).toBe(drawn);
      }),
    );
  });

  it.each([
    [-5, 5, 2, ['-0.05', '-0.01', '0.00', '0.05']],
    [999, 1001, 3, ['0.999', '1.000', '1.001']],
    [-1, 0, 9, ['-0.000000001', '0.000000000']],
  ])('from %i to %i with %i digits takes %j', (min, max, digits, values) => {
    const value = writer({ type: 'float', min, max, digits, stream });
    const seen = new Set(writtenFor(value, numbers.slice(0, 500)));
    for (const text of values) expect(seen).toContain(text);
    expect(seen.size).toBe(max - min + 1);
  });
});

describe('a UUID', () => {
  const value = writer({ type: 'uuid', stream });

  it('has the layout of version 4, and the bits that were drawn', () => {
    fc.assert(
      fc.property(seeds, fc.maxSafeNat(), (from, n) => {
        const text = written(writer({ type: 'uuid', stream }, from), n);
        expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        const words = [0, 1, 2, 3].map((word) =>
          bitsOf(keyOf(from, stream + word), n)
            .toString(16)
            .padStart(8, '0'),
        );
        const drawn = words.join('');
        const bare = text.replaceAll('-', '');
        for (const [index, digit] of [...bare].entries()) {
          if (index !== 12 && index !== 16) expect(digit).toBe(drawn[index]);
        }
        expect(Number.parseInt(bare[16]!, 16) & 3).toBe(Number.parseInt(drawn[16]!, 16) & 3);
      }),
    );
  });

  it('never comes twice, in one place or in several', () => {
    const others = [104, 108].map((other) => writer({ type: 'uuid', stream: other }));
    const otherSeed = writer({ type: 'uuid', stream }, seed + 1);
    const all = [value, ...others, otherSeed];
    const seen = new Set(all.flatMap((one) => writtenFor(one, numbers)));
    expect(seen.size).toBe(numbers.length * all.length);
  });

  it('has each of its 122 free bits set half of the time', () => {
    const counts = new Array<number>(128).fill(0);
    for (const text of writtenFor(value, numbers)) {
      for (const [at, digit] of [...text.replaceAll('-', '')].entries()) {
        const bits = Number.parseInt(digit, 16);
        for (let bit = 0; bit < 4; bit += 1) counts[at * 4 + bit]! += (bits >> (3 - bit)) & 1;
      }
    }
    const fixed = new Map([48, 49, 50, 51, 64, 65].map((bit, index) => [bit, [0, 1, 0, 0, 1, 0][index]]));
    for (const [bit, count] of counts.entries()) {
      if (fixed.has(bit)) expect(count).toBe(numbers.length * fixed.get(bit)!);
      // Six standard deviations are 424.
      else expect(Math.abs(count - numbers.length / 2)).toBeLessThan(424);
    }
  });
});

describe('hex', () => {
  it('has the digits that were asked for, as they were drawn', () => {
    fc.assert(
      fc.property(seeds, fc.maxSafeNat(), fc.integer({ min: 1, max: 70 }), (from, n, digits) => {
        const text = written(writer({ type: 'hex', digits, stream }, from), n);
        const words = Array.from({ length: Math.ceil(digits / 8) }, (_, word) => {
          const count = Math.min(8, digits - word * 8);
          return bitsOf(keyOf(from, stream + word), n)
            .toString(16)
            .padStart(8, '0')
            .slice(-count);
        });
        expect(text).toBe(words.join(''));
        expect(text).toHaveLength(digits);
      }),
    );
  });

  it('takes every digit', () => {
    const value = writer({ type: 'hex', digits: 1, stream });
    expect(new Set(writtenFor(value, numbers.slice(0, 500))).size).toBe(16);
  });
});

describe('a pick', () => {
  const choices = ['a', '', 'long er', '\u00c3\u00bc'];
  const value = writer({ type: 'pick', choices, stream });

  it('is the draw of its arrival', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        expect(written(value, n)).toBe(choices[Math.floor(draw(seed, n, stream) * choices.length)]);
      }),
    );
  });

  it('takes each choice, evenly', () => {
    const counts = new Map<string, number>();
    for (const text of writtenFor(value, numbers)) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([...choices].sort());
    for (const count of counts.values()) expect(Math.abs(count - 5000)).toBeLessThan(400);
  });
});

describe('values in turn', () => {
  it('go by the number of the arrival', () => {
    const value = writer({ type: 'cycle', choices: ['a', 'bb', 'ccc'] });
    expect([0, 1, 2, 3, 3_000_000_001].map((n) => written(value, n))).toEqual(['a', 'bb', 'ccc', 'a', 'bb']);
    expect([0, 41].map((n) => written(writer({ type: 'sequence', start: 1000 }), n))).toEqual(['1000', '1041']);
  });
});

describe('choices by weight', () => {
  it('come as often as they weigh, and never without a weight', () => {
    const value = writer({ type: 'weighted', choices: ['a', 'b', 'c'], weights: [3, 0, 1], stream });
    const counts = new Map<string, number>();
    for (const text of writtenFor(value, numbers)) counts.set(text, (counts.get(text) ?? 0) + 1);
    expect(counts.get('b')).toBeUndefined();
    expect(counts.get('a')! / numbers.length).toBeCloseTo(0.75, 1);
  });
});

describe('letters', () => {
  it('are so many, evenly spread, in every place', () => {
    const value = writer({ type: 'letters', count: 13, stream });
    for (const n of [0, 7, 2 ** 40]) expect(written(value, n)).toMatch(/^[a-z]{13}$/);
    const texts = writtenFor(value, numbers);
    for (const place of [0, 5, 6, 12]) {
      const seen = texts.filter((text) => text[place] === 'q').length;
      expect(seen / numbers.length).toBeCloseTo(1 / 26, 2);
    }
    expect(new Set(texts).size).toBe(numbers.length);
  });
});

describe('words', () => {
  it('are drawn each for itself', () => {
    const value = writer({ type: 'words', choices: ['x', 'yy'], count: 3, between: '+', stream });
    const texts = new Set(writtenFor(value, numbers.slice(0, 500)));
    expect(texts.size).toBe(8);
    expect(written(value, 3)).toMatch(/^(?:x|yy)\+(?:x|yy)\+(?:x|yy)$/);
  });
});

describe('an e-mail address', () => {
  it('is another for each arrival, at the domain', () => {
    const value = writer({ type: 'email', choices: ['ada', 'bob'], domain: '@example.com', stream });
    expect(new Set(writtenFor(value, numbers)).size).toBe(numbers.length);
    expect(written(value, 12)).toMatch(/^(?:ada|bob)12@example\.com$/);
  });
});

describe('the time in seconds', () => {
  it('is that of the request, not of its writing', () => {
    const source = plainSource(seed, 1_764_104_399_250);
    const value = writerOf({ type: 'now seconds' }, source);
    source.moment.at = 749.9;
    expect(written(value, 0)).toBe('1764104399');
    source.moment.at = 750;
    expect(written(value, 0)).toBe('1764104400');
  });
});
