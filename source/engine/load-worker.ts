// What runs in a worker thread: one share of the load, from the first arrival to the last interval. The thread's entry,
// which only connects this to its port, is worker.ts.

import { performance } from 'node:perf_hooks';
import { type Cancel, type Clock, SystemClock } from '../common/clock.ts';
import { arrivalsOf } from '../load/arrivals.ts';
import { scenarioChoice } from '../load/scenario-choice.ts';
import { type Stocks, sliceMs } from '../measure/interval.ts';
import { Recorder } from '../measure/recorder.ts';
import { AddressBook } from './connector.ts';
import { FullSpeed } from './full-speed.ts';
import { Iterations } from './iteration.ts';
import { OpenModel } from './open-model.ts';
import { Pacer } from './pacer.ts';
import { Pool } from './pool.ts';
import { type FromWorker, silenceLimitMs, type ToWorker, type WorkerSpec, type WorkerStart } from './protocol.ts';

/** How often deadlines and the main thread's heartbeat are looked at (ms). */
const houseMs = 50;
/** A gap between two looks that is a stand-still of this thread, not a late timer (ms). */
const stillMs = 300;

export class LoadWorker {
  readonly #spec: WorkerSpec;
  readonly #tell: (message: FromWorker) => void;
  readonly #book: AddressBook;
  readonly #beat: Int32Array;
  #running: Running | undefined;

  constructor(spec: WorkerSpec, tell: (message: FromWorker) => void) {
    this.#spec = spec;
    this.#tell = tell;
    this.#book = new AddressBook(spec.addresses);
    this.#beat = new Int32Array(spec.heartbeat);
  }

  /** Carries out a message of the main thread. */
  receive(message: ToWorker): void {
    switch (message.type) {
      case 'start':
        this.#running ??= new Running(this.#spec, message.start, this.#book, this.#beat, this.#tell);
        return;
      case 'switch':
        this.#running?.accept(message);
        return;
      case 'addresses':
        this.#book.update(message.addresses);
        return;
      case 'stop':
        if (this.#running) this.#running.stop(message.graceMs);
        else this.#tell({ type: 'done', cutOff: 0, oldestBacklogMs: 0 });
        return;
    }
  }
}

/** A share of a run that has begun. */
class Running {
  readonly #spec: WorkerSpec;
  readonly #tell: (message: FromWorker) => void;
  readonly #beat: Int32Array;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #model: OpenModel | FullSpeed;
  readonly #pacer: Pacer;
  readonly #cancels: Cancel[] = [];
  #cancelSlice: Cancel = () => {};
  #appliedRevision: number;
  #utilisation = performance.eventLoopUtilization();
  #stopping: { cutOff: number; oldestBacklogMs: number; until: number } | undefined;
  #keptAt = 0;
  #done = false;

  constructor(
    spec: WorkerSpec,
    start: WorkerStart,
    book: AddressBook,
    beat: Int32Array,
    tell: (message: FromWorker) => void,
  ) {
    this.#spec = spec;
    this.#tell = tell;
    this.#beat = beat;
    const clock = new SystemClock(start.originAt);
    this.#clock = clock;
    const now = (): number => clock.now();
    const problem = (text: string): void => tell({ type: 'problem', text });
    const progress = new Float64Array(spec.progress);
    const { share, origin, connectTimeoutMs, limit, maxInFlight, overflow, seed } = spec;
    this.#recorder = new Recorder(share.index, spec.seriesCount, Math.max(0, now()));
    const weights = spec.scenarios.map(({ weight }) => weight);
    this.#iterations = new Iterations(this.#recorder, spec.scenarios, scenarioChoice(weights, seed));
    this.#pool = new Pool(spec.connections, { origin, book, connectTimeoutMs, now }, this.#iterations);
    this.#model =
      spec.model === 'open'
        ? new OpenModel(
            { share, arrivals: arrivalsOf(spec.arrivals, seed), limit, maxInFlight, overflow, progress, now, problem },
            start,
            this.#pool,
            this.#iterations,
            this.#recorder,
          )
        : new FullSpeed(
            { share, limit, connections: spec.connections, progress, now },
            start,
            this.#pool,
            this.#iterations,
            this.#recorder,
          );
    this.#appliedRevision = start.plan.revision;
    this.#pacer = new Pacer(clock, () => this.#pump());
    this.#cancels.push(clock.every(houseMs, () => this.#keepHouse()));
    this.#pacer.run();
    this.#awaitSlice();
  }

  accept(message: Extract<ToWorker, { type: 'switch' }>): void {
    if (this.#stopping) return;
    this.#model.accept(message.switch);
    this.#pacer.run();
  }

  stop(graceMs: number): void {
    const now = this.#clock.now();
    if (!this.#stopping) {
      // What was due up to now is due, whoever pumps last.
      this.#model.pump();
      this.#pacer.stop();
      this.#iterations.end();
      this.#stopping = { ...this.#model.end(), until: now + graceMs };
    }
    this.#stopping.until = Math.min(this.#stopping.until, now + graceMs);
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
    if (!stoodStill) this.#pool.checkDeadlines(now, this.#spec.timeoutMs);
    if (!this.#stopping && !this.#model.muted && now - Atomics.load(this.#beat, 0) > silenceLimitMs) {
      this.#model.pump();
      this.#model.mute();
      this.#tell({ type: 'muted', at: now });
    }
    this.#finishStop();
  }

  #finishStop(): void {
    if (!this.#stopping || this.#done) return;
    if (this.#iterations.inFlight > 0 && this.#clock.now() >= this.#stopping.until) {
      for (const connection of this.#pool.connections) if (connection.busy) connection.cutOff();
    }
    if (this.#iterations.inFlight > 0) return;
    this.#done = true;
    this.#cancelSlice();
    for (const cancel of this.#cancels) cancel();
    this.#closeSlicesUntil(this.#clock.now());
    this.#closeSlice();
    const { cutOff, oldestBacklogMs } = this.#stopping;
    this.#tell({ type: 'done', cutOff, oldestBacklogMs });
    this.#pool.destroy();
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
    const interval = this.#recorder.close(this.#model.revision, this.#stocks(), this.#loopUtilisation());
    this.#tell({ type: 'interval', interval });
  }

  #stocks(): Stocks {
    const now = this.#clock.now();
    return {
      inFlight: this.#iterations.inFlight,
      backlog: this.#model.backlogSize,
      connections: this.#pool.size,
      oldestInFlightMs: now - (this.#pool.oldestStart() ?? now),
      oldestBacklogMs: this.#model.oldestWaitMs(now),
    };
  }

  #loopUtilisation(): number {
    const before = this.#utilisation;
    this.#utilisation = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.#utilisation, before).utilization;
  }
}
