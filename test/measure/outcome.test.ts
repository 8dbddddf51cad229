import { describe, expect, it } from 'vitest';
import { outcomeClasses, outcomeIndex } from '../../source/measure/outcome.ts';

describe('the classes of outcomes', () => {
  it('have an index each, and 2xx, 429, 503, 524 and refused are shown always', () => {
    expect(outcomeClasses.map(({ name }) => outcomeIndex(name))).toEqual(outcomeClasses.map((_, index) => index));
    const always = outcomeClasses.filter((row) => row.always).map(({ name }) => name);
    expect(always).toEqual(['2xx', '429', '503', '524', 'refused']);
  });
});
