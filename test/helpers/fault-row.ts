// A row of the fault matrix: a target that misbehaves in one way, a short run of the real engine against it, and what has to
// be said of every request. What all rows have in common is checked here.

import { expect, it } from 'vitest';
import type { Address, Transport } from '../../source/engine/protocol.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { type CauseName, causes, classOfCause } from '../../source/measure/cause.ts';
import { outcomeClasses } from '../../source/measure/outcome.ts';
import type { SpanSummary, Summary } from '../../source/measure/summary.ts';
import { type Driven, drive } from './drive.ts';
import { plainTransport, type SpecPatch, scenariosOf } from './engine-spec.ts';
import type { Scripted } from './scripted-server.ts';

/** What is under attack: a scripted server, or anything else with a port. */
export type Target = Pick<Scripted, 'port'> &
  Partial<Omit<Scripted, 'port'>> & {
    /** What the row counts itself. */
    readonly counted?: () => number;
  };

export interface Row {
  /** What the target does; after "when". */
  readonly when: string;
  readonly target: () => Promise<Target>;
  /** What every request comes to, or how often each cause occurs. */
  readonly is: CauseName | Partial<Record<CauseName, number | readonly [least: number, most: number]>>;
  /** What one that was not good looked like. */
  readonly example?: string | RegExp;
  /** Service times of all requests lie between, ms. */
  readonly tookMs?: readonly [least: number, most: number];
  readonly spec?: SpecPatch;
  readonly secure?: boolean;
  readonly hostname?: string;
  readonly transport?: Partial<Transport>;
  /** The same where it depends on the target's port. */
  readonly transportAt?: (port: number) => Partial<Transport>;
  readonly addresses?: readonly Address[];
  readonly method?: string;
  readonly body?: Uint8Array;
  /** Bound on how long requests in flight are awaited, ms. */
  readonly graceMs?: number;
  /** How long arrivals may wait for a connection at the end of the load where their number is given, ms. */
  readonly waitMs?: number;
  /** No other row runs meanwhile: the target's timing matters. */
  readonly alone?: boolean;
  /** What else holds. */
  readonly also?: (driven: Driven, target: Target) => void;
}

/** Requests of a row, and how long they take to come due at 100/s. */
export const requests = 20;
const forMs = requests * 10;

/** One test for each row; those that look at times run alone. */
export const testRows = (rows: readonly Row[]): void => {
  for (const row of rows.filter((row) => !runsAlone(row))) it.concurrent(nameOf(row), () => checkRow(row));
  for (const row of rows.filter(runsAlone)) it(nameOf(row), () => checkRow(row));
};

const runsAlone = ({ tookMs, alone = false }: Row): boolean => alone || tookMs !== undefined;

const nameOf = ({ is, when }: Row): string =>
  `${typeof is === 'string' ? is : Object.keys(is).join(' or ')}, when ${when}`;

/** The spec of a run against a port. */
export const specOf = (row: Omit<Row, 'when' | 'target' | 'is'>, port: number): SpecPatch => {
  const { secure = false, hostname = 'localhost', transport, addresses, method = 'GET', body } = row;
  const [scenario] = scenariosOf([['/', 1]]);
  const step = { ...scenario!.steps[0]!, method, body };
  return {
    origin: { secure, hostname: secure ? hostname : '127.0.0.1', port },
    transport: plainTransport(port, transport ?? row.transportAt?.(port)),
    ...(addresses ? { addresses } : {}),
    scenarios: [{ weight: 1, steps: [step] }],
    timeoutMs: 1500,
    ...row.spec,
  };
};

/** Runs a row and checks it. */
export const checkRow = async (row: Row): Promise<void> => {
  const target = await row.target();
  try {
    const { port } = target;
    const segments = constantSegments(100, forMs);
    // What waits for a connection at the end of the load is cut off: where there are few, it gets time.
    const waits = row.spec?.connections === undefined ? 0 : (row.waitMs ?? 300);
    const driven = await drive({
      port,
      segments,
      forMs: forMs + waits,
      graceMs: row.graceMs ?? 3000,
      spec: specOf(row, port),
    });
    expect(driven.problems).toEqual([]);
    expectCauses(driven.summary, row);
    expectTimes(driven.summary, row);
    expect(repeated(target)).toEqual([]);
    row.also?.(driven, target);
  } finally {
    await target.close?.();
  }
};

/** Arrivals that a target saw more than once. */
export const repeated = ({ seen }: Target): number[] =>
  [...(seen ?? [])].filter(([n, count]) => n >= 0 && count > 1).map(([n]) => n);

const expectCauses = (summary: Summary, { is, example }: Row): void => {
  const found = summary.outcomes.flatMap((outcome) =>
    outcome.causes.map((cause) => ({ ...cause, of: outcome.outcome })),
  );
  const counts = Object.fromEntries(found.map(({ cause, count }) => [cause, count]));
  expectCounts(counts, typeof is === 'string' ? { [is]: requests } : is);
  let completed = 0;
  for (const { cause, count, fault, of } of found) {
    const index = causes.findIndex(({ name }) => name === cause);
    const outcome = outcomeClasses[classOfCause(index)]!;
    expect({ cause, of, fault }).toEqual({ cause, of: outcome.name, fault: causes[index]!.fault });
    if (outcome.completed) completed += count;
  }
  expect(summary).toMatchObject({ completed, failed: requests - completed, balanced: true });
  const { good, notGood } = summary.iterations;
  expect(good + notGood).toBe(requests);
  expect(summary.iterations).toMatchObject({ due: requests, good: summary.good, cutOff: 0, dropped: 0, notSent: 0 });
  const examples = found.filter((row) => row.example !== null).map((row) => row.example);
  expect(examples.length > 0).toBe(notGood > 0);
  if (example !== undefined) expect(examples.join('; ')).toMatch(example);
};

/** Exact counts, or ranges of which nothing else may be beside. */
const expectCounts = (found: Readonly<Record<string, number>>, wanted: Exclude<Row['is'], string>): void => {
  expect(Object.keys(wanted)).toEqual(expect.arrayContaining(Object.keys(found)));
  for (const [name, count] of Object.entries(wanted)) {
    const [least, most] = typeof count === 'number' ? [count, count] : count!;
    const actual = found[name] ?? 0;
    expect({ name, actual, fits: actual >= least && actual <= most }).toEqual({ name, actual, fits: true });
  }
  expect(Object.values(found).reduce((sum, count) => sum + count, 0)).toBe(requests);
};

const expectTimes = (summary: Summary, { tookMs }: Row): void => {
  const { good, notGood } = summary.response;
  expect(good.count + notGood.count).toBe(requests);
  if (!tookMs) return;
  const [least, most] = tookMs;
  for (const { count, minMs, maxMs } of [summary.service.good, summary.service.notGood]) {
    if (count === 0) continue;
    // A histogram keeps three digits.
    expect(minMs).toBeGreaterThanOrEqual(least * 0.998);
    expect(maxMs).toBeLessThanOrEqual(most);
  }
};

/** All spans of a distribution lie between, ms. */
export const expectBetween = ({ minMs, maxMs }: SpanSummary, least: number, most: number): void => {
  expect(minMs).toBeGreaterThanOrEqual(least);
  expect(maxMs).toBeLessThanOrEqual(most);
};

/** Requests were shown as stuck while they were, and not any more in the end. */
export const expectStuck = (stuck: readonly number[]): void => {
  expect(Math.max(...stuck)).toBeGreaterThan(0);
  expect(stuck.at(-1)).toBe(0);
};
