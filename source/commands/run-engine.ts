// The engine of a run: one for each load that it has.

import type { Engine, EngineSpec } from '../engine/engine.ts';
import { EngineGroup } from '../engine/engine-group.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import type { Profile } from '../profile/profile.ts';
import type { RunPlan } from './plan-run.ts';
import type { RunSketch } from './sketch-run.ts';
import { originOf } from './transport.ts';

/** One engine for each load; together they are driven as one. */
export const engineOf = (
  { profile, compiled, plan, beside, transport }: RunSketch,
  { seed, addresses, secrets }: Required<Pick<EngineSpec, 'seed' | 'addresses' | 'secrets'>>,
): Engine => {
  const spec = (of: Profile, figures: RunPlan, scenarios: EngineSpec['scenarios']): EngineSpec => ({
    origin: originOf(profile),
    transport,
    addresses,
    family: profile.connection.family,
    scenarios,
    choose: of.load.model === 'closed' ? of.load.choose : undefined,
    feeders: compiled.feeders,
    secrets,
    code: compiled.code,
    nowAt: profile.nowAt,
    seriesCount: compiled.series.length,
    metrics: compiled.metrics,
    arrivals: of.arrivals,
    seed,
    overflow: of.overflow,
    connectTimeoutMs: profile.connection.connectTimeoutMs,
    limits: { connections: figures.connections, maxInFlight: figures.maxInFlight, timeoutMs: profile.timeoutMs },
    ...engineTotals(figures),
  });
  const shared = compiled.scenarios.filter((_, index) => !profile.scenarios[index]!.own);
  const main = new ThreadEngine(spec(profile, plan, shared));
  if (beside.length === 0) return main;
  return new EngineGroup(
    main,
    beside.map((each) => {
      // A second worker that comes later would be of no share that anybody waits for.
      const figures = { ...each.plan, mostWorkers: each.plan.workers };
      const own = spec(each.profile, figures, [compiled.scenarios[each.scenario]!]);
      return { engine: new ThreadEngine(own), segments: each.plan.segments, limits: own.limits };
    }),
  );
};

const engineTotals = ({ model, limit, burst, workers, mostWorkers }: RunPlan) => ({
  model,
  limit,
  burst,
  workers,
  mostWorkers,
});
