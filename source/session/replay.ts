// A recording read back: its lines in, the events of its run out, and their fold up to a moment of it. Pure: where the
// lines come from is the caller's. What was never written, slices of 100 ms and the details of probes, is missing.

import { errorMessage, UserError } from '../common/errors.ts';
import { recordingVersion } from '../common/json-text.ts';
import type { PlanData, Segment } from '../load/arrival-plan.ts';
import type { GeneratorVerdict } from '../measure/generator.ts';
import type { Summary } from '../measure/summary.ts';
import type { RunEvent, RunInfo } from './events.ts';
import { beginning, reduce } from './reduce.ts';
import { numberOf, replayedSecond, type Written, type WrittenSecond } from './replayed-second.ts';
import type { RunState } from './state.ts';

type OfType<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** Events that hold a number which JSON cannot: they are written with null in its place. */
type Mended = 'second/closed' | 'plan/changed' | 'plan/applied' | 'spawn/changed' | 'probe/read' | 'run/closed';

/** Not written, or written as the head. */
type Unwritten = 'slice/closed' | 'run/opened';

interface WrittenPlan extends Omit<PlanData, 'segments'> {
  readonly segments: readonly (Omit<Segment, 'lengthMs'> & { readonly lengthMs: Written })[];
}

type WrittenVerdict = Omit<GeneratorVerdict, 'pacingP99Ms' | 'loopUtilisation'> & {
  readonly ownLimit: boolean;
  readonly pacingP99Ms: Written;
  readonly loopUtilisation: Written;
};

type WrittenEvent =
  | Exclude<RunEvent, { type: Mended | Unwritten }>
  | (Omit<OfType<'second/closed'>, 'second' | 'verdict'> & {
      readonly second: WrittenSecond;
      readonly verdict: WrittenVerdict | null;
    })
  | (Omit<OfType<'plan/changed'>, 'plan' | 'wantedBefore' | 'wanted'> & {
      readonly plan: WrittenPlan;
      readonly wantedBefore: Written;
      readonly wanted: Written;
    })
  | (Omit<OfType<'plan/applied'>, 'wanted'> & { readonly wanted: Written })
  | (Omit<OfType<'spawn/changed'>, 'perSecondBefore' | 'perSecond'> & {
      readonly perSecondBefore: Written;
      readonly perSecond: Written;
    })
  | OfType<'probe/read'>
  | (Omit<OfType<'run/closed'>, 'summary'> & { readonly summary: WrittenSummary });

/** Versions that counted no metrics did not write them. */
type WrittenSummary = Omit<Summary, 'metrics'> & Partial<Pick<Summary, 'metrics'>>;

interface WrittenHead {
  readonly loadtop: number;
  readonly run: Omit<RunInfo, 'spawnRate'> & { readonly spawnRate?: Written };
  readonly plan: WrittenPlan;
  readonly endsAt: number | null;
}

/** Every kind of event that stands in a recording. */
const written: Readonly<Record<WrittenEvent['type'], true>> = {
  'phase/changed': true,
  'plan/changed': true,
  'limits/changed': true,
  'spawn/changed': true,
  'workers/changed': true,
  'round/ended': true,
  'round/weighed': true,
  'plan/applied': true,
  'second/closed': true,
  'probe/read': true,
  'probe/failed': true,
  'probe/noticed': true,
  'outcomes/noticed': true,
  'generator/troubled': true,
  'generator/recovered': true,
  'marker/set': true,
  'note/added': true,
  'problem/raised': true,
  'command/refused': true,
  'objective/changed': true,
  'report/taken': true,
  'change/settled': true,
  'question/left': true,
  'command/asked': true,
  'resources/changed': true,
  'cleanup/moved': true,
  'run/closed': true,
};

/**
 * The events of a recording, in order. A last line that is cut off, as a process that was killed leaves it, is left out.
 * @throws UserError with the number of the line where it is no recording, or none that this version reads
 */
export function* replay(lines: Iterable<string>): Generator<RunEvent> {
  let number = 0;
  let cutOff: UserError | undefined;
  for (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    // It was not the last one after all.
    if (cutOff) throw cutOff;
    const value = parsed(line);
    if (number === 1) yield opened(value, line);
    else if (value === undefined)
      cutOff = fault(number, `found ${quoted(line)}, expected an event as one line of JSON`);
    else yield eventOf(value, line, number);
  }
  if (number === 0) throw fault(1, 'found nothing, expected the head of a recording');
}

