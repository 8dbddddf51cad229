// The part of the profile language that says what drives the load.

import { z } from 'zod';
import { UnitError } from '../common/units.ts';
import type { Stage } from '../load/arrival-plan.ts';
import type { ErrorLimit } from '../measure/burst.ts';
import { burstSizes, readBurst, readErrorLimit, readFactor, readRounds } from './burst-sizes.ts';
import { burstContradictions, growContradictions, loadContradictions } from './contradictions.ts';
import { readEnd } from './end-condition.ts';
import { growingStages, growthOf } from './growth.ts';
import {
  arrivalKinds,
  choiceKinds,
  overflowKinds,
  readConnections,
  readLength,
  readPeriod,
  readPositiveRate,
  readRate,
  readRequests,
  readSeed,
  readStage,
  readUsers,
  readWorkers,
  stageOf,
  stagesFault,
} from './quantities.ts';
import { startInstant } from './schema-data.ts';
import { think } from './schema-flow.ts';
import {
  address,
  eitherForm,
  isMapping,
  oneOrMore,
  quantity,
  raise,
  section,
  word,
  writtenAs,
} from './schema-parts.ts';

const level = z.union([z.string(), z.number()]);
const length = level.meta({ description: 'a duration such as 30s' });
const reached = {
  rate: level.meta({ description: 'a rate such as 500' }),
  users: level.meta({ description: 'a whole number of users' }),
};
const longForms = {
  rate: z.strictObject({ over: length, rate: reached.rate }),
  users: z.strictObject({ over: length, users: reached.users }),
};

/** How a stage may be written; what of it fits is `stage`'s to say. */
const writtenStage = <Word extends 'rate' | 'users'>(word: Word) =>
  z.union([
    z
      .record(z.string(), reached[word])
      .meta({ description: 'LENGTH: LEVEL, as in 30s: 500', minProperties: 1, maxProperties: 1 }),
    z.string().meta({ description: 'LENGTH:LEVEL, as in 30s:500', pattern: '^[^:]+:[^:]+$' }),
    longForms[word],
  ]);

