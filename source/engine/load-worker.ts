// What runs in a worker thread: one share of the load, from the first arrival to the last interval. The thread's entry,
// which only connects this to its port, is worker.ts.

import { type Cancel, type Clock, SystemClock } from '../common/clock.ts';
import { Secrets } from '../common/secrets.ts';
import { type Stocks, sliceMs, stuckMs } from '../measure/interval.ts';
import { Recorder } from '../measure/recorder.ts';
import { AddressBook } from './address-book.ts';
import { Alarm } from './alarm.ts';
import { BurstModel } from './burst-model.ts';
import { Iterations } from './iteration.ts';
import type { LoadModel } from './load-model.ts';
import { LoopWatch } from './loop-watch.ts';
import { Pacer } from './pacer.ts';
import { Pool } from './pool.ts';
import { type LoadedFunction, ProfileFunctions } from './profile-functions.ts';
import {
  atOnceMs,
  beatUnitMs,
  type FromWorker,
  silenceLimitMs,
  type ToWorker,
  type WorkerSpec,
  type WorkerStart,
} from './protocol.ts';
import { connectionSettings, iterationSettings, listenerOf, modelOf } from './worker-parts.ts';

/** How often deadlines and the main thread's heartbeat are looked at (ms). */
const houseMs = 20;
/** A gap between two looks that is a stand-still of this thread, not a late timer (ms). */
const stillMs = 300;

export class LoadWorker {
  readonly #spec: WorkerSpec;
  readonly #tell: (message: FromWorker) => void;
  readonly #functions: readonly LoadedFunction[];
  readonly #book: AddressBook;
  readonly #beat: Int32Array;
  /** What came before the start: a change that the start does not know of. */
  readonly #early: ToRunning[] = [];
  #running: Running | undefined;

  /** @param functions those of the profile */
  constructor(spec: WorkerSpec, tell: (message: FromWorker) => void, functions: readonly LoadedFunction[] = []) {
    this.#spec = spec;
    this.#functions = functions;
    this.#tell = tell;
    this.#book = new AddressBook(spec.addresses, spec.index);
    this.#beat = new Int32Array(spec.heartbeat);
  }

  /** Carries out a message of the main thread. */
  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        if (this.#running) return;
        this.#running = new Running(this.#spec, message.start, this.#functions, this.#book, this.#beat, this.#tell);
        for (const early of this.#early.splice(0)) this.#running.receive(early);
        return;
      case 'addresses':
        this.#book.update(message.addresses);
        return;
      case 'stop':
        if (this.#running) this.#running.stop(message.graceMs, message.atOnce);
        else this.#tell({ type: 'done', cutOff: 0, oldestBacklogMs: 0 });
        return;
      default:
        if (this.#running) this.#running.receive(message);
        else this.#early.push(message);
    }
  }
}

type ToRunning = Exclude<ToWorker, { type: 'start' | 'addresses' | 'stop' }>;

/** A share of a run that has begun. */
class Running {
  readonly #tell: (message: FromWorker) => void;
  readonly #beat: Int32Array;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #ownConnections: boolean;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #model: LoadModel;
  readonly #functions: ProfileFunctions | undefined;
  readonly #alarm: Alarm | undefined;
  readonly #pacer: Pacer;
  readonly #cancels: Cancel[] = [];
  #cancelSlice: Cancel = () => {};
  #appliedRevision: number;
  readonly #loop = new LoopWatch();
  #stopping: { cutOff: number; oldestBacklogMs: number; until: number } | undefined;
  /** Until then what makes something is awaited, once the run has ended. */
  #createdBy = Number.POSITIVE_INFINITY;
  #keptAt: number;
  /** Since when this thread has not stood still itself. */
  #awakeSince: number;
  #skipped = false;
  #done = false;

  constructor(
    spec: WorkerSpec,
    start: WorkerStart,
    functions: readonly LoadedFunction[],
    book: AddressBook,
    beat: Int32Array,
    tell: (message: FromWorker) => void,
  ) {
    this.#tell = tell;
    this.#beat = beat;
    const clock = new SystemClock(start.originAt);
    this.#clock = clock;
    const now = (): number => clock.now();
    this.#keptAt = now();
    this.#awakeSince = this.#keptAt;
    const secrets = new Secrets(spec.secrets ?? []);
    const mask = (text: string): string => secrets.mask(text);
    this.#recorder = new Recorder(spec.index, spec.seriesCount, Math.max(0, now()), spec.metrics, mask);
    const note = (text: string): void => tell({ type: 'note', text: mask(text) });
    if (functions.length > 0) {
      this.#functions = new ProfileFunctions(functions, { seed: spec.seed, wallAt: start.wallAt });
    }
    this.#iterations = new Iterations(
      this.#recorder,
      iterationSettings(spec, now, start.wallAt, note, this.#functions),
    );
    const counterOf = (address: string) => this.#recorder.address(address);
    const settings = connectionSettings(spec, { book, counterOf, now });
    // Virtual users own their connections: there may be as many as there are users.
    this.#ownConnections = spec.model === 'closed';
    const connections = this.#ownConnections ? Infinity : spec.limits.connections;
    this.#pool = new Pool(connections, spec.transport.http2, settings, listenerOf(spec, this.#iterations));
    this.#model = modelOf(spec, start, {
      pool: this.#pool,
      iterations: this.#iterations,
      recorder: this.#recorder,
      now,
      tell,
    });
    this.#appliedRevision = start.plan.revision;
    this.#alarm = spec.model === 'open' ? new Alarm(() => this.#pacer.run()) : undefined;
    const pace = this.#alarm && { alarm: this.#alarm, load: this.#model, originAt: start.originAt };
    this.#pacer = new Pacer(clock, () => this.#pump(), pace);
    this.#cancels.push(clock.every(houseMs, () => this.#keepHouse()));
    this.#pacer.run();
    this.#awaitSlice();
  }

