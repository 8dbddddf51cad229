// Requests that are made anew each time: with what was captured, with the cookies of a user, with draws for each pass of a
// repetition, or by functions of the profile. What does not change is made ready once; what takes more than a head and a
// body (HTTP/2, files, cookies, redirects) takes the way of a request that never changes.

import { wallNow } from '../common/clock.ts';
import type { CompiledStep } from '../profile/compile.ts';
import { bodyMaker } from './function-values.ts';
import { generalText } from './general-text.ts';
import { saysType } from './http1-request.ts';
import { isJoined, joinedRequest } from './joined-request.ts';
import { followOf } from './redirects.ts';
import { type Request, type RequestSettings, requestOf } from './request.ts';
import type { ValueSource } from './template-value.ts';
import type { Walk } from './walk.ts';

/** Makes the request of a step where the iteration is. @throws InvalidRequestError, ValueMissingError, FunctionError */
export type MakeRequest = (walk: Walk, intendedAt: number) => Request;

export const generalRequest = (step: CompiledStep, settings: RequestSettings): MakeRequest => {
  const whole = wholeRequest(step, settings);
  if (!isJoined(step, settings)) return whole;
  const joined = joinedRequest(step, settings);
  return (walk, intendedAt) => (walk.jar ? whole(walk, intendedAt) : joined(walk, intendedAt));
};

const wholeRequest = (step: CompiledStep, settings: RequestSettings): MakeRequest => {
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
      ...body(walk),
      upload: upload(walk),
      redirects: undefined,
    };
    /** The request of a step at its path, with the cookies that go there by now. */
    const make = (one: CompiledStep): Request => {
      const target = String(one.path);
      walk.path = target;
      return requestOf({ ...one, headers: withCookies(one.headers, walk.jar?.header(target, wallNow())) }, settings);
    };
    const request = make(typed(own));
    return step.redirects ? { ...request, follow: followOf(typed(own), step.redirects, settings, make) } : request;
  };
};

/** A step as far as its body goes. */
type OwnBody = Pick<CompiledStep, 'body'> & { readonly isJson?: boolean };

/** A body that a function made JSON of says so, where nobody says otherwise. */
const typed = ({ isJson = false, ...step }: CompiledStep & OwnBody): CompiledStep =>
  isJson && !saysType(step) ? { ...step, headers: [...step.headers, 'Content-Type', 'application/json'] } : step;

const bodyOf = ({ body, bodyFunction }: CompiledStep, source: ValueSource): ((walk: Walk) => OwnBody) => {
  if (bodyFunction && source.functions) {
    const make = bodyMaker(bodyFunction, source.functions);
    return (walk) => {
      const { content, isJson } = make(walk, source.moment.at);
      return { body: typeof content === 'string' ? Buffer.from(content) : content, isJson };
    };
  }
  if (body === undefined || body instanceof Uint8Array) return () => ({ body });
  const text = generalText(body, source, { bytes: true });
  return (walk) => ({ body: Buffer.from(text(walk), 'latin1') });
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
