// A step made ready to send. What does not change is built once: a static step hands out the same objects each time, a
// templated one patches them. How a request is sent is the connection's.

import type { OutgoingHttpHeaders } from 'node:http2';
import type { CompiledStep } from '../profile/compile.ts';
import type { Text, TextPart } from '../profile/templates.ts';
import { type Http1Bytes, type Http1Settings, http1Bytes } from './http1-request.ts';
import { type Follow, followOf } from './redirects.ts';
import { type Scratch, StringTemplate, Template } from './template.ts';
import type { ValueSource } from './template-value.ts';
import { type MakeUpload, uploadOf, wholeBody } from './upload.ts';
import type { UploadFiles } from './upload-files.ts';

export { Scratch } from './template.ts';

/** Something a connection can send. What it returns is valid until its next call, whichever connection that is for. */
export interface Request {
  readonly method: string;
  /** Its body goes out piece by piece: it is `scratch.upload` once the rest was made. */
  readonly streams?: boolean;
  /** How its redirects are followed; undefined: they are answers like others. */
  readonly follow?: Follow | undefined;
  /** The bytes for HTTP/1.1, of which a large body is left in `scratch.rest`; valid until `scratch` is used again. */
  readonly http1: Http1Bytes;
  /** For a stream of HTTP/2; the body is then `scratch.body`. */
  http2Headers(n: number, scratch: Scratch): OutgoingHttpHeaders;
}

/** What a request needs to know of the run and of how it is sent. */
export interface RequestSettings extends Http1Settings {
  /** What the values of templates are made of. */
  readonly source: ValueSource;
  /** For HTTP/2. */
  readonly scheme: 'http' | 'https';
  /** Default: HTTP/1.1. */
  readonly http2?: boolean;
  /** What is sent from disk. */
  readonly files: UploadFiles;
}

/** The request of a step. */
export const requestOf = (step: CompiledStep, settings: RequestSettings): Request => {
  const { source, files } = settings;
  const pieces = step.upload ? uploadOf(step.upload, source, files) : undefined;
  const upload = pieces ?? watchedBody(step, source);
  const body = bodyOf(upload && !pieces ? undefined : step.body, source);
  const http1 = http1Bytes(step, settings, source, upload);
  const http2Headers = http2HeadersOf(step, settings, source, body, upload);
  const request: Request = {
    method: step.method,
    streams: upload !== undefined,
    follow: step.redirects ? followOf(step, step.redirects, settings, (hop) => requestOf(hop, settings)) : undefined,
    http1,
    http2Headers,
  };
  if (!tellsTime(step)) return request;
  const { moment } = source;
  return {
    ...request,
    http1: (n, scratch) => {
      moment.at = scratch.intendedAt;
      return http1(n, scratch);
    },
    http2Headers: (n, scratch) => {
      moment.at = scratch.intendedAt;
      return http2Headers(n, scratch);
    },
  };
};

/** A large body of a step that is limited by silence goes out piece by piece: only then it is known whether its bytes flow. */
const watchedBody = ({ body, idleMs }: CompiledStep, source: ValueSource): MakeUpload | undefined =>
  idleMs === undefined || body === undefined ? undefined : wholeBody(body, source);

/** Whether a template of the step is the time: only then it is asked for. */
const tellsTime = ({ path, headers, body, upload }: CompiledStep): boolean =>
  [
    path,
    ...headers,
    ...(body === undefined || body instanceof Uint8Array ? [] : [body]),
    ...(upload?.pieces.flatMap((piece) => ('path' in piece ? [] : [piece])) ?? []),
  ].some((text) => typeof text !== 'string' && text.some(isTime));

const isTime = (part: TextPart): boolean => {
  if (typeof part === 'string') return false;
  return part.type === 'items' ? part.items.some((item) => item.some(isTime)) : part.type.startsWith('now');
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

const http2HeadersOf = (
  step: CompiledStep,
  { scheme, authority }: RequestSettings,
  source: ValueSource,
  body: Body,
  upload: MakeUpload | undefined,
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
    scratch.bodyBytes = bytes?.length ?? 0;
    if (hasBody) headers['content-length'] = bytes?.length ?? 0;
    if (upload) {
      scratch.upload = upload(n);
      scratch.bodyBytes = scratch.upload.length;
      headers['content-length'] = scratch.upload.length;
    }
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
