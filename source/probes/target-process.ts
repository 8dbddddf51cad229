// The target's own processes, where it runs on this machine: found by the port they listen on, then looked at each second.
// Linux alone; other systems have no /proc. How they are found is listening-process.ts, what is shown process-values.ts.

import { monotonicNow } from '../common/clock.ts';
import { coreLimit } from './core-limit.ts';
import { holdersOf, type ProcessKey, withWorkers } from './listening-process.ts';
import { type LocalEndpoint, listeningSockets, localEndpoint } from './listening-socket.ts';
import { type Notice, type Probe, ProbeError, type ProbeResult, type ProbeTable } from './probe.ts';
import type { ListeningSocket } from './process-text.ts';
import { type AcceptQueue, processTable, processValues } from './process-values.ts';
import { type ProcessLook, ProcessWatch } from './process-watch.ts';

/** How often the accept queue is looked at, ms: reading the kernel's table of sockets costs more than all the rest. */
const queuePeriodMs = 5000;
/** Processes looked at each second, at the most: each is half a dozen reads. */
const mostProcesses = 64;
/** How often workers that came and limits that changed are looked for, ms: a small read for each process of the machine. */
const familyPeriodMs = 30_000;
/** Least time between two walks over the open files of all processes, ms, while there is a process to show. */
const findPeriodMs = 10_000;
/** After walks that found nobody, ms; the same sockets bring the same answer. */
const hopelessMs = [5000, 15_000, 60_000];

export interface TargetProcessOptions {
  readonly endpoint: LocalEndpoint;
  /** `/proc` and `/sys/fs/cgroup`, unless in a test. */
  readonly proc?: string;
  readonly groups?: string;
  /** Monotonic clock, ms. */
  readonly now?: () => number;
  /** CPU, ms, beyond which the accept queue is given up when looking at it cost more twice in a row. Default 10. */
  readonly queueBudgetMs?: number;
}

/** The probe of the processes behind an origin; undefined where that is not on this machine, or this is not Linux. */
export const targetProcessProbe = (origin: string): Probe | undefined => {
  const endpoint = process.platform === 'linux' ? localEndpoint(origin) : undefined;
  return endpoint && new TargetProcessProbe({ endpoint });
};

export class TargetProcessProbe implements Probe {
  readonly id = 'target';
  readonly kind = 'target process';
  readonly target: string;
  readonly #options: Required<TargetProcessOptions>;
  /** Those that listen, and those with the workers they started, by pid. */
  #holders: readonly ProcessWatch[] = [];
  #family = new Map<number, ProcessWatch>();
  #cores: number | undefined;
  #looks: readonly ProcessLook[] = [];
  /** Of the sockets that the holders were found by. */
  #inodes = new Set<string>();
  #queue: AcceptQueue = { reason: 'needs a first look' };
  #costly = 0;
  #queueDueAt = -Infinity;
  #familyDueAt = -Infinity;
  #findDueAt = -Infinity;
  /** Sockets whose holders cannot be found, with what is said of them. */
  #hopeless:
    | { readonly inodes: string; readonly error: ProbeError; readonly until: number; readonly tries: number }
    | undefined;

