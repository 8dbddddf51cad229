// A condition that ends a load is read as what has to hold until then.

import { describe, expect, it } from 'vitest';
import { UnitError } from '../../source/common/units.ts';
import { readEnd } from '../../source/profile/end-condition.ts';

describe('a condition that ends a load', () => {
  it.each([
    ['errors > 10% over 10s', { metric: 'errors', comparison: '<=', bound: 0.1, windowMs: 10_000 }],
    ['p95>=500ms over 30s', { metric: 'p95', comparison: '<', bound: 500, windowMs: 30_000 }],
    ['rate<900/s over 5s', { metric: 'rate', comparison: '>=', bound: 900, windowMs: 5000 }],
  ])('%s is broken when it comes about', (text, objective) => {
    expect(readEnd(text)).toMatchObject({ ...objective, text });
  });

  it.each(['', 'errors', 'errors 10%', 'erors>10%', 'errors>11', 'p95>500', 'errors>10% over 10ms'])(
    'is not %j',
    (text) => {
      expect(() => readEnd(text)).toThrow(UnitError);
    },
  );

  it('says which sign it wants', () => {
    expect(() => readEnd('errors<10%')).toThrow('> behind errors, for when it ends');
    expect(() => readEnd('rate>10/s')).toThrow('< behind rate, for when it ends');
  });
});
