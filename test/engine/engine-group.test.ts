// Loads beside each other on real engines: each drives what it should, what they report adds up, and they pause, go on and end
// together.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { EngineListener } from '../../source/engine/engine.ts';
import { type Beside, EngineGroup } from '../../source/engine/engine-group.ts';
import { ThreadEngine } from '../../source/engine/thread-engine.ts';
import { constantSegments, type Segment } from '../../source/load/arrival-plan.ts';
import { steer, unsteered } from '../../source/load/steer.ts';
import type { AfterRound, BurstRound } from '../../source/measure/burst.ts';
import { drive, sleep } from '../helpers/drive.ts';
import { plainSpec, type SpecPatch, scenariosOf } from '../helpers/engine-spec.ts';
import { FakeEngine } from '../helpers/fake-engine.ts';
import { listen } from '../helpers/listen.ts';

const target = async () => {
  const came = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    came.set(path, (came.get(path) ?? 0) + 1);
    setTimeout(() => response.end('ok'), 5);
  });
  const { port } = await listen(server);
  return { port, came: (path: string) => came.get(path) ?? 0 };
};

const besideOf = (port: number, path: string, segments: readonly Segment[], patch: SpecPatch): Beside => {
  const scenarios = scenariosOf([[path, 1]]).map(({ weight, steps }) => ({
    weight,
    steps: steps.map((step) => ({ ...step, series: 1 })),
  }));
  const spec = plainSpec(port, { scenarios, seriesCount: 2, ...patch });
  return { segments, limits: spec.limits, engine: new ThreadEngine(spec) };
};

describe('loads beside each other', () => {
  it('drive each their own, and add up', async () => {
    const { port, came } = await target();
    const driven = await drive({
      ...{ port, segments: constantSegments(100, 1500), forMs: 1500, paths: [['/main', 1]] },
      spec: { seriesCount: 2, workers: 2 },
      beside: {
        loads: [besideOf(port, '/beside', constantSegments(3, Infinity), { model: 'closed', connections: 3 })],
        series: ['/beside'],
      },
    });
    expect(driven.problems).toEqual([]);
    expect(came('/main')).toBe(150);
    expect(came('/beside')).toBeGreaterThan(50);
    const { summary } = driven;
    expect(summary).toMatchObject({ balanced: true, failed: 0, good: came('/main') + came('/beside') });
    expect(summary.series.map(({ name, good }) => [name, good])).toEqual([
      ['/main', came('/main')],
      ['/beside', came('/beside')],
    ]);
    expect(new Set(driven.intervals.map(({ share }) => share))).toEqual(new Set([0, 1, 1000]));
  });

  it('say why bursts beside the main load come to their end', () => {
    const [main, bursts] = [new FakeEngine(), new FakeEngine()];
    const limits = { connections: 1, maxInFlight: 1, timeoutMs: 1 };
    const told: unknown[] = [];
    const listener = {
      round: ({ round }: BurstRound, after: AfterRound) => told.push([round, after]),
      note: (text: string) => told.push(text),
    } as unknown as EngineListener;
    new EngineGroup(main, [{ engine: bursts, segments: [], limits }]).start(0, { revision: 0, segments: [] }, listener);
    const round = { round: 2, size: 50, notGood: 9 } as BurstRound;
    bursts.tells.round({ ...round, round: 1 }, 'more');
    bursts.tells.round(round, 'errors');
    expect(told).toEqual([[1, 'more'], [2, 'more'], 'no further bursts: 9 errors in one of 50; the load goes on']);
  });

  it('pause and go on together, each where it was', async () => {
    const { port, came } = await target();
    const segments = constantSegments(100, 800);
    let between = 0;
    await drive({
      ...{ port, segments, forMs: 1700, paths: [['/main', 1]], spec: { seriesCount: 2 } },
      beside: { loads: [besideOf(port, '/beside', segments, {})], series: ['/beside'] },
      during: async (engine) => {
        await sleep(300);
        const paused = steer(unsteered(segments), { type: 'pause' }, 400);
        engine.steer(paused.switch);
        await sleep(300);
        between = came('/main') + came('/beside');
        await sleep(400);
        expect(came('/main') + came('/beside')).toBe(between);
        engine.steer(steer(paused.steering, { type: 'resume' }, 1100).switch);
      },
    });
    expect(between).toBe(80);
    // 400 ms before the pause and 400 after it, of both.
    expect([came('/main'), came('/beside')]).toEqual([80, 80]);
  });

  it('do not begin where one of them cannot', async () => {
    const { port } = await target();
    const never = { ...plainSpec(port), workers: 0 };
    const broken: Beside = {
      segments: constantSegments(1, Infinity),
      limits: never.limits,
      engine: Object.assign(new ThreadEngine(never), { open: () => Promise.reject(new Error('no more threads')) }),
    };
    const options = { port, segments: constantSegments(1, Infinity), forMs: 100 };
    await expect(drive({ ...options, beside: { loads: [broken], series: [] } })).rejects.toThrow('no more threads');
  });
});
