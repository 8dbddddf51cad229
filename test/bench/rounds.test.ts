import { describe, expect, it } from 'vitest';
import { RunFailed } from './measure.ts';
import { orderOf, present, runRounds } from './rounds.ts';

describe('rounds', () => {
  it('have every contender once, and each at another place in the next', () => {
    expect(orderOf(3, 0)).toEqual([0, 1, 2]);
    expect(orderOf(3, 1)).toEqual([0, 2, 1]);
    expect(orderOf(3, 2)).toEqual([2, 0, 1]);
    for (let round = 0; round < 9; round += 1) expect(orderOf(4, round).toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('keep a failed run out of the figures, with its reason', async () => {
    let flaky = 0;
    const [good, bad] = await runRounds(
      [
        { name: 'good', run: async (round) => round },
        {
          name: 'bad',
          run: async () => {
            flaky += 1;
            if (flaky === 2) throw new RunFailed('it ended at once');
            return flaky;
          },
        },
      ],
      3,
      () => undefined,
    );
    expect(good).toMatchObject({ results: [0, 1, 2], failure: undefined });
    expect(bad!.failure).toBe('it ended at once');
    expect(bad!.results).toEqual([1, undefined, 3]);
    expect(present(bad!)).toEqual([1, 3]);
  });

  it('give a contender up that failed twice', async () => {
    let tries = 0;
    const run = async (): Promise<number> => {
      tries += 1;
      throw new RunFailed('unknown flag');
    };
    await runRounds([{ name: 'old', run }], 7, () => undefined);
    expect(tries).toBe(2);
  });

  it('do not hide a fault of the benchmark itself', async () => {
    const run = async (): Promise<number> => {
      throw new TypeError('a bug');
    };
    await expect(runRounds([{ name: 'x', run }], 1, () => undefined)).rejects.toThrow('a bug');
  });
});
