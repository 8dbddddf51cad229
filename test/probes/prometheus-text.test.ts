// The parser against every legal oddity and plain nonsense, and against what prom-client writes.
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { expect, test } from 'vitest';
import { SeriesCache } from '../../source/probes/prometheus-series.ts';
import { PrometheusText, type Scrape } from '../../source/probes/prometheus-text.ts';
import { parsePrometheusText } from './scraped.ts';

/** `name{label=value,…} value [@timestamp]` of each sample: easy to write, easy to compare. */
const list = (scrape: Scrape): string[] =>
  scrape.samples.map(({ series, value, timestampMs }) => {
    const labels = Object.entries(series.labels).map(([label, text]) => `${label}=${text}`);
    return `${series.name}{${labels.join(',')}} ${value}${timestampMs === undefined ? '' : ` @${timestampMs}`}`;
  });

interface Row {
  readonly name: string;
  readonly text: string;
  readonly openMetrics?: true;
  readonly expected: readonly string[];
  readonly bad?: number;
}

const rows: Row[] = [
  { name: 'a bare sample', text: 'a 1\n', expected: ['a{} 1'] },
  { name: 'a last line without newline', text: 'a 1\nb 2', expected: ['a{} 1', 'b{} 2'] },
  { name: 'Windows line ends', text: 'a 1\r\nb 2\r\n', expected: ['a{} 1', 'b{} 2'] },
  { name: 'a byte order mark', text: '\ufeffa 1\n', expected: ['a{} 1'] },
  { name: 'blank lines and leading blanks', text: '\n \t\n  \ta 1\n', expected: ['a{} 1'] },
  { name: 'blanks everywhere', text: 'a { x = "1" , y\t=\t"2" } \t 3\t 4 \n', expected: ['a{x=1,y=2} 3 @4'] },
  { name: 'no blank before the value', text: 'a{x="1"}2\n', expected: ['a{x=1} 2'] },
  { name: 'a trailing comma', text: 'a{x="1",} 2\n', expected: ['a{x=1} 2'] },
  { name: 'empty braces', text: 'a{} 2\n', expected: ['a{} 2'] },
  { name: 'an empty label value', text: 'a{x=""} 2\n', expected: ['a{x=} 2'] },
  { name: 'escapes', text: 'a{x="q\\"b\\\\n\\n"} 2\n', expected: ['a{x=q"b\\n\n} 2'] },
  { name: 'an unknown escape', text: 'a{x="\\d"} 2\n', expected: ['a{x=\\d} 2'] },
  {
    name: 'braces, commas, hashes in a value',
    text: 'a{x="}, # {y=\\"1\\"} 3"} 2\n',
    expected: ['a{x=}, # {y="1"} 3} 2'],
  },
  { name: 'a colon in the name', text: 'job:a:rate5m 2\n', expected: ['job:a:rate5m{} 2'] },
  {
    name: 'NaN and the infinities',
    text: 'a NaN\nb +Inf\nc -Inf\nd Inf\ne nan\n',
    expected: ['a{} NaN', 'b{} Infinity', 'c{} -Infinity', 'd{} Infinity', 'e{} NaN'],
  },
  {
    name: 'exponents and signs',
    text: 'a 1.5e+03\nb -2E-2\nc +.5\nd 3.\n',
    expected: ['a{} 1500', 'b{} -0.02', 'c{} 0.5', 'd{} 3'],
  },
  {
    name: 'what only JavaScript takes for a number',
    text: 'a 0x10\nb 0b1\nc 1_000\nd Infinit\ne 1e\n',
    expected: [],
    bad: 5,
  },
  {
    name: 'a timestamp in milliseconds',
    text: 'a 1 1395066363000\nb 2 -5\n',
    expected: ['a{} 1 @1395066363000', 'b{} 2 @-5'],
  },
  {
    name: 'a timestamp in seconds',
    openMetrics: true,
    text: 'a 1 1520879607.5\n# EOF\n',
    expected: ['a{} 1 @1520879607500'],
  },
  { name: 'a fraction of a millisecond', text: 'a 1 1.5\n', expected: [], bad: 1 },
  {
    name: 'a label called __proto__',
    text: 'a{__proto__="x",constructor="y"} 1\n',
    expected: ['a{__proto__=x,constructor=y} 1'],
  },
  { name: 'a metric called __proto__', text: '# TYPE __proto__ gauge\n__proto__ 1\n', expected: ['__proto__{} 1'] },
  {
    name: 'UTF-8 names in quotes',
    text: '{"http.server.größe","label.x"="y",z="1"} 1\n',
    expected: ['http.server.größe{label.x=y,z=1} 1'],
  },
  { name: 'a quoted name alone', text: '{"a b"} 1\n', expected: ['a b{} 1'] },
  { name: 'a name both before and inside', text: 'a{"b"} 1\n', expected: [], bad: 1 },
  { name: 'UTF-8 in a label value', text: 'a{x="日本語 🙂"} 1\n', expected: ['a{x=日本語 🙂} 1'] },
  {
    name: 'an exemplar',
    openMetrics: true,
    text: 'a_bucket{le="1"} 5 # {trace_id="x # y"} 0.67 1520879607.7\n# EOF',
    expected: ['a_bucket{le=1} 5'],
  },
  {
    name: 'a timestamp and an exemplar',
    openMetrics: true,
    text: 'a_total 5 1 # {} 0.67\n# EOF\n',
    expected: ['a_total{} 5 @1000'],
  },
  { name: 'lines after the end', openMetrics: true, text: 'a 1\n# EOF\nb 2\n', expected: ['a{} 1'], bad: 1 },
  { name: 'an end in a format that has none', text: 'a 1\n# EOF\nb 2\n', expected: ['a{} 1', 'b{} 2'] },
  { name: 'comments of any kind', text: '#\n#a\n# hello\n#TYPE a\n# TYPE\n# HELP a\na 1\n', expected: ['a{} 1'] },
  { name: 'a type that does not exist', text: '# TYPE a thing\na 1\n', expected: ['a{} 1'], bad: 1 },
  { name: 'unclosed braces and quotes', text: 'a{x="1" 2\nb{x="1} 2\nc{x=1} 2\nd}{ 1\n', expected: [], bad: 4 },
  { name: 'a label twice', text: 'a{x="1",x="2"} 1\n', expected: [], bad: 1 },
  { name: 'no value, or too many', text: 'a\nb{x="1"}\nc 1 2 3\nd one\n', expected: [], bad: 4 },
  { name: 'names that are none', text: '1a 1\na-b 1\na.b 1\na{b-c="1"} 1\na{,} 1\n', expected: [], bad: 5 },
  {
    name: 'a composite value of OpenMetrics 2',
    openMetrics: true,
    text: 'a {count:17,sum:3.5} 1\n# EOF\n',
    expected: [],
    bad: 1,
  },
  { name: 'a bad line between good ones', text: 'a 1\n???\nb 2\n', expected: ['a{} 1', 'b{} 2'], bad: 1 },
  { name: 'JSON', text: '{"status":"ok","n":1}\n', expected: [], bad: 1 },
  { name: 'a page of HTML', text: '\n<!doctype html>\n<p>\nwidth 100\n</p>\n', expected: [] },
  { name: 'nothing', text: '', expected: [] },
];

