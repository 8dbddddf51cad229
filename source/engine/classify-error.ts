// From an error and how far the request had got to its cause. Codes alone do not tell: a reset means something else before
// and after the first byte, and a bare close has no code at all. TLS and HTTP/2, which have many codes for few
// causes, are in classify-tls.ts and classify-http2.ts; the errors that the engine makes itself are in engine-errors.ts.

import { errorCode, errorMessage } from '../common/errors.ts';
import { formatBytes } from '../common/units.ts';
import { type CauseName, causeIndex, causes } from '../measure/cause.ts';
import { stuckMs } from '../measure/interval.ts';
import { http2Cause } from './classify-http2.ts';
import { tlsCause } from './classify-tls.ts';

export * from './engine-errors.ts';

/** How far a request had got when it failed. */
export interface Progress {
  /** Its connection speaks TLS, or would have. */
  readonly secure: boolean;
  /** It was handed to a connection that stands, TLS included. */
  readonly started: boolean;
  /** Its last bytes were out. */
  readonly sent: boolean;
  /** A byte of the answer came. */
  readonly firstByte: boolean;
  /** The head of the answer was complete. */
  readonly headersDone: boolean;
  /** The answer is a stream of events. */
  readonly streams: boolean;
  /** Bytes of the request that were handed over. */
  readonly bytesOut: number;
  /** Since the last byte in either direction, ms. */
  readonly idleMs: number;
}

/** Codes that mean the same however far the request had got. */
const byCode: Readonly<Record<string, CauseName>> = {
  ENOTFOUND: 'DNS: name not found',
  ENODATA: 'DNS: name not found',
  EAI_NODATA: 'DNS: name not found',
  EAI_NONAME: 'DNS: name not found',
  EAI_AGAIN: 'DNS: no answer',
  EAI_FAIL: 'DNS: no answer',
  ESERVFAIL: 'DNS: no answer',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable: no route to host',
  EHOSTDOWN: 'unreachable: no route to host',
  ENETUNREACH: 'unreachable: no route to network',
  ENETDOWN: 'unreachable: no route to network',
  EAFNOSUPPORT: 'unreachable: no route to network',
  LOADTOP_CONNECT_TIMEOUT: 'connect timeout',
  LOADTOP_HANDSHAKE_TIMEOUT: 'connect timeout, in the TLS handshake',
  LOADTOP_NO_HTTP2: 'protocol: HTTP/1.1 required',
  LOADTOP_RESENT: 'reset, given up with its connection',
  LOADTOP_FILE: 'ours: file',
  LOADTOP_FUNCTION: 'ours: function',
  LOADTOP_ANSWER_START: 'protocol: not HTTP',
  LOADTOP_ANSWER_HEAD: 'protocol: headers too large',
  LOADTOP_ANSWER_BODY: 'protocol: body too large',
  LOADTOP_ANSWER_CHUNK: 'protocol: broken body',
  LOADTOP_ANSWER_UPGRADE: 'protocol: unasked upgrade',
  LOADTOP_ANSWER_UNASKED: 'protocol: not HTTP',
  LOADTOP_INVALID_REQUEST: 'other: request not valid',
  LOADTOP_VALUE_MISSING: 'other: value missing',
  EMFILE: 'ours: descriptors',
  ENFILE: 'ours: descriptors',
  EADDRNOTAVAIL: 'ours: ports',
  EADDRINUSE: 'ours: ports',
  ENOBUFS: 'ours: memory',
  ENOMEM: 'ours: memory',
  ERR_MEMORY_ALLOCATION_FAILED: 'ours: memory',
};

/** What V8 says where memory is short: errors without a code. */
const outOfMemory = /array buffer allocation failed|out of memory/i;

/** The cause (an index into `causes`) of a failed request. */
export const classifyError = (error: unknown, progress: Progress): number => causeIndex(nameOf(error, progress));

const nameOf = (error: unknown, progress: Progress): CauseName => {
  const code = errorCode(error);
  const message = errorMessage(error);
  if (code === undefined) return error instanceof RangeError && outOfMemory.test(message) ? 'ours: memory' : 'other';
  // The same codes mean the name server where they come from asking it.
  if (isLookup(error) && !/^E(MFILE|NFILE|NOMEM|NOBUFS)$/.test(code)) return lookupCause(code);
  const underlying = causeBehind(error);
  if (code.startsWith('ERR_HTTP2_')) {
    return underlying ? nameOf(underlying, progress) : http2Cause(code, message, progress);
  }
  return (
    byCode[code] ?? byPhase(code, message, progress, syscallOf(error)) ?? tlsCause(code) ?? unknown(progress, code)
  );
};

