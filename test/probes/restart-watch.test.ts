// When a target was restarted, and when several processes answer in turn.
import { expect, test } from 'vitest';
import { RestartWatch } from '../../source/probes/restart-watch.ts';
import { Scraped } from './scraped.ts';

/** What is told of scrapes, each with its start time and the share of counters that fell. */
const told = (...scrapes: readonly (readonly [startedAt: number | undefined, fallen: number])[]): string[] => {
  const watch = new RestartWatch();
  return scrapes.flatMap(([startedAt, fallen]) =>
    watch
      .take({ startedAt, fallen, upSeconds: startedAt === undefined ? Number.NaN : 10_000 - startedAt })
      .map(({ text }) => text),
  );
};
const quiet = (count: number, startedAt?: number): [number | undefined, number][] =>
  Array.from({ length: count }, () => [startedAt, 0]);
const others = 'begins anew again and again: several processes behind one URL? Its rates cannot be trusted';

test('a start time that moves forward is a restart, each time; one that is reckoned anew is none', () => {
  expect(told([1000, 0], [1000.6, 0], [2800, 0.9], ...quiet(5, 2800), [4000, 0])).toEqual([
    'restarted, was up 2h 29m',
    'restarted, was up 2h',
  ]);
});

test('one that goes back is another process, which is told once', () => {
  expect(told([1000, 0], [900, 1], [1000, 1], [900, 1], ...quiet(9, 900), [5000, 1])).toEqual([others]);
});

test('without a start time, half of the counters falling is a restart, fewer are none', () => {
  expect(told([undefined, 0], [undefined, 0.4], [undefined, 0.5], ...quiet(6), [undefined, 1])).toEqual([
    'restarted: its counters began anew',
    'restarted: its counters began anew',
  ]);
});

test('counters that fall in every scrape are no restarts, which is told once', () => {
  expect(told([undefined, 0], ...Array.from({ length: 20 }, (): [undefined, number] => [undefined, 1]))).toEqual([
    'restarted: its counters began anew',
    others,
  ]);
});

test('a scrape tells both: when its process started, and which of its counters fell', () => {
  const start = (at: number): string => `# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ${at}\n`;
  const counters = (...values: readonly number[]): string =>
    `# TYPE a counter\n${values.map((value, n) => `a{x="${n}"} ${value}\n`).join('')}`;
  const target = new Scraped();
  const notices = (at: number, text: string): string[] =>
    target
      .take(at, text)
      .book.notices()
      .map(({ text: said }) => said);
  expect(notices(0, `${start(1_000_000 - 7200)}${counters(50, 50)}`)).toEqual([]);
  expect(notices(1000, `${start(999_990)}${counters(3, 4)}`)).toEqual(['restarted, was up 2h']);
  expect(target.now('a')).toBe(7);
  const silent = new Scraped();
  const said = (at: number, ...values: readonly number[]): number =>
    silent.take(at, counters(...values)).book.notices().length;
  // What stands at 0 cannot fall, and says nothing either way: one of two fell.
  expect([said(0, 10, 10, 0), said(1000, 2, 11, 0), said(2000, 3, 12, 0)]).toEqual([0, 1, 0]);
});
