// The outputs in fixtures/ are what the tools printed, one second each against a local server.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claimsFrom, numberAt } from './claims.ts';

const captured = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');

describe('what a tool claims', () => {
  it.each([
    ['wrk', { p50: 0.04, p99: 0.103, p999: 1.293, max: 2.388 }],
    ['hey', { p50: 0.2, p99: 1.1, p999: undefined, max: 1.1 }],
    ['oha', { p50: 0.082383, p99: 0.165637, p999: 0.394881, max: 3.485033 }],
    ['autocannon', { p50: 0, p99: 4, p999: 5, max: 5 }],
    ['locust', { p50: 1, p99: 150, p999: 150, max: 146.8240979957045 }],
    ['loadtop', { p50: 0.678, p99: 1.71, p999: 2.985, max: 3.029 }],
  ] as const)('is read from the output of %s', (tool, expected) => {
    const claims = claimsFrom[tool](captured(tool));
    for (const key of ['p50', 'p99', 'p999', 'max'] as const) {
      if (expected[key] === undefined) expect(claims[key]).toBeUndefined();
      else expect(claims[key]).toBeCloseTo(expected[key], 9);
    }
  });

  it('has a mean and a p95 where users are compared', () => {
    expect(claimsFrom.loadtop(captured('loadtop'))).toMatchObject({ mean: 0.7, p95: 1.221 });
    const { mean, p95 } = claimsFrom.locust(captured('locust'));
    expect(mean).toBeCloseTo(1456.287421991874 / 75, 9);
    expect(p95).toBe(120);
  });

  it('is nothing where Locust sent nothing', () => {
    expect(claimsFrom.locust('[]')).toEqual({
      ...{ mean: undefined, p50: undefined, p95: undefined, p99: undefined, p999: undefined, max: undefined },
    });
  });

  it.each(['wrk', 'hey'] as const)('is nothing where %s printed something else', (tool) => {
    expect(claimsFrom[tool]('unable to connect')).toEqual({
      p50: undefined,
      p99: undefined,
      p999: undefined,
      max: undefined,
    });
  });

  it('is undefined where a number is null', () => {
    expect(claimsFrom.loadtop('{"response":{"good":{"p50Ms":null}}}').p50).toBeUndefined();
  });
});

describe('a number in JSON', () => {
  it.each([
    [{ a: { b: 1 } }, ['a', 'b'], 1],
    [{ a: 1 }, ['a', 'b'], undefined],
    [null, ['a'], undefined],
    [{ a: '1' }, ['a'], undefined],
  ])('in %j at %j is %j', (json, path, expected) => {
    expect(numberAt(json, ...path)).toBe(expected);
  });
});
