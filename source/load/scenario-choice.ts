// Which scenario an arrival runs: drawn by the arrival's number from the weights, so that the order of scenarios does not
// depend on the number of workers.

import { draw } from '../common/random.ts';

const choiceStream = 2;

/** A function from arrival number to scenario index, for weights that are not negative and not all 0. */
export const scenarioChoice = (weights: readonly number[], seed: number): ((n: number) => number) => {
  if (weights.length === 1) return () => 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  return (n) => {
    const drawn = draw(seed, n, choiceStream);
    const index = bounds.findIndex((bound) => drawn < bound);
    return index === -1 ? weights.findLastIndex((weight) => weight > 0) : index;
  };
};