/** `30s: 500`, `{over: 30s, rate: 500}` or `30s:500`. @param word the name of what is reached in the long form */
const stage = <Word extends 'rate' | 'users'>(word: Word, read?: (text: string) => number) =>
  writtenAs(writtenStage(word)).transform((value, context): Stage => {
    try {
      if (typeof value === 'string') return readStage(value, read);
      const entries = isMapping(value) ? Object.entries(value) : [];
      if (isMapping(value) && 'over' in value && word in value && entries.length === 2) {
        return stageOf(String(value.over), String(value[word]), read);
      }
      const [first] = entries;
      if (first && entries.length === 1 && first[0] !== 'over' && first[0] !== word) {
        return stageOf(first[0], String(first[1]), read);
      }
      context.addIssue({ code: 'custom', message: 'a stage such as 30s: 500' });
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
    return z.NEVER;
  });

const stagesOf = <Each extends z.ZodType<Stage>>(each: Each) =>
  z.array(each, { error: 'a list of stages such as - 30s: 500' }).superRefine((list, context) => {
    const fault = stagesFault(list);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

export interface Burst {
  readonly sizes: readonly number[];
  readonly after?: number | undefined;
  readonly pause?: number | undefined;
  readonly stopAbove?: ErrorLimit | undefined;
}

const burst = eitherForm(
  quantity((text): Burst => ({ sizes: readBurst(text) }), 'a number of requests such as 1000, or with rounds 1000x5'),
  section(
    {
      size: quantity(readConnections, 'a number of requests such as 1000'),
      rounds: quantity(readRounds, 'a whole number of at least 1').optional(),
      step: quantity(readConnections, 'a number of requests such as 10').optional(),
      factor: quantity(readFactor, 'a number above 1, such as 2').optional(),
      most: quantity(readConnections, 'a number of requests such as 1000').optional(),
      after: quantity(readLength, 'a duration such as 30s').optional(),
      pause: quantity(readLength, 'a duration such as 1s').optional(),
      stopAbove: quantity(readErrorLimit, 'a number of errors such as 0, or a share such as 10%').optional(),
    },
    'a mapping such as { size: 1000, rounds: 5, pause: 1s } or { size: 10, step: 10, most: 1000 }',
  )
    .superRefine(raise(burstContradictions))
    .transform(({ after, pause, stopAbove, ...shape }, context): Burst => {
      try {
        return { sizes: burstSizes(shape), after, pause, stopAbove };
      } catch (error) {
        if (!(error instanceof UnitError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    }),
);

const grow = section(
  {
    factor: quantity(readFactor, 'a number above 1, such as 2').optional(),
    step: quantity(readPositiveRate, 'a rate such as 500').optional(),
    every: quantity(readPeriod, 'a duration such as 30s'),
    most: quantity(readPositiveRate, 'a rate such as 100k').optional(),
  },
  'a mapping such as { factor: 2, every: 30s, most: 100k }',
).superRefine(raise(growContradictions));

/** What drives a load, and what it may take. */
const driving = {
  rate: quantity(readRate, "a rate such as 500, 2.5k or 3000/m, or 'max' for full speed").optional(),
  grow: grow.optional(),
  stages: stagesOf(stage('rate')).optional(),
  users: eitherForm(
    quantity(readUsers, 'a number of users such as 200, or stages of users'),
    stagesOf(stage('users', readUsers)),
  ).optional(),
  spawnRate: quantity(readPositiveRate, 'users that begin in a second, such as 10').optional(),
  burst: burst.optional(),
  arrivals: word(arrivalKinds).optional(),
  connections: quantity(readConnections, 'a whole number of at least 1').optional(),
  maxInFlight: quantity(readConnections, 'a whole number of at least 1').optional(),
  overflow: word(overflowKinds).optional(),
  think: think.optional(),
};

/** The steps of a growing rate can be made. */
const growsWell = ({ rate, grow: growth }: DrivingFile, context: z.RefinementCtx): void => {
  if (growth === undefined || typeof rate !== 'number') return;
  try {
    growingStages(rate, growthOf(growth));
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    context.addIssue({ code: 'custom', path: ['grow'], message: error.message });
  }
};

const drivingForm = z.object(driving);
/** What drives a load, as it was read. */
export type DrivingFile = z.output<typeof drivingForm>;

/** Whether a block says what drives the load at all. */
export const drives = ({ rate, stages, users, burst: rounds }: DrivingFile): boolean =>
  [rate, stages, users, rounds].some((each) => each !== undefined);

/** The key `load` of a scenario. */
export const ownLoad = section(driving, 'a mapping with a rate, stages, users or a burst')
  .superRefine(raise(loadContradictions))
  .superRefine(growsWell)
  .superRefine((block, context) => {
    if (!drives(block)) context.addIssue({ code: 'custom', message: 'a rate, stages, users or a burst' });
  });

/** The key `load`. */
export const load = section(
  {
    ...driving,
    choose: word(choiceKinds).optional(),
    duration: quantity(readLength, 'a duration such as 30s, or 0 for until stopped').optional(),
    requests: quantity(readRequests, 'a whole number of at least 1').optional(),
    until: oneOrMore(address(readEnd, 'a condition such as errors>10% over 10s')).optional(),
    seed: quantity(readSeed, 'a whole number').optional(),
    now: startInstant.optional(),
    workers: quantity(readWorkers, 'a whole number, or auto').optional(),
    maxRate: quantity(readPositiveRate, 'a rate such as 5k').optional(),
    warmup: quantity(readLength, 'a duration such as 10s').optional(),
    grace: quantity(readLength, 'a duration such as 30s').optional(),
  },
  'a mapping with a rate, stages, users or a burst',
)
  .superRefine(raise(loadContradictions))
  .superRefine(growsWell)
  .meta({ id: 'load' });
