// Rows beyond our own choice: what the user pinned, and what moved most since before the load; how their numbers are judged;
// and the tables of everything.
import { expect, test } from 'vitest';
import { deriveSignals } from '../../source/probes/derive-signals.ts';
import { metricTables, mostRows } from '../../source/probes/metric-tables.ts';
import { Movers } from '../../source/probes/movers.ts';
import { globMatcher, seriesText } from '../../source/probes/pins.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';
import { mostSignals, recognise } from '../../source/probes/recognise.ts';
import { Scraped } from './scraped.ts';

const gauges = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `# TYPE ${name.replace(/\{.*/, '')} gauge\n${name} ${value}\n`)
    .join('');

const labels = (values: readonly ProbeValue[]): string[] => values.map(({ label }) => label);

test.each([
  ['buffer_*', 'buffer_size', true],
  ['buffer_*', 'a_buffer_size', false],
  ['*size', 'BUFFER_SIZE', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b', 'xxbxxa', false],
  ['**', '', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
  ['jobs{queue="q1"*', 'jobs{queue="q1",x="(+)"}', true],
])('the glob %s takes %s: %s', (glob, text, taken) => {
  expect(globMatcher(glob)(text)).toBe(taken);
});

test('many stars over a long text take no time to speak of', () => {
  expect(globMatcher('*a*a*a*a*b')('a'.repeat(200_000))).toBe(false);
});

test('pinned families come first, in the order of their globs, beside the dozen of our own choice', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`queue_${n}_depth`, n]));
  const target = new Scraped().take(0, gauges({ ...many, zebra: 1, yak_age: 2 }));
  const values = deriveSignals(recognise(target.families, { pins: ['z*', 'yak_age', 'queue_29*'] }), target.book);
  expect(labels(values).slice(0, 3)).toEqual(['zebra', 'yak_age', 'queue_29_depth']);
  expect(values).toHaveLength(3 + mostSignals);
  expect(new Set(values.map(({ metric }) => metric)).size).toBe(values.length);
});

test('a glob that nothing matches is said', () => {
  const target = new Scraped().take(0, gauges({ queue_depth: 1 }));
  const values = deriveSignals(recognise(target.families, { pins: ['nosuch*', 'queue{*'] }), target.book);
  expect(values.slice(0, 2)).toMatchObject([
    { type: 'gap', metric: 'nosuch*', reason: 'no metric has such a name' },
    { type: 'gap', metric: 'queue{*' },
  ]);
});

test('a glob with a brace pins series, of a histogram too', () => {
  const text = (n: number): string =>
    `# TYPE h histogram\nh_bucket{le="1",route="/a"} ${n}\nh_bucket{le="+Inf",route="/a"} ${n * 3}\nh_count{route="/a"} ${n * 3}\n# TYPE g gauge\ng{shard="1"} 4\ng{shard="2"} 5\n`;
  const target = new Scraped().take(0, text(1)).take(1000, text(11));
  const pins = ['h_bucket{*+Inf*', 'g{shard="2"}'];
  const [bucket, shard] = deriveSignals(recognise(target.families, { pins }), target.book);
  expect(bucket).toMatchObject({ metric: 'h_bucket{le="+Inf",route="/a"}', value: 30, unit: '/s', kind: 'rate' });
  expect(shard).toMatchObject({ metric: 'g{shard="2"}', value: 5, kind: 'gauge' });
  expect(labels([bucket!, shard!]).every((label) => label.length <= 22)).toBe(true);
});

test('a pinned series is called by the labels that tell it from the others, with a sign where something is missing', () => {
  const names = ['mail",state="failed"', 'mail",state="waiting"', 'reports_of_the_quarter",state="failed"'];
  const text = names.map((name) => `jobs_waiting_now{queue="${name},host="a"} 1\n`).join('');
  const target = new Scraped().take(0, `# TYPE jobs_waiting_now gauge\n${text}`);
  const of = (pin: string) =>
    labels(deriveSignals(recognise(target.families, { pins: [pin] }), target.book)).slice(0, 3);
  expect(of('jobs_waiting_now{*').slice(0, 2)).toEqual(['…now mail failed', '…now mail waiting']);
  expect(of('jobs_waiting_now{*')[2]).toMatch(/^….*quarter failed$/);
  expect(of('jobs_waiting_now{queue="mail"*state="failed"*')[0]).toBe('…now mail failed a');
});

test('what moved most gets a row, keeps it for ten seconds, and gives way only to what moved twice as much', () => {
  const movers = new Movers();
  const target = new Scraped();
  const choose = (at: number, values: Readonly<Record<string, number>>): readonly string[] => {
    target.take(at, gauges(values));
    return movers.choose(at, [...target.families.values()], target.book, 1);
  };
  expect(choose(0, { a: 10, b: 10, c: 10 })).toEqual([]);
  expect(choose(1000, { a: 40, b: 30, c: 10 })).toEqual(['a']);
  expect(choose(5000, { a: 10, b: 90, c: 10 })).toEqual(['a']);
  expect(choose(12_000, { a: 60, b: 90, c: 10 })).toEqual(['a']);
  expect(choose(23_000, { a: 30, b: 90, c: 10 })).toEqual(['b']);
  expect(choose(34_000, { a: 10, b: 12, c: 10 })).toEqual([]);
});

