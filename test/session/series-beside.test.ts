import { describe, expect, it } from 'vitest';
import { seriesBesideBursts } from '../../source/session/series-beside.ts';

const beside = (model: 'open' | 'closed' | 'burst', ...series: number[]) => ({ name: 'own', model, load: '', series });
const series = ['a', 'b', 'c', 'd'];

describe('the series beside bursts', () => {
  it.each([
    [
      'those of the loads beside the main one',
      { model: 'burst', beside: [beside('open', 1), beside('closed', 3)] },
      [1, 3],
    ],
    [
      'those of the main load where the bursts are beside it',
      { model: 'open', beside: [beside('burst', 0, 2)] },
      [1, 3],
    ],
    ['of no burst at all', { model: 'burst', beside: [beside('burst', 0), beside('open', 2)] }, [2]],
    ['none where there are no bursts', { model: 'open', beside: [beside('closed', 0)] }, []],
    ['none where there is nothing else', { model: 'burst' }, []],
  ] as const)('are %s', (_, run, expected) => {
    expect(seriesBesideBursts({ series, ...run })).toEqual(expected);
  });
});
