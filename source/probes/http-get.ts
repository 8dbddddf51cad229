// GETs one URL, again and again, on a connection of its own: never the load's pool, in which a probe would wait behind
// the load. Says in a sentence what went wrong. What the answer means is for the probes.

import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { gunzip } from 'node:zlib';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { monotonicNow } from '../common/clock.ts';
import { errorCode } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatBytes } from '../common/units.ts';
import type { HttpAccess } from './http-access.ts';
import { type Asked, explainTrouble } from './http-trouble.ts';
import { ProbeError } from './probe.ts';

export interface HttpGetOptions {
  /** http or https. A user name and password in it are sent as basic authentication, and shown nowhere. */
  readonly url: string;
  /** Of this program, for the User-Agent. */
  readonly version: string;
  /** Largest body, in bytes, after decompression too. */
  readonly capBytes: number;
  readonly accept: string;
  readonly acceptGzip?: boolean;
  /** Undefined: no headers of the user's, the system's authorities, straight to the URL's host. */
  readonly access?: HttpAccess | undefined;
  /** Of connecting, TLS included; default 2000. */
  readonly connectTimeoutMs?: number | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** As sent, or empty. */
  readonly contentType: string;
  /** `Location` of a redirect, which is not followed. */
  readonly location: string | undefined;
  /** Decompressed. */
  readonly body: Buffer;
  /** From asking to the last byte, connecting included, ms. */
  readonly tookMs: number;
}

const unzip = (raw: Buffer, maxOutputLength: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    gunzip(raw, { maxOutputLength }, (error, body) => (error ? reject(error) : resolve(body)));
  });

export class HttpGet {
  /** The URL without credentials and query: safe to show. */
  readonly target: string;
  readonly #client: Client;
  readonly #path: string;
  readonly #options: HttpGetOptions;
  readonly #headers: string[];
  readonly #asked: Omit<Asked, 'answered'>;
  /** Connections made so far. */
  #connected = 0;
  #answered = false;
  /** The first error of the newest connection itself. */
  #lineError: Error | undefined;

  /** @throws TypeError where the URL is none. */
  constructor(options: HttpGetOptions) {
    const url = new URL(options.url);
    const { access, connectTimeoutMs = 2000 } = options;
    this.target = `${url.origin}${url.pathname}`;
    this.#options = options;
    this.#path = `${url.pathname}${url.search}`;
    this.#headers = headersOf(options, url);
    this.#asked = { host: url.host, via: viaText(access), secure: url.protocol === 'https:', connectTimeoutMs };
    const connect = connector(url, access, connectTimeoutMs);
    // The signal alone bounds the answer; connecting has a bound of its own because a signal does not end it.
    this.#client = new Client(url.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (to, done) => {
        this.#connected += 1;
        this.#lineError = undefined;
        connect(to, (...[error, socket]) => {
          if (error) return done(error, null);
          // TLS 1.3 refuses a client after the handshake, which undici tells as a connection that was closed.
          socket.once('error', (first) => {
            this.#lineError = first;
          });
          done(null, socket);
        });
      },
      keepAliveTimeout: 10_000,
    });
  }

  /**
   * The answer, whatever its status; redirects are not followed.
   * @throws ProbeError saying why there is none: refused, not resolved, cut off, larger than the cap.
   */
  async get(signal: AbortSignal): Promise<HttpAnswer> {
    const askedAt = monotonicNow();
    try {
      const { statusCode, headers, body } = await this.#ask(signal);
      this.#answered = true;
      const raw = await this.#collect(body);
      const decoded = await this.#decode(raw, one(headers['content-encoding']) ?? 'identity');
      return {
        status: statusCode,
        contentType: one(headers['content-type']) ?? '',
        location: one(headers.location),
        body: decoded,
        tookMs: monotonicNow() - askedAt,
      };
    } catch (error) {
      if (error instanceof ProbeError) throw error;
      if (signal.aborted) throw new ProbeError('no answer in time');
      const cause = errorCode(error) === 'UND_ERR_SOCKET' ? (this.#lineError ?? error) : error;
      throw explainTrouble(cause, { ...this.#asked, answered: this.#answered });
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  /** Up to the head of the answer. A server may close an idle connection in the moment of its use: that is asked again. */
  async #ask(signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const before = this.#connected;
    const request = { method: 'GET', path: this.#path, headers: this.#headers, signal } as const;
    try {
      return await this.#client.request(request);
    } catch (error) {
      const wasIdle = before > 0 && this.#connected === before;
      if (!wasIdle || signal.aborted || !lostConnection.has(errorCode(error) ?? '')) throw error;
      return await this.#client.request(request);
    }
  }

  async #collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      // Leaving the loop destroys the body, and with it the connection.
      if (size > this.#options.capBytes) throw this.#tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  async #decode(raw: Buffer, encoding: string): Promise<Buffer> {
    const name = encoding.trim().toLowerCase();
    if (name === 'identity' || name === '' || raw.length === 0) return raw;
    if (name !== 'gzip' && name !== 'x-gzip') {
      throw new ProbeError(`the answer is encoded as ${safeText(name, 40)}, which was not asked for`);
    }
    try {
      return await unzip(raw, this.#options.capBytes);
    } catch (error) {
      if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw this.#tooLarge();
      throw new ProbeError('the answer says that it is gzip, and is not');
    }
  }

  #tooLarge(): ProbeError {
    return new ProbeError(`the answer is larger than ${formatBytes(this.#options.capBytes)}`);
  }
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** What a connection that is no more looks like to who writes to it. */
const lostConnection = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Names and values in turn: the user's, and ours where the user has none. */
const headersOf = ({ version, accept, acceptGzip, access }: HttpGetOptions, url: URL): string[] => {
  const given = access?.headers ?? [];
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const own: (readonly [string, string])[] = [
    ['accept', accept],
    ['user-agent', `loadtop/${version}`],
  ];
  if (acceptGzip) own.push(['accept-encoding', 'gzip']);
  if (url.username || url.password) {
    const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
    own.push(['authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]);
  }
  return [...own.filter(([name]) => !named.has(name)), ...given].flat();
};

/** A password may hold a per cent sign that begins nothing. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

type Connect = ReturnType<typeof buildConnector>;

/** Connects to where `access` says; whatever that is, the certificate is the URL's host's. */
const connector = (url: URL, access: HttpAccess | undefined, timeout: number): Connect => {
  const { tls, via } = access ?? {};
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const connect = buildConnector({
    timeout,
    ...(via && 'socketPath' in via && { socketPath: via.socketPath }),
    ...(tls && { rejectUnauthorized: tls.verify, ca: tls.ca, cert: tls.cert, key: tls.key }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });
  // An address is no server name; a Host header of the user's does not change who is asked.
  const name = { servername: isIP(host) === 0 ? host : '' };
  const to = via && 'hostname' in via ? { hostname: via.hostname, port: String(via.port) } : {};
  return (given, done) => connect({ ...given, ...name, ...to }, done);
};

const viaText = (access: HttpAccess | undefined): string | undefined => {
  const { via } = access ?? {};
  if (via === undefined) return undefined;
  return 'socketPath' in via ? safeText(via.socketPath) : `${via.hostname}:${via.port}`;
};
