// The result of the fixture's run (events.ts), added up from its seconds.

import { causes } from '../../source/measure/cause.ts';
import { Histogram } from '../../source/measure/histogram.ts';
import { addFlows, type Flows, noFlows, type spans, type Wait } from '../../source/measure/interval.ts';
import { histogramIn, type Second } from '../../source/measure/second.ts';
import { type OutcomeSummary, type SpanSummary, type Summary, summarise } from '../../source/measure/summary.ts';
import { fixtureSecond, fixtureSeconds } from './fixture-second.ts';

/** 2026-03-01 12:00:00 UTC. */
export const fixtureStart = Date.UTC(2026, 2, 1, 12);

/** Where the fixture's run says that its recording is. */
export const fixtureRecording = '/home/user/.local/state/loadtop/runs/20260301-130000-events.jsonl';

/** The result of the run, added up from its seconds; `patch` replaces fields. */
export const fixtureSummary = (patch: Partial<Summary> = {}): Summary => {
  const seconds = Array.from({ length: fixtureSeconds }, (_, second) => fixtureSecond(second));
  const flows: Flows = noFlows();
  for (const second of seconds) addFlows(flows, second.flows);
  const all = (wanted: Parameters<typeof histogramIn>[1]): SpanSummary => {
    const total = new Histogram();
    for (const { cells } of seconds) histogramIn(cells, wanted, total);
    return summarise(total);
  };
  const byGroup = (span: (typeof spans)[number]) => ({
    good: all((key) => key.type === 'span' && key.span === span && key.group === 'good'),
    notGood: all((key) => key.type === 'span' && key.span === span && key.group === 'notGood'),
  });
  const measured = { response: byGroup('response'), service: byGroup('service'), firstByte: byGroup('firstByte') };
  const requests = { good: flows.good, notGood: flows.notGood, bytesOut: flows.due * 210, bytesIn: flows.due * 180 };
  const outcomes = outcomeSummaries(seconds, flows.good + flows.notGood);
  const wait = (name: Wait): SpanSummary => all((key) => key.type === 'wait' && key.wait === name);
  return {
    name: 'events',
    target: 'http://127.0.0.1:3000',
    model: 'open',
    hidesWaiting: false,
    startedAt: new Date(fixtureStart).toISOString(),
    timeZone: 'Europe/Berlin',
    endReason: 'planned end',
    durationMs: fixtureSeconds * 1000,
    warmupMs: 0,
    measuredMs: fixtureSeconds * 1000,
    completed: flows.good + flows.notGood,
    failed: 0,
    ...requests,
    achievedRate: (flows.good + flows.notGood) / fixtureSeconds,
    goodRate: flows.good / fixtureSeconds,
    requestRate: (flows.good + flows.notGood) / fixtureSeconds,
    ...measured,
    waits: {
      pacing: wait('pacing'),
      room: wait('room'),
      connect: wait('connect'),
      sending: wait('sending'),
      waiting: wait('waiting'),
      receiving: wait('receiving'),
    },
    outcomes,
    series: [{ name: 'POST /events', ...requests, ...measured, outcomes }],
    metrics: [],
    addresses: [{ address: '127.0.0.1', requests: flows.good + flows.notGood, notGood: flows.notGood, shareRatio: 1 }],
    rounds: [],
    iterations: { ...flows, inFlight: 0, backlog: 0 },
    balanced: true,
    generator: {
      verdict: 'bad',
      valid: false,
      badRatio: 1 / fixtureSeconds,
      notSentRatio: 0,
      bad: [{ fromMs: 3000, toMs: 4000, reasons: ['pacing delay p99 84 ms'] }],
      warn: [],
      ownLimit: [],
      omitted: { bad: 0, warn: 0, ownLimit: 0 },
    },
    objectives: [],
    seed: 42,
    recording: fixtureRecording,
    problems: ['metrics: connection refused'],
    ...patch,
  };
};

const outcomeSummaries = (seconds: readonly Second[], requests: number): OutcomeSummary[] =>
  causes.flatMap(({ name, class: outcome, fault, meaning }, index) => {
    const counts = seconds.flatMap(({ series }) => series.flatMap(({ outcomes }) => outcomes));
    const own = counts.filter(({ cause }) => cause === index);
    if (own.length === 0) return [];
    const count = own.reduce((sum, one) => sum + one.count, 0);
    const occurrence = {
      count,
      shareRatio: count / requests,
      firstAtMs: Math.min(...own.map(({ firstAt }) => firstAt)),
      lastAtMs: Math.max(...own.map(({ lastAt }) => lastAt)),
      example: own.find(({ example }) => example !== undefined)?.example ?? null,
    };
    // Each class of the fixture has one cause.
    return { outcome, ...occurrence, causes: [{ cause: name, fault, meaning, ...occurrence }] };
  });
