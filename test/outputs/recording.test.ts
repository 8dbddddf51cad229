import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import hdr from 'hdr-histogram-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemClock } from '../../source/common/clock.ts';
import { type CauseName, causeIndex } from '../../source/measure/cause.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import { eachHistogram, joinHistograms, noFlows, readKey, spanKey, waitKey } from '../../source/measure/interval.ts';
import type { RecordedSecond } from '../../source/outputs/recorded-second.ts';
import { Recording } from '../../source/outputs/recording.ts';
import type { RunEvent } from '../../source/session/events.ts';
import {
  fixtureRun,
  fixtureRunInfo,
  fixtureSecond,
  fixtureSecondClosed,
  fixtureSummary,
  numbered,
} from '../helpers/events.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-recording-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line of a recording, as far as these tests look into it. */
interface Line {
  readonly loadtop?: number;
  readonly type?: string;
  readonly sequence: number;
  readonly at: number;
  readonly name: string;
  readonly plan: { readonly segments: readonly { readonly lengthMs: number | null }[] };
  readonly second: RecordedSecond;
  readonly verdict: { readonly level: string };
}

const linesOf = (path: string): Line[] => {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
};

const record = async (name: string, events: readonly RunEvent[]): Promise<Line[]> => {
  const recording = new Recording(join(folder, name));
  await recording.open();
  for (const event of events) recording.take(event);
  await recording.close();
  return linesOf(recording.path);
};

