// Decides what becomes of a command: carried out as a change of the plan, an end or a marker, or refused with a reason
// that a person can act on. Pure; the session does what it decides.

import { formatRate } from '../common/units.ts';
import type { Change, Steering } from '../load/steer.ts';
import { stepOf, wantedRate } from '../load/steer.ts';
import type { Command } from './commands.ts';
import type { Phase } from './events.ts';

/** What the decision depends on. */
export interface Situation {
  readonly phase: Phase;
  readonly model: 'open' | 'full speed';
  readonly steering: Steering;
  /** Run time at which a change would take effect, ms. */
  readonly at: number;
  /** Names of the markers so far. */
  readonly markers: readonly string[];
}

export type Decision =
  | { readonly type: 'steer'; readonly change: Change }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' }
  | { readonly type: 'refuse'; readonly reason: string };

const refuse = (reason: string): Decision => ({ type: 'refuse', reason });

/** Rates above this are a slip of the fingers, not a plan for one machine. */
const highestRate = 10_000_000;

/** The decision on a command. */
export const decide = (command: Command, situation: Situation): Decision => {
  const { phase, steering } = situation;
  switch (command.type) {
    case 'marker/set':
      if (phase === 'closed') return refuse('the run has ended');
      return { type: 'mark', name: command.name ?? freeMarkerName(situation.markers) };
    case 'run/abort':
      return phase === 'closed' ? refuse('the run has ended') : { type: 'abort' };
    case 'run/stop':
      return phase === 'draining' || phase === 'closed' ? refuse('the run is ending already') : { type: 'stop' };
  }
  if (phase === 'draining' || phase === 'closed') return refuse('the run is ending: nothing more is sent');
  switch (command.type) {
    case 'run/pause':
      if (steering.pausedAt !== undefined && !command.dropBacklog) return refuse('the load is paused already');
      return { type: 'steer', change: { type: 'pause', dropBacklog: command.dropBacklog ?? false } };
    case 'run/resume':
      return steering.pausedAt === undefined
        ? refuse('the load is not paused')
        : { type: 'steer', change: { type: 'resume' } };
    case 'run/extend':
      if (!Number.isFinite(lastOf(steering))) return refuse('the run has no end to extend');
      if (!(command.byMs > 0 && Number.isFinite(command.byMs))) return refuse('a run is extended by a time above 0');
      return { type: 'steer', change: { type: 'extend', byMs: command.byMs } };
  }
  if (situation.model === 'full speed') return refuse('full speed has no rate to change; start with -q and a number');
  return decideRate(command, situation);
};

type RateCommand = Extract<Command, { type: `rate/${string}` }>;

const decideRate = (command: RateCommand, { steering, at }: Situation): Decision => {
  const wanted = wantedRate(steering, at);
  switch (command.type) {
    case 'rate/plan':
      if (steering.manualRate === undefined) return refuse('the rate follows the plan already');
      return { type: 'steer', change: { type: 'plan' } };
    case 'rate/zero':
      return setRate(0);
    case 'rate/set':
      return setRate(command.rate);
    case 'rate/step':
      return setRate(Math.max(0, wanted + command.steps * stepOf(wanted)));
    case 'rate/scale':
      if (wanted === 0) return refuse('the rate is 0: there is nothing to multiply; type one with :rate');
      return setRate(wanted * command.factor);
  }
};

const setRate = (rate: number): Decision => {
  if (!Number.isFinite(rate) || rate < 0) return refuse('a rate is a number of at least 0');
  if (rate > highestRate)
    return refuse(`${formatRate(rate)} is more than the highest rate, ${formatRate(highestRate)}`);
  // A hundredth of an arrival a second is all that people tell apart: 3.0000000000000004 is 3. Below 1 it would be too
  // coarse: 10/h is not 0, which drops what waits.
  const rounded = rate >= 1 ? Math.round(rate * 100) / 100 : Number(rate.toPrecision(6));
  return { type: 'steer', change: { type: 'rate', rate: rounded } };
};

const lastOf = ({ stages }: Steering): number => {
  const last = stages.at(-1);
  return last ? last.at + last.lengthMs : 0;
};

/** The first of a, b, … z, aa, ab, … that no marker has. */
const freeMarkerName = (taken: readonly string[]): string => {
  let index = 0;
  while (taken.includes(markerName(index))) index += 1;
  return markerName(index);
};

const markerName = (index: number): string =>
  (index < 26 ? '' : markerName(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));
