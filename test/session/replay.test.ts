// A recording that is read back is the run that was written: its events, its seconds, its state.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { jsonLine } from '../../source/common/json-text.ts';
import { causes } from '../../source/measure/cause.ts';
import { Histogram, largestUs, readyToEncode } from '../../source/measure/histogram.ts';
import {
  baselines,
  flowNames,
  joinHistograms,
  metricKey,
  spanKey,
  waitKey,
  waits,
} from '../../source/measure/interval.ts';
import { noStocks, type Second } from '../../source/measure/second.ts';
import { recordedSecond } from '../../source/outputs/recorded-second.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { replay, stateAt } from '../../source/session/replay.ts';
import { fixtureRun, fixtureRunInfo, fixtureSecond, fixtureSecondClosed, numbered } from '../helpers/events.ts';
import { recordingLines } from '../helpers/recording-lines.ts';

beforeAll(readyToEncode);

const isWritten = ({ type }: RunEvent): boolean => type !== 'slice/closed';

const opened: RunEvent = fixtureRun()[0]!;

/** What comes of a second by writing and reading it. */
const throughRecording = async (second: Second): Promise<Second> => {
  const lines = await recordingLines([opened, ...numbered([[1000, fixtureSecondClosed(second)]])]);
  const [, event] = [...replay(lines)];
  if (event?.type !== 'second/closed') throw new Error(`found ${event?.type}`);
  return event.second;
};

