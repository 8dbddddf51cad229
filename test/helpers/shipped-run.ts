// A shipped profile in a shortened form against a demo target of its own: what the program says that it sent, and what the
// target counted.

import type { BurstRound } from '../../source/measure/burst.ts';
import { type DemoCounters, startDemoTarget } from './demo-target.ts';
import { type Ended, startProgram } from './start-program.ts';

interface SeriesSummary {
  readonly name: string;
  readonly good: number;
  readonly notGood: number;
  readonly bytesOut: number;
}

export interface RunSummary {
  readonly good: number;
  readonly notGood: number;
  readonly achievedRate: number;
  readonly bytesOut: number;
  readonly endReason: string;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly balanced: boolean;
  readonly bands?: { readonly name: string; readonly word: string | null };
  readonly rounds: readonly BurstRound[];
  readonly resources?: Readonly<Record<'made' | 'removed' | 'cleanedUp' | 'left' | 'unanswered', number>>;
  readonly metrics: readonly { readonly name: string; readonly count: number; readonly sum?: number }[];
  readonly series: readonly SeriesSummary[];
  readonly iterations: Readonly<Record<string, number>>;
  /** Of a profile with phases. */
  readonly phases?: readonly PhaseSummary[];
  readonly notRun?: readonly string[];
}

export interface PhaseSummary extends RunSummary {
  readonly phase: { readonly name: string };
  readonly completed: number;
}

export interface ShippedRun extends Ended {
  readonly summary: RunSummary;
  readonly counters: DemoCounters;
}

/** What the demo target takes by default. */
const secrets = { GSA_AUTH_TOKEN: 'demo-chat-token', auth_key: 'demo-upload-key' };

const targetFlags = ['--capacity', '50000', '--buffer', '100000', '--first-event-ms', '20'];

/**
 * @param folder where it runs, and keeps what it makes
 * @param flags of the target
 */
export const runShipped = async (
  folder: string,
  name: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<ShippedRun> => {
  const target = await startDemoTarget([...targetFlags, ...flags]);
  try {
    const options = { folder, env: { ...secrets, XDG_CACHE_HOME: folder } };
    const all = ['run', name, '--host', target.origin, '--json', '--no-record', ...args];
    const ended = await startProgram(all, options).ended;
    const last = ended.stdout.trimEnd().split('\n').at(-1);
    if (!last) throw new Error(`${name} said nothing: ${ended.stderr}`);
    return { ...ended, summary: JSON.parse(last), counters: await target.counters() };
  } finally {
    await target.stop();
  }
};

/** Requests that a run says it sent to each route, by the names of its series. */
export const sentByRoute = (
  { series }: Pick<RunSummary, 'series'>,
  routeOf: Readonly<Record<string, string>> = {},
): Readonly<Record<string, number>> => {
  const sent: Record<string, number> = {};
  for (const { name, good, notGood } of series) {
    // Where two scenarios have the same step, the scenario stands behind its name.
    const route = routeOf[name] ?? name.split('  ', 1)[0]!;
    sent[route] = (sent[route] ?? 0) + good + notGood;
  }
  return sent;
};

/** Requests of the load that the target counted at each route: what probes ask for as well is left out, as is the first HEAD. */
export const cameByRoute = ({ routes }: DemoCounters): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(routes)
      .filter(([route]) => !/^HEAD | \/(health|metrics)$/.test(route))
      .map(([route, { requests }]) => [route, requests]),
  );
