// Follows redirects where a step says so. To everybody else all hops are one request: it began with the first and has its answer
// with the last. Only within the target: load never goes to an origin that nobody named.

import { errorMessage } from '../common/errors.ts';
import { safeLocation } from '../common/safe-text.ts';
import { causeIndex } from '../measure/cause.ts';
import type { CompiledStep } from '../profile/compile.ts';
import type { Exchange, ExchangeListener } from './exchange.ts';
import type { Request, RequestSettings } from './request.ts';
import { StringTemplate } from './template.ts';

/** What became of the hops before the one that is under way. */
export interface Hops {
  count: number;
  /** Path of the request under way. */
  path: string;
  readonly startedAt: number;
  readonly sentAt: number;
  bytesOut: number;
  bytesIn: number;
  bytesMoved: number;
  /** Of the body of the first. */
  readonly bodyBytes: number;
}

/** How the redirects of a step are followed. */
export interface Follow {
  readonly most: number;
  /** The path of the first request. */
  path(n: number): string;
  /** The request that a redirect asks for, or why there is none. */
  next(status: number, method: string, from: string, location: string): Hop | string;
}

export interface Hop {
  readonly request: Request;
  readonly path: string;
}

/** @param make makes the request of a step, without following */
export const followOf = (
  step: CompiledStep,
  most: number,
  { scheme, authority, source }: Pick<RequestSettings, 'scheme' | 'authority' | 'source'>,
  make: (step: CompiledStep) => Request,
): Follow => {
  const { origin } = new URL(`${scheme}://${authority}`);
  const { path } = step;
  const template = typeof path === 'string' ? undefined : new StringTemplate(path, source);
  return {
    most,
    path: (n) => template?.text(n) ?? String(path),
    next: (status, method, from, location) => {
      let url: URL;
      try {
        url = new URL(location, new URL(from, origin));
      } catch (error) {
        return errorMessage(error);
      }
      if (url.origin !== origin) return 'another origin';
      const hop = { ...step, method, path: url.pathname + url.search, redirects: undefined };
      // See Other, and what browsers make of the old two (RFC 9110, sections 15.4.2 to 15.4.4): it is got, without a body.
      const isGot = method !== 'GET' && method !== 'HEAD' && status !== 307 && status !== 308;
      const request = make(isGot ? { ...hop, method: 'GET', body: undefined, upload: undefined, ...bare(step) } : hop);
      return { request, path: hop.path };
    },
  };
};

/** The headers without those of a body. */
const bare = ({ headers }: CompiledStep): Pick<CompiledStep, 'headers'> => ({
  headers: headers.filter((_, index) => !/^content-/i.test(String(headers[index - (index % 2)]))),
});

const isRedirect = new Set([301, 302, 303, 307, 308]);

const notFollowed = causeIndex('expectation failed, redirect not followed');

export type HearAgain = (exchange: Exchange, request: Request) => void;

/** Stands between connections and who listens to them. */
export class Redirects implements ExchangeListener {
  readonly #listener: ExchangeListener;
  readonly #hearAgain: HearAgain;

  /** @param hearAgain prepares an exchange for the answer to another request of its step */
  constructor(listener: ExchangeListener, hearAgain: HearAgain) {
    this.#listener = listener;
    this.#hearAgain = hearAgain;
  }

  answered(exchange: Exchange): void {
    const follow = exchange.follow;
    const location = follow && isRedirect.has(exchange.status) ? exchange.headers.location : undefined;
    if (follow && typeof location === 'string') {
      // It may set cookies, which the next request has then.
      exchange.hearing?.ignored(exchange);
      exchange.hearing = undefined;
      const hop = this.#hop(exchange, follow, location);
      if (typeof hop !== 'string') {
        this.#hearAgain(exchange, hop.request);
        exchange.send(hop.request);
        return;
      }
      const example = `${exchange.status} to ${safeLocation(location)}: ${hop}`;
      exchange.fault = { good: false, cause: notFollowed, example };
    }
    this.#gather(exchange);
    this.#listener.answered(exchange);
  }

  failed(exchange: Exchange, error: Error): void {
    this.#gather(exchange);
    this.#listener.failed(exchange, error);
  }

  started(exchange: Exchange): void {
    if (exchange.hops) exchange.startedAt = exchange.hops.startedAt;
    this.#listener.started(exchange);
  }

  connected(ms: number): void {
    this.#listener.connected(ms);
  }

  moved(exchange: Exchange, bytes: number): void {
    this.#listener.moved(exchange, bytes);
  }

  uploaded(exchange: Exchange): void {
    // The time since the first hop says nothing of how fast a body went out that is sent again.
    if (!exchange.hops) this.#listener.uploaded(exchange);
  }

  #hop(exchange: Exchange, follow: Follow, location: string): Hop | string {
    const { hops, status, startedAt, sentAt, bytesOut, bytesIn, bytesMoved, scratch } = exchange;
    const count = hops?.count ?? 0;
    if (count >= follow.most) return `one more than the ${follow.most} that are followed`;
    const from = hops?.path ?? follow.path(exchange.arrival);
    const hop = follow.next(status, exchange.request!.method, from, location);
    if (typeof hop === 'string') return hop;
    exchange.hops = {
      count: count + 1,
      path: hop.path,
      startedAt,
      sentAt: hops?.sentAt ?? sentAt,
      bytesOut: bytesOut + (hops?.bytesOut ?? 0),
      bytesIn: bytesIn + (hops?.bytesIn ?? 0),
      bytesMoved: bytesMoved + (hops?.bytesMoved ?? 0),
      bodyBytes: hops?.bodyBytes ?? scratch.bodyBytes,
    };
    return hop;
  }

  /** Makes one request of all hops: what was waited for after the first was sent, was waited for from the target. */
  #gather(exchange: Exchange): void {
    const { hops } = exchange;
    exchange.hops = undefined;
    exchange.follow = undefined;
    if (!hops) return;
    exchange.startedAt = hops.startedAt;
    if (exchange.sentAt > 0) exchange.sentAt = hops.sentAt;
    exchange.bytesOut += hops.bytesOut;
    exchange.bytesIn += hops.bytesIn;
    exchange.bytesMoved += hops.bytesMoved;
    exchange.scratch.bodyBytes = hops.bodyBytes;
  }
}
