// Sends one step of the load as the load would, its headers included, and judges the answer: is it expected, is the step
// let in, does the path exist? A secret that was never set is told before anything is sent.

import { SystemClock } from '../common/clock.ts';
import { isSecretHeader, safeLocation, safeText } from '../common/safe-text.ts';
import { formatMs } from '../common/units.ts';
import { headerValue } from '../profile/headers.ts';
import type { Check } from './check.ts';
import { faultOf } from './connect-fault.ts';
import { type Answer, answerHeader, Exchange, type Question } from './exchange.ts';
import { late, limited } from './limited.ts';
import type { Route } from './route.ts';

/** A step with its templates filled in. */
export interface StepRequest extends Question {
  /** Of its series. */
  readonly name: string;
  /** Statuses that are as expected; undefined for any 2xx and 3xx. */
  readonly expectStatus: readonly number[] | undefined;
  /** The load follows its redirects; here they are not. */
  readonly follows?: boolean;
}

/** Sends the step once, within `limitMs`, and judges what comes; never rejects. */
export const checkStep = async (
  step: StepRequest,
  route: Route,
  address: string | undefined,
  limitMs: number,
  outer?: AbortSignal,
): Promise<Check> => {
  const missing = unsetSecret(step);
  if (missing) return missing;
  const exchange = new Exchange(route, address);
  try {
    const answer = await limited(limitMs, outer, (signal) => exchange.ask(step, signal));
    if (answer !== late) return judgeAnswer(step, answer);
    const found = `${safeText(step.name, 60)}: no answer within ${limitMs / 1000} s`;
    return { name, level: 'bad', found, todo: 'look at the target: the load would wait as long' };
  } catch (error) {
    const { text, todo } = faultOf(error);
    return { name, level: 'bad', found: `${safeText(step.name, 60)}: ${text}`, ...(todo !== undefined && { todo }) };
  } finally {
    // What is cut off has nothing left to tell.
    await Promise.race([exchange.close().catch(() => {}), new SystemClock().sleep(200)]);
  }
};

const name = 'request';

/** `${TOKEN}`, and in a secret `$TOKEN` too: what a shell or a tool was to put in. */
const unexpanded = /\$\{(\w+)\}/;
const unexpandedInSecret = /\$\{(\w+)\}|\$([A-Z_]\w+)/;
/** A scheme that nothing follows. `Og==` is a Basic authorization of an empty user and an empty password. */
const emptyScheme = /^(bearer|basic|token|apikey|digest)$/i;

/** A header whose secret is not there, as a check; undefined where there is none. The value is never shown. */
export const unsetSecret = ({ headers, path }: Pick<StepRequest, 'headers' | 'path'>): Check | undefined => {
  const [, inPath] = unexpanded.exec(path.replaceAll('%7B', '{').replaceAll('%7D', '}')) ?? [];
  if (inPath !== undefined) {
    return unset(
      `the path still holds the name of a variable, ${inPath}`,
      'put its value there: nothing is filled in by itself',
    );
  }
  for (const [header, value] of headers) {
    const secret = isSecretHeader(header);
    const [, braced, bare] = (secret ? unexpandedInSecret : unexpanded).exec(value) ?? [];
    const variable = braced ?? bare;
    if (variable !== undefined) {
      return unset(
        `${header} still holds the name of a variable, ${variable}`,
        `put its value there: nothing is filled in by itself; in a shell write -H "${header}: …$${variable}" in double quotes`,
      );
    }
    const text = value.trim();
    if (secret && (text === '' || emptyScheme.test(text) || /^basic\s+Og==$/i.test(text))) {
      const where = text === '' ? 'is empty' : `has nothing after ${safeText(text.split(/\s/, 1)[0] ?? '', 20)}`;
      return unset(`${header} ${where}`, 'set the variable that was to fill it');
    }
  }
  return undefined;
};

const unset = (found: string, todo: string): Check => ({
  name,
  level: 'bad',
  found: `not sent: ${found}`,
  wanted: 'the secret itself',
  todo,
});

