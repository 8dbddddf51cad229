// What a profile counts, in everything that is written: the summary in text and sentences, lines of seconds, objects.

import { describe, expect, it } from 'vitest';
import type { Metric } from '../../source/measure/metric.ts';
import { Recorder } from '../../source/measure/recorder.ts';
import { noStocks, type Second } from '../../source/measure/second.ts';
import { Tally } from '../../source/measure/tally.ts';
import { JsonLines } from '../../source/outputs/json-lines.ts';
import { Plain } from '../../source/outputs/plain.ts';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { Spoken } from '../../source/outputs/spoken.ts';
import { summarySentences } from '../../source/outputs/summary-sentences.ts';
import { summaryText } from '../../source/outputs/summary-text.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { beginning, reduce } from '../../source/session/reduce.ts';
import { fixtureRun, fixtureRunInfo, fixtureSecondClosed, numbered } from '../helpers/events.ts';
import { fixtureSecond } from '../helpers/fixture-second.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';

const own = { unit: undefined, source: 'profile', series: undefined } as const;
const expectation = { unit: undefined, kind: 'rate', source: 'expectation', series: 0 } as const;
const metrics: readonly Metric[] = [
  { ...own, name: 'events_sent', kind: 'counter' },
  { ...own, name: 'event_size_bytes', kind: 'trend', unit: 'bytes' },
  { ...own, name: 'errors', kind: 'rate' },
  { ...own, name: 'queue', kind: 'gauge' },
  { ...expectation, name: 'status 202' },
  { ...expectation, name: 'time <500ms' },
];

/** A second of ten requests of 10 events each; from the second on one of each ten is not as expected. */
const secondOf = (second: number): Second => {
  const recorder = new Recorder(0, 1, second * 1000, metrics);
  for (let n = 0; n < 10; n += 1) {
    const at = second * 1000 + n;
    const good = second === 0 || n > 0;
    recorder.metric(0, 10, at);
    recorder.metric(1, 300 + n, at);
    recorder.metric(2, good ? 0 : 1, at);
    recorder.metric(3, n, at);
    recorder.passed(4, good, at, () => 'found 503\u0007, expected 202');
    recorder.passed(5, true, at, () => 'never');
  }
  const { metrics: counted, cells } = recorder.close(0, noStocks(), { loopUtilisation: 0, loopDelayMs: 0 });
  return fixtureSecond(second, { metrics: counted, cells });
};
const seconds = [0, 1, 2].map(secondOf);

const tally = new Tally();
for (const second of seconds) tally.take(second);
const summary = fixtureSummary({
  durationMs: 3000,
  metrics: tally.summary({ ...fixtureSummary(), durationMs: 3000 }, ['POST /events'], [], metrics).metrics,
});

const [opened] = fixtureRun();
const events: readonly RunEvent[] = [
  ...(opened?.type === 'run/opened' ? [{ ...opened, run: fixtureRunInfo({ metrics }) }] : []),
  ...numbered(seconds.map((second) => [(second.second + 1) * 1000, fixtureSecondClosed(second)] as const)).map(
    (event) => ({ ...event, sequence: event.sequence + 1 }),
  ),
];

describe('the printed summary', () => {
  const text = summaryText(summary);

  it('has expectations with their first failure, those that failed first', () => {
    expect(text).toContain(
      [
        'Expectations',
        '               passed  failed   share',
        '  status 202       28       2  93.3 %',
        '      first failure at 0:01: found 503 , expected 202',
        '  time <500ms      30       0   100 %',
      ].join('\n'),
    );
  });

  it('has the metrics of the profile, each with what belongs to its kind', () => {
    expect(text).toContain(
      [
        'Counted by the profile',
        '  events_sent    300  in all, 100/s',
        '  errors       6.7 %  2 of 30',
        '  queue            9  last, from 0 to 9',
        '                     mean    p50    p95    p99    max',
        '  event_size_bytes  305 B  304 B  309 B  309 B  309 B',
        '      30 counted, 10/s',
      ].join('\n'),
    );
  });

  it('fits into 80 columns and shows nothing that steers, whatever the names and numbers', () => {
    const hostile = summary.metrics.map((metric) => ({
      ...metric,
      name: `\u001b]0;x\u0007${'long name '.repeat(12)}`,
    }));
    const many = Array.from({ length: 200 }, (_, index) => hostile[index % hostile.length]!);
    const printed = summaryText(fixtureSummary({ metrics: many, recording: null }));
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(printed).toMatch(/and \d+ more expectations/);
    expect(printed).toMatch(/and \d+ more metrics/);
  });

  it('says nothing of metrics where there are none', () => {
    expect(summaryText(fixtureSummary())).not.toMatch(/Expectations|Counted/);
  });

  it('is told in sentences', () => {
    const told = summarySentences(summary, new ProbeRemarks());
    expect(told).toContain('Events_sent: 300 in all, 100 per second.\n');
    expect(told).toMatch(/Expectation status 202: 28 passed, 2 failed, the first one: found 503/);
    expect(told).toMatch(/Event_size_bytes: 30 counted, mean 305 bytes, 95 percent within 309 bytes/);
  });
});

describe('the lines of a run', () => {
  it('say what failed, and nothing where all passed', () => {
    const lines: string[] = [];
    const plain = new Plain((line) => lines.push(line));
    for (const event of events) plain.take(event);
    expect(lines.filter((line) => line.includes('expectation:'))).toEqual([
      '  0:02  expectation: status 202 failed: found 503 , expected 202\n',
    ]);
    const [first, second] = lines.filter((line) => line.includes('offered'));
    expect(first).not.toContain('failed');
    expect(second).toMatch(/ {2}failed status 202 1\n$/);
  });

  it('tell a listener of the first failure', () => {
    const said: string[] = [];
    let folded = beginning();
    const spoken = new Spoken((line) => said.push(line));
    spoken.follow(() => folded.state);
    for (const event of events) {
      folded = reduce(folded, event);
      spoken.take(event);
    }
    expect(said.filter((line) => line.includes('status 202'))).toEqual([
      'Trouble: expectation status 202 failed: found 503, expected 202.\n',
    ]);
  });

  it('have all metrics of a second for programs', () => {
    const objects: Record<string, unknown>[] = [];
    const json = new JsonLines((line) => objects.push(JSON.parse(line)));
    for (const event of events) json.take(event);
    const [, , second] = objects.filter(({ type }) => type === 'second');
    expect(second).toMatchObject({
      metrics: [
        { name: 'events_sent', kind: 'counter', sum: 100, perSecond: 100 },
        { name: 'event_size_bytes', kind: 'trend', unit: 'bytes', count: 10, min: 300, max: 309, p50: 304 },
        { name: 'errors', kind: 'rate', passed: 1, failed: 9, shareRatio: 0.1 },
        { name: 'queue', kind: 'gauge', newest: 9 },
        { name: 'status 202', source: 'expectation', series: 'POST /events', passed: 9, failed: 1 },
        { name: 'time <500ms', passed: 10, failed: 0, firstFailure: null },
      ],
    });
  });
});