test('a small change from nothing is no movement', () => {
  const movers = new Movers();
  const target = new Scraped().take(0, gauges({ rss_bytes: 0, share_ratio: 0, n: 0 }));
  target.take(1000, gauges({ rss_bytes: 400_000, share_ratio: 0.01, n: 0.4 }));
  expect(movers.choose(1000, [...target.families.values()], target.book, 5)).toEqual([]);
});

test.each<[string, Readonly<Record<string, number>>, string, string | undefined]>([
  ['a buffer at 96 %', { buffer_size: 96, buffer_capacity: 100 }, 'buffer_size', 'bad'],
  ['a buffer at 80 %', { buffer_size: 80, buffer_capacity: 100 }, 'buffer_size', 'warn'],
  ['a buffer at 20 %', { buffer_size: 20, buffer_capacity: 100 }, 'buffer_size', 'ok'],
  ['a busy loop', { nodejs_eventloop_utilization: 0.93 }, 'event loop util', 'bad'],
  [
    'a heap that fills what V8 has taken so far',
    { nodejs_heap_size_used_bytes: 99e6, nodejs_heap_size_total_bytes: 100e6 },
    'heap',
    'ok',
  ],
  ['a heap near its real limit', { v8js_memory_heap_used: 99e6, v8js_memory_heap_limit: 100e6 }, 'heap', 'bad'],
  ['descriptors', { process_open_fds: 85, process_max_fds: 100 }, 'open files', 'warn'],
  ['somebody who waits for a connection', { hikaricp_connections_pending: 1 }, 'pool waiting', 'warn'],
  ['a queue without a limit', { queue_depth: 1e9 }, 'queue_depth', undefined],
])('%s is judged', (_, values, label, level) => {
  const target = new Scraped().take(0, gauges(values));
  const found = deriveSignals(recognise(target.families), target.book).find((value) => value.label === label);
  expect(found?.type === 'value' ? found.level : 'no such row').toBe(level);
});

const tablesOf = (target: Scraped, pins: readonly string[] = [], movers: readonly string[] = []) =>
  metricTables({ families: target.families, book: target.book, pins, movers, badExamples: ['???\u001b[31m'] });

test('the table of series has each with its labels, its number now and how far it moved', () => {
  const text = (n: number): string =>
    `# TYPE jobs_total counter\njobs_total{queue="q\u001b[2J"} ${n}\n# TYPE used_bytes gauge\nused_bytes ${n * 10}\n# TYPE h summary\nh{quantile="0.5"} 3\nh_count ${n}\nh_sum ${n * 2}\n`;
  const target = new Scraped().take(0, text(100)).take(1000, text(150)).take(2000, text(250));
  const [series, distributions, bad] = tablesOf(target, ['used*']);
  expect(series!.rows).toEqual([
    ['used_bytes', 2500, 'bytes', 1000, '+150 %'],
    ['jobs_total{queue="q [2J"}', 100, '/s', 50, '+100 %'],
  ]);
  expect(distributions!.rows).toEqual([['h', (250 - 100) / 2, '', 2, 3, undefined, undefined]]);
  expect(bad!.rows).toEqual([['???\u001b[31m'.replace('\u001b', ' ')]]);
});

test('distributions show their percentiles in ms, and say where one lies above the last bound', () => {
  const text = (n: number): string =>
    `# TYPE d_seconds histogram\nd_seconds_bucket{le="1"} ${n}\nd_seconds_bucket{le="2"} ${n * 2}\nd_seconds_bucket{le="+Inf"} ${n * 2.1}\nd_seconds_sum ${n * 4}\nd_seconds_count ${n * 2.1}\n`;
  const target = new Scraped().take(0, text(0)).take(1000, text(10));
  const [distributions] = tablesOf(target);
  expect(distributions!.rows).toEqual([
    ['d_seconds', 21, 'ms', (40 / 21) * 1000, 1050, expect.closeTo(1995, 6), '> 2,000'],
  ]);
});

test('above 2,000 series families stand for them', () => {
  const lines = Array.from({ length: mostRows + 1 }, (_, n) => `g{shard="${n}"} 1\n`).join('');
  const [table] = tablesOf(new Scraped().take(0, `# TYPE g gauge\n${lines}`));
  expect(table).toMatchObject({ title: 'families', note: '2,001 series: each family stands for its own, summed' });
  expect(table!.rows).toEqual([['g', 2001, '', 2001, '']]);
});

test('the text of a series is its name and labels', () => {
  expect(seriesText({ name: 'a', labels: {} })).toBe('a');
  expect(seriesText({ name: 'a', labels: { b: 'c', d: '' } })).toBe('a{b="c",d=""}');
});
