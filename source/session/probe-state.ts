// What is known of a probe, from its answers and failures.

import type { RunEvent } from './events.ts';
import type { ProbeState, RunState } from './state.ts';

/** A probe before its first answer. */
export const unread = {
  status: 'waiting',
  title: undefined,
  values: [],
  reason: undefined,
  hint: undefined,
  lastAt: undefined,
  failingSince: undefined,
  tookMs: Number.NaN,
} as const;

/** The probes with one of them changed. */
export const withProbe = (
  state: RunState,
  id: string,
  change: (probe: ProbeState) => ProbeState,
): readonly ProbeState[] => state.probes.map((probe) => (probe.id === id ? change(probe) : probe));

/** A probe after an answer. */
export const answeredProbe = (
  probe: ProbeState,
  { at, tookMs, title, values, kind }: Extract<RunEvent, { type: 'probe/read' }>,
): ProbeState => ({
  ...probe,
  kind: kind ?? probe.kind,
  status: 'ok',
  title,
  values,
  tookMs,
  reason: undefined,
  hint: undefined,
  lastAt: at,
  failingSince: undefined,
});

/** A probe after a failure: what it read last is kept, with the time since which it fails. */
export const failedProbe = (
  probe: ProbeState,
  { at, tookMs, reason, hint, tolerated }: Extract<RunEvent, { type: 'probe/failed' }>,
): ProbeState => ({
  ...probe,
  status: tolerated ? 'late' : 'failing',
  reason,
  hint,
  tookMs,
  failingSince: probe.failingSince ?? at,
});
