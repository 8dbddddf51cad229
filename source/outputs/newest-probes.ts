// What the probes said last, folded from the events: for outputs that write a line a second. The screen has the session's
// state for that.

import type { ProbeInfo, RunEvent } from '../session/events.ts';

// An output knows events, not probes: what a probe says is what stands in its events.
type ProbeValues = Extract<RunEvent, { readonly type: 'probe/read' }>['values'];
type HealthState = NonNullable<Extract<ProbeValues[number], { readonly type: 'fact' }>['state']>;

/** The newest answer of a probe; a probe that fails has no values, for old ones are not newest ones. */
export interface NewestProbe {
  readonly id: string;
  readonly kind: ProbeInfo['kind'] | undefined;
  /** `waiting` before the first answer; `late`: the newest look failed, which is a gap and not yet a silence. */
  readonly status: 'waiting' | 'ok' | 'late' | 'failing';
  /** What it says of the target's health, where it says so. */
  readonly state: HealthState | undefined;
  /** Run time of the newest answer or failure, ms. */
  readonly at: number | undefined;
  readonly tookMs: number | undefined;
  readonly title: string | undefined;
  readonly values: ProbeValues;
  readonly reason: string | undefined;
  readonly hint: string | undefined;
}

export class NewestProbes {
  readonly #probes = new Map<string, NewestProbe>();

  /** In the order in which the run names them. */
  get all(): readonly NewestProbe[] {
    return [...this.#probes.values()];
  }

  get(id: string): NewestProbe | undefined {
    return this.#probes.get(id);
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'run/opened':
        for (const { id, kind } of event.run.probes) this.#probes.set(id, { id, kind, ...waiting });
        break;
      case 'probe/read':
        this.#setProbe(event.probe, event.at, {
          status: 'ok',
          state: healthOf(event.values),
          tookMs: event.tookMs,
          title: event.title,
          values: event.values,
        });
        break;
      case 'probe/failed':
        this.#setProbe(event.probe, event.at, {
          status: event.tolerated ? 'late' : 'failing',
          tookMs: event.tookMs,
          reason: event.reason,
          hint: event.hint,
        });
        break;
      default:
    }
  }

  #setProbe(id: string, at: number, patch: Partial<NewestProbe>): void {
    this.#probes.set(id, { id, kind: this.#probes.get(id)?.kind, ...waiting, at, ...patch });
  }
}

const waiting = {
  status: 'waiting',
  state: undefined,
  at: undefined,
  tookMs: undefined,
  title: undefined,
  values: [],
  reason: undefined,
  hint: undefined,
} as const;

/** The state that the most important of the facts with a state has. */
const healthOf = (values: ProbeValues): HealthState | undefined => {
  let best: { rank: number; state: HealthState } | undefined;
  for (const value of values) {
    if (value.type !== 'fact' || value.state === undefined) continue;
    if (!best || value.rank < best.rank) best = { rank: value.rank, state: value.state };
  }
  return best?.state;
};
