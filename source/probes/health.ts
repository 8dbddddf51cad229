// Polls a health URL: its state, its checks, and the numbers it gives, with how long the answer took. How the shapes of
// health answers are read is health-shapes.ts.

import { safeText } from '../common/safe-text.ts';
import { formatMs } from '../common/units.ts';
import type { HealthNumber } from './health-numbers.ts';
import { type HealthReading, readHealth } from './health-shapes.ts';
import { HttpGet } from './http-get.ts';
import {
  type MetricKind,
  type MetricUnit,
  type Probe,
  ProbeError,
  type ProbeResult,
  type ProbeValue,
} from './probe.ts';
import { shortName } from './short-name.ts';

export interface HealthOptions {
  readonly id: string;
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  /** Nobody named this URL: a 404 means that there is nothing to show, not that the health is unknown. */
  readonly unasked?: boolean;
}

const mostChecks = 12;
const mostPairs = 4;
const mostNumbers = 6;

export class HealthProbe implements Probe {
  readonly id: string;
  readonly kind = 'health';
  readonly target: string;
  readonly #get: HttpGet;
  readonly #unasked: boolean;

  /** @throws TypeError where the URL is none. */
  constructor(options: HealthOptions) {
    this.id = options.id;
    this.#unasked = options.unasked ?? false;
    const accept = 'application/health+json,application/json;q=0.9,*/*;q=0.5';
    this.#get = new HttpGet({ url: options.url, version: options.version, capBytes: 1024 * 1024, accept });
    this.target = this.#get.target;
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    const { status, contentType, body, tookMs } = await this.#get.get(signal);
    if (status === 404 && this.#unasked) {
      throw new ProbeError(
        'not found (404)',
        'name the health URL with --health URL, or turn probes off with --no-probe',
      );
    }
    const health = readHealth(status, contentType, body.toString('utf8'));
    return { values: valuesOf(status, health, tookMs), title: `${status}  ${formatMs(tookMs)} ms` };
  }

  close(): Promise<void> {
    return this.#get.close();
  }
}

const valuesOf = (status: number, health: HealthReading, tookMs: number): ProbeValue[] => {
  const values: ProbeValue[] = [
    { type: 'fact', metric: 'status', label: 'status', text: stateText(status, health), state: health.state, rank: 0 },
  ];
  for (const [index, { name, used, limit }] of health.pairs.slice(0, mostPairs).entries()) {
    const shape = { kind: 'gauge', unit: unitOf(name), value: used, limit } as const;
    values.push({ type: 'value', metric: name, label: shortName(name), ...shape, rank: 1 + index });
  }
  // What is not well comes first: of thirty checks the one that is down matters.
  const checks = health.checks.toSorted((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
  for (const [index, { name, state, word }] of checks.slice(0, mostChecks).entries()) {
    const label = shortName(name);
    values.push({ type: 'fact', metric: `check.${name}`, label, text: word, state, rank: 10 + index });
  }
  const latency = { kind: 'gauge', unit: 'ms', value: tookMs, rank: 30 } as const;
  values.push({ type: 'value', metric: 'probe.latency', label: 'probe latency', ...latency });
  if (health.uptimeSeconds !== undefined) {
    const uptime = { kind: 'gauge', unit: 's', value: health.uptimeSeconds, rank: 31 } as const;
    values.push({ type: 'value', metric: 'uptime', label: 'uptime', ...uptime });
  }
  for (const [index, { name, value }] of chosen(health.numbers).entries()) {
    const shape = { kind: kindOf(name), unit: unitOf(name), value, rank: 40 + index };
    values.push({ type: 'value', metric: name, label: shortName(name), ...shape });
  }
  // A list of like things gives the same name again and again; the history holds one column for each name.
  const seen = new Set<string>();
  return values.filter(({ metric }) => !seen.has(metric) && seen.add(metric));
};

/** `ok`, `degraded`; with the target's own word or the status where the state alone leaves open why. */
const stateText = (status: number, { state, word }: HealthReading): string => {
  if (status === 404) return 'unknown: not found (404), is this the health URL?';
  if (state === 'ok' || word.toLowerCase() === state) return state;
  return safeText(`${state}: ${word}`, 60);
};

const telling =
  /queue|buffer|backlog|pending|flight|active|pool|wait|lag|delay|drop|reject|error|timeout|retr|fail|depth/i;

/** The numbers most worth watching under load, in the answer's order. */
const chosen = (numbers: readonly HealthNumber[]): HealthNumber[] =>
  numbers.toSorted((a, b) => Number(telling.test(b.name)) - Number(telling.test(a.name))).slice(0, mostNumbers);

const kindOf = (name: string): MetricKind =>
  /(total|dropped|rejected|errors|failures|timeouts|retries)$/i.test(name) ? 'counter' : 'gauge';

const unitOf = (name: string): MetricUnit => {
  if (/[kmg]i?b$/i.test(name)) return 'count';
  if (/bytes|heap|rss|memory|diskspace/i.test(name)) return 'bytes';
  return /[a-z]Ms$|[_.-](ms|millis|milliseconds)$|Millis$/.test(name) ? 'ms' : 'count';
};
