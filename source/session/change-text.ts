// A change of the load in words, without who asked for it: for the log, for markers, and for what is taken back.

import type { Model } from '../common/model.ts';
import { formatCount, formatDuration, formatLength, formatLoad, formatRate } from '../common/units.ts';
import type { EventBody } from './events.ts';
import type { RunState } from './state.ts';

type Of<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>;

export type ChangeEvent = Of<'plan/changed' | 'limits/changed' | 'spawn/changed'>;

/** Behind a change that is taken back and that dropped what waited. */
export const droppedStays = ' (what was dropped stays so)';

/** What was changed: `rate 9,000/s → 9,400/s`. @param before the state before the event */
export const changeText = (before: RunState, event: ChangeEvent): string => {
  const model = before.run?.model ?? 'open';
  switch (event.type) {
    case 'plan/changed':
      return planText(before, event, model);
    case 'limits/changed':
      return limitsText(before, event, model);
    case 'spawn/changed':
      return `spawn rate ${spawnText(event.perSecondBefore)} → ${spawnText(event.perSecond)}`;
  }
};

/**
 * What was changed, where an event changes what the load is now; undefined for others. An extension, a spawn rate and a
 * ceiling change only what may come later.
 */
export const changeOfLoad = (before: RunState, event: EventBody): string | undefined => {
  if (event.type === 'plan/changed') return event.command.type === 'run/extend' ? undefined : changeText(before, event);
  if (event.type !== 'limits/changed') return undefined;
  const { limits } = event;
  const names = ['connections', 'maxInFlight', 'timeoutMs'] as const;
  return names.some((name) => limits[name] !== before.limits?.[name]) ? changeText(before, event) : undefined;
};

const planText = (before: RunState, event: Of<'plan/changed'>, model: Model): string => {
  const { command, wanted, paused, manual } = event;
  switch (command.type) {
    case 'run/extend':
      return `extended by ${formatLength(command.byMs)}`;
    case 'run/pause':
      return command.dropBacklog ? 'paused, what waited was dropped' : 'paused';
    case 'run/resume':
      return `resumed${resumedAt(model, wanted)}`;
    case 'rate/hold':
      // A rate is held where it is; of users it is the number on its way that changes.
      return model === 'closed' ? loadText(event, model) : `rate held at ${formatRate(wanted)}`;
    case 'rate/plan':
      return `${loadText(event, model)}, back to the plan`;
    case 'change/undo': {
      const was = before.phase === 'paused';
      if (paused && !was) return 'paused';
      if (was && !paused) return `resumed${resumedAt(model, wanted)}`;
      return manual ? loadText(event, model) : `${loadText(event, model)}, back to the plan`;
    }
    default:
      return loadText(event, model);
  }
};

const loadText = ({ wanted, wantedBefore, overMs }: Of<'plan/changed'>, model: Model): string => {
  const change =
    model === 'closed'
      ? `users ${formatCount(wantedBefore)} → ${formatCount(wanted)}`
      : `rate ${formatRate(wantedBefore)} → ${formatRate(wanted)}`;
  return overMs > 0 ? `${change} over ${formatLength(overMs)}` : change;
};

const resumedAt = (model: Model, wanted: number): string => {
  if (model === 'burst') return '';
  return ` at ${model === 'full speed' ? 'full speed' : formatLoad(model, wanted)}`;
};

const limitsText = (before: RunState, { limits, ceiling }: Of<'limits/changed'>, model: Model): string => {
  const was = before.limits;
  const changes = [
    [was?.connections, limits.connections, 'connections', formatCount],
    [was?.maxInFlight, limits.maxInFlight, 'max in flight', formatCount],
    [was?.timeoutMs, limits.timeoutMs, 'timeout', timeoutText],
    [was?.ceiling, ceiling, 'ceiling', (amount: number) => formatLoad(model, amount)],
  ] as const;
  const texts = changes
    .filter(([old, now]) => old !== now)
    .map(([old, now, name, text]) => `${name} ${old === undefined ? '' : `${text(old)} → `}${text(now)}`);
  return texts.length > 0 ? texts.join(', ') : 'limits stay as they are';
};

const timeoutText = (ms: number): string => (ms < 1000 ? formatDuration(ms) : formatLength(ms));

const spawnText = (perSecond: number): string => (Number.isFinite(perSecond) ? formatRate(perSecond) : 'all at once');
