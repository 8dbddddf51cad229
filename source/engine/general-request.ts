// Requests that are made anew each time: with what was captured, with the cookies of a user, or with draws for each pass of
// a repetition. What does not change is made ready once; the rest takes the way of a request that never changes.

import { wallNow } from '../common/clock.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { generalText } from './general-text.ts';
import { followOf } from './redirects.ts';
import { type Request, type RequestSettings, requestOf } from './request.ts';
import type { ValueSource } from './template-value.ts';
import type { Walk } from './walk.ts';

/** Makes the request of a step where the iteration is. @throws InvalidRequestError, ValueMissingError */
export type MakeRequest = (walk: Walk, intendedAt: number) => Request;

export const generalRequest = (step: CompiledStep, settings: RequestSettings): MakeRequest => {
  const { source } = settings;
  const path = generalText(step.path, source);
  const headers = step.headers.map((text) => generalText(text, source));
  const body = bodyOf(step, source);
  const upload = uploadOf(step, source);
  return (walk, intendedAt) => {
    source.moment.at = intendedAt;
    const own: CompiledStep = {
      ...step,
      path: path(walk),
      headers: headers.map((text) => text(walk)),
      body: body(walk),
      upload: upload(walk),
      redirects: undefined,
    };
    /** The request of a step at its path, with the cookies that go there by now. */
    const make = (one: CompiledStep): Request => {
      const target = String(one.path);
      walk.path = target;
      return requestOf({ ...one, headers: withCookies(one.headers, walk.jar?.header(target, wallNow())) }, settings);
    };
    const request = make(own);
    return step.redirects ? { ...request, follow: followOf(own, step.redirects, settings, make) } : request;
  };
};

const bodyOf = ({ body }: CompiledStep, source: ValueSource): ((walk: Walk) => CompiledStep['body']) => {
  if (body === undefined || body instanceof Uint8Array) return () => body;
  const text = generalText(body, source, { bytes: true });
  return (walk) => Buffer.from(text(walk), 'latin1');
};

const uploadOf = ({ upload }: CompiledStep, source: ValueSource): ((walk: Walk) => CompiledStep['upload']) => {
  if (!upload) return () => undefined;
  const pieces = upload.pieces.map((piece) => {
    if ('path' in piece) return () => piece;
    const text = generalText(piece, source, { bytes: true });
    return (walk: Walk) => [text(walk)];
  });
  return (walk) => ({ ...upload, pieces: pieces.map((piece) => piece(walk)) });
};

/** The headers with the cookies of the user, behind those that the step has itself: one header, as servers expect. */
const withCookies = (headers: CompiledStep['headers'], cookies: string | undefined): CompiledStep['headers'] => {
  if (cookies === undefined) return headers;
  const at = headers.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'cookie');
  if (at < 0) return [...headers, 'Cookie', cookies];
  return headers.with(at + 1, `${String(headers[at + 1])}; ${cookies}`);
};
