// Each failure lands in the row in which people look for it, and its example says what happened and when.

import { describe, expect, it } from 'vitest';
import {
  CutOffError,
  classifyError,
  DeadlineError,
  describeError,
  isOwnFault,
  type Progress,
} from '../../source/engine/classify-error.ts';
import { ConnectTimeoutError } from '../../source/engine/connector.ts';
import { type OutcomeClass, outcomeClasses } from '../../source/measure/outcome.ts';

const connecting: Progress = { started: false, firstByte: false };
const sent: Progress = { started: true, firstByte: false };
const answering: Progress = { started: true, firstByte: true };

const coded = (code: string, message = 'went wrong'): Error => Object.assign(new Error(message), { code });

const parserError = (code?: string): Error =>
  Object.assign(new Error('Invalid header'), { name: 'HTTPParserError' }, code ? { code } : {});

describe('a failed request', () => {
  it.each<[unknown, Progress, OutcomeClass]>([
    [new DeadlineError(10_000, 'headers'), sent, 'timeout'],
    [new ConnectTimeoutError(3000), connecting, 'connect timeout'],
    [coded('ETIMEDOUT'), connecting, 'connect timeout'],
    [coded('ETIMEDOUT'), sent, 'timeout'],
    [coded('ENOTFOUND'), connecting, 'DNS'],
    [coded('EAI_AGAIN'), connecting, 'DNS'],
    [coded('ECONNREFUSED'), connecting, 'refused'],
    [coded('EHOSTUNREACH'), connecting, 'unreachable'],
    [coded('ENETUNREACH'), connecting, 'unreachable'],
    [coded('ECONNRESET'), sent, 'reset'],
    [coded('ECONNRESET'), answering, 'reset'],
    [coded('EPIPE'), sent, 'reset'],
    [coded('UND_ERR_SOCKET', 'other side closed'), sent, 'cut short'],
    [coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), answering, 'cut short'],
    [coded('HPE_INVALID_EOF_STATE'), answering, 'cut short'],
    [coded('HPE_INVALID_CONSTANT'), sent, 'protocol'],
    [parserError(), sent, 'protocol'],
    [parserError('HPE_INVALID_EOF_STATE'), answering, 'cut short'],
    [coded('UND_ERR_HEADERS_OVERFLOW'), answering, 'protocol'],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), connecting, 'TLS'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), connecting, 'TLS'],
    [coded('CERT_HAS_EXPIRED'), connecting, 'TLS'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), connecting, 'TLS'],
    [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), connecting, 'TLS'],
    [coded('EPROTO'), connecting, 'TLS'],
    [coded('EMFILE'), connecting, 'ours'],
    [coded('EADDRNOTAVAIL'), connecting, 'ours'],
    [coded('ENOMEM'), sent, 'ours'],
    [coded('EPERM'), connecting, 'unreachable'],
    [coded('ESOMETHING'), sent, 'other'],
    [new Error('no code'), connecting, 'other'],
    ['thrown text', sent, 'other'],
    [undefined, sent, 'other'],
  ])('with %s, %o, is "%s"', (error, progress, name) => {
    expect(outcomeClasses[classifyError(error, progress)]?.name).toBe(name);
  });

  it.each([
    ['EMFILE', true],
    ['EADDRNOTAVAIL', true],
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
    [
      coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'),
      connecting,
      'connect ECONNREFUSED 127.0.0.1:1, while connecting',
    ],
    [coded('UND_ERR_SOCKET', 'other side closed'), sent, 'UND_ERR_SOCKET other side closed, before an answer'],
    [new DeadlineError(500, 'body'), answering, 'no answer within 0.5 s, waiting for body'],
    [new ConnectTimeoutError(3000), connecting, 'no connection within 3000 ms'],
    [new CutOffError(), sent, 'cut off by the end of the run'],
  ])('%s, %o, reads "%s"', (error, progress, text) => {
    expect(describeError(error, progress)).toBe(text);
  });
});
