// What a tool claims of the response times it saw, from its own output. A table of parsers, one for each format; what a tool
// does not tell is undefined.

import { countedRank } from './statistics.ts';

/** Percentiles as a tool prints them, ms; mean and p95 where a case asks for them. */
export interface Claims {
  readonly mean?: number | undefined;
  readonly p95?: number | undefined;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
  readonly max: number | undefined;
}

/** A number at a path in parsed JSON; undefined where there is none. */
export const numberAt = (json: unknown, ...path: readonly string[]): number | undefined => {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return typeof value === 'number' ? value : undefined;
};

const times = (factor: number, value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * factor;

const match = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

const fieldAt = (json: unknown, key: string): unknown =>
  typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined;

/** Parsers by format. They throw SyntaxError where JSON was promised and is none. */
export const claimsFrom = {
  /** The line that `wrkScript` of peers.ts prints: wrk itself stops at p99. */
  wrk: (text: string): Claims => ({
    p50: times(0.001, match(text, /^claims us .*\bp50=(\d+)/m)),
    p99: times(0.001, match(text, /^claims us .*\bp99=(\d+)/m)),
    p999: times(0.001, match(text, /^claims us .*\bp99\.9=(\d+)/m)),
    max: times(0.001, match(text, /^claims us .*\bmax=(\d+)/m)),
  }),
  hey: (text: string): Claims => ({
    p50: times(1000, match(text, /^\s*50%+ in ([\d.]+) secs/m)),
    p99: times(1000, match(text, /^\s*99%+ in ([\d.]+) secs/m)),
    p999: undefined,
    max: times(1000, match(text, /^\s*Slowest:\s+([\d.]+) secs/m)),
  }),
  oha: (text: string): Claims => {
    const json: unknown = JSON.parse(text);
    return {
      p50: times(1000, numberAt(json, 'latencyPercentiles', 'p50')),
      p99: times(1000, numberAt(json, 'latencyPercentiles', 'p99')),
      p999: times(1000, numberAt(json, 'latencyPercentiles', 'p99.9')),
      max: times(1000, numberAt(json, 'summary', 'slowest')),
    };
  },
  autocannon: (text: string): Claims => {
    const json: unknown = JSON.parse(text);
    return {
      p50: numberAt(json, 'latency', 'p50'),
      p99: numberAt(json, 'latency', 'p99'),
      p999: numberAt(json, 'latency', 'p99_9'),
      max: numberAt(json, 'latency', 'max'),
    };
  },
  /** The list of its series that Locust prints as JSON, of which there is one: its percentiles from its own counts. */
  locust: (text: string): Claims => {
    const series = fieldAt(JSON.parse(text), '0');
    const counts = Object.entries(fieldAt(series, 'response_times') ?? {}).map(
      ([ms, count]) => [Number(ms), Number(count)] as const,
    );
    const rank = (q: number): number | undefined => countedRank(counts, q);
    const requests = numberAt(series, 'num_requests');
    return {
      mean: requests === undefined ? undefined : times(1 / requests, numberAt(series, 'total_response_time')),
      p50: rank(0.5),
      p95: rank(0.95),
      p99: rank(0.99),
      p999: rank(0.999),
      max: numberAt(series, 'max_response_time'),
    };
  },
  /** A summary file of loadtop: the response time of good requests. */
  loadtop: (text: string): Claims => {
    const json: unknown = JSON.parse(text);
    return {
      mean: numberAt(json, 'response', 'good', 'meanMs'),
      p95: numberAt(json, 'response', 'good', 'p95Ms'),
      p50: numberAt(json, 'response', 'good', 'p50Ms'),
      p99: numberAt(json, 'response', 'good', 'p99Ms'),
      p999: numberAt(json, 'response', 'good', 'p999Ms'),
      max: numberAt(json, 'response', 'good', 'maxMs'),
    };
  },
};