/** Codes that mean something else in each phase of a request. */
const byPhase = (code: string, message: string, progress: Progress, syscall: string): CauseName | undefined => {
  switch (code) {
    case 'LOADTOP_DEADLINE':
      return timeoutCause(progress);
    case 'LOADTOP_SILENCE':
      return progress.firstByte ? 'timeout, silence in the answer' : timeoutCause(progress);
    case 'LOADTOP_PROXY':
      return /^the proxy refused: HTTP\/\S+ 407/.test(message)
        ? 'unreachable: the proxy wants credentials'
        : 'unreachable: refused by the proxy';
    case 'ETIMEDOUT':
      // The system's own limit: of connecting, or of unanswered packets on a connection that stood.
      return progress.started ? 'timeout, of the system' : 'connect timeout, of the system';
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return brokenCause(progress, syscall);
    case 'LOADTOP_CLOSED':
      return closedCause(progress);
    default:
      return syscall === 'connect' && !progress.started ? connectCause(code) : undefined;
  }
};

/** Connecting to a Unix socket, and what a firewall of this machine says. */
const connectCause = (code: string): CauseName | undefined => {
  if (code === 'ENOENT') return 'refused: no such socket';
  if (code === 'EAGAIN') return 'refused: accept queue full';
  return code === 'EPERM' || code === 'EACCES' ? 'unreachable: not permitted' : undefined;
};

const timeoutCause = ({ sent, firstByte, headersDone, idleMs }: Progress): CauseName => {
  if (!firstByte) return sent ? 'timeout, waiting for headers' : 'timeout, while sending';
  if (idleMs >= stuckMs) return 'timeout, stuck';
  return headersDone ? 'timeout, waiting for the body' : 'timeout, waiting for headers';
};

const brokenCause = (
  { secure, started, sent, firstByte, headersDone, streams }: Progress,
  syscall: string,
): CauseName => {
  if (!started) return secure && syscall !== 'connect' ? 'TLS: handshake cut off' : 'reset while connecting';
  if (streams && headersDone) return 'reset during the stream';
  if (firstByte) return 'reset during the answer';
  return sent ? 'reset before an answer' : 'reset while sending';
};

const closedCause = ({ secure, started, firstByte, headersDone, streams }: Progress): CauseName => {
  if (!started && secure) return 'TLS: handshake cut off';
  if (!firstByte) return 'cut short before an answer';
  if (!headersDone) return 'cut short during the head';
  return streams ? 'cut short during the stream' : 'cut short during the body';
};

const lookupCause = (code: string): CauseName => {
  const name = byCode[code];
  return name === 'DNS: name not found' ? name : 'DNS: no answer';
};

/** Before the request began, a failure was one of connecting. */
const unknown = ({ started }: Progress, code: string): CauseName =>
  started || code.startsWith('ERR_') ? 'other' : 'unreachable: other';

const syscallOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'syscall' in error && typeof error.syscall === 'string'
    ? error.syscall
    : '';

const isLookup = (error: unknown): boolean => /^(getaddrinfo|query)/.test(syscallOf(error));

/** HTTP/2 wraps what became of the connection: a stream that waited for one is "canceled", whatever happened. */
const causeBehind = (error: unknown): Error | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause : undefined;

// What functions of a profile do is nothing that this machine lacks.
const ownClass = causes.map((cause) => cause.class === 'ours' && cause.name !== 'ours: function');

/** Whether a cause (its index) is this machine's own fault. */
export const isOwnFault = (cause: number): boolean => ownClass[cause] ?? false;

/** What a failed request looked like, for the row's example; may hold text from the target. */
export const describeError = (error: unknown, progress: Progress): string => {
  const code = errorCode(error);
  const message = withoutAddresses(errorMessage(error));
  if (code === 'LOADTOP_CLOSED') return `${message}, ${phaseOf(progress)}`;
  if (code?.startsWith('LOADTOP')) return message;
  const named = code && !message.includes(code) ? `${code} ${message}` : message;
  return `${named}, ${phaseOf(progress)}`;
};

/** OpenSSL begins with the number of its thread and ends with a place in its source; the words are between. */
const withoutAddresses = (message: string): string =>
  message.replace(/^[\dA-F]+:error:[\dA-F]+:SSL routines:\w*:([^:]+):.*$/, 'TLS $1');

const phaseOf = ({ started, sent, firstByte, headersDone, bytesOut }: Progress): string => {
  if (!started) return 'while connecting';
  if (headersDone || firstByte) return 'during the answer';
  // How far a large body came says whether the target stopped taking it.
  return sent ? 'before an answer' : `while sending, ${formatBytes(bytesOut)} handed over`;
};
