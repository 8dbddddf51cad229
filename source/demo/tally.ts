// What the demo target counts of the load for tests, apart from its metrics: exactly, for each route, with users at once and the first
// example of what was wrong with a request. Bounded, whatever comes.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** What was counted at one route. */
export interface RouteCounts {
  readonly requests: number;
  /** Ended without an answer: the client left, or the connection was lost or cut. */
  readonly unanswered: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests by their Content-Type without its parameters; `none` for those that have none. */
  readonly contentTypes: Readonly<Record<string, number>>;
  /** Of bodies, without heads and chunk marks. */
  readonly bytesIn: number;
  /** Most connections with requests in flight at once. */
  readonly usersAtOnce: number;
  /** Most requests in flight at once. */
  readonly requestsAtOnce: number;
  readonly faults: number;
  readonly firstFault: string | null;
}

const faultLength = 500;
/** Further types are counted together. */
const typeLimit = 20;

class RouteTally {
  #requests = 0;
  #unanswered = 0;
  #bytesIn = 0;
  #statuses = new Map<number, number>();
  #contentTypes = new Map<string, number>();
  #faults = 0;
  #firstFault: string | null = null;
  #requestsAtOnce = 0;
  #usersAtOnce = 0;
  #inFlight = 0;
  /** Requests in flight of each connection that has any. */
  readonly #users = new Map<Socket, number>();

  begin(socket: Socket, contentType: string | undefined): void {
    this.#requests += 1;
    this.#countType(contentType?.split(';', 1)[0] ?? 'none');
    this.#inFlight += 1;
    this.#users.set(socket, (this.#users.get(socket) ?? 0) + 1);
    this.#requestsAtOnce = Math.max(this.#requestsAtOnce, this.#inFlight);
    this.#usersAtOnce = Math.max(this.#usersAtOnce, this.#users.size);
  }

  end(socket: Socket, status: number | undefined, bytesIn: number): void {
    this.#inFlight -= 1;
    const left = (this.#users.get(socket) ?? 1) - 1;
    if (left > 0) this.#users.set(socket, left);
    else this.#users.delete(socket);
    this.#bytesIn += bytesIn;
    if (status === undefined) this.#unanswered += 1;
    else this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  fault(text: string): void {
    this.#faults += 1;
    this.#firstFault ??= text.slice(0, faultLength);
  }

  /** Begins anew; what is in flight stays so. */
  reset(): void {
    this.#requests = 0;
    this.#unanswered = 0;
    this.#bytesIn = 0;
    this.#statuses = new Map();
    this.#contentTypes = new Map();
    this.#faults = 0;
    this.#firstFault = null;
    this.#requestsAtOnce = this.#inFlight;
    this.#usersAtOnce = this.#users.size;
  }

  counts(): RouteCounts {
    return {
      requests: this.#requests,
      unanswered: this.#unanswered,
      statuses: Object.fromEntries(this.#statuses),
      contentTypes: Object.fromEntries(this.#contentTypes),
      bytesIn: this.#bytesIn,
      usersAtOnce: this.#usersAtOnce,
      requestsAtOnce: this.#requestsAtOnce,
      faults: this.#faults,
      firstFault: this.#firstFault,
    };
  }

  #countType(type: string): void {
    const known = this.#contentTypes.has(type) || this.#contentTypes.size < typeLimit ? type.slice(0, 100) : 'other';
    this.#contentTypes.set(known, (this.#contentTypes.get(known) ?? 0) + 1);
  }
}

/** How a request ended. */
export interface Ended {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  readonly bytesIn: number;
}

export class Tally {
  /** By `METHOD path template`. */
  readonly #routes = new Map<string, RouteTally>();
  /** All of the load's together. */
  readonly #load = new RouteTally();
  readonly #connections = new Set<Socket>();
  #connectionsAtOnce = 0;

  /** A request begins; `isLoad` where it is one of the users'. */
  begin(route: string, { socket, headers, method }: IncomingMessage, isLoad: boolean): void {
    const type = headers['content-type'];
    this.#of(route).begin(socket, type);
    if (!isLoad) return;
    this.#load.begin(socket, type);
    // The look before a run, which is a HEAD, is no user's.
    if (method === 'HEAD' || this.#connections.has(socket)) return;
    this.#connections.add(socket);
    this.#connectionsAtOnce = Math.max(this.#connectionsAtOnce, this.#connections.size);
    socket.once('close', () => this.#connections.delete(socket));
  }

  end(route: string, socket: Socket, isLoad: boolean, { status, bytesIn }: Ended): void {
    this.#of(route).end(socket, status, bytesIn);
    if (isLoad) this.#load.end(socket, status, bytesIn);
  }

  /** Something about a request that is not as it should be, answered with an error or not. */
  fault(route: string, text: string): void {
    this.#of(route).fault(text);
    this.#load.fault(`${route}: ${text}`);
  }

  reset(): void {
    for (const route of this.#routes.values()) route.reset();
    this.#load.reset();
    this.#connectionsAtOnce = this.#connections.size;
  }

  counts(): object {
    const routes = [...this.#routes].map(([name, route]) => [name, route.counts()] as const);
    return {
      // Every virtual user has a connection of its own: the most that were open at once after a first request of the load.
      connectionsAtOnce: this.#connectionsAtOnce,
      ...this.#load.counts(),
      routes: Object.fromEntries(routes.filter(([, counts]) => counts.requests > 0)),
    };
  }

  #of(route: string): RouteTally {
    let found = this.#routes.get(route);
    if (!found) {
      found = new RouteTally();
      this.#routes.set(route, found);
    }
    return found;
  }
}
