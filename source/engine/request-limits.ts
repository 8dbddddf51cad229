// The limits of requests on their way: how long one may take in all, and how long the target may be silent. Looked at now
// and then, without a timer for each.

import { Deadlines } from './deadlines.ts';
import { DeadlineError, IdleError } from './engine-errors.ts';
import type { Exchange } from './exchange.ts';
import type { ReadyStep } from './ready-scenario.ts';

export interface LimitSettings {
  /** Of a request from started to ended, ms. */
  readonly timeoutMs: number;
  /** A step has a limit of its own: else none is looked for. */
  readonly hasOwn: boolean;
  readonly stepOf: (exchange: Exchange) => ReadyStep;
  /** Run clock, ms. */
  readonly now: () => number;
}

export class RequestLimits {
  readonly #settings: LimitSettings;
  readonly #deadlines: Deadlines<Exchange>;
  #timeoutMs: number;

  constructor(settings: LimitSettings) {
    this.#settings = settings;
    this.#timeoutMs = settings.timeoutMs;
    this.#deadlines = new Deadlines(settings.now());
  }

  /** The limit of requests whose step has none of its own, ms. @param busy calls its argument with every exchange in use */
  limitTo(timeoutMs: number, busy: (visit: (exchange: Exchange) => void) => void): void {
    this.#timeoutMs = timeoutMs;
    busy((exchange) => {
      if (exchange.startedAt > 0) this.begin(exchange);
    });
  }

  /** The request of an exchange is on its way, or goes on. */
  begin(exchange: Exchange): void {
    this.#deadlines.remove(exchange);
    if (!this.#settings.hasOwn) {
      this.#deadlines.add(exchange, exchange.startedAt + this.#timeoutMs);
      return;
    }
    const step = this.#settings.stepOf(exchange);
    const silentAt = lastByteAt(exchange) + silenceOf(step, exchange);
    const at = Math.min(exchange.startedAt + this.#timeoutOf(step), silentAt);
    if (at < Infinity) this.#deadlines.add(exchange, at);
  }

  end(exchange: Exchange): void {
    this.#deadlines.remove(exchange);
  }

  /** Ends requests that are over their limits. */
  check(now: number): void {
    this.#deadlines.advance(now, this.#expire);
  }

  readonly #expire = (exchange: Exchange): void => {
    // It waits for a connection again, which has a limit of its own.
    if (exchange.startedAt === 0) return;
    const step = this.#settings.stepOf(exchange);
    const now = this.#settings.now();
    const timeoutMs = this.#timeoutOf(step);
    if (now - exchange.startedAt >= timeoutMs) {
      exchange.abort(new DeadlineError(timeoutMs, exchange.firstByteAt > 0 ? 'body' : 'headers'));
      return;
    }
    const silenceMs = silenceOf(step, exchange);
    if (now - lastByteAt(exchange) >= silenceMs) exchange.abort(new IdleError(silenceMs));
    else this.begin(exchange);
  };

  /** Where only silence is limited, an answer may take as long as it likes. */
  #timeoutOf({ timeoutMs, idleMs }: ReadyStep): number {
    return timeoutMs ?? (idleMs === undefined ? this.#timeoutMs : Infinity);
  }
}

/** How long an answer may last when the stream in it came to its end, ms: some targets end it late, or never. */
const lingerMs = 1000;

const silenceOf = ({ idleMs = Infinity }: ReadyStep, { hearing }: Exchange): number =>
  hearing?.overAt ? Math.min(idleMs, lingerMs) : idleMs;

/** In either direction: an upload that goes on is no silence. */
const lastByteAt = ({ startedAt, sentAt, wentAt, movedAt }: Exchange): number =>
  Math.max(startedAt, sentAt, wentAt, movedAt);
