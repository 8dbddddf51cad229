// Each failure has the cause that says where to look, and its example says what happened and when. Codes and messages are
// those that Node 26 makes.

import { describe, expect, it } from 'vitest';
import {
  BrokenAnswerError,
  ConnectionClosedError,
  ConnectTimeoutError,
  CutOffError,
  classifyError,
  DeadlineError,
  describeError,
  HandshakeTimeoutError,
  IdleError,
  isOwnFault,
  NoHttp2Error,
  type Progress,
  ProxyError,
  ResentError,
} from '../../source/engine/classify-error.ts';
import { type CauseName, causes } from '../../source/measure/cause.ts';
import type { OutcomeClass } from '../../source/measure/outcome.ts';

const connecting: Progress = {
  secure: false,
  started: false,
  sent: false,
  firstByte: false,
  headersDone: false,
  streams: false,
  bytesOut: 0,
  idleMs: 0,
};
const shaking: Progress = { ...connecting, secure: true };
const sending: Progress = { ...connecting, started: true, bytesOut: 2_500_000 };
const sent: Progress = { ...sending, sent: true };
const inHead: Progress = { ...sent, firstByte: true };
const answering: Progress = { ...inHead, headersDone: true };

const streaming: Progress = { ...answering, streams: true };

const named = { connecting, shaking, sending, sent, inHead, answering, streaming } as const;
type Phase = keyof typeof named;

const coded = (code: string, message = 'went wrong', more: object = {}): Error =>
  Object.assign(new Error(message), { code, ...more });

/** An error of a system call: `connect ECONNREFUSED 127.0.0.1:1`. */
const system = (syscall: string, code: string, where = ''): Error =>
  coded(code, `${syscall} ${code} ${where}`.trim(), { syscall });

const closed = (): Error => new ConnectionClosedError();

/** OpenSSL's: the code is made from the reason. */
const openssl = (reason: string): Error =>
  coded(
    `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`,
    `40739365D97F0000:error:0A000410:SSL routines:ssl3_read_bytes:${reason}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 40\n`,
  );

const stream = (name: string): Error =>
  coded('ERR_HTTP2_STREAM_ERROR', `Stream closed with error code NGHTTP2_${name}`);

