import { describe, expect, it } from 'vitest';
import { type OutcomeClass, outcomeClasses, outcomeIndex, outcomeOfStatus } from '../../source/measure/outcome.ts';

const nameOf = (status: number, good: boolean): OutcomeClass => outcomeClasses[outcomeOfStatus(status, good)]!.name;

describe('the outcome of a status', () => {
  it.each([
    [200, true, '2xx'],
    [204, true, '2xx'],
    [302, true, '3xx'],
    [200, false, 'expectation failed'],
    [304, false, 'expectation failed'],
    [404, false, '4xx'],
    [404, true, '4xx'],
    [429, false, '429'],
    [500, false, '5xx'],
    [502, false, '5xx'],
    [503, false, '503'],
    [504, false, '504'],
    [520, false, '520'],
    [524, false, '524'],
    [525, false, '5xx'],
    [599, false, '5xx'],
    [999, false, '5xx'],
    [1200, false, '5xx'],
  ] as const)('%d (as expected: %s) is %s', (status, good, name) => expect(nameOf(status, good)).toBe(name));

  it('has one counter for each class, and shows 429, 503, 524 and refused always', () => {
    expect(new Set(outcomeClasses.map(({ name }) => outcomeIndex(name))).size).toBe(outcomeClasses.length);
    const always = outcomeClasses.filter((row) => row.always).map(({ name }) => name);
    expect(always).toEqual(['2xx', '429', '503', '524', 'refused']);
  });
});
