// The bytes of a step's requests for HTTP/1.1, head and body in one piece: what does not change is encoded once, what does
// is written into the memory of the exchange. How the values come about is template.ts.

import type { CompiledStep } from '../profile/compile.ts';
import type { Text, TextPart } from '../profile/templates.ts';
import { type Scratch, Template } from './template.ts';
import type { ValueSource } from './template-value.ts';
import type { MakeUpload } from './upload.ts';

/** Bodies above this are not put into one piece with the head (bytes). */
export const mostJoined = 65_536;

/** How requests are sent on a connection of HTTP/1.1. */
export interface Http1Settings {
  /** Put before the path: `http://host:port` for a proxy, else empty. */
  readonly pathPrefix: string;
  /** Value of Proxy-Authorization, where the requests go to a proxy that wants one. */
  readonly proxyLogin: string | undefined;
  /** False: the connection is closed after the answer. */
  readonly keepAlive: boolean;
  /** Host and port, as the Host header has them. */
  readonly authority: string;
}

/** Makes the bytes of a request; what is to follow them is left in `scratch.rest`. */
export type Http1Bytes = (n: number, scratch: Scratch) => Buffer;

/** Methods that are expected to have a body: without one they say so (RFC 9110, section 8.6). */
export const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** The bytes of a step's request, for each arrival. */
export const http1Bytes = (
  step: CompiledStep,
  settings: Http1Settings,
  source: ValueSource,
  upload?: MakeUpload,
): Http1Bytes => {
  const head = headOf(step, settings);
  if (upload) return streamed(head, upload, source);
  const { body } = step;
  if (body === undefined) {
    const length = withBody.has(step.method) ? 'content-length: 0\r\n' : '';
    return whole([...head, `${length}\r\n`], 0, source);
  }
  if (body instanceof Uint8Array) {
    const start = [...head, `content-length: ${body.length}\r\n\r\n`];
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (body.length <= mostJoined) return whole([...start, bytes.toString('latin1')], body.length, source);
    const before = whole(start, body.length, source);
    return (n, scratch) => {
      const made = before(n, scratch);
      scratch.rest = bytes;
      return made;
    };
  }
  const template = new Template(body, source);
  if (template.most > mostJoined) return apart(head, template, source);
  if (template.isFixed)
    return whole([...head, `content-length: ${template.most}\r\n\r\n`, ...body], template.most, source);
  return measured(head, template, source);
};

/** Whether a step says what its body is. */
export const saysType = ({ headers }: Pick<CompiledStep, 'headers'>): boolean =>
  headers.some((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'content-type');

/** The head up to the length of the body. */
export const headOf = (
  step: CompiledStep,
  { pathPrefix, proxyLogin, keepAlive, authority }: Http1Settings,
): TextPart[] => {
  const given = new Set(step.headers.filter((_, index) => index % 2 === 0).map((name) => String(name).toLowerCase()));
  const host = given.has('host') ? '' : `host: ${authority}\r\n`;
  const parts: TextPart[] = [`${step.method} ${pathPrefix}`, ...partsOf(step.path), ` HTTP/1.1\r\n${host}`];
  parts.push(`connection: ${keepAlive ? 'keep-alive' : 'close'}\r\n`);
  if (proxyLogin !== undefined && !given.has('proxy-authorization')) {
    parts.push(`proxy-authorization: ${proxyLogin}\r\n`);
  }
  for (let index = 0; index + 1 < step.headers.length; index += 2) {
    parts.push(`${step.headers[index]}: `, ...partsOf(step.headers[index + 1]!), '\r\n');
  }
  return parts;
};

const partsOf = (text: Text): readonly TextPart[] => (typeof text === 'string' ? [text] : text);

/** One text for all, or one that is patched for each arrival. @param bodyBytes always the same */
const whole = (parts: readonly TextPart[], bodyBytes: number, source: ValueSource): Http1Bytes => {
  if (parts.every((part) => typeof part === 'string')) {
    const bytes = Buffer.from(parts.join(''), 'latin1');
    return (_, scratch) => {
      scratch.rest = null;
      scratch.bodyBytes = bodyBytes;
      return bytes;
    };
  }
  const template = new Template(parts, source);
  return (n, scratch) => {
    scratch.rest = null;
    scratch.bodyBytes = bodyBytes;
    return scratch.fill(template, n);
  };
};

/** A body of changing length: it is made first, then the head that says its length is put right before it. */
const measured = (headParts: readonly TextPart[], body: Template, source: ValueSource): Http1Bytes => {
  const head = new Template([...headParts, 'content-length: '], source);
  const room = head.most + lengthRoom;
  return (n, scratch) => {
    scratch.rest = null;
    return scratch.join(head, body, room, n);
  };
};

/** Digits of a length of at most `mostJoined`, and the end of the head. */
const lengthRoom = 16;

/** A body that is too large to be kept for each exchange. */
const apart = (headParts: readonly TextPart[], body: Template, source: ValueSource): Http1Bytes => {
  const head = withLength(headParts, source);
  return (n, scratch) => {
    const bytes = Buffer.allocUnsafeSlow(body.most);
    const rest = bytes.subarray(0, body.write(bytes, n, false));
    scratch.rest = rest;
    scratch.bodyBytes = rest.length;
    return head(n, rest.length);
  };
};

/** A body that goes out piece by piece behind its head. */
const streamed = (headParts: readonly TextPart[], upload: MakeUpload, source: ValueSource): Http1Bytes => {
  const head = withLength(headParts, source);
  return (n, scratch) => {
    const body = upload(n);
    scratch.rest = null;
    scratch.upload = body;
    scratch.bodyBytes = body.length;
    return head(n, body.length);
  };
};

/** A head that says a length, made anew for each request. */
const withLength = (parts: readonly TextPart[], source: ValueSource): ((n: number, length: number) => Buffer) => {
  const head = new Template([...parts, 'content-length: '], source);
  return (n, length) => {
    const start = Buffer.allocUnsafe(head.most + lengthRoom + 8);
    let at = head.write(start, n, false);
    at += start.write(`${length}\r\n\r\n`, at, 'latin1');
    return start.subarray(0, at);
  };
};
