// Asks the target something on a connection of its own, and tells how often a connection had to be made for it. The HTTP is
// undici's, the sockets are ours, so that they go where the load's go.

import type { Socket } from 'node:net';
import { Client } from 'undici';
import { monotonicNow, soon } from '../common/clock.ts';
import { FaultError } from './connect-fault.ts';
import { connectSocket, openTunnel, secure, trustFault } from './dial.ts';
import { authorityOf, type Route } from './route.ts';

export interface Question {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | undefined;
}

export interface Answer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** From asking to the head of the answer, ms; connecting included where it had to be. */
  readonly tookMs: number;
}

/** A header of an answer as one text. */
export const answerHeader = ({ headers }: Answer, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

export class Exchange {
  readonly #route: Route;
  readonly #address: string | undefined;
  readonly #client: Client;
  #waiting: Socket | undefined;
  #connections = 0;
  /** What the newest connection itself told. */
  #told: Error | undefined;
  #signal: AbortSignal = AbortSignal.abort();

  /** @param address that is connected to @param first a connection that stands already */
  constructor(route: Route, address: string | undefined, first?: Socket) {
    this.#route = route;
    this.#address = address;
    this.#waiting = first;
    const scheme = route.origin.secure ? 'https' : 'http';
    this.#client = new Client(`${scheme}://${authorityOf(route)}`, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: route.http2,
      // A target that says it keeps connections for a second keeps them.
      keepAliveTimeoutThreshold: 1,
      connect: (_, done) => {
        this.#connect().then(
          (socket) => done(null, socket),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    });
  }

  /** Connections that were made for it, the first included. */
  get connections(): number {
    return this.#connections;
  }

  /** The head of an answer; its body is thrown away. Rejects with the error of the connection or of the HTTP. */
  async ask({ method, path, headers, body }: Question, signal: AbortSignal): Promise<Answer> {
    this.#signal = signal;
    const begunAt = monotonicNow();
    const { via, origin } = this.#route;
    const absolute = via.type === 'proxy' && !origin.secure;
    const login: [string, string][] =
      absolute && via.authorization !== undefined ? [['proxy-authorization', via.authorization]] : [];
    const request = this.#client.request({
      method,
      path: absolute ? `http://${authorityOf(this.#route)}${path}` : path,
      headers: Object.fromEntries(grouped([['user-agent', `loadtop/${this.#route.version}`], ...headers, ...login])),
      signal,
      // undici closes the connection after a HEAD unless it is told not to.
      reset: false,
      ...(body !== undefined && { body }),
    });
    const answer = await request.catch(async (error: unknown) => {
      // An alert of TLS is told after the end that it brings: the client only knows of the end.
      await new Promise<void>((resolve) => soon(resolve));
      throw this.#told ?? error;
    });
    const tookMs = monotonicNow() - begunAt;
    // A stream may never end: what is left of a body is not waited for.
    if (method === 'HEAD') await answer.body.dump();
    else answer.body.on('error', () => {}).destroy();
    return { status: answer.statusCode, headers: answer.headers, tookMs };
  }

  async close(): Promise<void> {
    this.#waiting?.destroy();
    await this.#client.destroy();
  }

  async #connect(): Promise<Socket> {
    const first = this.#waiting;
    this.#waiting = undefined;
    this.#connections += 1;
    const socket = first ?? (await this.#open());
    this.#told = undefined;
    socket.on('error', (error: Error) => {
      this.#told = error;
    });
    // Without TLS nothing is agreed on: undici goes by this mark.
    if (this.#route.http2 && !this.#route.origin.secure) Object.assign(socket, { alpnProtocol: 'h2' });
    return socket;
  }

  async #open(): Promise<Socket> {
    const { via, origin } = this.#route;
    const socket = await connectSocket(this.#route, this.#address, this.#signal);
    if (!origin.secure) return socket;
    if (via.type === 'proxy') await openTunnel(socket, this.#route, this.#signal);
    const secured = await secure(socket, this.#route, this.#signal);
    const fault = this.#route.tls.verify ? trustFault(secured.look) : undefined;
    if (!fault) return secured.socket;
    secured.socket.destroy();
    throw new FaultError(fault);
  }
}

/** Headers of the same name become a list; the last user agent counts. */
const grouped = (headers: readonly (readonly [string, string])[]): Map<string, string | string[]> => {
  const groups = new Map<string, string | string[]>();
  for (const [written, value] of headers) {
    const name = written.toLowerCase();
    const before = groups.get(name);
    if (before === undefined || name === 'user-agent' || name === 'host') groups.set(name, value);
    else groups.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
  }
  return groups;
};
