// A whole session on the real engine, without commands/: for tests of what a run does by itself.

import { expect, onTestFinished } from 'vitest';
import { ThreadEngine } from '../../source/engine/thread-engine.ts';
import type { Segment } from '../../source/load/arrival-plan.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { Session } from '../../source/session/session.ts';
import { isBooksProblem } from './drive.ts';

export interface SessionRun {
  readonly session: Session;
  readonly events: RunEvent[];
  /** Monotonic instant of run time 0, ms. */
  readonly originAt: number;
}

export interface SessionRunOptions {
  readonly port: number;
  readonly segments: readonly Segment[];
  readonly workers?: number;
  readonly limit?: number;
  readonly model?: 'open' | 'full speed';
  readonly connections?: number;
  readonly graceMs?: number;
}

/** Starts a run. The test fails at its end where the books of a worker did not balance. */
export const startSession = async (options: SessionRunOptions): Promise<SessionRun> => {
  const { port, segments, workers = 1, model = 'open', connections = 600, limit } = options;
  const totals = { workers, connections, maxInFlight: connections };
  const common = { model, arrivals: 'uniform', seed: 3, overflow: 'queue', timeoutMs: 10_000 } as const;
  const engine = new ThreadEngine({
    ...common,
    ...totals,
    origin: { secure: false, hostname: '127.0.0.1', port },
    addresses: [{ address: '127.0.0.1', family: 4 }],
    scenarios: [
      {
        weight: 1,
        steps: [
          {
            series: 0,
            method: 'GET',
            path: '/',
            headers: ['x-arrival', '{{arrival}}'],
            body: undefined,
            expectStatus: undefined,
            templated: true,
          },
        ],
      },
    ],
    seriesCount: 1,
    limit: limit ?? Infinity,
    connectTimeoutMs: 3000,
  });
  const events: RunEvent[] = [];
  onTestFinished(() => {
    const problems = events.filter((event) => event.type === 'problem/raised').map(({ text }) => text);
    expect(problems.filter(isBooksProblem)).toEqual([]);
  });
  const session = new Session({
    run: {
      ...common,
      ...totals,
      name: 'test',
      version: '0.0.0',
      target: `http://127.0.0.1:${port}`,
      durationMs: undefined,
      limit,
      stages: [],
      series: ['GET /'],
      severalSteps: false,
      recording: undefined,
    },
    segments,
    engine,
    probes: [],
    output: (event) => events.push(event),
    graceMs: options.graceMs ?? 5000,
    publishMs: 250,
  });
  await engine.open();
  session.start();
  return { session, events, originAt: session.originAt };
};
