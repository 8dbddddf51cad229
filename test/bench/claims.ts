// What a tool claims of the response times it saw, from its own output. A table of parsers, one for each format; what a tool
// does not tell is undefined.

/** Percentiles as a tool prints them, ms. */
export interface Claims {
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
  /** A summary file of loadtop: the response time of good requests. */
  loadtop: (text: string): Claims => {
    const json: unknown = JSON.parse(text);
    return {
      p50: numberAt(json, 'response', 'good', 'p50Ms'),
      p99: numberAt(json, 'response', 'good', 'p99Ms'),
      p999: numberAt(json, 'response', 'good', 'p999Ms'),
      max: numberAt(json, 'response', 'good', 'maxMs'),
    };
  },
};
