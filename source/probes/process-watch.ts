// One process of this machine, looked at again and again: what it used since the last look, what it holds now. Which
// processes are looked at, and what is made of several, is target-process.ts.

import { readdirSync } from 'node:fs';
import { safeText } from '../common/safe-text.ts';
import { type ProcessKey, programOf, readText, statOf } from './listening-process.ts';
import { countOpenFiles, openFileLimit } from './open-files.ts';
import { parseCoreWait, parseDiskBytes, parseProcessStatus } from './process-text.ts';

/** Of a process with more threads only the first is asked how long it waited: each costs a file a second, 10 µs. */
const mostThreads = 32;

/** Shorter stretches say nothing about CPU: it is counted in hundredths of a second. */
const leastMs = 200;

/** What a look brought; what is undefined cannot be known. */
export interface ProcessLook {
  readonly pid: number;
  readonly name: string;
  /** Of one core, since the look before. */
  readonly cpuRatio: number | undefined;
  readonly rssBytes: number | undefined;
  readonly threads: number | undefined;
  readonly openFiles: number | undefined;
  readonly openFileLimit: number | undefined;
  /** Share of the time in which the thread that fared worst was ready and had no core. */
  readonly waitRatio: number | undefined;
  /** That thread is the first one, whatever the others did. */
  readonly firstThreadOnly: boolean;
  readonly readRate: number | undefined;
  readonly writeRate: number | undefined;
}

/** What grows, at an instant. */
interface Counters {
  readonly at: number;
  readonly cpuMs: number;
  readonly waitedMs: ReadonlyMap<string, number>;
  readonly disk: { readonly read: number; readonly written: number } | undefined;
}

type Rates = Pick<ProcessLook, 'cpuRatio' | 'waitRatio' | 'readRate' | 'writeRate'>;
const noRates: Rates = { cpuRatio: undefined, waitRatio: undefined, readRate: undefined, writeRate: undefined };

export class ProcessWatch {
  readonly key: ProcessKey;
  readonly #root: string;
  readonly #folder: string;
  readonly #openFileLimit: number | undefined;
  #name: string | undefined;
  #before: Counters | undefined;
  #rates = noRates;

  /** @param root `/proc` */
  constructor(root: string, key: ProcessKey) {
    this.key = key;
    this.#root = root;
    this.#folder = `${root}/${key.pid}`;
    this.#openFileLimit = openFileLimit(this.#folder);
  }

  /** Whether it still runs: a pid that was given again is another process. */
  get runs(): boolean {
    return statOf(this.#root, this.key.pid)?.startedAt === this.key.startedAt;
  }

  /** How it is at instant `at`, monotonic ms; undefined where it has ended. */
  look(at: number): ProcessLook | undefined {
    const stat = statOf(this.#root, this.key.pid);
    if (stat?.startedAt !== this.key.startedAt) return undefined;
    const tasks = this.#tasks();
    const firstThreadOnly = tasks.length > mostThreads;
    this.#take({
      at,
      cpuMs: stat.cpuMs,
      waitedMs: this.#waits(firstThreadOnly ? [String(this.key.pid)] : tasks),
      disk: parseDiskBytes(readText(`${this.#folder}/io`) ?? ''),
    });
    const { rssBytes, threads } = parseProcessStatus(readText(`${this.#folder}/status`) ?? '');
    this.#name ??= programName(programOf(this.#root, this.key.pid) ?? stat.name);
    return {
      pid: this.key.pid,
      name: this.#name,
      rssBytes,
      threads,
      openFiles: countOpenFiles(this.#folder),
      openFileLimit: this.#openFileLimit,
      firstThreadOnly,
      ...this.#rates,
    };
  }

  #take(now: Counters): void {
    const before = this.#before;
    if (!before) {
      this.#before = now;
      return;
    }
    const lengthMs = now.at - before.at;
    // Of looks in quick succession the later ones say what the first one said.
    if (lengthMs < leastMs) return;
    this.#before = now;
    const waits = [...now.waitedMs].flatMap(([task, waited]) => {
      const then = before.waitedMs.get(task);
      return then === undefined ? [] : [Math.max(0, waited - then) / lengthMs];
    });
    const perSecond = (what: 'read' | 'written'): number | undefined =>
      now.disk && before.disk && (Math.max(0, now.disk[what] - before.disk[what]) * 1000) / lengthMs;
    this.#rates = {
      cpuRatio: Math.max(0, now.cpuMs - before.cpuMs) / lengthMs,
      waitRatio: waits.length > 0 ? Math.max(...waits) : undefined,
      readRate: perSecond('read'),
      writeRate: perSecond('written'),
    };
  }

  #tasks(): string[] {
    try {
      return readdirSync(`${this.#folder}/task`);
    } catch {
      return [];
    }
  }

  #waits(tasks: readonly string[]): Map<string, number> {
    const waits = new Map<string, number>();
    for (const task of tasks) {
      const waited = parseCoreWait(readText(`${this.#folder}/task/${task}/schedstat`) ?? '');
      if (waited !== undefined) waits.set(task, waited);
    }
    return waits;
  }
}

/** The last part of a path; what the kernel says of a file that is gone is left out. */
const programName = (path: string): string => safeText(path.replace(/ \(deleted\)$/, '').replace(/^.*\//, ''), 40);