  constructor(options: TargetProcessOptions) {
    this.#options = { proc: '/proc', groups: '/sys/fs/cgroup', now: monotonicNow, queueBudgetMs: 10, ...options };
    this.target = `port ${options.endpoint.port} of this machine`;
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    const notices = await this.#follow(signal);
    this.#lookAtQueue();
    const at = this.#options.now();
    this.#looks = [...this.#family.values()].flatMap((watch) => watch.look(at) ?? []);
    const [first] = this.#looks;
    // It may end between two lines of ours.
    if (!first) throw this.#nobody();
    const count = this.#looks.length;
    return {
      values: processValues({ looks: this.#looks, cores: this.#cores, queue: this.#queue }),
      title: `pid ${first.pid}  ${first.name}${count > 1 ? `, ${count} processes` : ''}`,
      notices,
    };
  }

  tables(): readonly ProbeTable[] {
    return this.#looks.length > 0 ? [processTable(this.#looks)] : [];
  }

  async close(): Promise<void> {}

  /** Sees to it that the processes are those that are there now. */
  async #follow(signal: AbortSignal): Promise<Notice[]> {
    const now = this.#options.now();
    const before = this.#holders[0];
    const alive = this.#holders.filter((watch) => watch.runs);
    if (alive.length === 0) {
      await this.#find(signal);
      const newest = this.#holders[0];
      if (!before || !newest) return [];
      const text = `restarted as pid ${newest.key.pid}, was pid ${before.key.pid}`;
      return [{ what: 'restart', level: 'warn', text }];
    }
    const changed = alive.length < this.#holders.length || this.#hasOtherSockets();
    if (changed && now >= this.#findDueAt) {
      // Where that fails, those that are left are looked at on.
      await this.#find(signal).catch(() => this.#adopt(alive.map(({ key }) => key)));
    } else if (now >= this.#familyDueAt) this.#adopt(this.#holders.map(({ key }) => key));
    return [];
  }

  #sockets: readonly ListeningSocket[] = [];

  #hasOtherSockets(): boolean {
    return this.#sockets.some(({ inode }) => !this.#inodes.has(inode));
  }

  /** @throws ProbeError where nobody listens, or it cannot be told who */
  async #find(signal: AbortSignal): Promise<void> {
    const { proc, endpoint, now } = this.#options;
    this.#findDueAt = now() + findPeriodMs;
    this.#sockets = listeningSockets(proc, endpoint);
    const inodes = new Set(this.#sockets.map(({ inode }) => inode));
    if (inodes.size === 0) throw this.#nobody();
    const known = [...inodes].sort().join(' ');
    const hopeless = this.#hopeless?.inodes === known ? this.#hopeless : undefined;
    if (hopeless && now() < hopeless.until) throw hopeless.error;
    const { found, denied } = await holdersOf(proc, inodes, signal);
    if (found.length === 0) {
      const error = this.#hidden(denied);
      const tries = hopeless?.tries ?? 0;
      const waitMs = hopelessMs[Math.min(tries, hopelessMs.length - 1)]!;
      this.#hopeless = { inodes: known, error, until: now() + waitMs, tries: tries + 1 };
      throw error;
    }
    this.#hopeless = undefined;
    this.#inodes = inodes;
    this.#adopt(found);
  }

  /** Takes the processes as those that listen; what is known of one that is known already is kept. */
  #adopt(holders: readonly ProcessKey[]): void {
    const { proc, groups, now } = this.#options;
    this.#familyDueAt = now() + familyPeriodMs;
    const watchOf = (key: ProcessKey): ProcessWatch => {
      const known = this.#family.get(key.pid);
      return known?.key.startedAt === key.startedAt ? known : new ProcessWatch(proc, key);
    };
    const family = withWorkers(proc, holders).slice(0, mostProcesses);
    this.#family = new Map(family.map((key) => [key.pid, watchOf(key)]));
    this.#holders = holders.flatMap(({ pid }) => this.#family.get(pid) ?? []);
    this.#cores = coreLimit({ proc, groups }, [...this.#family.keys()]);
  }

  #lookAtQueue(): void {
    const { proc, endpoint, now, queueBudgetMs } = this.#options;
    if (now() < this.#queueDueAt) return;
    this.#queueDueAt = now() + queuePeriodMs;
    const from = { at: now(), cpu: process.cpuUsage() };
    this.#sockets = listeningSockets(proc, endpoint);
    const { user, system } = process.cpuUsage(from.cpu);
    // Other threads' CPU is in one figure, being kept waiting in the other: the smaller one is closer.
    const costMs = Math.min(now() - from.at, (user + system) / 1000);
    this.#costly = costMs > queueBudgetMs ? this.#costly + 1 : 0;
    if (this.#costly > 1) {
      this.#queueDueAt = Infinity;
      this.#queue = {
        reason: `not looked at: this machine has so many sockets that it takes over ${queueBudgetMs} ms`,
      };
      return;
    }
    const own = this.#sockets.filter(({ inode }) => this.#inodes.has(inode));
    if (own.length === 0) {
      this.#queue = { reason: `no socket of it listens on port ${endpoint.port} any more` };
      return;
    }
    const waiting = own.reduce((sum, socket) => sum + socket.waiting, 0);
    // A few connections that come at once wait for a moment; who still waits 5 s later is not being served.
    const lasting = waiting > 0 && 'waiting' in this.#queue && this.#queue.waiting > 0;
    this.#queue = { waiting, lasting };
  }

  #nobody(): ProbeError {
    const { port } = this.#options.endpoint;
    const was = this.#holders[0]?.key.pid;
    return new ProbeError(
      `${was === undefined ? '' : `pid ${was} has ended: `}no process of this machine listens on port ${port}`,
      'start the target; one in a container of its own is seen by its metrics alone: --metrics URL',
    );
  }

  #hidden(denied: boolean): ProbeError {
    const uid = this.#sockets[0]?.uid;
    const { port } = this.#options.endpoint;
    // Some process is always another user's, unless we are root: the socket tells whether this one is.
    if (denied && uid !== process.geteuid?.()) {
      return new ProbeError(
        `port ${port} is another user's (uid ${uid}): its process may not be looked into`,
        'run loadtop as that user or as root to see its CPU, memory and open files',
      );
    }
    return new ProbeError(
      `the process that listens on port ${port} cannot be seen from here: it is in another container`,
      'run loadtop outside of containers, or name its metrics: --metrics URL',
    );
  }
}
