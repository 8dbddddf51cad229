// The part of the profile language that puts several loads one after the other.

import { z } from 'zod';
import { didYouMean } from '../common/did-you-mean.ts';
import { readObjective } from '../measure/objective.ts';
import { phaseContradictions } from './contradictions.ts';
import type { DeclaredMetric } from './counts.ts';
import { readEnd } from './end-condition.ts';
import { readLength } from './quantities.ts';
import { drives, load } from './schema-load.ts';
import { objectiveFault } from './schema-metrics.ts';
import { address, line, oneOrMore, quantity, raise, section } from './schema-parts.ts';

const phase = section(
  {
    name: line('a name').optional(),
    load,
    scenarios: oneOrMore(line('the name of a scenario')).optional(),
    until: oneOrMore(address(readEnd, 'a condition such as errors>10% over 10s')).optional(),
    warmup: quantity(readLength, 'a duration such as 10s').optional(),
    objectives: oneOrMore(address(readObjective, 'an objective such as p99<300ms over 30s')).optional(),
    pause: quantity(readLength, 'a duration such as 10s').optional(),
  },
  'a phase such as { name: stress, load: { rate: 500, duration: 1m } }',
).superRefine(raise(phaseContradictions));

/** The key `phases`. */
export const phases = z
  .array(phase, { error: 'a list of phases such as - { name: stress, load: { rate: 500, duration: 1m } }' })
  .min(1, { error: 'at least one phase' });

interface ScenarioOfPhase {
  readonly name?: string | undefined;
  readonly weight?: number | undefined;
  /** Its own, beside that of the phase. */
  readonly load?: unknown;
}

interface WithPhases {
  readonly load?: unknown;
  readonly phases?: z.output<typeof phases> | undefined;
  readonly scenarios?: readonly ScenarioOfPhase[] | undefined;
  readonly metrics?: readonly DeclaredMetric[] | undefined;
}

interface PhaseFault {
  readonly path: readonly (string | number)[];
  readonly expected: string;
}

/** What in phases does not fit the rest of the profile. */
export const phaseFaults = (profile: WithPhases): readonly PhaseFault[] => {
  const { phases: list = [], load: other } = profile;
  const names = list.map(({ name }, index) => name ?? `phase ${index + 1}`);
  return [
    ...(list.length > 0 && other !== undefined
      ? [{ path: ['load'], expected: 'either load or phases, not both: each phase has a load' }]
      : []),
    ...names.flatMap((name, index): PhaseFault[] =>
      names.indexOf(name) < index
        ? [{ path: ['phases', index, 'name'], expected: 'a name that no other phase has' }]
        : [],
    ),
    ...list.flatMap((each, index) =>
      faultsWithin(each, profile).map(({ path, expected }) => ({ path: ['phases', index, ...path], expected })),
    ),
  ];
};

const faultsWithin = (
  { scenarios: chosen, objectives = [], load: shared }: z.output<typeof phase>,
  { scenarios = [{ name: 'main' }], metrics = [] }: WithPhases,
): readonly PhaseFault[] => {
  const all = scenarios.map((scenario, index) => ({
    weight: 1,
    ...scenario,
    name: scenario.name ?? `scenario ${index + 1}`,
  }));
  const names = all.map(({ name }) => name);
  const unknown = (chosen ?? []).flatMap((name, index): PhaseFault[] => {
    if (names.includes(name)) return [];
    const near = didYouMean(name, names);
    const expected = `one of ${names.join(', ')}${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
    return [{ path: ['scenarios', index], expected }];
  });
  const run = all.filter(({ name }) => chosen?.includes(name) ?? true);
  const isIdle = chosen !== undefined && unknown.length === 0 && run.every(({ weight }) => weight === 0);
  const isUnused = drives(shared) && run.length > 0 && run.every(({ load: own }) => own !== undefined);
  return [
    ...unknown,
    ...(isIdle ? [{ path: ['scenarios'], expected: 'at least one scenario with a weight above 0' }] : []),
    ...(isUnused ? [{ path: ['load'], expected: 'a scenario without a load of its own, for which this is' }] : []),
    ...objectives.flatMap(({ counted }, index): PhaseFault[] => {
      const expected = counted && objectiveFault(counted, metrics);
      return expected === undefined ? [] : [{ path: ['objectives', index], expected }];
    }),
  ];
};