test.each(rows)('reads $name', ({ text, openMetrics, expected, bad }) => {
  const scrape = parsePrometheusText(text, openMetrics ?? false);
  expect(list(scrape)).toEqual(expected);
  expect(scrape.badLines).toBe(bad ?? 0);
});

test.each(rows)('reads $name the same way letter by letter', ({ text, openMetrics, expected, bad }) => {
  const reader = new PrometheusText(openMetrics ?? false, new SeriesCache());
  for (const letter of text.split('')) reader.push(letter);
  const scrape = reader.finish();
  expect([list(scrape), scrape.badLines]).toEqual([expected, bad ?? 0]);
});

test('keeps type, unit and help of a family, and says when the text was complete', () => {
  const text =
    '# HELP a_seconds says \\"x\\"\\nand\\\\y\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n# TYPE "b.c" gauge\n# EOF\n';
  const scrape = parsePrometheusText(text, true);
  expect(scrape.families.get('a_seconds')).toEqual({ type: 'histogram', unit: 'seconds', help: 'says "x"\nand\\y' });
  expect(scrape.families.get('b.c')).toEqual({ type: 'gauge' });
  expect(scrape.sawEnd).toBe(true);
  expect(parsePrometheusText('a 1\n', true).sawEnd).toBe(false);
});

test('says that HTML is HTML', () => {
  expect(parsePrometheusText('<html>\na 1\n').looksLikeHtml).toBe(true);
  expect(parsePrometheusText('a 1\n<html>\n').looksLikeHtml).toBe(false);
});

test('keeps five bad lines of any number, cut short', () => {
  const scrape = parsePrometheusText(`${'x'.repeat(1000)}\n`.repeat(20));
  expect(scrape.badLines).toBe(20);
  expect(scrape.badExamples.map((line) => line.length)).toEqual([200, 200, 200, 200, 200]);
});

test('a line without an end is given up, and reading goes on after it', () => {
  const reader = new PrometheusText(false, new SeriesCache());
  reader.push('a 1\nb{x="');
  for (let piece = 0; piece < 80; piece += 1) reader.push('y'.repeat(64 * 1024));
  reader.push('"} 1\nc 2\n');
  const scrape = reader.finish();
  expect([list(scrape), scrape.badLines]).toEqual([['a{} 1', 'c{} 2'], 1]);
});

