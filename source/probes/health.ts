// Polls a health URL: its state, its checks, and the numbers it gives, with how long the answer took. How the shapes of
// health answers are read is health-shapes.ts, restarts are seen by uptime-watch.ts.

import { monotonicNow } from '../common/clock.ts';
import { safeLocation, safeText } from '../common/safe-text.ts';
import { formatMs } from '../common/units.ts';
import type { HealthNumber } from './health-numbers.ts';
import { type HealthReading, readHealth } from './health-shapes.ts';
import { fillLevel, healthTables, unitOf, worstFirst } from './health-tables.ts';
import type { HttpAccess } from './http-access.ts';
import { type HttpAnswer, HttpGet } from './http-get.ts';
import {
  type MetricKind,
  type Probe,
  ProbeError,
  type ProbeResult,
  type ProbeTable,
  type ProbeValue,
} from './probe.ts';
import { shortName } from './short-name.ts';
import { UptimeWatch } from './uptime-watch.ts';

export interface HealthOptions {
  readonly id: string;
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  /** Nobody named this URL: a 404 means that there is nothing to show, not that the health is unknown. */
  readonly unasked?: boolean;
  readonly access?: HttpAccess | undefined;
  /** Of connecting, ms. */
  readonly timeoutMs?: number | undefined;
}

const mostChecks = 12;
const mostPairs = 4;
const mostNumbers = 6;

/** Looks that the p95 of the latency is taken over: a minute of them, where it is asked each second. */
const latencyLooks = 60;

export class HealthProbe implements Probe {
  readonly id: string;
  readonly kind = 'health';
  readonly target: string;
  readonly #get: HttpGet;
  readonly #unasked: boolean;
  readonly #uptime = new UptimeWatch(monotonicNow);
  readonly #latencies: number[] = [];
  #warm = false;
  #newest: HealthReading | undefined;

  /** @throws TypeError where the URL is none. */
  constructor(options: HealthOptions) {
    this.id = options.id;
    this.#unasked = options.unasked ?? false;
    const accept = 'application/health+json,application/json;q=0.9,*/*;q=0.5';
    const { url, version, access, timeoutMs } = options;
    this.#get = new HttpGet({ url, version, capBytes: 1024 * 1024, accept, access, connectTimeoutMs: timeoutMs });
    this.target = this.#get.target;
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    const answer = await this.#get.get(signal);
    const { status, contentType, body, tookMs } = answer;
    if (status === 404 && this.#unasked) {
      throw new ProbeError(
        'not found (404)',
        'name the health URL with --health URL, or turn probes off with --no-probe',
      );
    }
    const health = readHealth(status, contentType, body.toString('utf8'));
    this.#newest = health;
    const p95 = this.#p95(tookMs);
    const looks = this.#latencies.length;
    return {
      values: valuesOf(health, stateText(answer, health), { tookMs, p95, looks }),
      title: `${status}  ${formatMs(tookMs)} ms (p95 ${formatMs(p95)})`,
      notices: this.#uptime.take(health.uptimeSeconds),
    };
  }

  tables(): readonly ProbeTable[] {
    return this.#newest ? healthTables(this.#newest) : [];
  }

  close(): Promise<void> {
    return this.#get.close();
  }

  /** By nearest rank, of the looks so far but the first, and 60 at the most. */
  #p95(tookMs: number): number {
    // The first look has the connecting in it, and what this program does for the first time.
    if (this.#latencies.length === 1 && !this.#warm) {
      this.#latencies.pop();
      this.#warm = true;
    }
    this.#latencies.push(tookMs);
    if (this.#latencies.length > latencyLooks) this.#latencies.shift();
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.95) - 1]!;
  }
}

interface Latency {
  readonly tookMs: number;
  readonly p95: number;
  /** How many looks `p95` is of. */
  readonly looks: number;
}

const valuesOf = (health: HealthReading, text: string, { tookMs, p95, looks }: Latency): ProbeValue[] => {
  const values: ProbeValue[] = [
    { type: 'fact', metric: 'status', label: 'status', text, state: health.state, rank: 0 },
  ];
  for (const [index, { name, used, limit }] of health.pairs.slice(0, mostPairs).entries()) {
    const shape = { kind: 'gauge', unit: unitOf(name), value: used, limit, level: fillLevel(used, limit) } as const;
    values.push({ type: 'value', metric: name, label: shortName(name), ...shape, rank: 1 + index });
  }
  for (const [index, { name, state, word }] of worstFirst(health.checks).slice(0, mostChecks).entries()) {
    const label = shortName(name);
    values.push({ type: 'fact', metric: `check.${name}`, label, text: word, state, rank: 10 + index });
  }
  const latency = { type: 'value', kind: 'gauge', unit: 'ms' } as const;
  values.push({ ...latency, metric: 'probe.latency', label: 'probe latency', value: tookMs, rank: 30 });
  const label = looks === 1 ? 'p95 of one look' : `p95 of ${looks} looks`;
  values.push({ ...latency, metric: 'probe.latency.p95', label, value: p95, rank: 31 });
  if (health.uptimeSeconds !== undefined) {
    const uptime = { kind: 'gauge', unit: 's', value: health.uptimeSeconds, rank: 32 } as const;
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

/** `ok`, `degraded`; with the target's own word where the state alone leaves open why, or with what to do. */
const stateText = ({ status, location }: HttpAnswer, { state, word }: HealthReading): string => {
  if (state === 'unknown' && location !== undefined && status >= 300 && status < 400) {
    return `unknown: redirects to ${safeLocation(location)} (${status}), which is not followed`;
  }
  const todo = state === 'unknown' ? whatToDo[status] : undefined;
  if (todo !== undefined) return `unknown: ${todo}`;
  if (state === 'ok' || word.toLowerCase() === state) return state;
  return safeText(`${state}: ${word}`, 60);
};

const whatToDo: Readonly<Record<number, string>> = {
  401: 'it wants a login (401), give it with --probe-header',
  403: 'forbidden (403), give a login with --probe-header',
  404: 'not found (404), is this the health URL?',
  429: 'too many requests (429), ask less often: period of the probe in the profile',
};

const telling =
  /queue|buffer|backlog|pending|flight|active|pool|wait|lag|delay|drop|reject|error|timeout|retr|fail|depth/i;

/** The numbers most worth watching under load, in the answer's order. */
const chosen = (numbers: readonly HealthNumber[]): HealthNumber[] =>
  numbers.toSorted((a, b) => Number(telling.test(b.name)) - Number(telling.test(a.name))).slice(0, mostNumbers);

const kindOf = (name: string): MetricKind =>
  /(total|dropped|rejected|errors|failures|timeouts|retries)$/i.test(name) ? 'counter' : 'gauge';
