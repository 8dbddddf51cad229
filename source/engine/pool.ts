// The connections of one worker: made as they are needed up to a limit, used again last in, first out, so that few stay
// warm when little is to be done.

import { Connection, type ConnectionListener, type ConnectionSettings } from './connection.ts';

export class Pool {
  readonly #limit: number;
  readonly #settings: ConnectionSettings;
  readonly #listener: ConnectionListener;
  readonly #all: Connection[] = [];
  readonly #free: Connection[] = [];

  constructor(limit: number, settings: ConnectionSettings, listener: ConnectionListener) {
    this.#limit = limit;
    this.#settings = settings;
    this.#listener = listener;
  }

  /** Number of connections that were made; a connection that was lost is made again when it is next used. */
  get size(): number {
    return this.#all.length;
  }

  /** All connections, in the order in which they were made. */
  get connections(): readonly Connection[] {
    return this.#all;
  }

  /** A connection for a request, or undefined when all are taken. */
  take(): Connection | undefined {
    const free = this.#free.pop();
    if (free || this.#all.length >= this.#limit) return free;
    const made = new Connection(this.#settings, this.#listener);
    this.#all.push(made);
    return made;
  }

  /** Gives a connection back. */
  release(connection: Connection): void {
    this.#free.push(connection);
  }

  /** Instant at which the oldest request now on a connection started; undefined without one. */
  oldestStart(): number | undefined {
    let oldest = Infinity;
    for (const { busy, startedAt } of this.#all) if (busy && startedAt > 0 && startedAt < oldest) oldest = startedAt;
    return oldest === Infinity ? undefined : oldest;
  }

  /** Ends requests that have run for too long. */
  checkDeadlines(now: number, limitMs: number): void {
    for (const connection of this.#all) connection.checkDeadline(now, limitMs);
  }

  /** Closes all connections. */
  destroy(): void {
    for (const connection of this.#all) connection.destroy();
  }
}
