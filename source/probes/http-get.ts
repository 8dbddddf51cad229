// GETs one URL, again and again, on a connection of its own: never the load's pool, in which a probe would wait behind
// the load. Says in a sentence what went wrong. What the answer means is for the probes.

import { gunzip } from 'node:zlib';
import { Client } from 'undici';
import { monotonicNow } from '../common/clock.ts';
import { errorCode, errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { formatBytes } from '../common/units.ts';
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
  readonly #headers: Record<string, string>;

  /** @throws TypeError where the URL is none. */
  constructor(options: HttpGetOptions) {
    const url = new URL(options.url);
    this.target = `${url.origin}${url.pathname}`;
    this.#options = options;
    this.#path = `${url.pathname}${url.search}`;
    this.#headers = { accept: options.accept, 'user-agent': `loadtop/${options.version}` };
    if (options.acceptGzip) this.#headers['accept-encoding'] = 'gzip';
    if (url.username || url.password) {
      const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      this.#headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
    // The signal alone bounds the answer; connecting has a bound of its own because a signal does not end it.
    this.#client = new Client(url.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: 2000 },
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
      const { statusCode, headers, body } = await this.#client.request({
        method: 'GET',
        path: this.#path,
        headers: this.#headers,
        signal,
      });
      const raw = await this.#collect(body);
      const decoded = one(headers['content-encoding']) === 'gzip' ? await this.#decode(raw) : raw;
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
      throw explain(error, new URL(this.target).host);
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy();
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

  async #decode(raw: Buffer): Promise<Buffer> {
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

const sentences: Readonly<Record<string, (host: string) => readonly [reason: string, hint?: string]>> = {
  ECONNREFUSED: (host) => [`connection refused: nothing listens on ${host}`],
  ENOTFOUND: (host) => [`the name in ${host} could not be resolved`],
  EAI_AGAIN: (host) => [`the name in ${host} could not be resolved: no name server answered`],
  ECONNRESET: (host) => [`${host} reset the connection`],
  UND_ERR_SOCKET: (host) => [`${host} closed the connection before the answer was complete`],
  ETIMEDOUT: (host) => [`no connection to ${host}: it does not answer`],
  UND_ERR_CONNECT_TIMEOUT: (host) => [`no connection to ${host} within 2 s`],
  EHOSTUNREACH: (host) => [`no route to ${host}`],
  ENETUNREACH: (host) => [`no route to ${host}`],
  EMFILE: () => ['this machine has no file descriptors left'],
  EADDRNOTAVAIL: () => ['this machine has no local ports left'],
  UND_ERR_HEADERS_OVERFLOW: () => ['the head of the answer is larger than 16 KiB'],
  EPROTO: (host) => [`the TLS handshake with ${host} failed`, 'does that port speak plain http?'],
};

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** A thrown value of the HTTP client as a sentence for people. */
const explain = (error: unknown, host: string): ProbeError => {
  const code = errorCode(error) ?? '';
  const sentence = sentences[code]?.(host);
  if (sentence) return new ProbeError(...sentence);
  const said = safeText(errorMessage(error), 120);
  if (certificate.test(code)) {
    const hint = 'probes verify certificates: name the issuer in NODE_EXTRA_CA_CERTS, or poll over plain http';
    return new ProbeError(`the certificate of ${host} is not trusted (${said})`, hint);
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return new ProbeError(`the TLS handshake with ${host} failed (${said})`, 'does that port speak plain http?');
  }
  const parserError = error instanceof Error && error.name === 'HTTPParserError';
  if (parserError) return new ProbeError(`the answer of ${host} is not valid HTTP (${said})`);
  return new ProbeError(`${host} could not be asked: ${said}`);
};