/** What an answer to a step of the load means. */
export const judgeAnswer = (step: StepRequest, answer: Answer): Check => {
  const { status } = answer;
  const found = `${safeText(step.name, 60)}: ${status} in ${formatMs(answer.tookMs)} ms`;
  const { expectStatus } = step;
  const expected = expectStatus ? expectStatus.includes(status) : status >= 200 && status < 400;
  const wanted = expectStatus ? expectStatus.join(' or ') : 'any 2xx or 3xx';
  const location = answerHeader(answer, 'location');
  if (step.follows && status >= 300 && status < 400 && location !== undefined) {
    return { name, level: 'ok', found: `${found}, to ${safeLocation(location)}, which the load follows` };
  }
  if (expected) {
    if (status < 300 || location === undefined || expectStatus) return { name, level: 'ok', found };
    const to = safeLocation(location);
    return { name, level: 'warn', found: `${found}, to ${to}`, todo: `redirects are not followed: load ${to} itself` };
  }
  return { name, level: 'bad', found, wanted, ...advice(step, answer) };
};

const advice = (step: StepRequest, answer: Answer): { readonly found?: string; readonly todo?: string } => {
  const { status } = answer;
  const base = `${safeText(step.name, 60)}: ${status} in ${formatMs(answer.tookMs)} ms`;
  if (status === 401 || status === 403) {
    const { said, todo } = refusal(step, answer);
    return { found: `${base}, ${said}`, todo };
  }
  if (status === 404 || status === 410) {
    return {
      found: `${base}, no such path there`,
      todo: 'check the path, and whether this is the port of the right service',
    };
  }
  if (status === 405) {
    const allow = safeText(answerHeader(answer, 'allow') ?? '', 60);
    return {
      found: `${base}, ${step.method} is not taken there`,
      todo: allow ? `it takes ${allow}` : 'check the method',
    };
  }
  if (status === 429) return { todo: 'wait for its limit to pass, or have this machine exempted from it' };
  if (status >= 500) return { todo: 'look at the target, and at what stands before it' };
  return { todo: 'check what the step sends, or what it expects (expect: { status: … })' };
};

/** 401 and 403, by what was sent and what the target asks for. */
const refusal = ({ headers }: StepRequest, answer: Answer): { readonly said: string; readonly todo: string } => {
  const sent = headerValue(headers, 'authorization');
  const others = headers.filter(([header]) => isSecretHeader(header)).map(([header]) => header);
  const asked = /^\s*([\w-]+)/.exec(answerHeader(answer, 'www-authenticate') ?? '')?.[1];
  const scheme = asked === undefined ? undefined : safeText(asked, 30);
  if (sent === undefined && others.length === 0) {
    const wish = scheme === undefined ? '' : `; it asks for ${scheme}`;
    const flag = /^basic$/i.test(scheme ?? '') ? '-a USER:PASSWORD' : `-H 'Authorization: ${scheme ?? 'Bearer'} …'`;
    return { said: `and no Authorization was sent${wish}`, todo: `send it with ${flag}, or in the profile's headers` };
  }
  const sentScheme = sent === undefined ? undefined : schemeOf(sent);
  if (scheme !== undefined && sentScheme !== undefined && sentScheme.toLowerCase() !== scheme.toLowerCase()) {
    return {
      said: `it asks for ${scheme} and ${sentScheme} was sent`,
      todo: `send an Authorization that begins with ${scheme}`,
    };
  }
  const what = sent === undefined ? others.join(', ') : 'the Authorization that was sent';
  if (answer.status === 403) {
    return { said: `${what} was taken, but does not allow this`, todo: 'check the rights of its owner' };
  }
  if (sent !== undefined && hasNoPassword(sent)) {
    return { said: `${what} is not accepted: its password is empty`, todo: 'set the variable that was to fill it' };
  }
  return { said: `${what} is not accepted`, todo: 'check whether it is whole, still valid, and for this target' };
};

const hasNoPassword = (authorization: string): boolean => {
  const [, credentials] = /^basic\s+(\S+)$/i.exec(authorization) ?? [];
  return credentials !== undefined && Buffer.from(credentials, 'base64').toString('latin1').endsWith(':');
};

/** The scheme of an Authorization header; a bare token has none. */
const schemeOf = (value: string): string | undefined => /^([A-Za-z][\w-]*)\s+\S/.exec(value)?.[1];