test('the same series is found again, however it is written, and forgotten when it is gone', () => {
  const cache = new SeriesCache();
  const first = parsePrometheusText('a{x="1",y="2"} 1\nb 1\n', false, cache);
  const again = parsePrometheusText('a{x="1",y="2"} 2\n', false, cache);
  expect(again.samples[0]?.series).toBe(first.samples[0]?.series);
  const other = parsePrometheusText('a{ y="2", x="1" } 3\n', false, cache);
  expect(other.samples[0]?.series.key).toBe(first.samples[0]?.series.key);
  for (let turn = 0; turn < 500; turn += 1) parsePrometheusText(`churn{id="${turn}"} 1\n`, false, cache);
  expect(cache.size).toBeLessThan(150);
});

test('labels in another order are the same series, whose growth is told by either', () => {
  const cache = new SeriesCache();
  const first = parsePrometheusText('a{x="1",y="2"} 1\n', false, cache);
  const shuffled = parsePrometheusText('a{y="2",x="1"} 4\n', false, cache);
  expect(shuffled.samples[0]).toBe(first.samples[0]);
  const both = parsePrometheusText('a{y="2",x="1"} 5\na{x="1",y="2"} 6\n', false, cache);
  expect([both.samples.map(({ value }) => value), both.repeated]).toEqual([[5], 1]);
});

test('of several points of a series the newest counts, of several without a time the first', () => {
  const scrape = parsePrometheusText('a 1 100\na 2 101\na 3 99\nb 1\nb 2\n# EOF\n', true);
  expect([list(scrape), scrape.repeated]).toEqual([['a{} 2 @101000', 'b{} 1'], 2]);
});

test('a number as long as a line is a bad line at once', () => {
  const scrape = parsePrometheusText(`a ${'1'.repeat(900_000)}x\na ${'9'.repeat(900_000)}\nb 1\n`);
  expect([list(scrape), scrape.badLines]).toEqual([['b{} 1'], 2]);
});

test('a second type of a family is a bad line, and the first stands', () => {
  const scrape = parsePrometheusText('# TYPE a gauge\na 1\n# TYPE a counter\n# TYPE a gauge\n');
  expect([scrape.families.get('a')?.type, scrape.badLines]).toEqual(['gauge', 1]);
});

test('label values that would run together stay apart', () => {
  const { samples } = parsePrometheusText('a{x="1",y="2"} 1\na{x="1,y=2"} 1\na{x="1\\",y=\\"2"} 1\n');
  expect(new Set(samples.map(({ series }) => series.key)).size).toBe(3);
});

const registry = (type: 'text' | 'open'): Registry => {
  const made = new Registry();
  if (type === 'open') made.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const registers = [made];
  const buckets = [0.1, 0.5, 1];
  const histogram = new Histogram({
    name: 'http_seconds',
    help: 'a "b"\nc\\',
    labelNames: ['route'],
    buckets,
    registers,
  });
  for (const seconds of [0.05, 0.3, 0.3, 5]) histogram.observe({ route: '/a{"b"}\\,\n' }, seconds);
  histogram.observe({ route: '/other' }, 0.7);
  new Summary({ name: 'sizes', help: 's', percentiles: [0.5, 0.99], registers }).observe(7);
  new Counter({ name: 'errors_total', help: 'e', labelNames: ['code'], registers }).inc({ code: '5xx' }, 3);
  new Gauge({ name: 'nothing', help: 'n', registers }).set(Number.NaN);
  new Gauge({ name: 'handles_total', help: 'a gauge by type', registers }).set(-4);
  return made;
};

test.each(['text', 'open'] as const)('every series that prom-client writes as %s is read', async (type) => {
  const source = registry(type);
  const scrape = parsePrometheusText(await source.metrics(), type === 'open');
  const expected: string[] = [];
  for (const metric of await source.getMetricsAsJSON()) {
    for (const entry of metric.values) {
      const own = 'metricName' in entry && entry.metricName ? entry.metricName : metric.name;
      // OpenMetrics writes the family without the suffix that its counters carry.
      const name = own === 'errors' ? 'errors_total' : own;
      const labels = Object.entries(entry.labels).map(([label, value]) => `${label}=${value}`);
      expected.push(`${name}{${labels.sort().join(',')}} ${entry.value}`);
    }
  }
  const sorted = scrape.samples.map(({ series, value }) => {
    const labels = Object.entries(series.labels).map(([label, text]) => `${label}=${text}`);
    return `${series.name}{${labels.sort().join(',')}} ${value}`;
  });
  expect(expected.length).toBeGreaterThan(15);
  expect(sorted.toSorted()).toEqual(expected.map((line) => line.replace('le=Infinity', 'le=+Inf')).toSorted());
  expect(scrape.badLines).toBe(0);
  expect(scrape.families.get('http_seconds')?.type).toBe('histogram');
  expect(scrape.families.get('handles_total')?.type).toBe('gauge');
});