const maybe = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs), fc.constant(Number.NaN));
const count = fc.integer({ min: 0, max: 1_000_000 });
const pairs = fc
  .array(fc.tuple(fc.integer({ min: 0, max: largestUs }), fc.integer({ min: 1, max: 2 ** 31 - 1 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((entries) => {
    const histogram = new Histogram();
    for (const [us, times] of entries) {
      const one = new Histogram();
      one.record(us / 1000);
      const [slot] = one.sparse();
      if (!histogram.sparse().some((value, at) => at % 2 === 0 && value === slot))
        histogram.add(Uint32Array.of(slot!, times));
    }
    return histogram.sparse();
  });

const keys = [
  ...waits.map((_, index) => waitKey(index)),
  ...baselines.map((_, index) => waits.length + index),
  ...[0, 1, 7, 199].flatMap((series) =>
    [0, 1].flatMap((group) => [0, 1, 2].map((span) => spanKey(series, group, span))),
  ),
  ...[0, 3, 99].map((metric) => metricKey(metric)),
];

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);
const metrics = fc.array(
  fc.record({
    ...{ metric: count, count, sum: finite, min: finite, max: finite, last: finite, lastAt: finite },
    example: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    exampleAt: fc.option(count, { nil: undefined }),
  }),
  { maxLength: 3 },
);

const outcomes = fc.uniqueArray(fc.integer({ min: 0, max: causes.length - 1 }), { maxLength: 8 }).chain((indexes) =>
  fc.tuple(
    ...indexes
      .toSorted((a, b) => a - b)
      .map((cause) =>
        fc.record({
          cause: fc.constant(cause),
          count: fc.integer({ min: 1, max: 1e6 }),
          firstAt: fc.double({ min: 0, max: 1e7, noNaN: true }).map(Math.abs),
          lastAt: fc.double({ min: 0, max: 1e7, noNaN: true }).map(Math.abs),
          example: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
        }),
      ),
  ),
);

const seconds: fc.Arbitrary<Second> = fc
  .record({
    second: count,
    lengthMs: fc.integer({ min: 1, max: 1000 }),
    late: fc.boolean(),
    partial: fc.boolean(),
    flows: fc.tuple(...flowNames.map((name) => count.map((value) => [name, value] as const))).map(Object.fromEntries),
    stocks: fc.record({ inFlight: count, backlog: count, stuck: count }).map((patch) => ({ ...noStocks(), ...patch })),
    series: fc.uniqueArray(
      fc.record(
        { series: count, good: count, notGood: count, bytesOut: count, bytesIn: count, items: count, outcomes },
        { requiredKeys: ['series', 'good', 'notGood', 'bytesOut', 'bytesIn', 'outcomes'] },
      ),
      { maxLength: 3, selector: ({ series }) => series },
    ),
    metrics,
    addresses: fc.array(fc.record({ address: fc.constantFrom('127.0.0.1', '::1'), requests: count, notGood: count }), {
      maxLength: 2,
    }),
    cells: fc
      .subarray(keys)
      .chain((some) => fc.tuple(...some.map((key) => pairs.map((taken) => [key, taken] as const))))
      .map((parts) => joinHistograms(parts)),
    loopUtilisation: maybe,
    workers: fc.array(fc.record({ share: count, loopUtilisation: maybe, loopDelayMs: maybe }), { maxLength: 3 }),
    ownErrors: count,
    good: fc.record({ count, p50: maybe, p95: maybe, p99: maybe, max: maybe }),
    serviceP50Ms: maybe,
    pacingP99Ms: maybe,
  })
  .map((second) => second as Second);

describe('a recording read back', () => {
  it('gives every event that was written, as it was', async () => {
    const events = fixtureRun();
    expect([...replay(await recordingLines(events))]).toEqual(events.filter(isWritten));
  });

  it('has every second with its counts, its examples and its histograms', async () => {
    await fc.assert(
      fc.asyncProperty(seconds, async (second) => {
        expect(await throughRecording(second)).toEqual(second);
      }),
      { numRuns: 60 },
    );
  });

  it('folds into the state that the run had', async () => {
    const events = fixtureRun();
    const lived = stateAt(events.filter(isWritten));
    const { history, ...state } = stateAt(replay(await recordingLines(events)));
    const { history: before, ...was } = lived;
    expect({ ...state, details: undefined }).toEqual({ ...was, details: undefined });
    for (const column of ['offered', 'good', 'p99', 'trouble'] as const) {
      expect(history.column(column, 1000).read(0, 6)).toEqual(before.column(column, 1000).read(0, 6));
    }
  });

  it('is folded up to a moment of the run, and no further', async () => {
    const lines = await recordingLines(fixtureRun());
    expect(stateAt(replay(lines), 1200).totals.due).toBe(500);
    expect(stateAt(replay(lines), 1200).markers).toEqual([]);
    expect(stateAt(replay(lines)).phase).toBe('closed');
  });

  it('has the numbers that JSON does not know', async () => {
    const endless: RunEvent = {
      sequence: 0,
      at: 0,
      type: 'run/opened',
      run: fixtureRunInfo({ model: 'closed', spawnRate: Number.POSITIVE_INFINITY }),
      plan: { revision: 0, segments: [{ at: 0, lengthMs: Number.POSITIVE_INFINITY, from: 1, to: 1 }] },
      endsAt: null,
    };
    const events = [
      endless,
      ...numbered([
        [1, { type: 'spawn/changed', perSecondBefore: Number.POSITIVE_INFINITY, perSecond: 5, source: 'key' }],
        [2, { type: 'plan/applied', revision: 0, wanted: Number.NaN }],
      ]),
    ];
    expect([...replay(await recordingLines(events))]).toEqual(events);
  });

  it('does without a last line that was cut off', async () => {
    const lines = await recordingLines(fixtureRun());
    const whole = [...replay(lines.slice(0, -1))];
    for (const cut of [1, 20, 300]) {
      expect([...replay([...lines.slice(0, -1), lines.at(-1)!.slice(0, cut)])]).toEqual(whole);
    }
    expect([...replay([...lines, ''])]).toHaveLength(whole.length + 1);
  });
});

describe('what is no recording', () => {
  const faultOf = (lines: readonly string[]): string => {
    try {
      for (const _ of replay(lines));
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    return 'none';
  };

  it.each([
    [[], 'line 1: found nothing'],
    [['hello'], 'line 1: found "hello", expected the head of a recording, {"loadtop":1,…}'],
    [['{"type":"marker/set"}'], 'line 1: found "{\\"type\\":\\"marker/set\\"}", expected the head'],
    [['{"loadtop":2}'], 'line 1: found format 2, expected format 1'],
    [['{"loadtop":1}'], 'line 1: found a head without its run and plan'],
  ])('says of %j what was found and expected, and on which line', (lines, message) => {
    expect(faultOf(lines)).toContain(message);
  });

  it('says the line of an event that it does not know, or that is broken in the middle', async () => {
    const [head, , ...more] = await recordingLines(fixtureRun());
    expect(faultOf([head!, '{"type":"moon/set","sequence":1,"at":1}'])).toContain('line 2: found "moon/set"');
    expect(faultOf([head!, '{"type":"marker/set"}'])).toContain('line 2: found "marker/set"');
    expect(faultOf([head!, more[0]!, more[1]!.slice(0, 30), more[2]!])).toMatch(/line 3: found ".{30,60}, expected/);
  });

  it('says what in a second cannot be read', async () => {
    const [head] = await recordingLines([opened]);
    const written = recordedSecond(fixtureSecond(3));
    const line = (second: object): string =>
      jsonLine({ sequence: 1, at: 1, type: 'second/closed', second: { ...written, ...second }, verdict: null });
    expect(faultOf([head!, line({})])).toBe('none');
    expect(faultOf([head!, line({ waits: { sleeping: written.waits.pacing } })])).toMatch(
      /line 2: found a second\/closed that cannot be read: found a wait "sleeping", expected one of pacing/,
    );
    expect(faultOf([head!, line({ waits: { pacing: 'AAAA' } })])).toContain(
      'line 2: found a second/closed that cannot',
    );
    expect(faultOf([head!, line({ spans: { 'x/good/response': written.waits.pacing } })])).toContain('a span "x/good');
    const outcome = { outcome: '999', count: 1, firstAt: 1, lastAt: 1 };
    expect(faultOf([head!, line({ series: [{ ...written.series[0], outcomes: [outcome] }] })])).toContain(
      'cause "999"',
    );
  });
});
