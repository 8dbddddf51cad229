// Makes the sockets of the load's connections: to an address, a Unix socket or through a proxy, with TLS where the origin
// wants it, within a limit that is exact. Addresses were resolved beforehand. What travels on a socket is not its business.

import net from 'node:net';
import tls from 'node:tls';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import { errorCode } from '../common/errors.ts';
import type { AddressBook } from './address-book.ts';
import { ConnectTimeoutError, HandshakeTimeoutError, ProxyError } from './engine-errors.ts';
import type { Address, Origin, Transport } from './protocol.ts';
import { readProxyAnswer } from './proxy.ts';

/** Reads of a socket into one buffer, without the copies of the stock stream, which cost about 1.4 µs a request. */
export interface Reading {
  readonly buffer: Uint8Array;
  /** So many bytes came, at the beginning of the buffer; they are overwritten by the next read. */
  readonly take: (socket: net.Socket, count: number) => void;
}

export interface DialSettings {
  readonly origin: Origin;
  readonly transport: Transport;
  readonly book: AddressBook;
  readonly limitMs: number;
}

/** A socket that stands. */
export interface Dialled {
  readonly socket: net.Socket;
  /** How long that took, TLS included, ms. */
  readonly ms: number;
  /** Where it goes; a path for a Unix socket. */
  readonly address: string;
  /** It reads as was asked for; else it is to be read as a stream. */
  readonly direct: boolean;
}

const clock = new SystemClock();

/** Opens connections of one worker. TLS sessions and certificates are shared by them. */
export class Dialler {
  readonly #settings: DialSettings;
  readonly #context: tls.SecureContext | undefined;
  #session: Buffer | undefined;

  constructor(settings: DialSettings) {
    this.#settings = settings;
    const { origin, transport } = settings;
    const { ca, cert, key } = transport.tls;
    // One context for all connections: making one reads all the system's authorities.
    if (origin.secure) {
      this.#context = tls.createSecureContext({
        ...(ca ? { ca } : {}),
        ...(cert ? { cert } : {}),
        ...(key ? { key } : {}),
      });
    }
  }

  /**
   * Opens one connection, trying addresses in turn while they refuse. `done` is always called later, and once.
   * @param reading how to read, where that can be had: not through a tunnel
   */
  open(reading: Reading | undefined, done: (error: Error | undefined, dialled: Dialled | undefined) => void): void {
    const { transport, book, limitMs } = this.#settings;
    const begun = monotonicNow();
    const candidates: readonly (Address | undefined)[] =
      transport.via.type === 'unix' ? [undefined] : book.candidates();
    const attempt = (index: number): void => {
      const address = candidates[index];
      const { socket, direct, ready, isShaking } = this.#connect(address, reading);
      const cancel = clock.after(Math.max(1, limitMs - (monotonicNow() - begun)), () => {
        socket.destroy(isShaking() ? new HandshakeTimeoutError(limitMs) : new ConnectTimeoutError(limitMs));
      });
      let settled = false;
      const failed = (error: Error): void => {
        if (settled) return;
        settled = true;
        cancel();
        if (errorCode(error) === 'ECONNREFUSED' && index + 1 < candidates.length) attempt(index + 1);
        else done(error, undefined);
      };
      // An error listener stays for good: through a proxy, both the raw and the secure socket may tell one.
      socket.on('error', failed);
      ready((made) => {
        if (settled) return;
        settled = true;
        cancel();
        for (const refused of candidates.slice(0, index)) if (refused) book.setAside(refused);
        const where = address?.address ?? (transport.via.type === 'unix' ? transport.via.path : '');
        done(undefined, { socket: made, ms: monotonicNow() - begun, address: where, direct });
      }, failed);
    };
    attempt(0);
  }

  #connect(address: Address | undefined, reading: Reading | undefined): Attempt {
    const { origin, transport } = this.#settings;
    const { via } = transport;
    if (via.type === 'proxy' && origin.secure) return this.#tunnel(via, address!);
    const direct = reading !== undefined;
    // Nothing is read before the socket is there to be named.
    const onread = reading && {
      buffer: reading.buffer,
      callback: (count: number): boolean => {
        reading.take(socket, count);
        return true;
      },
    };
    const options = onread ? { onread } : {};
    const where =
      via.type === 'unix' ? { path: via.path } : { host: address!.address, family: address!.family, port: via.port };
    const socket: net.Socket = origin.secure
      ? this.#connectTls({ ...where, ...options })
      : net.connect({ ...where, ...options });
    socket.setNoDelay(true);
    const event = origin.secure ? 'secureConnect' : 'connect';
    const isShaking = (): boolean => origin.secure && !socket.connecting;
    return { socket, direct, ready: (done) => socket.once(event, () => done(socket)), isShaking };
  }

  #connectTls(where: tls.ConnectionOptions): tls.TLSSocket {
    const socket = tls.connect({ ...where, ...this.#tlsOptions() });
    this.#rememberSession(socket);
    return socket;
  }

  /** TLS through a proxy. What comes of it is read as a stream: node:tls takes no read buffer for a socket it is given. */
  #tunnel(via: Extract<Transport['via'], { type: 'proxy' }>, address: Address): Attempt {
    const { origin } = this.#settings;
    const socket = net.connect({ host: address.address, family: address.family, port: via.port, noDelay: true });
    const host = origin.hostname.includes(':') ? `[${origin.hostname}]` : origin.hostname;
    const login = via.authorization === undefined ? '' : `proxy-authorization: ${via.authorization}\r\n`;
    let secure: tls.TLSSocket | undefined;
    return {
      socket,
      direct: false,
      isShaking: () => secure !== undefined,
      ready: (done, failed) => {
        // Before there is a tunnel it is the proxy that gives up, not the target.
        socket.prependListener('error', (error) => {
          if (!secure && errorCode(error) === 'ECONNRESET') failed(new ProxyError(error.message));
        });
        socket.once('connect', () => {
          socket.write(
            `CONNECT ${host}:${origin.port} HTTP/1.1\r\nhost: ${host}:${origin.port}\r\n${login}\r\n`,
            'latin1',
          );
          readProxyAnswer(socket, (fault) => {
            if (fault) {
              // A socket that is closed already tells no error.
              failed(new ProxyError(fault));
              socket.destroy();
              return;
            }
            const shaking = this.#connectTls({ socket });
            secure = shaking;
            shaking.on('error', failed);
            shaking.once('secureConnect', () => done(shaking));
          });
        });
      },
    };
  }

  #tlsOptions(): tls.ConnectionOptions {
    const { origin, transport } = this.#settings;
    return {
      secureContext: this.#context!,
      rejectUnauthorized: transport.tls.verify,
      // An address as server name is against RFC 6066; Node refuses it in SNI.
      servername: net.isIP(origin.hostname) ? '' : origin.hostname,
      // The name is that of the origin, wherever the socket goes.
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(origin.hostname, certificate),
      ALPNProtocols: transport.http2 ? ['h2'] : ['http/1.1'],
      ...(this.#session ? { session: this.#session } : {}),
    };
  }

  #rememberSession(socket: tls.TLSSocket): void {
    socket.on('session', (session) => {
      this.#session = session;
    });
  }
}

interface Attempt {
  /** What to watch for errors, and to destroy. */
  readonly socket: net.Socket;
  readonly direct: boolean;
  readonly ready: (done: (socket: net.Socket) => void, failed: (error: Error) => void) => void;
  /** Whether the connection stands and only the TLS handshake is waited for. */
  readonly isShaking: () => boolean;
}
