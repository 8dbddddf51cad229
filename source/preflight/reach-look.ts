// Looks at the way to the target as far as it goes: name, TCP to each address, TLS, HTTP and whether a connection is kept.
// Sends HEAD at the most, never the load's method or body. What the looks mean is reach-checks.ts.

import { lookup } from 'node:dns/promises';
import net, { type Socket } from 'node:net';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import { type Fault, faultOf } from './connect-fault.ts';
import { connectSocket, openTunnel, secure, type TlsLook, trustFault } from './dial.ts';
import { type Answer, Exchange } from './exchange.ts';
import { late, limited } from './limited.ts';
import { dialledText, type Route } from './route.ts';

/** The parts of the five seconds, ms. */
const limits = { nameMs: 1500, connectMs: 1500, httpMs: 1500 };

/** More addresses than these are not tried. */
const mostAddresses = 8;

/** What resolving the name brought; an address and a Unix socket need none. */
export type NameLook =
  | { readonly type: 'needless'; readonly addresses: readonly (string | undefined)[] }
  | { readonly type: 'found'; readonly addresses: readonly string[]; readonly tookMs: number }
  | { readonly type: 'fault'; readonly fault: Fault };

/** One attempt to connect. */
export interface ConnectLook {
  /** Address and port, or the path of a Unix socket. */
  readonly to: string;
  readonly address: string | undefined;
  readonly tookMs: number;
  readonly fault: Fault | undefined;
}

export interface ReachLook {
  readonly connects: readonly ConnectLook[];
  /** Undefined without TLS, or where nothing could be connected to. */
  readonly tls: TlsLook | Fault | undefined;
  /** Undefined where it was not asked for, or could not be asked. */
  readonly head: Answer | Fault | undefined;
  /** Whether a second request went over the same connection; undefined where it is not known. */
  readonly kept: boolean | undefined;
}

/** Resolves what is connected to; takes at most 1.5 s, never rejects. */
export const lookUp = async ({ via, family }: Route, outer?: AbortSignal): Promise<NameLook> => {
  if (via.type === 'unix') return { type: 'needless', addresses: [undefined] };
  if (net.isIP(via.hostname) !== 0) return { type: 'needless', addresses: [via.hostname] };
  const begunAt = monotonicNow();
  try {
    const found = await limited(limits.nameMs, outer, () =>
      lookup(via.hostname, { all: true, order: 'ipv4first', family: family ?? 0 }),
    );
    if (found === late) return { type: 'fault', fault: { text: `no answer within ${limits.nameMs / 1000} s` } };
    const addresses = found.map(({ address }) => address);
    return { type: 'found', addresses, tookMs: monotonicNow() - begunAt };
  } catch (error) {
    return { type: 'fault', fault: faultOf(error) };
  }
};

export interface ReachOptions {
  /** Where HEAD is sent, with query. */
  readonly path: string;
  /** 2 tell whether a connection is kept, 0 leave it at connecting. */
  readonly heads: 0 | 1 | 2;
}

interface Connected extends ConnectLook {
  readonly socket: Socket | undefined;
}

/** Looks at the target by the addresses of its name; takes at most 3 s, never rejects. */
export const lookAt = async (
  route: Route,
  addresses: readonly (string | undefined)[],
  options: ReachOptions,
  outer?: AbortSignal,
): Promise<ReachLook> => {
  const attempts = await Promise.all(
    addresses.slice(0, mostAddresses).map((address) => attempt(route, address, outer)),
  );
  const best = attempts.find(({ socket }) => socket !== undefined);
  for (const { socket } of attempts) if (socket !== best?.socket) socket?.destroy();
  const connects = attempts.map(({ socket: _, ...look }): ConnectLook => look);
  if (!best?.socket) return { connects, tls: undefined, head: undefined, kept: undefined };
  const opened = await open(route, best.socket, outer);
  if ('fault' in opened) {
    best.socket.destroy();
    return { connects, tls: opened.fault, head: undefined, kept: undefined };
  }
  const untrusted = opened.tls && route.tls.verify && trustFault(opened.tls);
  if (untrusted || options.heads === 0) {
    opened.socket.destroy();
    return { connects, tls: opened.tls, head: undefined, kept: undefined };
  }
  const exchange = new Exchange(route, best.address, opened.socket);
  try {
    return { connects, tls: opened.tls, ...(await ask(exchange, options, outer)) };
  } finally {
    await exchange.close();
  }
};

const attempt = async (route: Route, address: string | undefined, outer?: AbortSignal): Promise<Connected> => {
  const begunAt = monotonicNow();
  const base = { to: dialledText(route, address), address };
  const took = (): number => monotonicNow() - begunAt;
  try {
    const socket = await limited(limits.connectMs, outer, (signal) => connectSocket(route, address, signal));
    if (socket !== late) return { ...base, tookMs: took(), fault: undefined, socket };
    return { ...base, tookMs: took(), fault: silent(limits.connectMs), socket: undefined };
  } catch (error) {
    return { ...base, tookMs: took(), fault: faultOf(error), socket: undefined };
  }
};

const silent = (ms: number): Fault => ({
  text: `no answer within ${ms / 1000} s`,
  todo: 'check that the target is up, the address, the firewall and the route to it',
});

/** The tunnel and TLS over a socket, as far as the route wants them. */
const open = async (
  route: Route,
  socket: Socket,
  outer?: AbortSignal,
): Promise<{ readonly socket: Socket; readonly tls: TlsLook | undefined } | { readonly fault: Fault }> => {
  if (!route.origin.secure) return { socket, tls: undefined };
  try {
    const opened = await limited(limits.connectMs, outer, async (signal) => {
      if (route.via.type === 'proxy') await openTunnel(socket, route, signal);
      return secure(socket, route, signal);
    });
    return opened === late ? { fault: silent(limits.connectMs) } : { socket: opened.socket, tls: opened.look };
  } catch (error) {
    return { fault: faultOf(error) };
  }
};

/** Long enough for the end of a connection that the target closes after its answer to arrive, ms. */
const settleMs = 50;

const ask = async (
  exchange: Exchange,
  { path, heads }: ReachOptions,
  outer?: AbortSignal,
): Promise<Pick<ReachLook, 'head' | 'kept'>> => {
  const question = { method: 'HEAD', path, headers: [], body: undefined };
  const head = await settled((signal) => exchange.ask(question, signal), outer);
  if (heads < 2 || !('status' in head)) return { head, kept: undefined };
  await new SystemClock().sleep(settleMs);
  const again = await settled((signal) => exchange.ask(question, signal), outer);
  // The first answer waits for a connection to be taken over, and for this program's own code to be compiled.
  const quicker = 'status' in again ? { ...head, tookMs: Math.min(head.tookMs, again.tookMs) } : head;
  // A second answer that never came says nothing of the connection, unless it was the connection that went.
  if (!('status' in again) && exchange.connections === 1) return { head, kept: undefined };
  return { head: quicker, kept: exchange.connections === 1 };
};

const settled = async (
  work: (signal: AbortSignal) => Promise<Answer>,
  outer?: AbortSignal,
): Promise<Answer | Fault> => {
  try {
    const answer = await limited(limits.httpMs, outer, work);
    return answer === late
      ? {
          text: `no answer within ${limits.httpMs / 1000} s`,
          todo: 'the connection stands, but nobody answers: look at the target',
        }
      : answer;
  } catch (error) {
    return faultOf(error);
  }
};
