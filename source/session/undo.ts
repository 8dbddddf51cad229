// Taking changes of the load back: what is kept of each change, and what taking it back comes to. Pure. What was sent,
// dropped or drawn stays: only what the load is from now on goes back.

import { formatLoad } from '../common/units.ts';
import type { Change, Steering } from '../load/steer.ts';
import { type ChangeEvent, droppedStays } from './change-text.ts';
import type { CommandSource } from './commands.ts';
import { type Decision, refuse, type Situation } from './decision.ts';
import { highestFrom } from './load-question.ts';
import { spawnMs } from './rate-decision.ts';
import type { LimitState } from './state.ts';

/** Changes that are kept. */
const mostUndoable = 50;

/** Steps that follow each other within so long are one change: a key was held, ms. */
const heldMs = 1000;

/** How things were before a change. */
type Back =
  | {
      readonly type: 'load';
      /** Undefined where the plan drove the load. */
      readonly manualRate: number | undefined;
      /** Time that was left of a ramp to it, ms. */
      readonly leftMs: number;
      readonly ceiling: number;
    }
  | { readonly type: 'limits'; readonly limits: LimitState }
  | { readonly type: 'spawn'; readonly perSecond: number }
  /** The load was going on, or paused. */
  | { readonly type: 'running' }
  | { readonly type: 'paused' }
  | { readonly type: 'gone'; readonly why: string };

/** A change that can be taken back, or that stands in the way of those before it. */
export interface Undoable {
  /** What was changed: `rate 9,000/s → 9,400/s`. */
  readonly what: string;
  readonly back: Back;
  /** What waited was dropped with it. */
  readonly dropped: boolean;
  /** Of steps by a key that may still be held. */
  readonly held?: HeldSteps | undefined;
}

/** Steps of one direction from one source. */
export interface HeldSteps {
  readonly source: CommandSource;
  readonly up: boolean;
  /** When the newest of them took effect (run clock, ms). */
  readonly at: number;
  /** What was wanted before the first of them. */
  readonly wantedBefore: number;
  /** Whether there are any before the newest. */
  readonly further: boolean;
}

/** How the load was before `change`. */
export const backOfLoad = (steering: Steering, change: Change, at: number, ceiling: number): Back => {
  const { manualRate, ramp, pausedAt } = steering;
  switch (change.type) {
    case 'pause':
      return pausedAt === undefined
        ? { type: 'running' }
        : { type: 'gone', why: 'what waited was dropped, which cannot be taken back' };
    case 'resume':
      return { type: 'paused' };
    case 'extend':
      return { type: 'gone', why: 'the run was extended, which cannot be taken back' };
    default: {
      const leftMs = ramp ? Math.max(0, ramp.at + ramp.lengthMs - Math.max(ramp.at, pausedAt ?? at)) : 0;
      return { type: 'load', manualRate, leftMs, ceiling };
    }
  }
};

/** The steps that `body` is the newest of; undefined where it is no step. */
export const heldSteps = (stack: readonly Undoable[], body: ChangeEvent): HeldSteps | undefined => {
  if (body.type !== 'plan/changed' || body.command.type !== 'rate/step') return undefined;
  const { command, source, from: at, wantedBefore } = body;
  const up = command.steps > 0;
  const before = stack.at(-1)?.held;
  if (before === undefined || before.source !== source || before.up !== up || at - before.at > heldMs)
    return { source, up, at, wantedBefore, further: false };
  return { ...before, at, further: true };
};

/** The changes with one more; the oldest goes where there are too many. Of a held key all steps are one. */
export const withUndoable = (stack: readonly Undoable[], entry: Undoable): readonly Undoable[] => {
  const before = entry.held?.further ? stack.at(-1) : undefined;
  if (before === undefined) return [...stack, entry].slice(-mostUndoable);
  return [...stack.slice(0, -1), { ...entry, back: before.back, dropped: before.dropped || entry.dropped }];
};

/** The decision on taking the newest change back. Whatever it is, that change is off the stack then, but for a refusal. */
export const decideUndo = (situation: Situation): Decision => {
  const entry = situation.undoable.at(-1);
  if (!entry) return refuse('nothing to undo');
  const undoes = entry.dropped ? `${entry.what}${droppedStays}` : entry.what;
  switch (entry.back.type) {
    case 'gone': {
      const next = situation.undoable.at(-2);
      return refuse(`${entry.back.why}${next ? `; once more takes back: ${next.what}` : ''}`);
    }
    case 'running':
      return { type: 'steer', change: { type: 'resume' }, undoes };
    case 'paused':
      return { type: 'steer', change: { type: 'pause' }, undoes };
    case 'spawn':
      return { type: 'spawn', perSecond: entry.back.perSecond, undoes };
    case 'limits':
      return backToLimits(entry.back.limits, situation, undoes);
    case 'load':
      return backToLoad(entry.back, situation, undoes);
  }
};

/** Whether an attempt at the newest change takes it off the stack. */
export const isOffStack = (entry: Undoable | undefined, decision: Decision): boolean =>
  decision.type !== 'refuse' || entry?.back.type === 'gone';

const backToLimits = (limits: LimitState, situation: Situation, undoes: string): Decision => {
  const { steering, at, model } = situation;
  const planned = steering.manualRate ?? highestFrom(steering.stages, steering.pausedAt ?? at);
  if (planned > limits.ceiling && limits.ceiling < situation.limits.ceiling)
    return refuse(`the load goes up to ${formatLoad(model, planned)}: lower it first`);
  return { type: 'limit', limits, undoes };
};

const backToLoad = (back: Extract<Back, { type: 'load' }>, situation: Situation, undoes: string): Decision => {
  const { manualRate, leftMs, ceiling } = back;
  const { model, steering, at, limits } = situation;
  const highest = manualRate ?? highestFrom(steering.stages, steering.pausedAt ?? at);
  if (highest > ceiling) {
    const [load, most] = [formatLoad(model, highest), formatLoad(model, ceiling)];
    return refuse(`the load would go up to ${load}, above the ceiling, ${most}: :ceiling changes it`);
  }
  const withCeiling = ceiling === limits.ceiling ? { undoes } : { ceiling, undoes };
  if (manualRate === undefined) return { type: 'steer', change: { type: 'plan' }, ...withCeiling };
  const overMs = model === 'closed' ? Math.max(leftMs, spawnMs(manualRate, situation)) : leftMs;
  const change: Change = { type: 'rate', rate: manualRate, ...(overMs > 0 ? { overMs } : {}) };
  return { type: 'steer', change, ...withCeiling };
};
