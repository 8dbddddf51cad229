// Removes what a run made: sends the requests that do it one after the other at a modest pace, from this thread and outside of
// the load. Nothing of it is counted among the run's requests.

import { type Cancel, type Clock, SystemClock, wallNow } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { formatLength } from '../common/units.ts';
import type { Text } from '../profile/templates.ts';
import { AddressBook } from './address-book.ts';
import type { EngineSpec } from './engine.ts';
import { DeadlineError, isUnmade } from './engine-errors.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import { generalRequest } from './general-request.ts';
import { Pool } from './pool.ts';
import { type LoadedFunction, loadFunctions, ProfileFunctions } from './profile-functions.ts';
import type { Request } from './request.ts';
import { isRemoval } from './resource-book.ts';
import { type Programs, Walk } from './walk.ts';
import { connectionSettings, iterationSettings } from './worker-parts.ts';

/** How often the pace and limits are looked at, ms. */
const lookMs = 10;
/** Requests on their way at once. */
const mostInFlight = 50;
/** A target that gives no answer so often in a row is not asked further. */
const mostSilent = 20;

export interface SweepSpec
  extends Pick<EngineSpec, 'origin' | 'transport' | 'addresses' | 'feeders' | 'code' | 'seed' | 'connectTimeoutMs'> {
  /** Of each request: name, value, name, value. */
  readonly headers: readonly Text[];
  /** What the set-up of the run captured; default: nothing. */
  readonly known?: ReadonlyMap<string, unknown>;
  /** Of a request, from started to ended. */
  readonly timeoutMs: number;
  /** Requests begun in a second at the most. */
  readonly perSecond: number;
  /** Of all of it; Infinity: as long as it takes. */
  readonly mostMs: number;
}

/** What became of a resource. */
export interface SweepListener {
  gone(resource: string): void;
  left(resource: string, why: string): void;
}

/**
 * Removes resources, each known by the request that does it: `DELETE /v1/sessions/7`. What is not there is gone.
 * @param resources may shrink while they are gone through
 * @returns why not all of them were tried; undefined: they were
 */
export const sweep = async (
  spec: SweepSpec,
  resources: Iterable<string>,
  listener: SweepListener,
  skip: AbortSignal,
): Promise<string | undefined> => {
  let functions: readonly LoadedFunction[];
  try {
    functions = await loadFunctions(spec.code);
  } catch (error) {
    return errorMessage(error);
  }
  const running = new Sweep(spec, functions, resources[Symbol.iterator](), listener);
  const stop = (): void => running.end('it was skipped');
  skip.addEventListener('abort', stop, { once: true });
  if (skip.aborted) stop();
  try {
    return await running.ended;
  } finally {
    skip.removeEventListener('abort', stop);
  }
};

class Sweep implements ExchangeListener {
  readonly #spec: SweepSpec;
  readonly #resources: Iterator<string>;
  readonly #listener: SweepListener;
  readonly #clock: Clock = new SystemClock();
  readonly #settings;
  readonly #pool: Pool;
  readonly #onTheWay = new Map<Exchange, string>();
  readonly #ended = Promise.withResolvers<string | undefined>();
  readonly #startedAt: number;
  #cancel: Cancel;
  #begun = 0;
  #silent = 0;
  /** A resource that found no connection yet. */
  #next: string | undefined;
  #isOver = false;

  constructor(
    spec: SweepSpec,
    functions: readonly LoadedFunction[],
    resources: Iterator<string>,
    listener: SweepListener,
  ) {
    this.#spec = spec;
    this.#resources = resources;
    this.#listener = listener;
    const now = (): number => this.#clock.now();
    this.#startedAt = now();
    const limits = { connections: mostInFlight, maxInFlight: mostInFlight, timeoutMs: spec.timeoutMs };
    const worker = { ...spec, files: [], scenarios: [], share: undefined, limits };
    const wallAt = wallNow() - now();
    const code = new ProfileFunctions(functions, { seed: spec.seed, wallAt });
    this.#settings = iterationSettings(worker, now, wallAt, () => {}, code).request;
    const book = new AddressBook(spec.addresses, 0);
    const counterOf = () => ({ requests: 0, notGood: 0 });
    const connections = connectionSettings(worker, { book, counterOf, now });
    this.#pool = new Pool(mostInFlight, spec.transport.http2, connections, this);
    // Nothing else may keep the process alive.
    this.#cancel = this.#clock.after(0, () => this.#look());
  }

