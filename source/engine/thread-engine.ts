// The engine in worker threads: starts them, hands out shares, switches and limits, shows them that the main thread lives,
// adds one where they are too busy, and replaces one that dies. It is not in the path of any request.

import { type Cancel, monotonicNow, SystemClock, wallNow } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import type { PlanData } from '../load/arrival-plan.ts';
import { partOfTotal, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import { type Interval, sliceMs } from '../measure/interval.ts';
import { BurstRounds } from './burst-rounds.ts';
import type { Engine, EngineListener, EngineSpec, Stopped } from './engine.ts';
import { giveWay } from './give-way.ts';
import { intervalOfLoss } from './ledger.ts';
import { resolveEveryMs, resolveName, sameAddresses } from './names.ts';
import { Post, type PostListener, type Report } from './post.ts';
import { atOnceMs, beatUnitMs, heartbeatMs, type Limits } from './protocol.ts';
import { Staffing } from './staffing.ts';
import { type SharedFile, shareFiles } from './upload-files.ts';

/** Workers that may die in one run before the load is given up: more is no accident. */
const mostDeaths = 5;

/** A worker that does not say that it is done so long after the grace is given up (ms). */
const stopLimitMs = 2000;

/** A request that is limited by silence alone may take this long where it makes something and the run has ended (ms). */
const longestMs = 600_000;

/** Shares change this long after it was decided, so that every worker has heard of it (ms). */
const reshareAheadMs = 500;

/** Closed models: arrival numbers left out when shares change, more than are begun until then. */
const numbersAhead = 100_000;

interface Started {
  readonly originAt: number;
  /** Run time 0 in ms since 1970, as requests tell it. */
  readonly wallAt: number;
  readonly listener: EngineListener;
}

export class ThreadEngine implements Engine, PostListener {
  readonly #spec: EngineSpec;
  readonly #clock = new SystemClock();
  readonly #posts: Post[] = [];
  readonly #heartbeat = new SharedArrayBuffer(4);
  readonly #cancels: Cancel[] = [];
  readonly #staffing: Pick<Staffing, 'take'>;
  /** What workers noted so far. */
  readonly #noted = new Set<string>();
  #addresses;
  #limits: Limits;
  #files: readonly SharedFile[] = [];
  #started: Started | undefined;
  /** Users of the first plan, at the most. */
  #users = 1;
  #rounds: BurstRounds | undefined;
  #plan: PlanData = { revision: 0, segments: [] };
  #gate: 'open' | 'hold' = 'open';
  #applied = 0;
  #deaths = 0;
  /** Workers that share the load; while one is being hired or leaves there are more posts. */
  #workers: number;
  #changing = false;
  #cancelLimit: Cancel = () => {};
  #stop: { graceMs: number; backlog: number; oldestBacklogMs: number; done: (stopped: Stopped) => void } | undefined;
  #closed = false;

  /** @param staffing says how many workers there should be; default: as their loops are busy */
  constructor(spec: EngineSpec, staffing: Pick<Staffing, 'take'> = new Staffing(spec.workers, spec.mostWorkers)) {
    this.#spec = spec;
    this.#addresses = spec.addresses;
    this.#limits = spec.limits;
    this.#workers = spec.workers;
    this.#staffing = staffing;
    for (let index = 0; index < spec.workers; index += 1) this.#addPost({ index, count: spec.workers });
  }

  async open(): Promise<void> {
    this.#files = await shareFiles(this.#spec.scenarios, this.#spec.mostSharedBytes);
    await Promise.all(this.#posts.map((post) => this.#hire(post)));
    giveWay();
  }

  start(originAt: number, plan: PlanData, listener: EngineListener): void {
    const wallAt = this.#spec.nowAt ?? Math.round(wallNow() + originAt - monotonicNow());
    this.#started = { originAt, wallAt, listener };
    this.#plan = plan;
    this.#users = Math.max(1, ...plan.segments.map(({ from, to }) => Math.ceil(Math.max(from, to))));
    this.#beat();
    this.#cancels.push(this.#clock.every(heartbeatMs, () => this.#beat()));
    if (this.#addresses.length > 0) {
      this.#cancels.push(this.#clock.every(resolveEveryMs, () => void this.#resolveAgain()));
    }
    for (const post of this.#posts) {
      if (post.isStaffed) post.send({ type: 'start', start: this.#startAt(0) });
      else this.#replace(post, 0);
    }
    this.#startRounds();
  }

  steer(change: Switch): void {
    this.#plan = change.plan;
    this.#gate = change.gate;
    for (const post of this.#posts) post.act({ type: 'switch', at: change.at, switch: change });
    this.#rounds?.hold(change.gate === 'hold');
  }

  limit(limits: Limits): void {
    this.#limits = limits;
    this.#sendLimits();
  }

  stop(graceMs: number, atOnce = false): Promise<Stopped> {
    this.#rounds?.close();
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
        if (post.isStaffed) post.send({ type: 'stop', graceMs, atOnce });
        else post.done = true;
      }
      this.#cancelLimit();
      const mostMs = Math.max(graceMs, atOnce ? Math.min(atOnceMs, this.#creatingMs) : this.#creatingMs);
      this.#cancelLimit = this.#clock.after(mostMs + stopLimitMs, () => this.#giveUp());
      this.#finishStop();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#rounds?.close();
    this.#cancelLimit();
    for (const cancel of this.#cancels) cancel();
    await Promise.all(this.#posts.map((post) => post.dismiss()));
  }

  #addPost(share: Share | undefined): Post {
    const post = new Post(this.#posts.length, share, this.#plan.revision, this);
    this.#posts.push(post);
    return post;
  }

  #startRounds(): void {
    const { burst } = this.#spec;
    if (!burst) return;
    this.#rounds = new BurstRounds({
      ...burst,
      workers: this.#workers,
      clock: this.#clock,
      now: () => this.#now(),
      send: (share, message) => this.#posts[share]!.send(message),
      ended: (round, after) => this.#started?.listener.round(round, after),
    });
    this.#rounds.start();
  }

  /** How long requests take at most that make something, ms. */
  get #creatingMs(): number {
    const { timeoutMs: common } = this.#limits;
    const making = this.#spec.scenarios.flatMap(({ steps }) => steps.filter(({ creates }) => creates));
    const limits = making.map(({ timeoutMs, idleMs }) => timeoutMs ?? (idleMs === undefined ? common : longestMs));
    return Math.max(0, ...limits);
  }

  #startAt(firstArrival: number) {
    const { originAt = 0, wallAt = 0 } = this.#started ?? {};
    return { originAt, wallAt, plan: this.#plan, gate: this.#gate, firstArrival, users: this.#users } as const;
  }

  #now(): number {
    return monotonicNow() - (this.#started?.originAt ?? 0);
  }

  #beat(): void {
    Atomics.store(new Int32Array(this.#heartbeat), 0, Math.floor(this.#now() / beatUnitMs));
  }

  /** The part of the limits that a share has. */
  #partOf(share: Share | undefined): Limits {
    const { connections, maxInFlight, timeoutMs } = this.#limits;
    if (!share) return { connections: 1, maxInFlight: 1, timeoutMs };
    return { connections: partOfTotal(share, connections), maxInFlight: partOfTotal(share, maxInFlight), timeoutMs };
  }

  #sendLimits(): void {
    for (const post of this.#posts) {
      if (post.leavesAt === undefined) post.send({ type: 'limits', limits: this.#partOf(post.share) });
    }
  }

  #hire(post: Post): Promise<void> {
    const {
      workers: _,
      mostWorkers: __,
      burst: ___,
      family: ____,
      nowAt: _____,
      mostSharedBytes: ______,
      ...rest
    } = this.#spec;
    return post.hire({
      ...rest,
      addresses: this.#addresses,
      files: this.#files,
      limits: this.#partOf(post.share),
      heartbeat: this.#heartbeat,
    });
  }

  reported(post: Post, message: Report): void {
    const listener = this.#started?.listener;
    switch (message.type) {
      case 'interval':
        this.#enter(post, message.interval);
        return;
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
      case 'note':
        if (!this.#noted.has(message.text)) listener?.note(message.text);
        this.#noted.add(message.text);
        return;
      case 'resources':
        listener?.resources(message.change);
        return;
      case 'burst':
        this.#rounds?.take(post.index, message.event);
        return;
      case 'done':
        post.done = true;
        if (this.#stop) {
          this.#stop.backlog += message.cutOff;
          this.#stop.oldestBacklogMs = Math.max(this.#stop.oldestBacklogMs, message.oldestBacklogMs);
        } else void this.#dismiss(post);
        this.#finishStop();
    }
  }

  #enter(post: Post, interval: Interval): void {
    const difference = post.ledger.enter(interval);
    this.#started?.listener.interval(interval);
    if (difference !== 0 && !post.toldImbalance) {
      post.toldImbalance = true;
      this.#started?.listener.problem(`the books of worker ${post.index + 1} are off by ${difference}`);
    }
    const { inFlight, backlog } = interval.stocks;
    if (post.leavesAt === undefined) {
      if (interval.loopUtilisation >= 0) this.#staff(interval);
    } else if (interval.slice * sliceMs > post.leavesAt && inFlight + backlog === 0) {
      post.send({ type: 'stop', graceMs: 0, atOnce: false });
    }
  }

  #staff({ share, loopUtilisation }: Interval): void {
    // Numbers of arrivals are handed out in advance where there is a limit of them, or in rounds.
    const fixed = this.#spec.burst || (this.#spec.model !== 'open' && Number.isFinite(this.#spec.limit));
    if (fixed || this.#spec.mostWorkers <= this.#spec.workers || this.#changing || this.#stop) return;
    const wanted = this.#staffing.take(share, loopUtilisation, this.#workers);
    if (wanted > this.#workers) void this.#grow();
    else if (wanted < this.#workers) this.#shrink();
  }

  async #grow(): Promise<void> {
    this.#changing = true;
    const post = this.#addPost(undefined);
    try {
      await this.#hire(post);
    } catch (error) {
      if (this.#stop || this.#closed) {
        post.done = true;
        this.#finishStop();
        return;
      }
      // Not tried again: what is missing now will be in a second.
      this.#posts.pop();
      this.#started?.listener.problem(errorMessage(error), 'the load goes on with the workers there are');
      return;
    }
    if (this.#stop || this.#closed) {
      post.done = true;
      this.#finishStop();
      return;
    }
    post.send({ type: 'start', start: this.#startAt(0) });
    post.revision = this.#plan.revision;
    this.#tellApplied();
    this.#reshare(this.#workers + 1);
    this.#started?.listener.joined(post.index, this.#workers);
  }

  #shrink(): void {
    this.#changing = true;
    this.#reshare(this.#workers - 1);
  }

  /** Divides the load anew among the first `count` posts, from an instant that all of them know in advance. */
  #reshare(count: number): void {
    const at = this.#now() + reshareAheadMs;
    this.#workers = count;
    const firstArrival = Math.max(...this.#posts.map(({ progress }) => progress.next)) + numbersAhead;
    for (const post of this.#posts) {
      post.share = post.index < count ? { index: post.index, count } : undefined;
      if (post.index >= count) post.leavesAt = at;
      post.act({ type: 'reshare', at, share: post.share, firstArrival });
    }
    this.#clock.after(reshareAheadMs, () => {
      this.#sendLimits();
      if (this.#posts.length === count) this.#changing = false;
    });
  }

  /** A worker that had nothing left to do is done. */
  async #dismiss(post: Post): Promise<void> {
    await post.dismiss();
    if (this.#posts.at(-1) === post) this.#posts.pop();
    this.#changing = false;
    this.#started?.listener.left(post.index, this.#workers);
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
    for (const post of this.#posts) if (!post.done) void post.dismiss();
  }

  /** A thread ended. Unless it was told to, its share is entered as lost and taken over by a new one. */
  gone(post: Post, reason: string, wasReady: boolean): void {
    const started = this.#started;
    if (this.#closed || post.done || !started || !wasReady) return;
    const { next, taken } = post.progress;
    const slice = Math.floor(this.#now() / sliceMs);
    const loss = post.ledger.lostWithWorker(taken);
    const interval = intervalOfLoss({ slice, share: post.index, revision: this.#plan.revision, flows: loss });
    post.ledger.enter(interval);
    started.listener.interval(interval);
    started.listener.lost(post.index, reason);
    this.#rounds?.lost(post.index);
    this.#deaths += 1;
    if (this.#stop) {
      post.done = true;
      this.#finishStop();
    } else if (this.#deaths >= mostDeaths)
      started.listener.broken(`${mostDeaths} load workers died; the last: ${reason}`);
    else this.#replace(post, next);
  }

  #replace(post: Post, firstArrival: number): void {
    this.#hire(post).then(
      () => {
        if (this.#stop || this.#closed) {
          post.done = true;
          this.#finishStop();
          return;
        }
        post.send({ type: 'start', start: this.#startAt(firstArrival) });
        post.revision = this.#plan.revision;
        this.#rounds?.takenOver(post.index);
        this.#started?.listener.takenOver(post.index);
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
    const { via } = this.#spec.transport;
    if (via.type === 'unix') return;
    const listener = this.#started?.listener;
    try {
      const addresses = await resolveName(via.hostname, this.#spec.family);
      if (!sameAddresses(addresses, this.#addresses)) {
        const list = addresses.map(({ address }) => address).join(', ');
        listener?.problem(`${via.hostname} now resolves to ${list}`, 'new connections go there');
      }
      this.#addresses = addresses;
      for (const post of this.#posts) post.send({ type: 'addresses', addresses });
    } catch (error) {
      listener?.problem(errorMessage(error), 'connections go on to the addresses found before');
    }
  }
}
