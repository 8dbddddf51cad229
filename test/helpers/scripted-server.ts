// Servers that misbehave as told: raw sockets (plain, TLS, a Unix socket) whose script decides what is written when a request
// came, and HTTP/2 ones. Each remembers which arrivals it saw, so that a request that was sent twice is noticed.

import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';

/** A request as a raw server sees it. */
export interface Asked {
  /** Number of its arrival; -1 where it does not say. */
  readonly n: number;
  readonly method: string;
  readonly head: string;
  /** How many came before it on its connection. */
  readonly index: number;
}

export interface Script {
  /** A connection was made; nothing came on it yet. */
  readonly opened?: (socket: net.Socket) => void;
  /** The head of a request came. */
  readonly begun?: (socket: net.Socket, asked: Asked) => void;
  /** All of a request came, its body by Content-Length included. */
  readonly asked?: (socket: net.Socket, asked: Asked) => void;
  /** Speaks TLS. */
  readonly secure?: tls.TlsOptions;
  /** Listens at this path in place of a port. */
  readonly path?: string;
  /** Reads nothing by itself: the script's business. */
  readonly unread?: boolean;
}

export interface Scripted {
  readonly port: number;
  /** How often each arrival was seen. */
  readonly seen: ReadonlyMap<number, number>;
  /** Connections made so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const endOfHead = '\r\n\r\n';

/** Starts a server of raw sockets. */
export const scripted = async (script: Script): Promise<Scripted> => {
  const seen = new Map<number, number>();
  const server = script.secure ? tls.createServer(script.secure) : net.createServer({ noDelay: true });
  const raws = new Map<number | undefined, net.Socket>();
  server.prependListener('connection', (socket: net.Socket) => raws.set(socket.remotePort, socket));
  server.on(script.secure ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    rawOf.set(socket, raws.get(socket.remotePort) ?? socket);
    script.opened?.(socket);
    if (!script.unread) read(socket, script, seen);
  });
  return { ...(await listen(server, script.path)), seen };
};

/** A stream of HTTP/2, and the number of its arrival. */
export type StreamScript = (stream: http2.ServerHttp2Stream, n: number, index: number) => void;

/** Starts a server of HTTP/2: over TLS with `secure`, else with prior knowledge. */
export const scriptedHttp2 = async (
  streamed: StreamScript,
  options: http2.ServerOptions & {
    readonly secure?: http2.SecureServerOptions;
  } = {},
): Promise<Scripted> => {
  const { secure, ...rest } = options;
  const seen = new Map<number, number>();
  const server = (
    secure ? http2.createSecureServer({ ...rest, ...secure }) : http2.createServer(rest)
  ) as http2.Http2Server;
  let index = 0;
  const raws = new Map<number | undefined, net.Socket>();
  server.prependListener('connection', (socket: net.Socket) => raws.set(socket.remotePort, socket));
  server.on('session', (session) => {
    lineOf.set(session, raws.get(session.socket.remotePort));
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const n = Number(headers['x-arrival'] ?? -1);
    seen.set(n, (seen.get(n) ?? 0) + 1);
    streamed(stream as http2.ServerHttp2Stream, n, index);
    index += 1;
  });
  server.on('sessionError', () => {});
  return { ...(await listen(server, undefined)), seen };
};

const read = (socket: net.Socket, script: Script, seen: Map<number, number>): void => {
  let text = '';
  let index = 0;
  let current: Asked | undefined;
  let missing = 0;
  const step = (): boolean => {
    if (!current) {
      const end = text.indexOf(endOfHead);
      if (end < 0) return false;
      const head = text.slice(0, end);
      text = text.slice(end + endOfHead.length);
      const n = Number(/^x-arrival: *(\d+)/im.exec(head)?.[1] ?? -1);
      seen.set(n, (seen.get(n) ?? 0) + 1);
      missing = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      current = { n, method: head.slice(0, head.indexOf(' ')), head, index };
      index += 1;
      script.begun?.(socket, current);
    }
    const taken = Math.min(missing, text.length);
    missing -= taken;
    text = text.slice(taken);
    if (missing > 0) return false;
    const done = current;
    current = undefined;
    script.asked?.(socket, done);
    return text.length > 0;
  };
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    while (step());
  });
};

const listen = (
  server: net.Server | http2.Http2Server | http2.Http2SecureServer,
  path: string | undefined,
): Promise<Omit<Scripted, 'seen'>> => {
  const sockets = new Set<net.Socket>();
  let made = 0;
  server.on('connection', (socket: net.Socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket: net.Socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve) => {
    const listening = (): void => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : 0, connections: () => made, close });
    };
    if (path === undefined) server.listen(0, '127.0.0.1', listening);
    else server.listen(path, listening);
  });
};

/** The TCP socket under a session of HTTP/2. */
const lineOf = new WeakMap<object, net.Socket | undefined>();
export const lineUnder = ({ session }: http2.ServerHttp2Stream): net.Socket | undefined =>
  session && lineOf.get(session);

/** The TCP socket under one of TLS. */
const rawOf = new WeakMap<net.Socket, net.Socket>();

/** Resets a connection: TCP's RST, whatever is spoken on it. */
export const reset = (socket: net.Socket): void => {
  (rawOf.get(socket) ?? socket).resetAndDestroy();
};

/** A complete answer with a body. */
export const answer = (status = '200 OK', headers: readonly string[] = [], body = 'x'): string =>
  [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');

/** Writes pieces one by one, with a pause before each but the first, so that each is a read of its own. */
export const drip = (socket: net.Socket, pieces: Iterable<string>, everyMs: number): void => {
  const before = dripping.get(socket) ?? Promise.resolve();
  const all = async (): Promise<void> => {
    await before;
    for (const piece of pieces) {
      if (socket.destroyed) return;
      socket.write(piece, 'latin1');
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  dripping.set(socket, all());
};

/** What is being written to a socket piece by piece: the next answer waits for its end. */
const dripping = new WeakMap<net.Socket, Promise<void>>();

/** Cuts a text into pieces. */
export const pieces = (text: string, length: number): string[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
