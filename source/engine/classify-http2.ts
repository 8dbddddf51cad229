// HTTP/2 says by a number why a stream or a session ended (RFC 9113, section 7). Node puts its name into the message of the
// stream's error and the number into the session's.

import type { CauseName } from '../measure/cause.ts';
import type { Progress } from './classify-error.ts';

const byName: Readonly<Record<string, CauseName>> = {
  PROTOCOL_ERROR: 'protocol: HTTP/2 protocol error',
  INTERNAL_ERROR: 'protocol: HTTP/2 internal error',
  FLOW_CONTROL_ERROR: 'protocol: HTTP/2 flow control',
  REFUSED_STREAM: 'protocol: HTTP/2 stream refused',
  CANCEL: 'protocol: HTTP/2 stream cancelled',
  ENHANCE_YOUR_CALM: 'protocol: HTTP/2 enhance your calm',
  HTTP_1_1_REQUIRED: 'protocol: HTTP/1.1 required',
};

/** The cause of an error of Node's http2. */
export const http2Cause = (code: string, message: string, progress: Progress): CauseName => {
  switch (code) {
    case 'ERR_HTTP2_STREAM_ERROR':
      return byName[/NGHTTP2_(\w+)/.exec(message)?.[1] ?? ''] ?? 'protocol: HTTP/2 other';
    case 'ERR_HTTP2_STREAM_CANCEL':
      return 'protocol: HTTP/2 stream cancelled';
    // "Session closed with error code 11" is how Node tells of a GOAWAY that is not a polite one.
    case 'ERR_HTTP2_SESSION_ERROR':
    case 'ERR_HTTP2_GOAWAY_SESSION':
      return 'protocol: HTTP/2 GOAWAY';
    case 'ERR_HTTP2_INVALID_SESSION':
    case 'ERR_HTTP2_INVALID_STREAM':
      if (!progress.firstByte) return 'cut short before an answer';
      return progress.streams ? 'cut short during the stream' : 'cut short during the body';
    // nghttp2's own: what came is not HTTP/2, such as an answer in HTTP/1.1.
    case 'ERR_HTTP2_ERROR':
      return progress.headersDone ? 'protocol: HTTP/2 protocol error' : 'protocol: not HTTP';
    default:
      return /INVALID|FORBIDDEN|NOT_ALLOWED|SINGLE_VALUE|CONNECT_/.test(code)
        ? 'other: request not valid'
        : 'protocol: HTTP/2 other';
  }
};