describe('a failed request', () => {
  it.each<[Error, Phase, CauseName]>([
    // Names
    [system('getaddrinfo', 'ENOTFOUND', 'nosuch.invalid'), 'connecting', 'DNS: name not found'],
    [system('queryA', 'ENOTFOUND', 'nosuch.invalid'), 'connecting', 'DNS: name not found'],
    [system('queryA', 'ENODATA', 'nosuch.invalid'), 'connecting', 'DNS: name not found'],
    [system('getaddrinfo', 'EAI_AGAIN', 'example.test'), 'connecting', 'DNS: no answer'],
    [system('queryA', 'ESERVFAIL', 'example.test'), 'connecting', 'DNS: no answer'],
    [system('queryA', 'ETIMEOUT', 'example.test'), 'connecting', 'DNS: no answer'],
    [system('queryA', 'ECONNREFUSED', 'example.test'), 'connecting', 'DNS: no answer'],
    [system('getaddrinfo', 'EMFILE', 'example.test'), 'connecting', 'ours: descriptors'],
    // Connecting
    [system('connect', 'ECONNREFUSED', '127.0.0.1:1'), 'connecting', 'refused'],
    [system('connect', 'ECONNREFUSED', '127.0.0.1:1'), 'shaking', 'refused'],
    [system('connect', 'ENOENT', '/nonexistent.sock'), 'connecting', 'refused: no such socket'],
    [system('connect', 'EAGAIN', '/run/a.sock'), 'connecting', 'refused: accept queue full'],
    [system('connect', 'EHOSTUNREACH', '10.0.0.1:80'), 'connecting', 'unreachable: no route to host'],
    [system('connect', 'EHOSTDOWN', '10.0.0.1:80'), 'connecting', 'unreachable: no route to host'],
    [system('connect', 'ENETUNREACH', '255.255.255.255:80'), 'connecting', 'unreachable: no route to network'],
    [system('connect', 'EPERM', '10.0.0.1:80'), 'connecting', 'unreachable: not permitted'],
    [system('connect', 'EACCES', '/run/a.sock'), 'connecting', 'unreachable: not permitted'],
    [system('connect', 'EINVAL', 'fe80::1:80'), 'connecting', 'unreachable: other'],
    [new ConnectTimeoutError(3000), 'connecting', 'connect timeout'],
    [new HandshakeTimeoutError(3000), 'shaking', 'connect timeout, in the TLS handshake'],
    [system('connect', 'ETIMEDOUT', '10.0.0.1:80'), 'connecting', 'connect timeout, of the system'],
    [system('connect', 'ECONNRESET', '127.0.0.1:80'), 'connecting', 'reset while connecting'],
    [system('connect', 'ECONNRESET', '127.0.0.1:80'), 'shaking', 'reset while connecting'],
    [
      new ProxyError('HTTP/1.1 407 Proxy Authentication Required'),
      'shaking',
      'unreachable: the proxy wants credentials',
    ],
    [new ProxyError('HTTP/1.1 502 Bad Gateway'), 'shaking', 'unreachable: refused by the proxy'],
    [new ProxyError('closed without an answer'), 'shaking', 'unreachable: refused by the proxy'],
    [new NoHttp2Error(), 'shaking', 'protocol: HTTP/1.1 required'],
    // TLS
    [coded('CERT_HAS_EXPIRED', 'certificate has expired'), 'shaking', 'TLS: certificate expired'],
    [coded('CERT_NOT_YET_VALID', 'certificate is not yet valid'), 'shaking', 'TLS: certificate not yet valid'],
    [coded('CERT_REVOKED'), 'shaking', 'TLS: certificate revoked'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'), 'shaking', 'TLS: self-signed or unknown issuer'],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'shaking', 'TLS: self-signed or unknown issuer'],
    [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'shaking', 'TLS: self-signed or unknown issuer'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'shaking', 'TLS: name mismatch'],
    [openssl('tlsv1 unrecognized name'), 'shaking', 'TLS: name mismatch'],
    [openssl('tlsv13 alert certificate required'), 'shaking', 'TLS: client certificate wanted'],
    // In TLS 1.3 the target looks at our certificate when for us the handshake is over.
    [openssl('tlsv13 alert certificate required'), 'sent', 'TLS: client certificate wanted'],
    [openssl('tlsv1 alert unknown ca'), 'shaking', 'TLS: client certificate refused'],
    [openssl('ssl/tls alert certificate expired'), 'shaking', 'TLS: client certificate refused'],
    [openssl('sslv3 alert bad certificate'), 'sent', 'TLS: client certificate refused'],
    [openssl('ssl/tls alert handshake failure'), 'shaking', 'TLS: handshake refused'],
    [openssl('tlsv1 alert protocol version'), 'shaking', 'TLS: no common version or cipher'],
    [openssl('unsupported protocol'), 'shaking', 'TLS: no common version or cipher'],
    [openssl('no shared cipher'), 'shaking', 'TLS: no common version or cipher'],
    [openssl('tlsv1 alert no application protocol'), 'shaking', 'TLS: no common version or cipher'],
    [openssl('ee key too small'), 'shaking', 'TLS: no common version or cipher'],
    [openssl('wrong version number'), 'shaking', 'TLS: not TLS at all'],
    [openssl('packet length too long'), 'shaking', 'TLS: not TLS at all'],
    [openssl('tlsv1 alert internal error'), 'shaking', 'TLS: other'],
    [coded('EPROTO'), 'shaking', 'TLS: other'],
    [
      coded('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'),
      'shaking',
      'TLS: handshake cut off',
    ],
    [system('read', 'ECONNRESET'), 'shaking', 'TLS: handshake cut off'],
    [openssl('unexpected eof while reading'), 'shaking', 'TLS: handshake cut off'],
    // Reset
    [system('write', 'EPIPE'), 'sending', 'reset while sending'],
    [system('read', 'ECONNRESET'), 'sending', 'reset while sending'],
    [system('read', 'ECONNRESET'), 'sent', 'reset before an answer'],
    [system('read', 'ECONNRESET'), 'inHead', 'reset during the answer'],
    [system('read', 'ECONNRESET'), 'answering', 'reset during the answer'],
    [system('read', 'ECONNRESET'), 'streaming', 'reset during the stream'],
    [new ResentError(), 'sent', 'reset, given up with its connection'],
    // Timeouts
    [new DeadlineError(10_000, 'headers'), 'sending', 'timeout, while sending'],
    [new DeadlineError(10_000, 'headers'), 'sent', 'timeout, waiting for headers'],
    [new DeadlineError(10_000, 'headers'), 'inHead', 'timeout, waiting for headers'],
    [new DeadlineError(10_000, 'body'), 'answering', 'timeout, waiting for the body'],
    [new IdleError(30_000), 'sent', 'timeout, waiting for headers'],
    [new IdleError(30_000), 'answering', 'timeout, silence in the answer'],
    [new IdleError(30_000), 'streaming', 'timeout, silence in the answer'],
    [system('read', 'ETIMEDOUT'), 'sent', 'timeout, of the system'],
    // Cut short
    [closed(), 'sent', 'cut short before an answer'],
    [closed(), 'inHead', 'cut short during the head'],
    [closed(), 'answering', 'cut short during the body'],
    [closed(), 'streaming', 'cut short during the stream'],
    [closed(), 'shaking', 'TLS: handshake cut off'],
    // Protocol
    [new BrokenAnswerError('start', 'found "x"'), 'inHead', 'protocol: not HTTP'],
    [new BrokenAnswerError('unasked', 'bytes came'), 'sent', 'protocol: not HTTP'],
    [new BrokenAnswerError('head', 'too long'), 'inHead', 'protocol: headers too large'],
    [new BrokenAnswerError('chunk', 'no size'), 'answering', 'protocol: broken body'],
    [new BrokenAnswerError('upgrade', 'unasked'), 'inHead', 'protocol: unasked upgrade'],
    [new BrokenAnswerError('body', 'too long'), 'inHead', 'protocol: body too large'],
    // HTTP/2
    [stream('REFUSED_STREAM'), 'sent', 'protocol: HTTP/2 stream refused'],
    [stream('INTERNAL_ERROR'), 'answering', 'protocol: HTTP/2 internal error'],
    [stream('PROTOCOL_ERROR'), 'sent', 'protocol: HTTP/2 protocol error'],
    [stream('FLOW_CONTROL_ERROR'), 'sent', 'protocol: HTTP/2 flow control'],
    [stream('ENHANCE_YOUR_CALM'), 'sent', 'protocol: HTTP/2 enhance your calm'],
    [stream('CANCEL'), 'sent', 'protocol: HTTP/2 stream cancelled'],
    [stream('HTTP_1_1_REQUIRED'), 'sent', 'protocol: HTTP/1.1 required'],
    [stream('COMPRESSION_ERROR'), 'sent', 'protocol: HTTP/2 other'],
    [coded('ERR_HTTP2_SESSION_ERROR', 'Session closed with error code 11'), 'sent', 'protocol: HTTP/2 GOAWAY'],
    [coded('ERR_HTTP2_GOAWAY_SESSION'), 'sending', 'protocol: HTTP/2 GOAWAY'],
    [coded('ERR_HTTP2_ERROR', 'Protocol error'), 'sent', 'protocol: not HTTP'],
    [coded('ERR_HTTP2_ERROR', 'Protocol error'), 'answering', 'protocol: HTTP/2 protocol error'],
    [coded('ERR_HTTP2_INVALID_SESSION', 'The session has been destroyed'), 'sent', 'cut short before an answer'],
    [coded('ERR_HTTP2_INVALID_CONNECTION_HEADERS'), 'sending', 'other: request not valid'],
    [
      coded('ERR_HTTP2_STREAM_CANCEL', 'The pending stream has been canceled', {
        cause: system('connect', 'ECONNREFUSED', '127.0.0.1:1'),
      }),
      'connecting',
      'refused',
    ],
    [
      coded('ERR_HTTP2_STREAM_CANCEL', 'The pending stream has been canceled'),
      'sent',
      'protocol: HTTP/2 stream cancelled',
    ],
    // Ours
    [system('connect', 'EMFILE', '127.0.0.1:80 - Local (undefined:undefined)'), 'connecting', 'ours: descriptors'],
    [coded('ENFILE'), 'connecting', 'ours: descriptors'],
    [system('connect', 'EADDRNOTAVAIL', '127.0.0.1:80'), 'connecting', 'ours: ports'],
    [system('bind', 'EADDRINUSE'), 'connecting', 'ours: ports'],
    [system('write', 'ENOBUFS'), 'sending', 'ours: memory'],
    [coded('ENOMEM'), 'sent', 'ours: memory'],
    [coded('ERR_MEMORY_ALLOCATION_FAILED'), 'sending', 'ours: memory'],
    [new RangeError('Array buffer allocation failed'), 'answering', 'ours: memory'],
    // Nobody's, or the profile's
    [coded('ESOMETHING'), 'sent', 'other'],
    [new Error('no code'), 'connecting', 'other'],
    [new RangeError('Invalid string length'), 'answering', 'other'],
  ])('with %s, %s, is "%s"', (error, phase, name) => {
    expect(causes[classifyError(error, named[phase])]?.name).toBe(name);
  });

  it.each<[unknown, Progress, OutcomeClass]>([
    [coded('EPERM'), connecting, 'unreachable'],
    ['thrown text', sent, 'other'],
    [undefined, sent, 'other'],
    [null, sent, 'other'],
    [{ code: 42 }, sent, 'other'],
  ])('with %s, %o, is of class "%s"', (error, progress, name) => {
    expect(causes[classifyError(error, progress)]?.class).toBe(name);
  });

  it.each<[Progress, number, CauseName]>([
    [answering, 1999, 'timeout, waiting for the body'],
    [answering, 2000, 'timeout, stuck'],
    [inHead, 2000, 'timeout, stuck'],
    // That no byte came says already what it waits for.
    [sent, 10_000, 'timeout, waiting for headers'],
    [sending, 10_000, 'timeout, while sending'],
  ])('at its deadline, %o and without a byte for %d ms, is "%s"', (progress, idleMs, name) => {
    const error = new DeadlineError(10_000, 'headers');
    expect(causes[classifyError(error, { ...progress, idleMs })]?.name).toBe(name);
  });

  it.each([
    ['EMFILE', true],
    ['EADDRNOTAVAIL', true],
    ['ENOMEM', true],
    ['ECONNREFUSED', false],
    ['ESOMETHING', false],
  ])('with %s is our own fault: %s', (code, own) => {
    expect(isOwnFault(classifyError(coded(code), connecting))).toBe(own);
  });
});

describe('the example of a failed request', () => {
  it.each<[unknown, Progress, string]>([
    [coded('ECONNRESET', 'read ECONNRESET'), sent, 'read ECONNRESET, before an answer'],
    [coded('ECONNRESET', 'read ECONNRESET'), answering, 'read ECONNRESET, during the answer'],
    [coded('ECONNRESET', 'read ECONNRESET'), sending, 'read ECONNRESET, while sending, 2.38 MiB handed over'],
    [
      coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'),
      connecting,
      'connect ECONNREFUSED 127.0.0.1:1, while connecting',
    ],
    [closed(), sent, 'the other side closed the connection, before an answer'],
    [
      openssl('wrong version number'),
      shaking,
      'ERR_SSL_WRONG_VERSION_NUMBER TLS wrong version number, while connecting',
    ],
    [new DeadlineError(500, 'body'), answering, 'no answer within 0.5 s, waiting for body'],
    [new ConnectTimeoutError(3000), connecting, 'no connection within 3000 ms'],
    [new HandshakeTimeoutError(3000), shaking, 'no TLS handshake within 3 s'],
    [new ResentError(), sent, 'given up with its connection, not sent again'],
    [new CutOffError(), sent, 'cut off by the end of the run'],
  ])('%s, %o, reads "%s"', (error, progress, text) => {
    expect(describeError(error, progress)).toBe(text);
  });
});
