import { describe, expect, it } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { readProbeUrl, readUrl } from '../../source/profile/target.ts';

describe('a user name and a password', () => {
  it('may stand in the URL of a probe, which has no headers of its own', () => {
    expect(readProbeUrl('http://me:hush@localhost:9464/metrics')).toBe('http://me:hush@localhost:9464/metrics');
  });

  it('may not stand in the URL of the load, whose headers say who it is', () => {
    expect(() => readUrl('http://me:hush@localhost/')).toThrow(UnitError);
  });
});
