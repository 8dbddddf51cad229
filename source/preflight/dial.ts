// Makes one connection as the load makes its own, step by step, so that each step can be timed and told apart: TCP, the
// tunnel of a proxy, TLS. Certificates are looked at here and judged elsewhere: a bad one does not end the look.

import net from 'node:net';
import tls from 'node:tls';
import { monotonicNow } from '../common/clock.ts';
import { safeText } from '../common/safe-text.ts';
import { type Fault, FaultError } from './connect-fault.ts';
import { authorityOf, type Route } from './route.ts';

/** What the handshake brought. Text in it is safe to show. */
export interface TlsLook {
  readonly tookMs: number;
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** The protocol that was agreed on: `h2`, `http/1.1`; undefined where the target agreed on none. */
  readonly agreed: string | undefined;
  /** Why the chain is not trusted, as OpenSSL names it; undefined where it is. */
  readonly distrust: string | undefined;
  /** Why the name does not fit; undefined where it does. */
  readonly wrongName: string | undefined;
  readonly issuer: string;
  /** Wall clock, ms; undefined where the certificate does not tell. */
  readonly validUntil: number | undefined;
}

/** The socket of a TCP connection or of a Unix socket. Rejects with the system's error. */
export const connectSocket = (
  { via }: Route,
  address: string | undefined,
  signal: AbortSignal,
): Promise<net.Socket> => {
  const socket =
    via.type === 'unix'
      ? net.connect({ path: via.path })
      : net.connect({ host: address ?? via.hostname, port: via.port, noDelay: true });
  return ready(socket, socket, 'connect', signal);
};

/** Resolves at `event`; rejects, with the socket destroyed, at an error, at its end, or where the signal is aborted. */
const ready = <Socket extends net.Socket>(
  socket: Socket,
  inner: net.Socket,
  event: string,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      inner.destroy();
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new FaultError({ text: 'no answer in time' }));
    const closed = (): void => fail(new FaultError({ text: 'closed by the other side while connecting' }));
    // This listener stays: nobody else may be listening when an error comes later.
    socket.on('error', fail);
    socket.once('close', closed);
    socket.once(event, () => {
      signal.removeEventListener('abort', abort);
      socket.off('close', closed);
      resolve(socket);
    });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });

/** Opens a tunnel through the proxy that the socket leads to. */
export const openTunnel = async (socket: net.Socket, route: Route, signal: AbortSignal): Promise<void> => {
  const login =
    route.via.type === 'proxy' && route.via.authorization !== undefined
      ? `proxy-authorization: ${route.via.authorization}\r\n`
      : '';
  const authority = authorityOf(route);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${login}\r\n`, 'latin1');
  const line = await firstLine(socket, signal);
  if (/^HTTP\/1\.[01] 2\d\d/.test(line)) return;
  socket.destroy();
  const status = safeText(line, 80) || 'nothing';
  throw new FaultError({
    text: `the proxy does not open a tunnel: ${status}`,
    todo: 'check the URL of the proxy, and the user and password in it',
  });
};

/** The head of an answer is at most so long. */
const longestHead = 16_384;

const firstLine = (socket: net.Socket, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    let head = '';
    const done = (line: string): void => {
      socket.off('readable', take).off('close', closed);
      signal.removeEventListener('abort', abort);
      resolve(line);
    };
    const closed = (): void => done('');
    const abort = (): void => {
      socket.destroy();
      reject(new FaultError({ text: 'the proxy does not answer in time' }));
    };
    const take = (): void => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        head += chunk.toString('latin1');
        // What follows the head is the target's, which does not speak before it is spoken to.
        if (!head.includes('\r\n\r\n') && head.length < longestHead) continue;
        done(head.split('\r\n', 1)[0] ?? '');
        return;
      }
    };
    socket.on('readable', take).once('close', closed);
    signal.addEventListener('abort', abort, { once: true });
  });

/** TLS over a connection that stands. Whatever the certificate, the handshake goes on to its end. */
export const secure = async (
  inner: net.Socket,
  route: Route,
  signal: AbortSignal,
): Promise<{ readonly socket: tls.TLSSocket; readonly look: TlsLook }> => {
  const begunAt = monotonicNow();
  const { origin, http2 } = route;
  const { ca, cert, key } = route.tls;
  const connecting = tls.connect({
    socket: inner,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: false,
    // An address as server name is against RFC 6066; Node refuses it in SNI.
    servername: net.isIP(origin.hostname) ? '' : origin.hostname,
    // Judged below, so that a certificate that is both old and of another name is told to be both.
    checkServerIdentity: () => undefined,
    ALPNProtocols: http2 ? ['h2'] : ['http/1.1'],
  });
  const socket = await ready(connecting, inner, 'secureConnect', signal);
  return { socket, look: lookOf(socket, origin.hostname, monotonicNow() - begunAt) };
};

/** Why nothing may be sent to who has this certificate; undefined where it may. */
export const trustFault = ({ distrust, wrongName }: TlsLook): Fault | undefined => {
  if (distrust !== undefined) return { text: `its certificate is not trusted (${distrust})` };
  return wrongName === undefined ? undefined : { text: `its certificate has another name: ${wrongName}` };
};

const lookOf = (socket: tls.TLSSocket, hostname: string, tookMs: number): TlsLook => {
  const certificate = socket.getPeerCertificate();
  const until = Date.parse(certificate.valid_to ?? '');
  // Typed as an error, but a code in fact.
  const distrust: unknown = socket.authorizationError;
  const named = certificate.valid_to === undefined ? undefined : tls.checkServerIdentity(hostname, certificate);
  const { CN, O } = certificate.issuer ?? {};
  return {
    tookMs,
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    agreed: socket.alpnProtocol || undefined,
    distrust: distrust ? safeText(String(distrust), 60) : undefined,
    wrongName: named && safeText(`it is for ${certificate.subjectaltname ?? certificate.subject?.CN ?? 'nobody'}`, 100),
    issuer: safeText(String(O ?? CN ?? 'unknown'), 60),
    validUntil: Number.isNaN(until) ? undefined : until,
  };
};
