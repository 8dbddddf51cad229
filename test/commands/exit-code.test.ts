// The exit code says how the run was left, then whether it could be carried out, then whether its numbers can be trusted.

import { describe, expect, it } from 'vitest';
import { type EndSignal, exitCodeOf, unbegunCode, worstCode } from '../../source/commands/exit-code.ts';
import type { Ending } from '../../source/session/session-parts.ts';
import { brokenSummary, metSummary } from '../helpers/fixture-objectives.ts';
import { fixtureSummary } from '../helpers/fixture-summary.ts';

interface Case {
  readonly signal?: EndSignal;
  readonly good?: number;
  readonly valid?: boolean;
  readonly broken?: boolean;
  readonly aborted?: boolean;
  readonly cutInFlight?: number;
  readonly missed?: boolean;
}

const ending = ({
  good = 100,
  valid = true,
  broken = false,
  aborted = false,
  cutInFlight = 0,
  missed,
}: Case): Ending => {
  const { generator } = fixtureSummary();
  const objectives = [missed ? brokenSummary() : metSummary()];
  const summary = fixtureSummary({ good, objectives, generator: { ...generator, valid } });
  return { summary, broken, aborted, cutInFlight };
};

describe('the exit code of several phases', () => {
  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 99, 0], 99],
    [[99, 96], 96],
    [[96, 1, 99], 1],
    [[1, 143], 143],
    [[99, 130, 1], 130],
    [[0, 129, 130], 129],
  ] as const)('of %j is %i', (codes, worst) => {
    expect(worstCode(codes)).toBe(worst);
  });
});

describe('the exit code', () => {
  it.each<[number, string, Case]>([
    [0, 'a planned end', {}],
    [0, 'a planned end that cut off slow requests', { cutInFlight: 5 }],
    [0, 'one Ctrl+C', { signal: 'SIGINT' }],
    [0, 'one Ctrl+C that did not drain', { signal: 'SIGINT', cutInFlight: 5 }],
    [0, 'a SIGTERM that drained', { signal: 'SIGTERM' }],
    [1, 'not one good request', { good: 0 }],
    [1, 'a load that broke down', { broken: true }],
    [1, 'a drained SIGTERM without a good request', { signal: 'SIGTERM', good: 0 }],
    [96, 'numbers that are not valid', { valid: false }],
    [96, 'one Ctrl+C, not valid', { signal: 'SIGINT', valid: false }],
    [96, 'a SIGTERM that drained, not valid', { signal: 'SIGTERM', valid: false }],
    [99, 'an objective that was broken', { missed: true }],
    [99, 'one Ctrl+C after an objective was broken', { signal: 'SIGINT', missed: true }],
    [96, 'not valid rather than an objective that was broken', { valid: false, missed: true }],
    [1, 'nothing good rather than an objective that was broken', { good: 0, missed: true }],
    [130, 'stop now rather than an objective that was broken', { aborted: true, missed: true }],
    [1, 'nothing good rather than not valid', { good: 0, valid: false }],
    [1, 'broken rather than not valid', { broken: true, valid: false }],
    [130, 'stop now', { aborted: true }],
    [130, 'a second Ctrl+C', { signal: 'SIGINT', aborted: true, cutInFlight: 5 }],
    [130, 'stop now rather than nothing good', { aborted: true, good: 0, valid: false, broken: true }],
    [143, 'a SIGTERM that did not drain', { signal: 'SIGTERM', cutInFlight: 1 }],
    [143, 'a SIGTERM and then stop now', { signal: 'SIGTERM', aborted: true }],
    [143, 'an undrained SIGTERM rather than nothing good', { signal: 'SIGTERM', cutInFlight: 1, good: 0 }],
    [129, 'a SIGHUP', { signal: 'SIGHUP' }],
    [
      129,
      'a SIGHUP, whatever else',
      { signal: 'SIGHUP', aborted: true, broken: true, good: 0, valid: false, cutInFlight: 3 },
    ],
  ])('%i stands for %s', (code, _, is) => {
    expect(exitCodeOf(ending(is), is.signal)).toBe(code);
  });
});

it.each<[EndSignal, boolean, number]>([
  ['SIGINT', false, 1],
  ['SIGTERM', false, 1],
  ['SIGINT', true, 130],
  ['SIGTERM', true, 143],
  ['SIGHUP', false, 129],
  ['SIGHUP', true, 129],
])('a run that %s ends before it has begun (at once: %s) ends with %i', (signal, aborted, code) => {
  expect(unbegunCode(signal, aborted)).toBe(code);
});
