// Starts the demo target from source as a process of its own, which ends with the test even where the test is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface DemoTarget {
  readonly origin: string;
  readonly pid: number;
  /** The MongoDB it writes to, as it says, or null. */
  readonly mongo: string | null;
  /** Changes knobs; rejects with the target's message where it does not take them. */
  knobs(patch: Readonly<Record<string, unknown>>): Promise<void>;
  metrics(): Promise<string>;
  health(): Promise<unknown>;
  /** What it counted since it began, or since the last reset. */
  counters(): Promise<DemoCounters>;
  resetCounters(): Promise<void>;
  /** What it wrote to stderr so far. */
  log(): string;
  /** Ends it by SIGTERM; resolves with its exit code, or null where a signal ended it. */
  stop(): Promise<number | null>;
}

/** What it counts of all requests of the load, or of a route; users are connections. */
export interface DemoCounts {
  readonly requests: number;
  readonly unanswered: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly contentTypes: Readonly<Record<string, number>>;
  readonly bytesIn: number;
  readonly usersAtOnce: number;
  readonly requestsAtOnce: number;
  readonly faults: number;
  readonly firstFault: string | null;
}

export interface DemoCounters extends DemoCounts {
  readonly connectionsAtOnce: number;
  readonly routes: Readonly<Record<string, DemoCounts>>;
  /** One for each part of the service. */
  readonly events: Readonly<Record<string, unknown>>;
  readonly uploads: Readonly<Record<string, unknown>>;
  readonly chat: Readonly<Record<string, unknown>>;
  readonly gateway: Readonly<Record<string, unknown>>;
  readonly agents: Readonly<Record<string, unknown>>;
  readonly sessions: Readonly<Record<string, unknown>>;
}

/** How a demo target that was not meant to run came to its end. */
export interface DemoExit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const demoTargetEntry = fileURLToPath(new URL('../../source/demo/target.ts', import.meta.url));
const startLimitMs = 30_000;
const stopLimitMs = 10_000;

/** Starts a demo target on a free port. Rejects with what it wrote to stderr where it ends instead of listening. */
export const startDemoTarget = async (
  flags: readonly string[] = [],
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<DemoTarget> => {
  const child = spawn(process.execPath, [demoTargetEntry, ...flags, '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'close').then(() => [])]);
  clearTimeout(timer);
  const [line] = first as [string?];
  if (line === undefined) throw new Error(`the demo target did not start: ${log.trim()}`);
  const {
    listening: origin,
    pid,
    mongo,
  } = JSON.parse(line) as { listening: string; pid: number; mongo: string | null };
  return {
    origin,
    pid,
    mongo,
    knobs: async (patch) => {
      const answer = await fetch(`${origin}/knobs`, { method: 'PUT', body: JSON.stringify(patch) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
    },
    metrics: async () => (await fetch(`${origin}/metrics`)).text(),
    health: async () => (await fetch(`${origin}/health`)).json(),
    counters: async () => (await (await fetch(`${origin}/counters`)).json()) as DemoCounters,
    resetCounters: async () => {
      await (await fetch(`${origin}/counters/reset`, { method: 'POST' })).text();
    },
    log: () => log,
    stop: () => stopProcess(child),
  };
};

/** Runs a demo target that is expected to end by itself, such as one with a wrong flag. */
export const runDemoTarget = async (
  flags: readonly string[],
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<DemoExit> => {
  const child = spawn(process.execPath, [demoTargetEntry, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, stdout, stderr };
};

/** Posts events to a target: a text goes as it is, anything else as JSON. */
export const postEvents = (target: DemoTarget, body: unknown): Promise<Response> =>
  fetch(`${target.origin}/events`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

/** So many events of one type, numbered. */
export const someEvents = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ type: 'page_view', n }));

/** The value of a series (name and labels as printed) in Prometheus text, or undefined. */
export const seriesValue = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

const stopProcess = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) {
    const over = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await over;
    clearTimeout(timer);
  }
  return child.exitCode;
};
