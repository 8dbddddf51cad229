// From an error and how far the request had got to an outcome class. Codes alone do not tell: a reset means something
// else before and after the first byte, and some of undici's errors have no code at all.

import { errorCode, errorMessage } from '../common/errors.ts';
import { formatLength } from '../common/units.ts';
import { type OutcomeClass, outcomeIndex } from '../measure/outcome.ts';

/** How far a request had got when it failed. */
export interface Progress {
  /** It was handed to a connection. */
  readonly started: boolean;
  readonly firstByte: boolean;
}

/** The request took longer than its limit. */
export class DeadlineError extends Error {
  readonly code = 'LOADTOP_DEADLINE';

  constructor(limitMs: number, waitingFor: 'headers' | 'body') {
    super(`no answer within ${formatLength(limitMs)}, waiting for ${waitingFor}`);
    this.name = 'DeadlineError';
  }
}

/** The run ended before the request did: no error of anyone's. */
export class CutOffError extends Error {
  readonly code = 'LOADTOP_CUT_OFF';

  constructor() {
    super('cut off by the end of the run');
    this.name = 'CutOffError';
  }
}

const byCode: Readonly<Record<string, OutcomeClass>> = {
  LOADTOP_DEADLINE: 'timeout',
  LOADTOP_CONNECT_TIMEOUT: 'connect timeout',
  ENOTFOUND: 'DNS',
  EAI_AGAIN: 'DNS',
  EAI_FAIL: 'DNS',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'connect timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_SOCKET: 'cut short',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut short',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  EMFILE: 'ours',
  ENFILE: 'ours',
  EADDRNOTAVAIL: 'ours',
  EADDRINUSE: 'ours',
  ENOBUFS: 'ours',
  ENOMEM: 'ours',
};

/** TLS failures come from OpenSSL and from certificate checks, each with its own family of codes. */
const tlsCode = /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|CRL_|EPROTO)/;

/** The outcome class (an index into `outcomeClasses`) of a failed request. */
export const classifyError = (error: unknown, progress: Progress): number => {
  const code = errorCode(error);
  if (code?.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError')) {
    // A connection closed in the middle of an answer is seen by the parser first.
    return outcomeIndex(code === 'HPE_INVALID_EOF_STATE' ? 'cut short' : 'protocol');
  }
  if (code === undefined) return outcomeIndex('other');
  if (tlsCode.test(code)) return outcomeIndex('TLS');
  // The system's own limit: of connecting, or of unanswered packets on a connection that stood.
  if (code === 'ETIMEDOUT' && progress.started) return outcomeIndex('timeout');
  // A TLS handshake that the peer ends early is reported as a bare reset: it is one of the connection, not of a request.
  return outcomeIndex(byCode[code] ?? (progress.started ? 'other' : 'unreachable'));
};

/** Whether an error is this machine's own fault. */
export const isOwnFault = (outcome: number): boolean => outcome === outcomeIndex('ours');

/** What a failed request looked like, for the row's example; may hold text from the target. */
export const describeError = (error: unknown, progress: Progress): string => {
  const phase = progress.firstByte ? 'during the answer' : progress.started ? 'before an answer' : 'while connecting';
  const code = errorCode(error);
  const message = errorMessage(error);
  const named = code && !code.startsWith('LOADTOP') && !message.includes(code) ? `${code} ${message}` : message;
  return code?.startsWith('LOADTOP') ? named : `${named}, ${phase}`;
};
