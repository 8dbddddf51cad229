// Objectives as people write them, what is said of what is none, and values held against them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { type Objective, objectiveValue, readObjective, statusOf, worseOf } from '../../source/measure/objective.ts';

const errorOf = (text: string): string => {
  try {
    readObjective(text);
  } catch (error) {
    if (error instanceof UnitError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

const parts = (text: string): unknown => {
  const { metric, comparison, bound, windowMs } = readObjective(text);
  return [metric, comparison, bound, windowMs];
};

describe('an objective', () => {
  it.each<[string, unknown]>([
    ['p99<300ms over 30s', ['p99', '<', 300, 30_000]],
    ['p50<20ms', ['p50', '<', 20, 10_000]],
    ['p95<=250ms', ['p95', '<=', 250, 10_000]],
    ['p95 ≤ 250 ms', ['p95', '<=', 250, 10_000]],
    ['P99 < 1.5s OVER 1m', ['p99', '<', 1500, 60_000]],
    ['max<2s', ['max', '<', 2000, 10_000]],
    ['max<1,500ms over 1s', ['max', '<', 1500, 1000]],
    ['p50<0.5ms', ['p50', '<', 0.5, 10_000]],
    ['errors<1%', ['errors', '<', 0.01, 10_000]],
    ['errors < 0.1 % over 10m', ['errors', '<', 0.001, 600_000]],
    ['errors<=0', ['errors', '<=', 0, 10_000]],
    ['errors<=0%', ['errors', '<=', 0, 10_000]],
    ['rate>=9500/s', ['rate', '>=', 9500, 10_000]],
    ['good>=9500', ['rate', '>=', 9500, 10_000]],
    ['rate > 2.5k over 30', ['rate', '>', 2500, 30_000]],
    ['rate≥3000/m', ['rate', '>=', 50, 10_000]],
    ['  p99  <\t300ms  over  30s ', ['p99', '<', 300, 30_000]],
  ])('is read from %s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('keeps its text, but for what nobody sees of it', () => {
    expect(readObjective('  p99 <  300ms\tover 30s ').text).toBe('p99 < 300ms over 30s');
  });

  it.each<[string, RegExp]>([
    ['', /^an objective such as p99<300ms over 30s: a figure, a comparison, a bound$/],
    ['p99', /^an objective such as/],
    ['300ms', /^an objective such as/],
    ['p99<300\u001b[31mms', /not "300 \[31mms"$/],
    [
      'p9<300ms',
      /^one of p50, p95, p99, max, errors, rate, good, checks before the comparison, not "p9" \(did you mean p95\? metric\.p9 is one of the profile\)$/,
    ],
    ['error<1%', /not "error" \(did you mean errors\? metric\.error is one of the profile\)$/],
    ['checks>5', /^a share behind checks, such as checks>99%$/],
    ['sent>', /^a bound behind the comparison, such as 99%, 9k\/s, 300ms, 2KiB or 1000, not nothing$/],
    ['sent>lots', /^a bound behind the comparison, .* not "lots"$/],
    ['sent>101%', /^a bound behind the comparison, .* not "101%"$/],
    ['sent=5', /^< or <= behind sent, not =/],
    ['size:p95<9k/s', /^a value behind size:p95, such as size:p95<300ms or size:p95<2KiB$/],
    ['<300ms', /^one of p50, .* not nothing$/],
    ['p99>300ms', /^< or <= behind p99, not >: it is held below its bound$/],
    ['errors>=1%', /^< or <= behind errors, not >=/],
    ['rate<9500', /^> or >= behind rate, not <: a rate is held above its bound$/],
    ['p99=300ms', /^< or <= behind p99, not =/],
    ['p99<300', /^a time with its unit behind the comparison, such as 300ms or 1\.5s, not "300"$/],
    ['p99<', /^a time with its unit .* not nothing$/],
    ['p99<0ms', /^a time with its unit .* not "0ms"$/],
    ['p99<31m', /^a time of at most 30m, not "31m"$/],
    ['p99<300ms for 30s', /^a time with its unit .* not "300ms for 30s"$/],
    ['errors<1', /^a share behind the comparison, such as 1%, not "1"$/],
    ['errors<101%', /^a share .* not "101%"$/],
    ['errors<0%', /^errors<=0% for none at all: no share is below 0$/],
    ['rate>=0', /^a rate behind the comparison, such as 9500\/s or 2\.5k, not "0"$/],
    ['rate>=fast', /^a rate behind .* not "fast"$/],
    ['p99<300ms over', /^a window of whole seconds from 1s to 10m behind "over", such as 30s, not nothing$/],
    ['p99<300ms over 500ms', /^a window of whole seconds .* not "500ms"$/],
    ['p99<300ms over 1500ms', /^a window of whole seconds .* not "1500ms"$/],
    ['p99<300ms over 11m', /^a window .* not "11m"$/],
    ['p99<300ms over long', /^a window .* not "long"$/],
  ])('is not read from %j', (text, expected) => {
    expect(errorOf(text)).toMatch(expected);
  });

  it('is never anything but read or refused in words', () => {
    const piece = fc.constantFrom(
      'p99',
      'rate',
      'errors',
      '<',
      '>=',
      '<=',
      '300ms',
      '1%',
      '50',
      'over',
      ' ',
      '30s',
      'é',
      '%',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ maxLength: 5 }), (pieces, noise) => {
        try {
          const { bound, windowMs } = readObjective(pieces.join('') + noise);
          expect(bound).toBeGreaterThanOrEqual(0);
          expect(windowMs % 1000).toBe(0);
        } catch (error) {
          if (!(error instanceof UnitError)) throw error;
        }
      }),
    );
  });
});

const p99 = readObjective('p99<300ms');
const atMost = readObjective('p99<=300ms');
const errors = readObjective('errors<1%');
const none = readObjective('errors<=0%');
const rate = readObjective('rate>=9500/s');

describe('a value', () => {
  it.each<[Objective, number, string]>([
    [p99, 100, 'met'],
    [p99, 270, 'met'],
    [p99, 270.1, 'at risk'],
    [p99, 299.9, 'at risk'],
    [p99, 300, 'broken'],
    [atMost, 300, 'at risk'],
    [atMost, 300.1, 'broken'],
    [errors, 0, 'met'],
    [errors, 0.0095, 'at risk'],
    [errors, 0.01, 'broken'],
    [none, 0, 'met'],
    [none, 0.0001, 'broken'],
    [rate, 10_000, 'met'],
    [rate, 9900, 'at risk'],
    [rate, 9500, 'at risk'],
    [rate, 9499, 'broken'],
    [rate, 0, 'broken'],
    [p99, Number.NaN, 'not enough data'],
  ])('is held against $text: %d is %s', (objective, value, status) => {
    expect(statusOf(objective, value)).toBe(status);
  });

  it('is worse on the wrong side of the bound, and a gap is no value', () => {
    expect(worseOf(p99, 100, 200)).toBe(200);
    expect(worseOf(rate, 100, 200)).toBe(100);
    expect(worseOf(rate, Number.NaN, 200)).toBe(200);
    expect(worseOf(p99, 100, Number.NaN)).toBe(100);
  });

  it('is said with its unit', () => {
    expect(objectiveValue('p99', 312.4)).toBe('312 ms');
    expect(objectiveValue('errors', 0.1361)).toBe('13.6 %');
    expect(objectiveValue('rate', 8112.4)).toBe('8,112/s');
    expect(objectiveValue('max', Number.NaN)).toBe('n/a');
  });
});
