// The errors that the engine makes itself when it ends a request: each has a code of its own, so that it is not taken for
// the target's. What cause they are is classify-error.ts.

import { formatLength, formatSpan } from '../common/units.ts';

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

/** The other side closed the connection in the middle of a request, without a word. */
export class ConnectionClosedError extends Error {
  readonly code = 'LOADTOP_CLOSED';

  constructor() {
    super('the other side closed the connection');
    this.name = 'ConnectionClosedError';
  }
}

/** A pipelined request whose connection was lost by one before it: it may have been seen, so it is not sent again. */
export class ResentError extends Error {
  readonly code = 'LOADTOP_RESENT';

  constructor() {
    super('given up with its connection, not sent again');
    this.name = 'ResentError';
  }
}

/** The connection stands, but its TLS handshake did not end within the limit on connecting. */
export class HandshakeTimeoutError extends Error {
  readonly code = 'LOADTOP_HANDSHAKE_TIMEOUT';

  constructor(limitMs: number) {
    super(`no TLS handshake within ${formatLength(limitMs)}`);
    this.name = 'HandshakeTimeoutError';
  }
}

/** The connection could not be made within the limit. */
export class ConnectTimeoutError extends Error {
  readonly code = 'LOADTOP_CONNECT_TIMEOUT';

  constructor(limitMs: number) {
    super(`no connection within ${limitMs} ms`);
    this.name = 'ConnectTimeoutError';
  }
}

/** The proxy did not open a tunnel. */
export class ProxyError extends Error {
  readonly code = 'LOADTOP_PROXY';

  constructor(answer: string) {
    super(`the proxy refused: ${answer}`);
    this.name = 'ProxyError';
  }
}

/** The target does not speak HTTP/2. */
export class NoHttp2Error extends Error {
  readonly code = 'LOADTOP_NO_HTTP2';

  constructor() {
    super('the target did not agree to HTTP/2 in the TLS handshake');
    this.name = 'NoHttp2Error';
  }
}

/** What came is not an answer of HTTP/1.1. */
export class BrokenAnswerError extends Error {
  readonly code: string;

  /**
   * @param where `start`: not HTTP; `head`, `body`: too large; `chunk`: in the body; `upgrade`, `unasked`: not what was asked
   * for
   */
  constructor(where: 'start' | 'head' | 'body' | 'chunk' | 'upgrade' | 'unasked', what: string) {
    super(what);
    this.code = `LOADTOP_ANSWER_${where.toUpperCase()}`;
    this.name = 'BrokenAnswerError';
  }
}

/** No byte came from the target for as long as the step allows. */
export class IdleError extends Error {
  readonly code = 'LOADTOP_SILENCE';

  constructor(limitMs: number) {
    super(`no byte for ${formatSpan(limitMs)}`);
    this.name = 'IdleError';
  }
}

/** A request cannot be made of what was captured. */
export class InvalidRequestError extends Error {
  readonly code = 'LOADTOP_INVALID_REQUEST';

  constructor(message: string) {
    super(message);
    this.name = 'InvalidRequestError';
  }
}

/** A request needs a value that nothing was captured for. */
export class ValueMissingError extends Error {
  readonly code = 'LOADTOP_VALUE_MISSING';

  constructor(name: string) {
    super(`nothing was captured for {{${name}}}`);
    this.name = 'ValueMissingError';
  }
}

/** A function of the profile threw, or returned what cannot be used. */
export class FunctionError extends Error {
  readonly code = 'LOADTOP_FUNCTION';

  /** @param words where it stands: `steps[0].body` */
  constructor(words: string, what: string) {
    super(`${words}: ${what}`);
    this.name = 'FunctionError';
  }
}

/** Whether a request cannot be made for a reason that is said to the user. */
export const isUnmade = (error: unknown): error is Error =>
  error instanceof InvalidRequestError || error instanceof ValueMissingError || error instanceof FunctionError;

/** A file that is to be sent is not there any more, or is not as long as it was. */
export class UploadFileError extends Error {
  readonly code = 'LOADTOP_FILE';

  constructor(path: string, what: string) {
    super(`file ${path}: ${what}`);
    this.name = 'UploadFileError';
  }
}
