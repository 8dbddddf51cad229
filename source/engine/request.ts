// A step made ready to send. What does not change is built once: a static step hands out the same objects each time, a
// templated one patches them. How a request is sent is the connection's.

import type { OutgoingHttpHeaders } from 'node:http2';
import { wallNow } from '../common/clock.ts';
import type { CompiledStep } from '../profile/compile.ts';
import type { Text } from '../profile/templates.ts';
import { type Http1Bytes, type Http1Settings, http1Bytes } from './http1-request.ts';
import { type Scratch, StringTemplate, Template } from './template.ts';
import type { ValueSource } from './template-value.ts';

export { Scratch } from './template.ts';

/** Something a connection can send. What it returns is valid until its next call, whichever connection that is for. */
export interface Request {
  readonly method: string;
  /** The bytes for HTTP/1.1, of which a large body is left in `scratch.rest`; valid until `scratch` is used again. */
  readonly http1: Http1Bytes;
  /** For a stream of HTTP/2; the body is then `scratch.body`. */
  http2Headers(n: number, scratch: Scratch): OutgoingHttpHeaders;
}

/** What a request needs to know of the run and of how it is sent. */
export interface RequestSettings extends Http1Settings {
  readonly seed: number;
  /** For HTTP/2. */
  readonly scheme: 'http' | 'https';
}

/** The request of a step. */
export const requestOf = (step: CompiledStep, settings: RequestSettings): Request => {
  const source: ValueSource = { seed: settings.seed, wallNow };
  const body = bodyOf(step.body, source);
  return {
    method: step.method,
    http1: http1Bytes(step, settings, source),
    http2Headers: http2Headers(step, settings, source, body),
  };
};

/** The body for an arrival, left in the scratch too. */
type Body = (n: number, scratch: Scratch) => Buffer | null;

const bodyOf = (body: CompiledStep['body'], source: ValueSource): Body => {
  if (body !== undefined && !(body instanceof Uint8Array)) {
    const template = new Template(body, source);
    return (n, scratch) => scratch.fill(template, n);
  }
  // A view: the bytes of a static body are one and the same for all connections.
  const bytes = body ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : null;
  return (_, scratch) => {
    scratch.body = bytes;
    return bytes;
  };
};

/** A text that changes from arrival to arrival, and where it goes. */
type Patch = (n: number) => void;

/** Puts a text where it belongs: now and for good, or as a patch for each arrival. */
const place = (text: Text, source: ValueSource, patches: Patch[], put: (value: string) => void): void => {
  if (typeof text === 'string') {
    put(text);
    return;
  }
  const template = new StringTemplate(text, source);
  patches.push((n) => put(template.text(n)));
};

/** Headers that belong to a connection of HTTP/1.1: in HTTP/2 they make a request malformed (RFC 9113, 8.2.2). */
const http1Only = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te']);

const http2Headers = (
  step: CompiledStep,
  { scheme, authority }: RequestSettings,
  source: ValueSource,
  body: Body,
): Request['http2Headers'] => {
  const headers: OutgoingHttpHeaders = {
    ':method': step.method,
    ':path': '',
    ':scheme': scheme,
    ':authority': authority,
  };
  const patches: Patch[] = [];
  place(step.path, source, patches, (path) => {
    headers[':path'] = path;
  });
  for (const [name, texts] of groupHeaders(step.headers)) {
    const [only] = texts;
    if (texts.length === 1 && only !== undefined) {
      place(only, source, patches, (value) => {
        headers[name] = value;
      });
      continue;
    }
    const values: string[] = [];
    headers[name] = values;
    for (const [index, text] of texts.entries()) {
      place(text, source, patches, (value) => {
        values[index] = value;
      });
    }
  }
  const hasBody = step.body !== undefined;
  return (n, scratch) => {
    for (let index = 0; index < patches.length; index += 1) patches[index]!(n);
    const bytes = body(n, scratch);
    if (hasBody) headers['content-length'] = bytes?.length ?? 0;
    return headers;
  };
};

/** Header values by their names in HTTP/2, in order. */
const groupHeaders = (flat: readonly Text[]): ReadonlyMap<string, readonly Text[]> => {
  const groups = new Map<string, Text[]>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]).toLowerCase();
    if (http1Only.has(name)) continue;
    const key = name === 'host' ? ':authority' : name;
    const values = groups.get(key);
    if (values) values.push(flat[index + 1]!);
    else groups.set(key, [flat[index + 1]!]);
  }
  return groups;
};