  receive(message: ToRunning): void {
    if (this.#stopping) return;
    switch (message.type) {
      case 'action':
        this.#model.accept(message.action);
        break;
      case 'limits': {
        const { connections, maxInFlight, timeoutMs } = message.limits;
        if (!this.#ownConnections) this.#pool.limit = connections;
        this.#model.setMaxInFlight(maxInFlight);
        this.#iterations.limitTo(timeoutMs, (visit) => this.#pool.eachBusy(visit));
        break;
      }
      case 'prepare':
        if (this.#model instanceof BurstModel) this.#model.prepare(message.round, message.size);
        break;
      case 'release':
        if (this.#model instanceof BurstModel) this.#model.release(message.at);
        break;
    }
    this.#pacer.run();
  }

  /** @param atOnce what makes something is awaited for a moment only */
  stop(graceMs: number, atOnce: boolean): void {
    const now = this.#clock.now();
    if (!this.#stopping) {
      // What was due up to now is due, whoever pumps last.
      this.#model.pump();
      this.#pacer.stop();
      this.#alarm?.close();
      // The model first: what the end of iterations frees must begin nothing.
      this.#stopping = { ...this.#model.end(), until: now + graceMs };
      this.#iterations.end();
    }
    this.#stopping.until = Math.min(this.#stopping.until, now + graceMs);
    if (atOnce) this.#createdBy = Math.min(this.#createdBy, now + atOnceMs);
    this.#finishStop();
  }

  #pump(): number {
    const next = this.#model.pump();
    if (this.#model.revision !== this.#appliedRevision) {
      this.#appliedRevision = this.#model.revision;
      this.#tell({ type: 'applied', revision: this.#appliedRevision });
    }
    return next;
  }

  #keepHouse(): void {
    const now = this.#clock.now();
    // After a stand-still of ours, answers may lie unread: they are read before anybody's time is up.
    const stoodStill = now - this.#keptAt > stillMs;
    this.#keptAt = now;
    // Once: a loop that is slow each time would never look.
    if (stoodStill && !this.#skipped) this.#awakeSince = now;
    else this.#iterations.checkDeadlines(now);
    this.#skipped = stoodStill && !this.#skipped;
    const silentSince = Math.max(this.#awakeSince, Atomics.load(this.#beat, 0) * beatUnitMs);
    if (!this.#stopping && !this.#model.muted && now - silentSince > silenceLimitMs) {
      this.#model.pump();
      this.#model.mute();
      this.#tell({ type: 'muted', at: now });
    }
    this.#tellResources();
    this.#finishStop();
  }

  /** Several times a second, so that little is lost with this program. */
  #tellResources(): void {
    const change = this.#iterations.resources.take();
    if (change) this.#tell({ type: 'resources', change });
  }

  #finishStop(): void {
    if (!this.#stopping || this.#done) return;
    // Thousands of connections take long to close one by one: they go with the thread.
    if (this.#iterations.isBusy && this.#clock.now() >= this.#stopping.until) {
      if (this.#iterations.isCreating && this.#clock.now() < this.#createdBy)
        this.#iterations.cutOffOthers((visit) => this.#pool.eachBusy(visit));
      else this.#iterations.cutOff();
    }
    if (this.#iterations.isBusy) return;
    this.#done = true;
    this.#tellResources();
    this.#cancelSlice();
    for (const cancel of this.#cancels) cancel();
    this.#closeSlicesUntil(this.#clock.now());
    this.#closeSlice();
    this.#loop.close();
    const { cutOff, oldestBacklogMs } = this.#stopping;
    this.#tell({ type: 'done', cutOff, oldestBacklogMs });
  }

  #awaitSlice(): void {
    const endsAt = (this.#recorder.slice + 1) * sliceMs;
    this.#cancelSlice = this.#clock.after(Math.max(0, endsAt - this.#clock.now()), () => {
      // All that is due by now is counted with the slice, so that the balance holds at its end.
      if (!this.#stopping) this.#pump();
      this.#closeSlicesUntil(this.#clock.now());
      this.#awaitSlice();
    });
  }

  #closeSlicesUntil(now: number): void {
    while (this.#recorder.isOver(now)) this.#closeSlice();
  }

  #closeSlice(): void {
    const endsSecond = ((this.#recorder.slice + 1) * sliceMs) % 1000 === 0;
    const functions = this.#functions && { functionsMs: this.#functions.takeMs() };
    const loop = { ...this.#loop.read(endsSecond), ...functions };
    const interval = this.#recorder.close(this.#model.revision, this.#stocks(), loop);
    this.#tell({ type: 'interval', interval });
  }

  #stocks(): Stocks {
    const now = this.#clock.now();
    let stuck = 0;
    let oldest = now;
    this.#pool.eachBusy(({ startedAt, sentAt, movedAt }) => {
      if (startedAt > 0 && startedAt < oldest) oldest = startedAt;
      if (sentAt > 0 && now - Math.max(sentAt, movedAt) > stuckMs) stuck += 1;
    });
    return {
      inFlight: this.#iterations.inFlight,
      backlog: this.#model.backlogSize,
      connections: this.#pool.size,
      users: this.#model.users,
      stuck,
      oldestInFlightMs: now - oldest,
      oldestBacklogMs: this.#model.oldestWaitMs(now),
    };
  }
}
