// The shipped profiles that are about throughput, at the size that they have of their own: what each wants, what the demo target
// needs for it, and what came of a run beside that.

import type { Think } from '../../source/load/think.ts';
import type { DemoCounters } from '../helpers/demo-target.ts';
import { cameByRoute, sentByRoute } from '../helpers/shipped-run.ts';
import { type Crowd, lawChance, lawCount } from './littles-law.ts';

export type Wanted =
  | { readonly model: 'open'; readonly rate: number; readonly seconds: number }
  | {
      readonly model: 'users';
      readonly users: number;
      readonly spawnRate: number;
      readonly think: Think;
      readonly seconds: number;
    }
  /** So many requests, of users who do not think. */
  | { readonly model: 'requests'; readonly users: number; readonly requests: number }
  | { readonly model: 'burst'; readonly size: number };

export interface Sized {
  readonly name: string;
  readonly wanted: Wanted;
  /** Variables that are not left as they are, and why, for the report. */
  readonly set?: { readonly text: string; readonly why: string };
  /** Flags of the demo target. */
  readonly target: readonly string[];
  /** Routes of steps that have a name of their own. */
  readonly routeOf?: Readonly<Record<string, string>>;
}

const between = (leastMs: number, mostMs: number): Think => ({ type: 'uniform', leastMs, mostMs });
const crowd = (users: number, spawnRate: number, seconds: number, think = between(1000, 3000)): Wanted => ({
  model: 'users',
  ...{ users, spawnRate, seconds, think },
});

/** What the target takes in is not to be the limit. */
const wide = ['--capacity', '100000', '--buffer', '1000000'];
const events = (sizes: readonly number[]): Record<string, string> =>
  Object.fromEntries(sizes.map((size) => [`POST /events (${size})`, 'POST /events']));

export const sizedProfiles: readonly Sized[] = [
  { name: 'events-simple', wanted: { model: 'open', rate: 10_000, seconds: 30 }, target: wide },
  {
    name: 'events-full',
    wanted: { model: 'open', rate: 1000, seconds: 60 },
    set: { text: 'RATE=1000', why: 'its own 100,000/s are for many machines' },
    target: wide,
    routeOf: events([1, 10, 100]),
  },
  {
    name: 'batch-insert-initial',
    wanted: { model: 'burst', size: 100 },
    target: ['--upload-rate', '1e9'],
  },
  {
    name: 'chat-completions',
    wanted: crowd(20, 5, 300, between(1000, 5000)),
    target: [],
    routeOf: { '/api/chat/completions': 'POST /api/chat/completions' },
  },
  { name: 'gateway-stress', wanted: crowd(100, 10, 600), target: [] },
  { name: 'agents-health', wanted: crowd(1000, 50, 120), target: [] },
  { name: 'agents-query', wanted: crowd(500, 10, 300), target: [] },
  { name: 'agents-mixed', wanted: crowd(1000, 10, 600), target: [] },
  { name: 'agents-quick', wanted: { model: 'requests', users: 100, requests: 1000 }, target: [] },
];

/** The same for at most so many seconds, in the first third of which all users begin. */
export const shortened = (wanted: Wanted, seconds: number): Wanted => {
  if (!('seconds' in wanted) || wanted.seconds <= seconds) return wanted;
  if (wanted.model === 'open') return { ...wanted, seconds };
  return { ...wanted, seconds, spawnRate: Math.max(wanted.spawnRate, Math.ceil((3 * wanted.users) / seconds)) };
};

/** What of it is no longer as the profile says, as flags. */
export const flagsOf = (wanted: Wanted, own: Wanted): readonly string[] => {
  if (wanted === own || !('seconds' in wanted)) return [];
  return ['-z', `${wanted.seconds}s`, ...(wanted.model === 'users' ? ['--spawn-rate', `${wanted.spawnRate}`] : [])];
};

/** What is read of a summary file. */
export interface ProfileSummary {
  readonly durationMs: number;
  readonly good: number;
  readonly notGood: number;
  readonly achievedRate: number;
  readonly requestRate: number;
  readonly bytesOut: number;
  readonly response: { readonly good: { readonly p95Ms: number | null } };
  readonly series: readonly {
    readonly name: string;
    readonly good: number;
    readonly notGood: number;
    readonly bytesOut: number;
    readonly response: { readonly good: { readonly meanMs: number | null } };
  }[];
  readonly rounds: readonly { readonly size: number; readonly good: number }[];
  readonly iterations: { readonly good: number; readonly notGood: number };
  readonly generator: { readonly verdict: string };
  readonly bands?: { readonly word: string | null };
}

/** A figure that was wanted, as it was achieved, and how far it may be away by chance, as a share. */
export interface Outcome {
  readonly wanted: number;
  readonly achieved: number;
  readonly chance: number;
}

/** How long the requests of an iteration take on average, ms. */
const iterationMs = ({ series, iterations }: ProfileSummary): number =>
  series.reduce((sum, { good, response }) => sum + good * (response.good.meanMs ?? 0), 0) /
  (iterations.good + iterations.notGood);

/** What came of it: a rate, or a number of iterations, of requests, or of uploads that were in work at once. */
export const outcomeOf = (
  wanted: Wanted,
  summary: ProfileSummary,
  { uploads }: Pick<DemoCounters, 'uploads'>,
): Outcome => {
  const { iterations, durationMs, achievedRate } = summary;
  const ended = iterations.good + iterations.notGood;
  switch (wanted.model) {
    case 'open':
      return { wanted: wanted.rate, achieved: achievedRate, chance: 0 };
    case 'requests':
      return { wanted: wanted.requests, achieved: ended, chance: 0 };
    case 'burst':
      return { wanted: wanted.size, achieved: Number(uploads.inWorkAtOnce ?? Number.NaN), chance: 0 };
    case 'users': {
      const responseMs = iterationMs(summary);
      const whole: Crowd = { users: wanted.users, spawnRate: wanted.spawnRate, lengthMs: durationMs };
      const count = lawCount(whole, wanted.think, responseMs);
      return { wanted: count, achieved: ended, chance: lawChance(wanted.think, responseMs, count) };
    }
  }
};

/** Where the target counted something else than was sent, route by route; none where both agree. */
export const disagreements = (
  { series }: Pick<ProfileSummary, 'series'>,
  counters: DemoCounters,
  routeOf: Sized['routeOf'] = {},
): string[] => {
  // Probes ask for health and metrics as well.
  const sent = Object.entries(sentByRoute({ series }, routeOf)).filter(
    ([route]) => !/ \/(health|metrics)$/.test(route),
  );
  const came = cameByRoute(counters);
  const routes = new Set([...sent.map(([route]) => route), ...Object.keys(came)]);
  const sentAt = new Map(sent);
  return [...routes].flatMap((route) => {
    const [there, here] = [came[route] ?? 0, sentAt.get(route) ?? 0];
    return there === here ? [] : [`${route}: sent ${here}, came ${there}`];
  });
};
