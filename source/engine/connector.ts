// Makes the sockets of the load's connections. An undici Client calls it for each new connection; it adds what undici's own
// connector lacks: a limit on connecting that is exact, addresses that were resolved beforehand, the instants of
// connecting and of the last byte written, byte counts, and reads into one buffer for the whole thread.

import net from 'node:net';
import tls from 'node:tls';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import { errorCode } from '../common/errors.ts';
import type { Address, Origin } from './protocol.ts';

/** What a connection wants to hear of its socket. */
export interface SocketWatcher {
  /** A new connection stands, TLS included; `ms` is how long that took. */
  connected(ms: number, socket: net.Socket): void;
  /** The connection broke; told before undici ends the answer on it. */
  faulted(error: Error): void;
  /** The connection is gone. */
  closed(): void;
  /** The head of an answer is awaited, or has come in part. */
  readonly awaitsHead: boolean;
  /** `bytes` were handed to the socket. */
  writing(bytes: number): void;
  /** As many writes as were handed over are out. */
  written(): void;
  /** `bytes` came. */
  received(bytes: number): void;
}

/** The connection could not be made within the limit. */
export class ConnectTimeoutError extends Error {
  readonly code = 'LOADTOP_CONNECT_TIMEOUT';

  constructor(ms: number) {
    super(`no connection within ${ms} ms`);
    this.name = 'ConnectTimeoutError';
  }
}

/**
 * The addresses of the target, given out in turn. One that refuses is set aside until names are resolved again, as long
 * as another accepts: `localhost` is often two addresses of which one has no listener.
 */
export class AddressBook {
  #addresses: readonly Address[];
  #aside = new Set<string>();
  #turn = 0;

  constructor(addresses: readonly Address[]) {
    this.#addresses = addresses;
  }

  /** Replaces all addresses; those set aside get another chance. */
  update(addresses: readonly Address[]): void {
    this.#addresses = addresses;
    this.#aside.clear();
  }

  /** Addresses to try for one connection, the best first; those set aside only where there is no other. */
  candidates(): readonly Address[] {
    const turn = this.#turn++;
    const usable = this.#addresses.filter(({ address }) => !this.#aside.has(address));
    const from = usable.length > 0 ? usable : this.#addresses;
    return from.map((_, index) => from[(turn + index) % from.length]!);
  }

  /** Sets an address aside because another accepted what it refused. */
  setAside(address: Address): void {
    this.#aside.add(address.address);
  }
}

// One read buffer serves every connection of the thread, because what is read is consumed before the next read begins.
// 64 KiB is what libuv would allocate for each read.
const readBuffer = Buffer.allocUnsafeSlow(65_536);
const clock = new SystemClock();
const endOfHead = '\r\n\r\n';

type Done = (error: Error | null, socket: net.Socket | null) => void;

/** Opens one connection, trying addresses in turn while they refuse. `done` is always called later, and once. */
export const connect = (
  origin: Origin,
  book: AddressBook,
  limitMs: number,
  watcher: SocketWatcher,
  done: Done,
): void => {
  const begun = monotonicNow();
  const addresses = book.candidates();
  const attempt = (index: number): void => {
    const socket = open(origin, addresses[index]!, watcher);
    const cancel = clock.after(Math.max(1, limitMs - (monotonicNow() - begun)), () => {
      socket.destroy(new ConnectTimeoutError(limitMs));
    });
    const failed = (error: Error): void => {
      cancel();
      if (errorCode(error) === 'ECONNREFUSED' && index + 1 < addresses.length) attempt(index + 1);
      else done(error, null);
    };
    socket.once('error', failed);
    socket.once(origin.secure ? 'secureConnect' : 'connect', () => {
      cancel();
      socket.off('error', failed);
      for (const refused of addresses.slice(0, index)) book.setAside(refused);
      socket.once('error', (error) => watcher.faulted(error));
      socket.once('close', () => watcher.closed());
      watcher.connected(monotonicNow() - begun, socket);
      done(null, socket);
    });
  };
  attempt(0);
};

const open = (origin: Origin, { address, family }: Address, watcher: SocketWatcher): net.Socket => {
  let pending: Buffer | null = null;
  const options = {
    host: address,
    family,
    port: origin.port,
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (count: number, buffer: Uint8Array): boolean => {
        watcher.received(count);
        // undici keeps views of a head that comes in parts, and the next read would write over them: such a part is copied.
        const view = Buffer.from(buffer.buffer, buffer.byteOffset, count);
        pending = watcher.awaitsHead && !view.includes(endOfHead) ? Buffer.from(view) : view;
        socket.emit('readable');
        return true;
      },
    },
  };
  // An address as server name is against RFC 6066; Node refuses it in SNI.
  const servername = net.isIP(origin.hostname) ? '' : origin.hostname;
  const socket = origin.secure
    ? tls.connect({ ...options, servername, ALPNProtocols: ['http/1.1'] })
    : net.connect(options);
  // undici reads with `socket.read()` when 'readable' is emitted. The stock stream would copy each chunk through its own
  // buffer; handing the chunk over directly saves about 1.4 µs a request.
  const readStock = socket.read.bind(socket);
  socket.read = (size?: number) => {
    if (size === 0) return readStock(0);
    const chunk = pending;
    pending = null;
    return chunk;
  };
  watchWrites(socket, watcher);
  return socket;
};

/**
 * Tells the watcher when bytes are handed over and when they are out. undici's own events mean handed over, which for a
 * large body can be long before.
 */
const watchWrites = (socket: net.Socket, watcher: SocketWatcher): void => {
  const writeStock: (chunk: string | Uint8Array, encoding: BufferEncoding, done: () => void) => boolean =
    socket.write.bind(socket);
  // Writes that a destroyed socket gives up are called back late, when another request may be on the connection.
  const written = (): void => {
    if (!socket.destroyed) watcher.written();
  };
  socket.write = (chunk: string | Uint8Array, encoding?: unknown): boolean => {
    watcher.writing(chunk.length);
    return writeStock(chunk, encoding === 'latin1' ? 'latin1' : 'utf8', written);
  };
};
