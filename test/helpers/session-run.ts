// A whole session on the real engine, without commands/: for tests of what a run does by itself.

import { expect, onTestFinished } from 'vitest';
import type { Model } from '../../source/common/model.ts';
import { ThreadEngine } from '../../source/engine/thread-engine.ts';
import type { Segment } from '../../source/load/arrival-plan.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { Session } from '../../source/session/session.ts';
import type { ProbeSource } from '../../source/session/session-parts.ts';
import { isBooksProblem } from './drive.ts';
import { plainSpec, type SpecPatch } from './engine-spec.ts';

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
  readonly model?: Model;
  readonly spawnRate?: number;
  readonly warmupMs?: number;
  /** What the engine is given beside it. */
  readonly spec?: SpecPatch;
  readonly connections?: number;
  readonly graceMs?: number;
  readonly probes?: readonly ProbeSource[];
}

/** Starts a run. The test fails at its end where the books of a worker did not balance. */
export const startSession = async (options: SessionRunOptions): Promise<SessionRun> => {
  const run = await openSession(options);
  onTestFinished(() => {
    const problems = run.events.filter((event) => event.type === 'problem/raised').map(({ text }) => text);
    expect(problems.filter(isBooksProblem)).toEqual([]);
  });
  return run;
};

/** Starts a run that outlives the test that it was begun in. */
export const openSession = async (options: SessionRunOptions): Promise<SessionRun> => {
  const { port, segments, workers = 1, model = 'open', connections = 600, limit } = options;
  const common = { model, arrivals: 'uniform', seed: 3, overflow: 'queue' } as const;
  const engine = new ThreadEngine(
    plainSpec(port, { ...common, ...options.spec, workers, connections, limit: limit ?? Infinity }),
  );
  const events: RunEvent[] = [];
  const session = new Session({
    run: {
      ...common,
      workers,
      connections,
      maxInFlight: connections,
      timeoutMs: 10_000,
      maxRate: 10_000_000,
      spawnRate: options.spawnRate,
      warmupMs: options.warmupMs ?? 0,
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
    probes: options.probes ?? [],
    output: (event) => events.push(event),
    graceMs: options.graceMs ?? 5000,
    publishMs: 250,
  });
  await engine.open();
  session.start();
  return { session, events, originAt: session.originAt };
};
