// When the log says that outcomes which are not good began, and that they are over.

import { describe, expect, it } from 'vitest';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import type { Second } from '../../source/measure/second.ts';
import { OutcomeWatch } from '../../source/session/outcome-watch.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';

type Counts = Partial<Record<CauseName, number>>;

const base = fixtureSecond(0);

const secondOf = (second: number, counts: Counts, late = false): Second => ({
  ...base,
  second,
  late,
  series: [
    {
      series: 0,
      good: 0,
      notGood: 0,
      bytesOut: 0,
      bytesIn: 0,
      outcomes: Object.entries(counts).map(([name, count]) => ({
        cause: causeIndex(name as CauseName),
        count,
        firstAt: 0,
        lastAt: 0,
        example: undefined,
      })),
    },
  ],
});

/** What is said, with the second. */
const said = (seconds: readonly Counts[]): string[] => {
  const watch = new OutcomeWatch();
  return seconds.flatMap((counts, second) =>
    watch.take(secondOf(second, counts)).map(({ level, text }) => `${second} ${level}: ${text}`),
  );
};

const times = (count: number, counts: Counts): Counts[] => Array.from({ length: count }, () => counts);

describe('outcomes that are not good', () => {
  it('are told when they begin and, once they stayed away for five seconds, that they are over', () => {
    expect(
      said([...times(3, { '2xx': 100 }), ...times(4, { '2xx': 76, '429': 24 }), ...times(9, { '2xx': 100 })]),
    ).toEqual(['3 bad: 429 began: 24.0 % of the requests', '11 info: 429 is over after 4 s: 96 requests']);
  });

  it('are told by the worst two where several begin at once', () => {
    const [line] = said([{ '2xx': 5, refused: 80, '429': 10, '503': 5 }]);
    expect(line).toBe('0 bad: refused, 429 and 1 more began: 80.0 % and 10.0 % of the requests');
  });

  it('are not told where they are few, but for the first that got no answer', () => {
    expect(said(times(20, { '2xx': 1000, '503': 5 }))).toEqual([]);
    expect(said(times(20, { '2xx': 98, '503': 2 }))).toEqual([]);
    expect(said([{ '2xx': 1000, refused: 1 }, ...times(5, { '2xx': 1000 }), { '2xx': 1000, refused: 1 }])).toEqual([
      '0 warn: refused began: 0.1 % of the requests',
      '4 info: refused is over after 1 s: 1 request',
    ]);
    expect(said([{ '503': 1 }])).toEqual(['0 bad: 503 began: 100 % of the requests']);
  });

  it('are not over because nothing is asked', () => {
    expect(said([{ refused: 100 }, ...times(60, {}), { refused: 100 }])).toHaveLength(1);
  });

  it('cannot fill the log by coming and going', () => {
    const flapping = Array.from(
      { length: 3600 },
      (_, second): Counts => (second % 10 === 0 ? { '429': 50, '2xx': 50 } : { '2xx': 100 }),
    );
    expect(said(flapping).length).toBeLessThan(8);
    const slow = Array.from(
      { length: 86_400 },
      (_, second): Counts => (second % 400 === 0 ? { '429': 50, '2xx': 50 } : { '2xx': 100 }),
    );
    expect(said(slow).length).toBeLessThan(450);
  });

  it('say nothing of what comes late of a second', () => {
    expect(new OutcomeWatch().take(secondOf(1, { refused: 100 }, true))).toEqual([]);
  });
});