describe('recording', () => {
  it('begins with a head that says what it is and what run it holds', async () => {
    const [head] = await record('head.jsonl', fixtureRun());
    expect(Object.keys(head!)[0]).toBe('loadtop');
    expect(head).toMatchObject({
      loadtop: 1,
      version: '0.1.0',
      startedAtWall: Date.UTC(2026, 2, 1, 12),
      timeZone: 'Europe/Berlin',
      run: { name: 'events', series: ['POST /events'] },
      plan: { revision: 0 },
    });
  });

  it('holds every event in order but slices, and the summary last', async () => {
    const events = fixtureRun();
    const [, ...lines] = await record('all.jsonl', events);
    const wanted = events.filter(({ type }) => type !== 'slice/closed' && type !== 'run/opened');
    expect(lines.map(({ sequence, at, type }) => [sequence, at, type])).toEqual(
      wanted.map(({ sequence, at, type }) => [sequence, at, type]),
    );
    expect(lines.at(-1)).toMatchObject({ type: 'run/closed', summary: { completed: 3500 } });
  });

  it('writes nothing after the run was closed', async () => {
    const late: RunEvent = { sequence: 99, at: 9999, type: 'marker/set', name: 'too late' };
    const lines = await record('late.jsonl', [...fixtureRun(), late]);
    expect(lines.at(-1)!.type).toBe('run/closed');
  });

  it('puts the head first where something happened before', async () => {
    const early = { type: 'problem/raised', source: 'engine', text: 'early', hint: undefined } as const;
    const lines = await record('early.jsonl', [...numbered([[0, early]]), fixtureRun()[0]!]);
    expect(lines.map(({ type }) => type)).toEqual([undefined, 'problem/raised']);
    expect(lines[0]!.loadtop).toBe(1);
  });

  it('keeps the counts of a second by readable names', async () => {
    const lines = await record('counts.jsonl', fixtureRun());
    const { second, verdict } = lines.find((line) => line.type === 'second/closed' && line.second.second === 3)!;
    expect(second).toMatchObject({
      second: 3,
      flows: { due: 1000, good: 980, notGood: 20 },
      stocks: { inFlight: 3, users: 0, stuck: 0 },
      addresses: [{ address: '127.0.0.1', requests: 1000, notGood: 20 }],
      series: [
        {
          series: 0,
          good: 980,
          outcomes: [
            { outcome: '2xx', count: 980 },
            { outcome: '429', count: 20, example: 'rate limit exceeded' },
          ],
        },
      ],
    });
    expect(Object.keys(second.waits)).toEqual(['pacing', 'room', 'connect', 'sending', 'waiting', 'receiving']);
    expect(Object.keys(second.spans)).toContain('0/notGood/firstByte');
    expect(second).not.toHaveProperty('cells');
    expect(verdict.level).toBe('bad');
  });

  it('keeps causes below their class, where they say more than its name', async () => {
    const count = (name: CauseName, number: number, at: number, example?: string) => ({
      cause: causeIndex(name),
      count: number,
      firstAt: at,
      lastAt: at + 1,
      example,
    });
    const base = fixtureSecond(0);
    const outcomes = [
      count('2xx', 5, 1),
      count('reset before an answer', 1, 20, 'read ECONNRESET'),
      count('reset during the answer', 2, 10),
      count('ours: ports', 1, 30),
    ];
    const second = { ...base, series: [{ ...base.series[0]!, outcomes }] };
    const [, line] = await record('causes.jsonl', [
      fixtureRun()[0]!,
      ...numbered([[1000, fixtureSecondClosed(second)]]),
    ]);
    expect(line!.second.series[0]!.outcomes).toEqual([
      { outcome: '2xx', count: 5, firstAt: 1, lastAt: 2 },
      {
        outcome: 'reset',
        count: 3,
        firstAt: 10,
        lastAt: 21,
        example: 'read ECONNRESET',
        causes: [
          { cause: 'reset during the answer', count: 2, firstAt: 10, lastAt: 11 },
          { cause: 'reset before an answer', count: 1, firstAt: 20, lastAt: 21, example: 'read ECONNRESET' },
        ],
      },
      {
        outcome: 'ours',
        count: 1,
        firstAt: 30,
        lastAt: 31,
        causes: [{ cause: 'ours: ports', count: 1, firstAt: 30, lastAt: 31 }],
      },
    ]);
  });

  it('keeps histograms so that any HdrHistogram tool reads the same counts', async () => {
    await hdr.initWebAssembly();
    const far = new Histogram();
    for (const ms of [0, 0.001, 2.047, 2.048, 9.999, 1204, 10 ** 9]) far.record(ms);
    const cells = joinHistograms([
      [waitKey(1), far.sparse()],
      [spanKey(7, 1, 2), far.sparse()],
    ]);
    const seconds = [fixtureSecond(4), fixtureSecond(0, { cells })];
    const lines = await record(
      'histograms.jsonl',
      numbered([
        [0, { type: 'run/opened', run: fixtureRunInfo(), plan: { revision: 0, segments: [] }, endsAt: null }],
        ...seconds.map((second) => [1000, fixtureSecondClosed(second)] as const),
      ]),
    );
    let compared = 0;
    for (const [index, { cells: taken }] of seconds.entries()) {
      const { waits, spans } = lines[index + 1]!.second;
      eachHistogram(taken, (key, pairs) => {
        const cell = readKey(key);
        if (cell.type === 'baseline' || cell.type === 'metric') return;
        const text = cell.type === 'wait' ? waits[cell.wait] : spans[`${cell.series}/${cell.group}/${cell.span}`];
        const decoded = hdr.decodeFromCompressedBase64(text!);
        const expected = new Histogram();
        expected.add(pairs);
        expect(decoded.totalCount).toBe(expected.count);
        for (const share of [0.01, 0.5, 0.9, 0.99, 0.999, 1]) {
          expect(decoded.getValueAtPercentile(share * 100)).toBe(expected.percentile(share));
        }
        decoded.destroy();
        compared += 1;
      });
    }
    expect(compared).toBe(6 + 6 + 2);
  });

  it('writes null for what is not a number, and nothing that steers a terminal', async () => {
    const empty = fixtureSecond(0, {
      late: true,
      flows: noFlows(),
      cells: new Uint32Array(0),
      loopUtilisation: Number.NaN,
      workers: [{ share: 1, loopUtilisation: 0.5, loopDelayMs: Number.NaN }],
      good: { count: 0, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, max: Number.NaN },
    });
    const endless = fixtureRun().map((event) =>
      event.type === 'run/opened'
        ? { ...event, plan: { revision: 0, segments: [{ at: 0, lengthMs: Infinity, from: 1, to: 1 }] } }
        : event,
    );
    const lines = await record('gaps.jsonl', [
      endless[0]!,
      { sequence: 1, at: 1, ...fixtureSecondClosed(empty) },
      { sequence: 2, at: 2, type: 'marker/set', name: 'a\u001b[2J\u009b2J\u202eb' },
    ]);
    expect(lines[0]!.plan.segments[0]!.lengthMs).toBeNull();
    expect(lines[1]!.second).toMatchObject({
      late: true,
      loopUtilisation: null,
      workers: [{ share: 1, loopUtilisationRatio: 0.5, loopDelayMs: null }],
      good: { count: 0, p50: null },
      waits: {},
    });
    expect(lines[2]!.name).toBe('a\u001b[2J\u009b2J\u202eb');
    expect(readFileSync(join(folder, 'gaps.jsonl'), 'utf8')).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  it('hands lines to the kernel as they come', async () => {
    const recording = new Recording(join(folder, 'prompt.jsonl'));
    await recording.open();
    recording.take(fixtureRun()[0]!);
    const clock = new SystemClock();
    for (let waited = 0; waited < 200 && readFileSync(recording.path, 'utf8') === ''; waited += 10)
      await clock.sleep(10);
    expect(linesOf(recording.path)).toHaveLength(1);
    await recording.close();
  });

  it('gives up where the disk takes too little, and says so', async () => {
    const pipe = join(folder, 'slow');
    execFileSync('mkfifo', [pipe]);
    const reader = createReadStream(pipe);
    const recording = new Recording(pipe, { queueLimitBytes: 200_000 });
    await recording.open();
    // A pipe holds 64 KiB and the stream as much again: what comes after that waits.
    const marker: RunEvent = { sequence: 1, at: 1, type: 'marker/set', name: 'x'.repeat(10_000) };
    recording.take(fixtureRun()[0]!);
    expect(() => {
      for (let count = 0; count < 100; count += 1) recording.take(marker);
    }).toThrow(/too slow: 19\d KiB wait/);
    expect(() => recording.take(marker)).toThrow('too slow');
    reader.resume();
    await expect(recording.close()).rejects.toThrow('too slow');
    if (!reader.closed) await once(reader, 'close');
  });

  it('says at the next event that the disk failed, and again when it is closed', async () => {
    const recording = new Recording('/dev/full');
    await recording.open();
    const [opened, next] = fixtureRun();
    recording.take(opened!);
    await new SystemClock().sleep(100);
    expect(() => recording.take(next!)).toThrow('ENOSPC');
    await expect(recording.close()).rejects.toThrow('ENOSPC');
  });

  it('keeps that a report was written, without what stands in the seconds before it', async () => {
    const taken = { type: 'report/taken', summary: fixtureSummary(), source: 'key' } as const;
    const [line] = await record('report.jsonl', numbered([[0, taken]]));
    expect(line).toEqual({ sequence: 0, at: 0, type: 'report/taken', source: 'key' });
  });

  it('rejects where the file cannot be created', async () => {
    await expect(new Recording(join(folder, 'missing', 'x.jsonl')).open()).rejects.toThrow('ENOENT');
  });

  it('leaves behind all but the last moments of a process that is killed', async () => {
    const path = join(folder, 'killed.jsonl');
    const script = new URL('../helpers/record-until-killed.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (child.exitCode === null && Number(printed.trimEnd().split('\n').at(-1)) >= 25) child.kill('SIGKILL');
    });
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    // A second closes at most 500 ms after its end, so that 1.6 s leave 100 ms to the recording; here it gets 200 ms, for
    // the machine that runs the tests may be busy.
    const due = Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const lines = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines[0]!.loadtop).toBe(1);
    expect(lines.slice(1).map(({ sequence }) => sequence)).toEqual(lines.slice(1).map((_, index) => index + 1));
    expect(lines.at(-1)!.sequence).toBeGreaterThanOrEqual(due);
    expect(due).toBeGreaterThanOrEqual(25);
  });
});
