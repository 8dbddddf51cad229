// Alternating runs: every round runs each contender once, in an order that turns and reverses from round to round, so that
// what drifts on the machine hits all alike. Ratios are then taken within rounds (statistics.ts).

import { RunFailed } from './measure.ts';

export interface Contender<Result> {
  readonly name: string;
  run(round: number): Promise<Result>;
}

export interface Rounds<Result> {
  readonly name: string;
  /** By round; undefined where it failed or was no longer tried. */
  readonly results: readonly (Result | undefined)[];
  /** Why it has no figure in some rounds. */
  readonly failure: string | undefined;
}

/** The order in a round: turned by one each round, backwards in every second. */
export const orderOf = (count: number, round: number): number[] => {
  const turned = Array.from({ length: count }, (_, index) => (index + round) % count);
  return round % 2 === 0 ? turned : turned.toReversed();
};

/** Runs them all. One that fails in two rounds is not tried again; errors that are no failed run are thrown on. */
export const runRounds = async <Result>(
  contenders: readonly Contender<Result>[],
  rounds: number,
  say: (text: string) => void,
): Promise<Rounds<Result>[]> => {
  const all = contenders.map(({ name }) => ({
    name,
    results: new Array<Result | undefined>(rounds),
    failures: 0,
    failure: undefined as string | undefined,
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const index of orderOf(contenders.length, round)) {
      const one = all[index]!;
      if (one.failures >= 2) continue;
      say(`round ${round + 1} of ${rounds}: ${one.name}`);
      try {
        one.results[round] = await contenders[index]!.run(round);
      } catch (error) {
        if (!(error instanceof RunFailed)) throw error;
        one.failures += 1;
        one.failure = error.message;
        say(`${one.name}: ${error.message}`);
      }
    }
  }
  return all;
};

/** The results that there are. */
export const present = <Result>({ results }: Rounds<Result>): Result[] =>
  results.filter((result): result is Result => result !== undefined);
