import { describe, expect, it } from 'vitest';
import { readOptions, usage } from './options.ts';

const known = ['get', 'post'];

describe('the command line of the benchmark', () => {
  it('takes names of cases among options', () => {
    expect(readOptions(['get', '--pairs', '3', 'post', '--seconds', '6', '--profile'], known)).toMatchObject({
      cases: ['get', 'post'],
      pairs: 3,
      seconds: 6,
      profile: true,
      pin: true,
      build: true,
    });
  });

  it('runs all cases, seven pairs each, where nothing is said', () => {
    expect(readOptions([], known)).toMatchObject({ cases: [], pairs: 7, seconds: undefined, loadtop: undefined });
  });

  it.each([
    [['put'], "There is no case 'put'; there are: get, post."],
    [['--pairs', '0'], '--pairs wants a whole number from 1 on.'],
    [['--pairs', 'many'], '--pairs wants a whole number from 1 on.'],
    [['--seconds', '2'], '--seconds wants a whole number from 3 on.'],
    [['--sekonds', '2'], "Unknown option '--sekonds'"],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args, known)).toThrow(message);
  });

  it('lists its cases', () => {
    expect(usage([['get', 'GET at full speed']])).toContain('  get           GET at full speed\n');
  });
});