/** The state of a run after all that happened up to run time `at` (ms). */
export const stateAt = (events: Iterable<RunEvent>, at = Number.POSITIVE_INFINITY): RunState => {
  let folded = beginning();
  for (const event of events) {
    if (event.at > at) break;
    folded = reduce(folded, event);
  }
  return folded.state;
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const fault = (line: number, text: string, hint?: string): UserError =>
  new UserError(`line ${line}: ${text}`, hint === undefined ? {} : { hint });

/** The beginning of a line, for messages. */
const quoted = (line: string): string => JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isHead = (value: unknown): value is WrittenHead =>
  isObject(value) && isObject(value.run) && isObject(value.plan) && Array.isArray(value.plan.segments);

const isWritten = (value: unknown): value is WrittenEvent =>
  isObject(value) &&
  typeof value.type === 'string' &&
  Object.hasOwn(written, value.type) &&
  typeof value.sequence === 'number' &&
  typeof value.at === 'number';

const opened = (value: unknown, line: string): RunEvent => {
  if (!isObject(value) || value.loadtop === undefined) {
    const hint = 'recordings are written by every run, and with --record FILE where you say';
    throw fault(1, `found ${quoted(line)}, expected the head of a recording, {"loadtop":${recordingVersion},…}`, hint);
  }
  if (value.loadtop !== recordingVersion) {
    const hint = 'read it with the version that wrote it';
    throw fault(1, `found format ${String(value.loadtop)}, expected format ${recordingVersion}`, hint);
  }
  if (!isHead(value)) throw fault(1, 'found a head without its run and plan');
  const { run, plan, endsAt } = value;
  const spawnRate = run.spawnRate === null ? Number.POSITIVE_INFINITY : run.spawnRate;
  // Its number is not written; it is the first of all but for what went wrong before.
  return { sequence: 0, at: 0, type: 'run/opened', run: { ...run, spawnRate }, plan: planOf(plan), endsAt };
};

const eventOf = (value: unknown, line: string, number: number): RunEvent => {
  if (!isWritten(value)) {
    const type = isObject(value) && typeof value.type === 'string' ? `"${value.type}"` : quoted(line);
    throw fault(number, `found ${type}, expected an event that this version knows`);
  }
  try {
    return mended(value);
  } catch (error) {
    throw fault(number, `found a ${value.type} that cannot be read: ${errorMessage(error)}`);
  }
};

/** The event with the numbers that JSON cannot hold. */
const mended = (event: WrittenEvent): RunEvent => {
  switch (event.type) {
    case 'second/closed': {
      const { verdict, objectives } = event;
      return {
        ...event,
        ...(objectives && { objectives: objectives.map((one) => ({ ...one, value: numberOf(one.value) })) }),
        second: replayedSecond(event.second),
        verdict: verdict && {
          ...verdict,
          pacingP99Ms: numberOf(verdict.pacingP99Ms),
          loopUtilisation: numberOf(verdict.loopUtilisation),
        },
      };
    }
    case 'plan/changed': {
      const { plan, wantedBefore, wanted } = event;
      return { ...event, plan: planOf(plan), wantedBefore: numberOf(wantedBefore), wanted: numberOf(wanted) };
    }
    case 'plan/applied':
      return { ...event, wanted: numberOf(event.wanted) };
    case 'spawn/changed':
      return { ...event, perSecondBefore: perSecondOf(event.perSecondBefore), perSecond: perSecondOf(event.perSecond) };
    case 'objective/changed':
      return { ...event, value: numberOf(event.value) };
    case 'run/closed':
      return { ...event, summary: { ...event.summary, metrics: event.summary.metrics ?? [] } };
    case 'probe/read':
      return {
        ...event,
        values: event.values.map((value) =>
          value.type === 'value' ? { ...value, value: numberOf(value.value) } : value,
        ),
      };
    default:
      return event;
  }
};

/** Users a second; null was all at once. */
const perSecondOf = (users: Written): number => users ?? Number.POSITIVE_INFINITY;

/** The plan; a segment without a length has no end. */
const planOf = ({ segments, ...rest }: WrittenPlan): PlanData => ({
  ...rest,
  segments: segments.map((segment) => ({ ...segment, lengthMs: segment.lengthMs ?? Number.POSITIVE_INFINITY })),
});
