// An engine that sends nothing: it keeps what it is told, and a test tells its listener what happens.

import type { Engine, EngineListener, Stopped } from '../../source/engine/engine.ts';
import type { Limits } from '../../source/engine/protocol.ts';
import type { PlanData } from '../../source/load/arrival-plan.ts';
import type { Switch } from '../../source/load/steer.ts';

export class FakeEngine implements Engine {
  readonly switches: Switch[] = [];
  readonly limits: Limits[] = [];
  readonly graces: number[] = [];
  plan: PlanData | undefined;
  #listener: EngineListener | undefined;

  async open(): Promise<void> {}

  start(_originAt: number, plan: PlanData, listener: EngineListener): void {
    this.plan = plan;
    this.#listener = listener;
  }

  /** Who is told; the engine must be started. */
  get tells(): EngineListener {
    if (!this.#listener) throw new Error('the engine is not started');
    return this.#listener;
  }

  steer(change: Switch): void {
    this.switches.push(change);
  }

  limit(limits: Limits): void {
    this.limits.push(limits);
  }

  async stop(graceMs: number): Promise<Stopped> {
    this.graces.push(graceMs);
    return { backlog: 0, oldestBacklogMs: 0 };
  }

  async close(): Promise<void> {}
}
