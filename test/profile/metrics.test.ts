// Metrics in a profile: what it declares and counts as data for the workers, and what is said of what cannot be.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { compile } from '../../source/profile/compile.ts';
import { checkObjectives } from '../../source/profile/compile-counts.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';

let file: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-metrics-'));
  file = join(folder, 'x.yaml');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profileOf = (text: string) => {
  writeFileSync(file, `target: http://localhost:3000\n${text}`);
  return loadProfile(file);
};

/** What is said of a profile, the folder left out. */
const faultOf = (text: string): string => {
  try {
    profileOf(text);
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'accepted';
};

const declared = `metrics:
  events_sent: counter
  event_size_bytes: { type: trend, unit: bytes }
  errors: rate
  queue.depth: gauge
  took: trend
`;
const counting = (count: string): string => `${declared}steps:\n  - post: /\n    count: ${count}\n`;

describe('a profile that counts', () => {
  it('has its metrics by index, in the order in which they stand, with the unit of what they count', () => {
    const counts = '{ took: response.ms, events_sent: 10, event_size_bytes: request.bytes, errors: failed }';
    const { metrics, scenarios } = compile(profileOf(counting(counts)), { userAgent: 'x' });
    const source = 'profile';
    expect(metrics).toEqual([
      { name: 'events_sent', kind: 'counter', unit: undefined, source, series: undefined },
      { name: 'event_size_bytes', kind: 'trend', unit: 'bytes', source, series: undefined },
      { name: 'errors', kind: 'rate', unit: undefined, source, series: undefined },
      { name: 'queue.depth', kind: 'gauge', unit: undefined, source, series: undefined },
      { name: 'took', kind: 'trend', unit: 'ms', source, series: undefined },
    ]);
    expect(scenarios[0]!.steps[0]!.counts).toEqual([
      { metric: 4, kind: 'trend', value: 'response.ms' },
      { metric: 0, kind: 'counter', value: 10 },
      { metric: 1, kind: 'trend', value: 'request.bytes' },
      { metric: 2, kind: 'rate', value: 'failed' },
    ]);
    expect(scenarios[0]!.steps[0]!.templated).toBe(false);
  });

  it('counts nothing in a step that says nothing', () => {
    const { metrics, scenarios } = compile(profileOf('steps: [{ get: / }]'), { userAgent: 'x' });
    expect(metrics).toEqual([]);
    expect(scenarios[0]!.steps[0]!.counts).toBeUndefined();
  });

  it.each([
    [
      '{ event_sent: 1 }',
      /x\.yaml:10:14 {2}steps\[0\]\.count\.event_sent: found an unknown key, .*did you mean "events_sent"/,
    ],
    [
      '{ events_sent: -1 }',
      /steps\[0\]\.count\.events_sent: found -1, expected a number of at least 0, request\.bytes, /,
    ],
    ['{ events_sent: requests.bytes }', /count\.events_sent: found "requests\.bytes", expected a number of at least 0/],
    ['{ errors: 1 }', /count\.errors: found 1, expected good, failed or .* as errors is a rate/],
    ['{ took: failed }', /count\.took: found "failed", expected a value such as response\.ms, as took is a trend/],
    ['{ event_size_bytes: response.ms }', /count\.event_size_bytes: .*expected a value in bytes, the unit of/],
    ['{ queue.depth: { jsn: $.n } }', /unknown key, expected one of json \(did you mean "json"\?\)/],
    ['{ queue.depth: { json: n } }', /found "n", expected a JSON path such as \$/],
    ['5', /steps\[0\]\.count: found 5, expected a mapping of metrics to what is counted/],
  ])('that says %s is told what was expected', (counts, words) => {
    expect(faultOf(counting(counts))).toMatch(words);
  });

  it.each([
    ['metrics: { a b: counter }', /metrics\.a b: .*expected a name of letters, digits, _ \. -/],
    ['metrics: { a: count }', /metrics\.a: found "count", expected one of counter, rate, gauge, trend/],
    ['metrics: { a: { type: rate, unit: bytes } }', /metrics\.a\.unit: found "bytes", expected no unit/],
    ['metrics: { a: { typ: rate } }', /metrics\.a\.typ: found an unknown key, .*did you mean "type"/],
    ['metrics: [counter]', /metrics: found a list, expected a mapping of names to kinds/],
  ])('that declares %s is told what was expected', (metrics, words) => {
    expect(faultOf(`${metrics}\nsteps: [{ get: / }]\n`)).toMatch(words);
  });

  it('is told to declare what it counts', () => {
    expect(faultOf('steps: [{ get: /, count: { sent: 1 } }]')).toMatch(
      /count\.sent: found 1, expected its metric under metrics: \{ sent: counter \} at the top/,
    );
  });
});

describe('an objective in a profile that counts', () => {
  const held = (objective: string): string => `objectives: [ "${objective}" ]\n${counting('{ took: response.ms }')}`;

  it.each(['events_sent>9k/s', 'event_size_bytes:p95<2KiB', 'metric.errors<1%', 'took:p99<300ms'])(
    'may be %s',
    (text) => {
      const profile = profileOf(held(text));
      const { metrics } = compile(profile, { userAgent: 'x' });
      expect(() => checkObjectives(profile.objectives, metrics)).not.toThrow();
    },
  );

  it.each([
    [
      'event_sent>9k/s',
      /x\.yaml:2:15 {2}objectives\[0\]: found .*, expected one of p50, .* did you mean events_sent\?/,
    ],
    ['queue.depth>99%', /expected the value of queue\.depth, a gauge, such as queue\.depth<1000/],
  ])('that is %s is told what was expected', (text, words) => {
    expect(faultOf(held(text))).toMatch(words);
  });

  it('is held against units and expectations when the run is made', () => {
    const wrong = profileOf(held('took:p95<2KiB'));
    const { metrics } = compile(wrong, { userAgent: 'x' });
    expect(() => checkObjectives(wrong.objectives, metrics)).toThrow(
      'objective took:p95<2KiB: expected a bound in the unit of took, ms',
    );
    expect(() => checkObjectives(profileOf(held('checks>99%')).objectives, metrics)).toThrow(/expected expectations/);
  });
});
