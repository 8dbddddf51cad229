// What cases make of their samples; the cases themselves are run by npm run bench.

import { describe, expect, it } from 'vitest';
import { longestStall } from './cases/connections.ts';
import { type DrawingRun, sameWithin } from './cases/drawing.ts';
import { judgeSoak } from './cases/soak.ts';
import { awayOf, lawOf } from './cases/users.ts';
import { parseRequests } from './target.ts';

/** A sample each second: memory in MB by second, CPU µs per request by second, 5,000 requests a second. */
const samples = (seconds: number, megabytes: (second: number) => number, cost: (second: number) => number) => {
  let cpuMs = 0;
  return Array.from({ length: seconds }, (_, index) => {
    const second = index + 1;
    cpuMs += (cost(second) * 5000) / 1000;
    return { atMs: second * 1000, residentBytes: megabytes(second) * 1e6, cpuMs, requests: second * 5000 };
  });
};

describe('a soak', () => {
  it('sees a leak of 2 MB a minute in the saw-tooth of a heap', () => {
    const { mbPerMinute, noiseMbPerMinute, noiseMb, grownMb, mostMb, startMb, endMb } = judgeSoak(
      samples(
        600,
        (second) => 120 + second / 30 + (second % 10),
        () => 30,
      ),
      600_000,
    );
    expect(mbPerMinute).toBeCloseTo(2, 1);
    expect(grownMb).toBeGreaterThan(noiseMb);
    expect(mbPerMinute).toBeGreaterThan(noiseMbPerMinute);
    expect(endMb - startMb).toBeCloseTo(18, 0);
    expect(mostMb).toBeCloseTo(149, 0);
  });

  it('sees none in the saw-tooth alone, nor in what the heap takes in its first minute', () => {
    const { grownMb, noiseMb } = judgeSoak(
      samples(
        600,
        (second) => 120 + Math.min(0, second - 60) + (second % 10),
        () => 30,
      ),
      600_000,
    );
    expect(Math.abs(grownMb)).toBeLessThan(noiseMb / 2);
  });

  it('compares the cost of a request in the first minute and in the last', () => {
    const { firstCost, lastCost } = judgeSoak(
      samples(
        600,
        () => 120,
        (second) => (second <= 300 ? 30 : 33),
      ),
      600_000,
    );
    expect(firstCost).toBeCloseTo(30, 9);
    expect(lastCost).toBeCloseTo(33, 9);
  });
});

describe('what the screen changes', () => {
  const run = (achieved: number, p50: number, p99: number): DrawingRun => ({
    achieved,
    measured: { cpuMs: 0, spanMs: 1000, requests: 0, foreignCores: 0, residentBytes: 0, exit: exited },
    claims: { p50, p99, p999: undefined, max: undefined },
    bytesPerSecond: 2000,
  });
  const exited = { code: 0, signal: undefined, stdout: '', stderr: '' };

  it('is nothing where the figures differ by less than from round to round', () => {
    const plain = [run(2000, 1, 5), run(1999, 1.1, 8), run(2001, 0.9, 4)];
    const drawn = [run(2000, 1.02, 6), run(2000, 1, 7), undefined];
    expect(sameWithin(drawn, plain).map(({ met }) => met)).toEqual([true, true, true]);
  });

  it('is told where they differ by more', () => {
    const plain = [run(2000, 1, 5), run(2000, 1, 5), run(2000, 1, 5)];
    const drawn = [run(1900, 1.2, 5.2), run(1900, 1.2, 5.2), run(1900, 1.2, 5.2)];
    expect(sameWithin(drawn, plain).map(({ met }) => met)).toEqual([false, false, true]);
    expect(sameWithin([], plain).map(({ met }) => met)).toEqual([undefined, undefined, undefined]);
  });
});

describe('a thousand users who think 1 to 5 s', () => {
  const run = (requests: number, mean: number | undefined) => ({
    measured: {
      ...{ cpuMs: 0, spanMs: 60_000, requests, foreignCores: 0, residentBytes: 0 },
      exit: { code: 0, signal: undefined, stdout: '', stderr: '' },
    },
    claims: { mean, p50: 20, p99: 30, p999: undefined, max: undefined },
  });

  it('are held against the law by the response time that the tool tells', () => {
    expect(lawOf(run(0, 20))).toBeCloseTo(331.1258, 3);
    expect(lawOf(run(0, 200))).toBe(312.5);
    expect(awayOf(run(312.5 * 60 * 1.01, 200))).toBeCloseTo(1, 9);
    expect(awayOf(run(312.5 * 60 * 0.97, 200))).toBeCloseTo(-3, 9);
  });

  it('are away by no figure where it tells none', () => {
    expect(awayOf(run(18_000, undefined))).toBeNaN();
  });
});

describe('the longest stall', () => {
  it('is that of the load, not that of starting', () => {
    expect(longestStall('1000 112.5\n2000 15\n2500.5 31.25\n', 1500)).toBe(31.25);
  });

  it('is 0 where there is none', () => {
    expect(longestStall('', 0)).toBe(0);
    expect(longestStall('1000 112.5\n', 1500)).toBe(0);
  });
});

describe('the counter of the target', () => {
  it('is the third number', () => {
    const status =
      'Active connections: 2 \nserver accepts handled requests\n 17 17 4711 \nReading: 0 Writing: 1 Waiting: 1 \n';
    expect(parseRequests(status)).toBe(4711);
  });

  it('is refused where the page is another', () => {
    expect(() => parseRequests('<html>404</html>')).toThrow('no request counter');
  });
});
