// The figure of the benchmark: user and system CPU time of the whole process tree of a generator, from the third second to
// its end, with the number of requests that the target counted in the same span.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, type Exit, lastLines, type Running, start } from './command.ts';
import { cpuMsOf, machineBusyMs, reapedCpuMs, residentBytesOf } from './proc.ts';

/** What passes before the figure counts: start-up, compiling and connecting are out, ms. */
export const settleMs = 2000;

/**
 * For fixed rates: the span ends just before the load does. At full speed what a tool does at its end is lost in the rest; at
 * a low rate it would be a tenth of the figure.
 */
export const untilLoadEnds = (seconds: number): { readonly untilMs: number } => ({ untilMs: seconds * 1000 - 100 });

export interface Measured {
  /** Of the generator's process tree in the span, ms. */
  readonly cpuMs: number;
  readonly spanMs: number;
  /** That the target counted in the span; NaN where nobody counts. */
  readonly requests: number;
  /** CPU time of others than generator, target and this process in the span, in cores. */
  readonly foreignCores: number;
  /** Resident memory of the process tree at the beginning of the span, bytes. */
  readonly residentBytes: number;
  readonly exit: Exit;
}

export interface MeasureOptions {
  /** CPU to run on; undefined for any. */
  readonly cpu: number | undefined;
  /** After how long the program is taken to hang and is ended, ms. */
  readonly withinMs: number;
  /** Requests that the target has counted so far. */
  readonly requests?: (() => Promise<number>) | undefined;
  readonly targetPid?: number | undefined;
  /** Exit codes that are no failure; default: 0. */
  readonly accept?: readonly number[];
  readonly settleMs?: number;
  /** When the span ends, ms after the start; default: with the program. */
  readonly untilMs?: number;
  /** What else watches while the program runs; its promise is awaited before the span begins to be summed up. */
  readonly watch?: (pid: number, exited: Promise<Exit>) => Promise<void>;
}

/** A run that gave no figure. */
export class RunFailed extends Error {}

interface Instant {
  readonly at: number;
  readonly requests: number;
  readonly cpuMs: number;
  readonly others: number;
}

/**
 * Runs a generator to its end.
 * @throws RunFailed where it ended before the span did, ended with an exit code that is a failure, or hung.
 */
export const measure = (command: Command, options: MeasureOptions): Promise<Measured> =>
  measureRunning(start(command, options.cpu), options);

/** The same for a program that has just been started. */
export const measureRunning = async (running: Running, options: MeasureOptions): Promise<Measured> => {
  const reapedBefore = reapedCpuMs();
  let hung = false;
  const watchdog = setTimeout(() => {
    hung = true;
    running.end('SIGKILL');
  }, options.withinMs);
  const watching = options.watch?.(running.pid, running.exited);
  try {
    const settle = options.settleMs ?? settleMs;
    await pass(running, settle);
    const residentBytes = residentBytesOf(running.pid);
    const from = await instant(options, () => cpuMsOf(running.pid));
    let to: Instant | undefined;
    if (options.untilMs !== undefined) {
      await pass(running, options.untilMs - settle);
      to = await instant(options, () => cpuMsOf(running.pid));
    }
    const exit = await running.exited;
    to ??= await instant(options, () => reapedCpuMs() - reapedBefore);
    await watching;
    if (hung) throw new RunFailed(`it had not ended after ${options.withinMs / 1000} s`);
    if (!(options.accept ?? [0]).includes(exit.code ?? -1)) throw new RunFailed(`it ended with ${lastLines(exit)}`);
    return between(from, to, residentBytes, exit);
  } finally {
    clearTimeout(watchdog);
  }
};

/** Lets time pass in which the program must not end. */
const pass = async ({ exited }: Running, ms: number): Promise<void> => {
  const early = await Promise.race([exited, sleep(ms)]);
  if (early) throw new RunFailed(`it ended too early with ${lastLines(early)}`);
};

/** What was used between two instants. */
const between = (from: Instant, to: Instant, residentBytes: number, exit: Exit): Measured => {
  const spanMs = to.at - from.at;
  const cpuMs = to.cpuMs - from.cpuMs;
  return {
    cpuMs,
    spanMs,
    requests: to.requests - from.requests,
    foreignCores: Math.max(0, (to.others - from.others - cpuMs) / spanMs),
    residentBytes,
    exit,
  };
};

/** The counters at one instant: the CPU time is read next to the request count. */
const instant = async ({ requests, targetPid }: MeasureOptions, cpu: () => number): Promise<Instant> => {
  const counted = (await requests?.()) ?? Number.NaN;
  const at = performance.now();
  const cpuMs = cpu();
  const { user, system } = process.cpuUsage();
  const known = (targetPid === undefined ? 0 : cpuMsOf(targetPid)) + (user + system) / 1000;
  return { at, requests: counted, cpuMs, others: machineBusyMs() - known };
};

export const cpuUsPerRequest = ({ cpuMs, requests }: Measured): number => (cpuMs * 1000) / requests;
/** Share of one core. */
export const cores = ({ cpuMs, spanMs }: Measured): number => cpuMs / spanMs;
export const requestRate = ({ requests, spanMs }: Measured): number => requests / (spanMs / 1000);