  /** Why not all were tried, once it is over. */
  get ended(): Promise<string | undefined> {
    return this.#ended.promise;
  }

  /** Ends it; what is on its way is left. */
  end(why: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel();
    for (const resource of this.#onTheWay.values()) this.#listener.left(resource, why ?? 'it was not awaited');
    this.#pool.destroy();
    this.#ended.resolve(why);
  }

  answered(exchange: Exchange): void {
    this.#silent = 0;
    const { status, statusText } = exchange;
    this.#settle(exchange, isRemoval(status) ? undefined : `${status} ${statusText}`.trim());
  }

  failed(exchange: Exchange, error: Error): void {
    this.#silent += 1;
    this.#settle(exchange, errorMessage(error));
    if (this.#silent >= mostSilent) this.end(`the target does not answer: ${errorMessage(error)}`);
  }

  started(): void {}

  connected(): void {}

  moved(): void {}

  uploaded(): void {}

  /** @param why it is left; undefined: it is gone */
  #settle(exchange: Exchange, why: string | undefined): void {
    const resource = this.#onTheWay.get(exchange);
    if (this.#isOver || resource === undefined) return;
    this.#onTheWay.delete(exchange);
    if (why === undefined) this.#listener.gone(resource);
    else this.#listener.left(resource, why);
    this.#pool.release(exchange);
  }

  #look(): void {
    const now = this.#clock.now();
    const { timeoutMs, perSecond, mostMs } = this.#spec;
    if (now - this.#startedAt > mostMs) {
      this.end(`${formatLength(mostMs)} were over`);
      return;
    }
    for (const exchange of [...this.#onTheWay.keys()]) {
      const { startedAt, firstByteAt } = exchange;
      if (startedAt === 0 || now - startedAt < timeoutMs) continue;
      exchange.abort(new DeadlineError(timeoutMs, firstByteAt > 0 ? 'body' : 'headers'));
    }
    const due = 1 + Math.floor(((now - this.#startedAt) * perSecond) / 1000);
    while (!this.#isOver && this.#begun < due && this.#begin()) this.#begun += 1;
    // What could not go out is made up for at the pace, not at once.
    this.#begun = Math.max(this.#begun, due - 1);
    if (!this.#isOver) this.#cancel = this.#clock.after(lookMs, () => this.#look());
  }

  /** Sends the next request; false where there is none, or no room for it. */
  #begin(): boolean {
    this.#next ??= this.#take();
    if (this.#next === undefined) {
      if (this.#onTheWay.size === 0) this.end(undefined);
      return false;
    }
    if (this.#onTheWay.size >= mostInFlight) return false;
    const resource = this.#next;
    const request = this.#requestOf(resource);
    if (typeof request === 'string') {
      this.#next = undefined;
      this.#listener.left(resource, request);
      return true;
    }
    const exchange = this.#pool.take();
    if (!exchange) return false;
    this.#next = undefined;
    this.#onTheWay.set(exchange, resource);
    exchange.arrival = this.#begun;
    exchange.user = 0;
    exchange.keepsHead = true;
    exchange.intendedAt = this.#clock.now();
    exchange.send(request);
    return true;
  }

  #take(): string | undefined {
    const { done, value } = this.#resources.next();
    return done ? undefined : value;
  }

  /** The request, or why it cannot be made. */
  #requestOf(resource: string): Request | string {
    const [method = '', path = '/'] = resource.split(' ', 2);
    const { headers, known = new Map() } = this.#spec;
    const step = { series: 0, method, path, headers, body: undefined, expectStatus: undefined, templated: true };
    const walk = new Walk(-1, this.#spec.origin);
    walk.begin({ ...nowhere, known }, this.#begun, { person: -1, turn: -1 });
    try {
      return generalRequest(step, this.#settings)(walk, this.#clock.now());
    } catch (error) {
      if (isUnmade(error)) return error.message;
      throw error;
    }
  }
}

/** The way of a request that belongs to no scenario. */
const nowhere: Omit<Programs, 'known'> = {
  scenario: 0,
  setup: undefined,
  main: [],
  teardown: undefined,
  skipped: new Uint8Array(),
  keepsCookies: false,
};
