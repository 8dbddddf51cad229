// What is worth telling about a probe, from what was known of it and what it says now: its state changed, it fell silent, it
// answers again, and what it notices itself. Pure; the session writes it down as events.

import { safeText } from '../common/safe-text.ts';
import { formatLength, formatShare } from '../common/units.ts';
import type { ProbeResult, ProbeValue } from '../probes/probe.ts';
import type { ProbeFailure, ProbeSample } from '../probes/sampler.ts';
import type { EventBody } from './events.ts';
import type { ProbeState } from './state.ts';

/** An event of a probe, without the probe. */
export type Noticed = Omit<Extract<EventBody, { type: 'probe/noticed' }>, 'type' | 'probe'>;

type Fact = Extract<ProbeValue, { type: 'fact' }>;

/** Causes that a change of state names. */
const mostCauses = 3;
/** From which a quantity with a limit is named as a cause. */
const nearLimit = 0.8;

/**
 * What a sample tells beyond its values. @param before the probe before this sample @param at run time of the sample, ms
 */
export const watchProbe = (before: ProbeState, { result, failure }: ProbeSample, at: number): readonly Noticed[] => {
  if (failure) return silence(before, failure);
  if (!result) return [];
  const notices = result.notices ?? [];
  return [
    ...answer(before, at),
    ...notices.map(({ what, level, text }): Noticed => ({ what, level, text: safeText(text) })),
    ...changes(before.values, result),
  ];
};

/** Said once, when it begins. A path that nobody asked for may well not be there. */
const silence = (before: ProbeState, { reason, hint, tolerated }: ProbeFailure): Noticed[] => {
  if (tolerated || before.status === 'failing') return [];
  const level = before.unasked && before.lastAt === undefined ? 'info' : 'warn';
  const text = `cannot be read: ${reason}${hint === undefined ? '' : ` (${hint})`}`;
  return [{ what: 'silence', level, text: safeText(text, 300) }];
};

const answer = ({ status, failingSince, lastAt }: ProbeState, at: number): Noticed[] => {
  if (status !== 'failing' || failingSince === undefined) return [];
  const again = lastAt === undefined ? 'answers' : 'answers again';
  return [{ what: 'answer', level: 'info', text: `${again}, after ${formatLength(at - failingSince)}` }];
};

/** Facts whose state is another than before: the whole first, with what is behind it; then parts that it did not name. */
const changes = (before: readonly ProbeValue[], { values }: ProbeResult): Noticed[] => {
  const stated = factsOf(values);
  const was = new Map(factsOf(before).map(({ metric, state }) => [metric, state]));
  const isNew = ({ metric, state }: Fact): boolean => was.get(metric) !== undefined && was.get(metric) !== state;
  const whole = stated.find((fact) => fact.metric === 'status' && isNew(fact));
  const causes = whole ? causesOf(whole, values) : [];
  const covered = (part: Fact): boolean =>
    causes.includes(part) || (whole !== undefined && whole.state === 'ok' && part.state === 'ok');
  const parts = stated.filter((fact) => fact.metric !== 'status' && isNew(fact) && !covered(fact));
  return [
    ...(whole ? [changed('', was.get(whole.metric), whole, why(whole, causes))] : []),
    ...parts.map((part) => changed(`${part.label} `, was.get(part.metric), part, wordOf(part))),
  ];
};

const factsOf = (values: readonly ProbeValue[]): Fact[] =>
  values.filter((value) => value.type === 'fact').filter(({ state }) => state !== undefined);

const changed = (subject: string, was: Fact['state'], { state }: Fact, reason: string): Noticed => ({
  what: 'state',
  level: state === 'ok' ? 'info' : 'warn',
  text: safeText(`${subject}${was} → ${state}${reason === '' ? '' : ` (${reason})`}`),
});

/** What is not well beside the whole: checks first, then quantities near their limit. */
const causesOf = (whole: Fact, values: readonly ProbeValue[]): ProbeValue[] => {
  if (whole.state === 'ok') return [];
  const checks = values.filter((value) => value.type === 'fact' && value !== whole && isUnwell(value));
  const full = values.filter((value) => value.type === 'value' && fillOf(value) >= nearLimit);
  return [...checks, ...full].slice(0, mostCauses);
};

const isUnwell = ({ state }: Fact): boolean => state === 'down' || state === 'degraded';

const fillOf = ({ value, limit }: Extract<ProbeValue, { type: 'value' }>): number =>
  limit === undefined || limit <= 0 ? Number.NaN : value / limit;

/** `redis down, buffer 100 %`; where nothing can be named, what the whole itself says beyond its state. */
const why = (whole: Fact, causes: readonly ProbeValue[]): string => {
  if (causes.length === 0) return wordOf(whole);
  return causes
    .map((cause) => {
      if (cause.type === 'fact') return `${cause.label} ${cause.text}`;
      return cause.type === 'value' ? `${cause.label} ${formatShare(fillOf(cause))}` : cause.label;
    })
    .join(', ');
};

/** `503 unavailable` of `down: 503 unavailable`; nothing where the text is only the state in other letters. */
const wordOf = ({ text, state }: Fact): string => {
  const rest = text.startsWith(`${state}: `) ? text.slice(`${state}: `.length) : text;
  return rest.toLowerCase() === state || state === 'ok' ? '' : rest;
};
