// The screen of recorded runs: what an operator saw a minute into them, at three sizes, as files to read. The runs are
// test/fixtures/recordings, made by test/tools/record-fixtures.ts.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../source/session/events.ts';
import { stateAt } from '../../source/session/replay.ts';
import type { RunState } from '../../source/session/state.ts';
import { displayWidth } from '../../source/ui/format.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import { recordedEvents, recordingsFolder } from '../helpers/recording-lines.ts';

/** Run time (ms) at which a run is looked at. */
const usual = 62_300;
const moments = {
  healthy: usual,
  ramp: usual,
  'overload-429': usual,
  'proxy-524': usual,
  'target-down': usual,
  'probes-failing': usual,
  'generator-saturated': 56_300,
  paused: usual,
  'closed-model': usual,
  'endpoints-200': usual,
  'long-names': usual,
  'other-scripts': usual,
} as const satisfies Readonly<Record<string, number>>;

type Recorded = keyof typeof moments;
const names = Object.keys(moments) as Recorded[];

const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const events = new Map<Recorded, readonly RunEvent[]>();
const eventsOf = (name: Recorded): readonly RunEvent[] => {
  const read = events.get(name) ?? recordedEvents(name);
  events.set(name, read);
  return read;
};

const states = new Map<string, RunState>();
const stateOf = (name: Recorded, at: number = moments[name]): RunState => {
  const key = `${name} ${at}`;
  const state = states.get(key) ?? stateAt(eventsOf(name), at);
  states.set(key, state);
  return state;
};

/** What is seen of a state: exactly the terminal's size, without the marks of a fault in the program. */
const seen = (state: RunState, columns: number, rows: number, ascii = false): string => {
  const frame = frameOf(state, columns, rows, { theme: { ...plainUnicode, ascii } });
  const lines = frame.split('\n');
  expect(lines).toHaveLength(rows);
  for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  expect(frame).not.toMatch(/NaN|undefined|Infinity|\[object|[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  return `${frame}\n`;
};

describe('a recorded run on the screen', () => {
  it.each(names.flatMap((name) => sizes.map((size) => [name, ...size] as const)))(
    '%s at %ix%i',
    async (name, columns, rows) => {
      const file = `frames/replayed/${name}-${columns}x${rows}.txt`;
      await expect(seen(stateOf(name), columns, rows)).toMatchFileSnapshot(file);
    },
  );

  it.each([
    ['overload-429', 80, 50],
    ['target-down', 60, 20],
    ['endpoints-200', 80, 50],
  ] as const)('%s at %ix%i', async (name, columns, rows) => {
    const file = `frames/replayed/${name}-${columns}x${rows}.txt`;
    await expect(seen(stateOf(name), columns, rows)).toMatchFileSnapshot(file);
  });

  it('overload-429 in ASCII at 120x40', async () => {
    const frame = seen(stateOf('overload-429'), 120, 40, true);
    expect(frame).toMatch(/^[ -~\n]+$/);
    await expect(frame).toMatchFileSnapshot('frames/replayed/overload-429-ascii-120x40.txt');
  });

  it('healthy after its end at 120x40', async () => {
    const frame = seen(stateOf('healthy', Number.POSITIVE_INFINITY), 120, 40);
    expect(frame).toContain('ENDED');
    await expect(frame).toMatchFileSnapshot('frames/replayed/healthy-ended-120x40.txt');
  });

  it.each(names)('%s has its size at other sizes and moments', (name) => {
    const later = 7000 + names.indexOf(name) * 3000;
    for (const [at, columns, rows] of [
      [0, 100, 30],
      [500, 60, 20],
      [later, 80, 50],
      [later + 10_000, 160, 45],
    ] as const) {
      seen(stateOf(name, at), columns, rows);
    }
  });
});

describe('the recordings', () => {
  it('are those that are shown, and small', () => {
    const files = readdirSync(recordingsFolder);
    expect(files.toSorted()).toEqual(names.map((name) => `${name}.ndjson.gz`).toSorted());
    const bytes = files.map((file) => statSync(path.join(recordingsFolder, file)).size);
    expect(Math.max(...bytes)).toBeLessThan(90_000);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(700_000);
  });

  it('say nothing of the machine on which they were made', () => {
    for (const name of names) {
      const text = JSON.stringify(eventsOf(name).filter(({ type }) => type !== 'second/closed'));
      expect(text).not.toMatch(/\/tmp\/|\/work\/|\/root\//);
      for (const [, pid] of text.matchAll(/\bpid (\d+)/g)) expect(pid).toBe('4121');
      for (const [, port] of text.matchAll(/127\.0\.0\.1:(\d+)/g)) expect(['3000', '8125', '27017']).toContain(port);
    }
  });

  it('each hold what their name says', () => {
    const outcome = (name: Recorded, of: string): number =>
      stateOf(name).outcomes.find((row) => row.name === of)?.total ?? 0;
    expect(outcome('overload-429', '429')).toBeGreaterThan(100);
    expect(outcome('proxy-524', '524')).toBeGreaterThan(100);
    expect(outcome('target-down', 'refused')).toBeGreaterThan(100);
    expect(stateOf('probes-failing').probes.filter(({ status }) => status === 'failing').length).toBeGreaterThan(1);
    expect(stateOf('generator-saturated').generator.level).toBe('bad');
    expect(stateOf('paused').phase).toBe('paused');
    expect(stateOf('closed-model').run?.model).toBe('closed');
    expect(stateOf('endpoints-200').run?.series).toHaveLength(200);
  });
});

// A recording has no slices of 100 ms: what the live view takes from them comes from whole seconds then.
describe('the figures of a recorded run', () => {
  it('are those of its newest second', () => {
    const { rates, latency, totalRequests } = stateOf('healthy');
    expect(rates.offered).toBeGreaterThan(90);
    expect(rates.offered).toBeLessThan(110);
    expect(rates.good).toBeGreaterThan(90);
    expect(rates.requests).toBeGreaterThan(90);
    expect(latency.windowMs).toBeGreaterThanOrEqual(1000);
    expect(latency.good.count).toBeGreaterThan(90);
    expect(latency.good.p99).toBeGreaterThan(1);
    expect(totalRequests).toBeGreaterThan(6000);
    expect(stateOf('closed-model').stocks.users).toBe(8);
    expect(stateOf('proxy-524').stocks.inFlight).toBeGreaterThan(10);
    expect(stateOf('paused').rates.offered).toBe(0);
    expect(stateOf('overload-429').rates.notGood).toBeGreaterThan(100);
  });
});
