// The engine in worker threads: starts them, hands out shares and switches, shows them that the main thread lives, and
// replaces a worker that dies. It is not in the path of any request.

import { Worker } from 'node:worker_threads';
import { type Cancel, monotonicNow, SystemClock } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import type { PlanData } from '../load/arrival-plan.ts';
import { countOfShare, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import { type Flows, sliceMs } from '../measure/interval.ts';
import type { Engine, EngineListener, EngineSpec, Stopped } from './engine.ts';
import { Ledger } from './ledger.ts';
import { resolveEveryMs, resolveName, sameAddresses } from './names.ts';
import { type FromWorker, heartbeatMs, type ToWorker, type WorkerSpec } from './protocol.ts';

/** Workers that may die in one run before the load is given up: more is no accident. */
const mostDeaths = 5;

/** A worker that does not say that it is done so long after the grace is given up (ms). */
const stopLimitMs = 2000;

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** One share and the thread that has it now. */
interface Post {
  readonly share: Share;
  readonly ledger: Ledger;
  worker: Worker | undefined;
  ready: boolean;
  done: boolean;
  toldImbalance: boolean;
  revision: number;
  /** The first arrival that was not taken up, as the worker writes it down. */
  readonly progress: SharedArrayBuffer;
}

interface Started {
  readonly originAt: number;
  readonly listener: EngineListener;
}

export class ThreadEngine implements Engine {
  readonly #spec: EngineSpec;
  readonly #clock = new SystemClock();
  readonly #posts: Post[];
  readonly #heartbeat = new SharedArrayBuffer(4);
  readonly #cancels: Cancel[] = [];
  #addresses;
  #started: Started | undefined;
  #plan: PlanData = { revision: 0, segments: [] };
  #gate: 'open' | 'hold' = 'open';
  #applied = 0;
  #deaths = 0;
  #cancelLimit: Cancel = () => {};
  #stop: { graceMs: number; backlog: number; oldestBacklogMs: number; done: (stopped: Stopped) => void } | undefined;
  #closed = false;

  constructor(spec: EngineSpec) {
    this.#spec = spec;
    this.#addresses = spec.addresses;
    this.#posts = Array.from({ length: spec.workers }, (_, index) => ({
      share: { index, count: spec.workers },
      ledger: new Ledger(),
      worker: undefined,
      ready: false,
      done: false,
      toldImbalance: false,
      revision: 0,
      progress: new SharedArrayBuffer(8),
    }));
  }

  async open(): Promise<void> {
    await Promise.all(this.#posts.map((post) => this.#hire(post)));
  }

  start(originAt: number, plan: PlanData, listener: EngineListener): void {
    this.#started = { originAt, listener };
    this.#plan = plan;
    this.#beat();
    this.#cancels.push(this.#clock.every(heartbeatMs, () => this.#beat()));
    this.#cancels.push(this.#clock.every(resolveEveryMs, () => void this.#resolveAgain()));
    for (const post of this.#posts) {
      if (post.worker) this.#send(post, { type: 'start', start: this.#startAt(0) });
      else this.#replace(post, 0);
    }
  }

  steer(change: Switch): void {
    this.#plan = change.plan;
    this.#gate = change.gate;
    for (const post of this.#posts) this.#send(post, { type: 'switch', switch: change });
  }

  stop(graceMs: number): Promise<Stopped> {
    return new Promise((resolve) => {
      const before = this.#stop;
      this.#stop = {
        graceMs,
        backlog: before?.backlog ?? 0,
        oldestBacklogMs: before?.oldestBacklogMs ?? 0,
        done: (stopped) => {
          before?.done(stopped);
          resolve(stopped);
        },
      };
      for (const post of this.#posts) {
        if (post.worker) this.#send(post, { type: 'stop', graceMs });
        else post.done = true;
      }
      this.#cancelLimit();
      this.#cancelLimit = this.#clock.after(graceMs + stopLimitMs, () => this.#giveUp());
      this.#finishStop();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLimit();
    for (const cancel of this.#cancels) cancel();
    await Promise.all(this.#posts.map((post) => post.worker?.terminate()));
  }

  #startAt(firstArrival: number) {
    return { originAt: this.#started?.originAt ?? 0, plan: this.#plan, gate: this.#gate, firstArrival } as const;
  }

  #now(): number {
    return monotonicNow() - (this.#started?.originAt ?? 0);
  }

  #beat(): void {
    Atomics.store(new Int32Array(this.#heartbeat), 0, Math.floor(this.#now()));
  }

  #send(post: Post, message: ToWorker): void {
    post.worker?.postMessage(message);
  }

  /** Starts a thread for a share; resolves when it is ready, rejects when it dies before. */
  #hire(post: Post): Promise<void> {
    const { workers, connections, maxInFlight, ...rest } = this.#spec;
    const spec: WorkerSpec = {
      ...rest,
      addresses: this.#addresses,
      share: post.share,
      connections: connections / workers,
      maxInFlight: maxInFlight / workers,
      heartbeat: this.#heartbeat,
      progress: post.progress,
    };
    const worker = new Worker(workerUrl, { workerData: spec, name: `load ${post.share.index + 1}` });
    post.worker = worker;
    post.ready = false;
    return new Promise((resolve, reject) => {
      let reason = 'it ended';
      worker.on('error', (error) => {
        reason = errorMessage(error);
      });
      worker.on('exit', () => {
        reject(new Error(`a load worker could not start: ${reason}`));
        this.#gone(post, worker, reason);
      });
      worker.on('message', (message: FromWorker) => {
        if (message.type !== 'ready') this.#receive(post, message);
        else {
          post.ready = true;
          resolve();
        }
      });
    });
  }

  #receive(post: Post, message: Exclude<FromWorker, { type: 'ready' }>): void {
    const listener = this.#started?.listener;
    switch (message.type) {
      case 'interval': {
        const difference = post.ledger.enter(message.interval);
        listener?.interval(message.interval);
        if (difference !== 0 && !post.toldImbalance) {
          post.toldImbalance = true;
          listener?.problem(`the books of worker ${post.share.index + 1} are off by ${difference}`);
        }
        return;
      }
      case 'applied':
        post.revision = message.revision;
        this.#tellApplied();
        return;
      case 'muted':
        listener?.muted(message.at);
        return;
      case 'problem':
        listener?.problem(message.text);
        return;
      case 'done':
        post.done = true;
        if (this.#stop) {
          this.#stop.backlog += message.cutOff;
          this.#stop.oldestBacklogMs = Math.max(this.#stop.oldestBacklogMs, message.oldestBacklogMs);
        }
        this.#finishStop();
    }
  }

  #tellApplied(): void {
    const revision = Math.min(...this.#posts.map((post) => post.revision));
    if (revision <= this.#applied) return;
    this.#applied = revision;
    this.#started?.listener.applied(revision);
  }

  #finishStop(): void {
    if (!this.#stop || !this.#posts.every((post) => post.done)) return;
    this.#cancelLimit();
    const { backlog, oldestBacklogMs, done } = this.#stop;
    done({ backlog, oldestBacklogMs });
  }

  /** Ends the threads that do not answer a stop; what they had is lost. */
  #giveUp(): void {
    for (const post of this.#posts) if (!post.done) void post.worker?.terminate();
  }

  /** A thread ended. Unless it was told to, its share is entered as lost and taken over by a new one. */
  #gone(post: Post, worker: Worker, reason: string): void {
    if (post.worker !== worker) return;
    post.worker = undefined;
    const started = this.#started;
    if (this.#closed || post.done || !started || !post.ready) return;
    const next = new Float64Array(post.progress)[0]!;
    this.#enterLoss(post, started, this.#now(), post.ledger.lostWithWorker(countOfShare(post.share, next)));
    started.listener.lost(post.share.index, reason);
    this.#deaths += 1;
    if (this.#stop) {
      post.done = true;
      this.#finishStop();
    } else if (this.#deaths >= mostDeaths)
      started.listener.broken(`${mostDeaths} load workers died; the last: ${reason}`);
    else this.#replace(post, next);
  }

  #enterLoss(post: Post, { listener }: Started, now: number, flows: Flows): void {
    const interval = {
      slice: Math.floor(now / sliceMs),
      share: post.share.index,
      revision: this.#plan.revision,
      flows,
      stocks: { inFlight: 0, backlog: 0, connections: 0, oldestInFlightMs: 0, oldestBacklogMs: 0 },
      series: [],
      cells: new Uint32Array(),
      loopUtilisation: 0,
      ownErrors: 0,
    };
    post.ledger.enter(interval);
    listener.interval(interval);
  }

  #replace(post: Post, firstArrival: number): void {
    this.#hire(post).then(
      () => {
        if (this.#stop || this.#closed) {
          post.done = true;
          this.#finishStop();
          return;
        }
        this.#send(post, { type: 'start', start: this.#startAt(firstArrival) });
        post.revision = this.#plan.revision;
        this.#started?.listener.takenOver(post.share.index);
        this.#tellApplied();
      },
      (error: unknown) => {
        // A stop reaches a worker that is not ready yet, which then ends without having begun.
        if (this.#stop || this.#closed) {
          post.done = true;
          this.#finishStop();
        } else this.#started?.listener.broken(errorMessage(error));
      },
    );
  }

  async #resolveAgain(): Promise<void> {
    const { hostname } = this.#spec.origin;
    try {
      const addresses = await resolveName(hostname);
      if (!sameAddresses(addresses, this.#addresses)) {
        const list = addresses.map(({ address }) => address).join(', ');
        this.#started?.listener.problem(`${hostname} now resolves to ${list}`, 'new connections go there');
      }
      this.#addresses = addresses;
      for (const post of this.#posts) this.#send(post, { type: 'addresses', addresses });
    } catch (error) {
      this.#started?.listener.problem(errorMessage(error), 'connections go on to the addresses found before');
    }
  }
}
