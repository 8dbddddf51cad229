// The connections of one worker: made as they are needed up to a limit, used again last in, first out, so that few stay
// warm when little is to be done. New ones are rationed, so that opening thousands never stops the loop for long.

import type { ConnectionSettings } from './connection-settings.ts';
import type { Carrier, Exchange, ExchangeListener } from './exchange.ts';
import { Http1Connection } from './http1-connection.ts';
import { Http2Connection } from './http2-connection.ts';

/** New connections a worker may make per ms, and at once: each costs its loop about 0.1 ms. */
const perMs = 4;
const atOnce = 16;

export class Pool {
  readonly #settings: ConnectionSettings;
  readonly #listener: ExchangeListener;
  readonly #http2: boolean;
  readonly #all = new Set<Carrier>();
  #free: Exchange[] = [];
  #limit: number;
  #ration = atOnce;
  #rationAt: number;

  constructor(limit: number, http2: boolean, settings: ConnectionSettings, listener: ExchangeListener) {
    this.#limit = limit;
    this.#http2 = http2;
    this.#settings = settings;
    this.#listener = listener;
    this.#rationAt = settings.now();
  }

  /** Number of connections that were made; a connection that was lost is made again when it is next used. */
  get size(): number {
    return this.#all.size;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Sets how many connections there may be; those above it are closed as soon as nobody has an exchange of them. */
  set limit(limit: number) {
    this.#limit = limit;
    let kept = 0;
    for (const carrier of this.#all) {
      kept += 1;
      carrier.retired = kept > limit;
      if (carrier.retired) this.#closeIfIdle(carrier);
    }
    const staying = [...this.#all].filter(({ retired }) => !retired);
    this.#free = staying.flatMap(({ exchanges }) => exchanges.filter(({ taken }) => !taken));
  }

  /**
   * An exchange for a request; undefined when all are taken, or when a new connection may not be made yet: see `nextAt`.
   */
  take(): Exchange | undefined {
    const free = this.#free.pop() ?? this.#make();
    if (free) free.taken = true;
    return free;
  }

  /** An exchange of a new connection, where there may be one. */
  #make(): Exchange | undefined {
    if (this.#all.size >= this.#limit || !this.#mayConnect()) return undefined;
    this.#ration -= 1;
    const made = this.#http2
      ? new Http2Connection(this.#settings, this.#listener)
      : new Http1Connection(this.#settings, this.#listener);
    this.#all.add(made);
    const { exchanges } = made;
    for (let index = exchanges.length - 1; index > 0; index -= 1) this.#free.push(exchanges[index]!);
    return exchanges[0];
  }

  /** The instant at which `take` can make a new connection again; Infinity where the limit is reached. */
  get nextAt(): number {
    if (this.#all.size >= this.#limit) return Infinity;
    return this.#ration >= 1 ? 0 : this.#rationAt + 1;
  }

  /** Gives an exchange back. */
  release(exchange: Exchange): void {
    const { carrier } = exchange;
    exchange.taken = false;
    if (carrier.retired) this.#closeIfIdle(carrier);
    else this.#free.push(exchange);
  }

  /** Gives an exchange back whose connection is not needed any more. */
  close(exchange: Exchange): void {
    const { carrier } = exchange;
    exchange.taken = false;
    carrier.retired = true;
    this.#free = this.#free.filter((free) => free.carrier !== carrier);
    this.#closeIfIdle(carrier);
  }

  /** Calls `visit` with every exchange that has a request. */
  eachBusy(visit: (exchange: Exchange) => void): void {
    for (const { exchanges } of this.#all) {
      for (const exchange of exchanges) if (exchange.busy) visit(exchange);
    }
  }

  /** Closes all connections. */
  destroy(): void {
    for (const carrier of this.#all) carrier.destroy();
  }

  #closeIfIdle(carrier: Carrier): void {
    if (carrier.exchanges.some(({ taken }) => taken)) return;
    this.#all.delete(carrier);
    carrier.destroy();
  }

  #mayConnect(): boolean {
    const now = this.#settings.now();
    this.#ration = Math.min(atOnce, this.#ration + (now - this.#rationAt) * perMs);
    this.#rationAt = now;
    return this.#ration >= 1;
  }
}
