// Full speed in one worker: every connection busy all the time, as wrk, hey and oha do it. A closed model: a request is
// intended for the instant at which its connection became free, so that waiting for the target is not seen.

import { firstOfShareFrom, type Share } from '../load/share.ts';
import type { Switch } from '../load/steer.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { Connection } from './connection.ts';
import type { Iterations, LoadModel } from './iteration.ts';
import type { Pool } from './pool.ts';
import type { WorkerStart } from './protocol.ts';

/** After a request without an answer its connection rests this long: a target that refuses is not hammered. */
const restMs = 100;

export interface FullSpeedSettings {
  readonly share: Share;
  readonly limit: number;
  readonly connections: number;
  /** Where the worker writes down the first arrival that it has not taken up. */
  readonly progress: Float64Array;
  readonly now: () => number;
}

export class FullSpeed implements LoadModel {
  readonly #settings: FullSpeedSettings;
  readonly #pool: Pool;
  readonly #iterations: Iterations;
  readonly #recorder: Recorder;
  readonly #switches: Switch[] = [];
  /** Connections that have nothing to do: held by a pause, or resting. */
  #idle: Connection[] = [];
  #gate: 'open' | 'hold' | 'ended';
  #revision: number;
  #muted = false;
  #next: number;

  constructor(settings: FullSpeedSettings, start: WorkerStart, pool: Pool, iterations: Iterations, recorder: Recorder) {
    this.#settings = settings;
    this.#pool = pool;
    this.#iterations = iterations;
    this.#recorder = recorder;
    this.#gate = start.gate;
    this.#revision = start.plan.revision;
    this.#next = firstOfShareFrom(settings.share, start.firstArrival);
    iterations.drivenBy(this);
  }

  readonly backlogSize = 0;

  oldestWaitMs(): number {
    return 0;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Opens what is not open yet and wakes connections that rest. Returns the instant at which it wants to be called again. */
  pump(): number {
    const now = this.#settings.now();
    if (now < 0) return 0;
    while (this.#switches[0] && this.#switches[0].at <= now) {
      const change = this.#switches.shift()!;
      this.#revision = change.plan.revision;
      this.#gate = change.gate;
      if (change.gate === 'open') this.#muted = false;
      this.#iterations.between(change.gate === 'hold' ? 'hold' : 'go', change.moveBacklogMs);
    }
    if (this.#gate === 'open' && !this.#muted) {
      for (const connection of this.#wakeable(now)) this.#begin(connection, now);
    }
    return Math.min(now + restMs / 2, this.#switches[0]?.at ?? Infinity);
  }

  accept(change: Switch): void {
    this.#switches.push(change);
  }

  mute(): void {
    this.#muted = true;
    this.#iterations.between('hold');
  }

  get muted(): boolean {
    return this.#muted;
  }

  end(): { cutOff: number; oldestBacklogMs: number } {
    this.#gate = 'ended';
    this.#switches.length = 0;
    return { cutOff: 0, oldestBacklogMs: 0 };
  }

  #advance(): void {
    this.#next += this.#settings.share.count;
    this.#settings.progress[0] = this.#next;
  }

  freed(connection: Connection, now: number, failed: boolean): void {
    if (failed) connection.notBefore = now + restMs;
    if (this.#switches.length > 0) this.pump();
    if (failed || this.#gate !== 'open' || this.#muted) this.#idle.push(connection);
    else this.#begin(connection, now);
  }

  #wakeable(now: number): Connection[] {
    const ready = this.#idle.filter(({ notBefore }) => notBefore <= now);
    if (ready.length > 0) this.#idle = this.#idle.filter(({ notBefore }) => notBefore > now);
    while (this.#pool.size < this.#settings.connections) {
      const made = this.#pool.take();
      if (!made) break;
      ready.push(made);
    }
    return ready;
  }

  #begin(connection: Connection, freeAt: number): void {
    if (this.#next >= this.#settings.limit) {
      this.#idle.push(connection);
      return;
    }
    const n = this.#next;
    this.#advance();
    this.#recorder.flows.due += 1;
    this.#iterations.begin(connection, n, freeAt, freeAt, freeAt);
  }
}
