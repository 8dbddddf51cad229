// Requests of HTTP/1.1 that are made anew each time and are a head and a body in memory: one text for the head, one copy of
// the body behind it. Most of what steps with captured values and functions cost is made here.

import type { CompiledStep } from '../profile/compile.ts';
import type { TextPart } from '../profile/templates.ts';
import { bodyMaker } from './function-values.ts';
import { generalText } from './general-text.ts';
import { headOf, mostJoined, saysType, withBody } from './http1-request.ts';
import type { Request, RequestSettings } from './request.ts';
import type { Scratch } from './template.ts';
import type { Walk } from './walk.ts';

/**
 * Whether the requests of a step are no more than a head and a body in memory: their bytes need not be watched on their way
 * out, and nobody asks afterwards what their path was.
 */
export const isJoined = (step: CompiledStep, { http2 = false }: RequestSettings): boolean =>
  !http2 &&
  step.upload === undefined &&
  step.redirects === undefined &&
  step.idleMs === undefined &&
  step.removes === undefined;

/** @throws InvalidRequestError, ValueMissingError, FunctionError */
export const joinedRequest = (
  step: CompiledStep,
  settings: RequestSettings,
): ((walk: Walk, intendedAt: number) => Request) => {
  const { source } = settings;
  const head = generalText(merged(headOf(step, settings)), source);
  const body = bodyOf(step, settings);
  return (walk, intendedAt) => {
    source.moment.at = intendedAt;
    return new JoinedRequest(step.method, head(walk), body(walk, intendedAt));
  };
};

/** Texts that follow each other become one. */
const merged = (parts: readonly TextPart[]): TextPart[] => {
  const all: TextPart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof part === 'string' && typeof last === 'string') all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
};

/** What follows the headers that are the same for each request. */
interface Rest {
  /** Headers of the body, and the end of the head. */
  readonly end: string;
  /** Text that is not encoded yet, or bytes. */
  readonly content: string | Uint8Array;
  readonly bytes: number;
}

const bodyOf = (step: CompiledStep, { source }: RequestSettings): ((walk: Walk, intendedAt: number) => Rest) => {
  const { body, bodyFunction, method } = step;
  if (bodyFunction && source.functions) {
    const make = bodyMaker(bodyFunction, source.functions);
    const type = saysType(step) ? '' : 'Content-Type: application/json\r\n';
    return (walk, intendedAt) => {
      const { content, isJson } = make(walk, intendedAt);
      return restOf(content, isJson ? type : '');
    };
  }
  if (body === undefined) {
    const rest = { end: `${withBody.has(method) ? 'content-length: 0\r\n' : ''}\r\n`, content: '', bytes: 0 };
    return () => rest;
  }
  if (body instanceof Uint8Array) {
    const rest = restOf(body, '');
    return () => rest;
  }
  const text = generalText(body, source, { bytes: true });
  return (walk) => restOf(Buffer.from(text(walk), 'latin1'), '');
};

const restOf = (content: string | Uint8Array, headers: string): Rest => {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  return { end: `${headers}content-length: ${bytes}\r\n\r\n`, content, bytes };
};

class JoinedRequest implements Request {
  readonly method: string;
  readonly #head: string;
  readonly #rest: Rest;

  constructor(method: string, head: string, rest: Rest) {
    this.method = method;
    this.#head = head;
    this.#rest = rest;
  }

  http1(_: number, scratch: Scratch): Buffer {
    const { end, content, bytes } = this.#rest;
    const room = this.#head.length + end.length;
    const isJoined = bytes <= mostJoined;
    scratch.bodyBytes = bytes;
    scratch.rest = isJoined ? null : Buffer.from(content);
    // Each has its own: it may still be on its way when the next is made.
    const made = Buffer.allocUnsafe(isJoined ? room + bytes : room);
    made.write(this.#head, 0, 'latin1');
    made.write(end, this.#head.length, 'latin1');
    if (!isJoined || bytes === 0) return made;
    if (typeof content === 'string') made.write(content, room);
    else made.set(content, room);
    return made;
  }

  http2Headers(): never {
    throw new Error('made for HTTP/1.1');
  }
}
