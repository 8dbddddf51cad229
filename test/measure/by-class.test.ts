// Counts by cause become rows by class that add up from them.

import { describe, expect, it } from 'vitest';
import { byClass } from '../../source/measure/by-class.ts';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { outcomeIndex } from '../../source/measure/outcome.ts';

const counted = (name: CauseName, count: number, firstAt: number, lastAt: number, example?: string) => ({
  cause: causeIndex(name),
  count,
  firstAt,
  lastAt,
  example,
});

describe('counts by class', () => {
  it('add up from their causes, the most frequent first, with the example of that', () => {
    const groups = byClass([
      counted('reset before an answer', 1, 10, 90, 'rare'),
      counted('2xx', 5, 0, 99),
      counted('reset while sending', 2, 20, 95, 'frequent'),
    ]);
    expect(groups.map(({ causes, ...group }) => group)).toEqual([
      { outcome: outcomeIndex('2xx'), count: 5, firstAt: 0, lastAt: 99, example: undefined },
      { outcome: outcomeIndex('reset'), count: 3, firstAt: 10, lastAt: 95, example: 'frequent' },
    ]);
    expect(groups[1]!.causes.map(({ cause, count }) => [cause, count])).toEqual([
      [causeIndex('reset while sending'), 2],
      [causeIndex('reset before an answer'), 1],
    ]);
  });

  it('have the example of a rarer cause where the most frequent has none', () => {
    const [group] = byClass([counted('404', 9, 0, 1), counted('other 4xx', 1, 0, 1, '418')]);
    expect(group).toMatchObject({ count: 10, example: '418' });
  });

  it('are none where nothing was counted', () => {
    expect(byClass([])).toEqual([]);
  });
});
