// Causes are finer than classes and never cross them; each says something that its class does not, or is its class.

import { describe, expect, it } from 'vitest';
import { causeDetail, causeIndex, causes, classOfCause, whoseFault } from '../../source/measure/cause.ts';
import { outcomeClasses } from '../../source/measure/outcome.ts';

describe('the table of causes', () => {
  it('has unique names and one counter for each', () => {
    expect(new Set(causes.map(({ name }) => name)).size).toBe(causes.length);
    expect(causes.map(({ name }) => causeIndex(name))).toEqual(causes.map((_, index) => index));
    // The look-up by status keeps indexes in bytes, and 0 for "no other cause".
    expect(causes.length).toBeLessThan(256);
    expect(causeIndex('2xx')).toBe(0);
  });

  it('leaves no class without a cause, and puts each cause into its class', () => {
    const used = new Set(causes.map((_, index) => classOfCause(index)));
    expect([...used].toSorted((a, b) => a - b)).toEqual(outcomeClasses.map((_, index) => index));
    for (const [index, cause] of causes.entries()) {
      expect(outcomeClasses[classOfCause(index)]!.name).toBe(cause.class);
    }
  });

  it('blames this machine in the class of our own faults, and only there', () => {
    for (const cause of causes) expect(cause.fault === 'ours').toBe(cause.class === 'ours');
    expect(whoseFault.ours).toBe('ours');
  });

  it.each([
    ['timeout, waiting for headers', 'waiting for headers'],
    ['reset before an answer', 'before an answer'],
    ['TLS: certificate expired', 'certificate expired'],
    ['503, through an edge', 'through an edge'],
    ['503', ''],
    ['2xx', ''],
    ['404', '404'],
    ['other 4xx', 'other 4xx'],
    ['502, through an edge', '502, through an edge'],
  ] as const)('says of %s, beyond its class: %j', (name, detail) => {
    expect(causeDetail(causes[causeIndex(name)]!)).toBe(detail);
  });

  it('says of each cause something that tells it from the others of its class', () => {
    for (const { name } of outcomeClasses) {
      const details = causes.filter((cause) => cause.class === name).map(causeDetail);
      expect(new Set(details).size, name).toBe(details.length);
    }
  });
});
