// Turns a step of a profile into what a worker sends and makes of the answer: bytes made once, templates read with the names
// that steps before it captured, its expectations numbered among the metrics of the run.

import { encodePath } from '../common/url-encoding.ts';
import type { Think } from '../load/think.ts';
import type { Metric } from '../measure/metric.ts';
import { type Capture, wordsOfSource } from './capture.ts';
import { type CompiledBody, type CompiledUpload, compileBody, sendRateMetric } from './compile-body.ts';
import { type CompiledCount, compileCounts } from './compile-counts.ts';
import type { RunValues, TemplateData, TemplateScope } from './data.ts';
import { type CompiledEventStream, compileEventStream } from './event-stream.ts';
import { type Expectation, wordsOfExpectation, wordsOfStatuses } from './expectation.ts';
import { fieldParts, partsOf, type TextReading, textOf } from './field-parts.ts';
import { type CompiledFunction, streamsOfFunction } from './functions.ts';
import { mergeHeaders } from './headers.ts';
import type { CleanUpRequest, Profile, Step } from './profile.ts';
import type { Streams } from './streams.ts';
import type { ValuePlace } from './template-value.ts';
import { mapText, readTemplates, type Text, type TextPart } from './templates.ts';

/** One HTTP exchange, ready to be sent. Host and Content-Length are left to the client. */
export interface CompiledStep {
  /** Index into the series of the run. */
  readonly series: number;
  readonly method: string;
  /** With query, percent-encoded. */
  readonly path: Text;
  /** Flat: name, value, name, value. */
  readonly headers: readonly Text[];
  /** Bytes; with templates parts of which each character is a byte. */
  readonly body: Uint8Array | readonly TextPart[] | undefined;
  /** In place of a body: what makes it. */
  readonly bodyFunction?: CompiledFunction | undefined;
  /** In place of a body: one with files in it. */
  readonly upload?: CompiledUpload | undefined;
  /** Statuses that are as expected; undefined for any 2xx and 3xx. */
  readonly expectStatus: readonly number[] | undefined;
  /** Redirects that are followed; undefined: none. */
  readonly redirects?: number | undefined;
  /** Values of a catalogue that each request holds; undefined where it has no body of such. */
  readonly items?: number | undefined;
  /** Index into the metrics of the run; of the expectation of a status. */
  readonly statusMetric?: number | undefined;
  /** What else is expected of its answer. */
  readonly expect?: readonly CountedExpectation[] | undefined;
  /** The function that says whether its answer is as expected, and the metric that counts it. */
  readonly check?: { readonly function: number; readonly metric: number } | undefined;
  readonly captures?: readonly CompiledCapture[] | undefined;
  /** What it adds to metrics of the run; undefined for nothing. */
  readonly counts?: readonly CompiledCount[] | undefined;
  /** Its answer is a stream of events. */
  readonly eventStream?: CompiledEventStream | undefined;
  /** Limits of its own, ms. */
  readonly timeoutMs?: number | undefined;
  readonly idleMs?: number | undefined;
  /** Its name, where it is left out once the target says that it has no such thing. */
  readonly optional?: string | undefined;
  readonly think?: CompiledThink | undefined;
  /** What it makes, by the request that removes it. */
  readonly creates?: { readonly method: string; readonly path: Text } | undefined;
  /** It may be the request that removes what a step made. */
  readonly removes?: boolean | undefined;
  /** Its request is made anew each time: with what was captured, with cookies, or with draws for each repetition. */
  readonly general?: boolean | undefined;
  /** A template stands in the path, a header's value or the body. */
  readonly templated: boolean;
}

/** An expectation, its words, and the metric that counts it: an index into the metrics of the run. */
export interface CountedExpectation {
  readonly expectation: Expectation;
  readonly words: string;
  readonly metric: number;
}

/** A capture, and the words for where it is found. */
export interface CompiledCapture extends Capture {
  readonly words: string;
}

/** Think time with the stream of randomness that it is drawn from. */
export interface CompiledThink {
  readonly think: Think;
  readonly stream: number;
}

/** What the steps of a run have in common while they are compiled. */
export interface Common {
  readonly userAgent: string;
  readonly streams: Streams;
  readonly data: TemplateData;
  readonly sources: Profile['data'];
  readonly cookies: boolean;
  /** How many functions the profile has. */
  readonly functions: number;
  /** Methods of requests that remove what steps make. */
  readonly removing: ReadonlySet<string>;
  /** What the run's set-up captures. */
  readonly run: RunValues;
  /** Metrics of the run so far; those of a step are added. */
  readonly metrics: Metric[];
}

/** Where a step stands in its scenario. */
export interface Surroundings {
  /** Index into the series of the run. */
  readonly series: number;
  /** Names of what was captured before it. */
  readonly captured: readonly string[];
  /** It is run again and again in an iteration. */
  readonly looped: boolean;
}

/**
 * Compiles a step.
 * @throws UserError for double braces that are no template
 */
export const compileStep = (step: Step, around: Surroundings, common: Common): CompiledStep => {
  const { userAgent, streams } = common;
  const { series, captured, looped } = around;
  const scopeAt = (place: ValuePlace): TemplateScope => ({
    data: common.data,
    place,
    captured,
    functions: common.functions,
    run: common.run,
  });
  const path = compilePath(step, { streams, scopeAt });
  const given = mergeHeaders([['User-Agent', userAgent]], step.headers).flatMap(([name, value]) => [
    name,
    readTemplates(value, `header ${name} of "${step.name}"`, streams, scopeAt('header')),
  ]);
  const { bodyFunction } = step;
  const { body, pieces, contentType } = compileBody(step, common, scopeAt);
  const headers = contentType === undefined ? given : withContentType(given, contentType);
  const texts = textsOf({ path, headers, body, pieces });
  const templated = texts.some((text) => typeof text !== 'string');
  const removes = common.removing.has(step.method);
  return {
    series,
    method: step.method,
    path,
    headers,
    body,
    ...(bodyFunction !== undefined && {
      bodyFunction: { index: bodyFunction, stream: streams.take(streamsOfFunction) },
    }),
    ...(pieces && { upload: { pieces, sendRate: common.metrics.push(sendRateMetric(series)) - 1 } }),
    expectStatus: step.expectStatus,
    ...(step.redirects && { redirects: step.redirects }),
    ...(step.items && { items: step.items.count ?? 1 }),
    ...answerOf(step, series, common),
    ...(step.creates && { creates: compileCreates(step, step.creates, around, common) }),
    ...(removes && { removes }),
    templated,
    ...((common.cookies ||
      removes ||
      (looped && templated) ||
      bodyFunction !== undefined ||
      texts.some(hangsOnTurn)) && { general: true }),
  };
};

const compilePath = ({ path, query = [], name }: Step, reading: TextReading): Text => {
  const { streams, scopeAt } = reading;
  const text = mapText(readTemplates(path, `path of "${name}"`, streams, scopeAt('path')), encodePath);
  if (query.length === 0) return text;
  const fields = fieldParts(query, 'query', (field) => `query "${field}" of "${name}"`, reading);
  return textOf([...partsOf(text), path.includes('?') ? '&' : '?', ...fields]);
};

/** The request that removes what a step makes: its path is told when the answer has come, and drawn of nothing but that. */
const compileCreates = (
  { name, captures = [] }: Step,
  { method, path }: CleanUpRequest,
  around: Surroundings,
  { data, run, streams, functions }: Common,
): CompiledStep['creates'] => {
  const captured = [...around.captured, ...captures.map((capture) => capture.name)];
  const scope: TemplateScope = { data, place: 'path', captured, run, functions };
  return { method, path: mapText(readTemplates(path, `creates of "${name}"`, streams, scope), encodePath) };
};

/** Only the body knows its boundary: what was said otherwise, for all steps, does not hold. */
const withContentType = (headers: readonly Text[], contentType: string): readonly Text[] => {
  const isOther = (index: number): boolean => String(headers[index - (index % 2)]).toLowerCase() !== 'content-type';
  return [...headers.filter((_, index) => isOther(index)), 'Content-Type', contentType];
};

/** All that may hold templates. */
const textsOf = ({
  path,
  headers,
  body,
  pieces = [],
}: Pick<CompiledStep, 'path' | 'headers' | 'body'> & {
  readonly pieces: CompiledBody['pieces'] | undefined;
}): readonly Text[] => [
  path,
  ...headers,
  ...(body === undefined || body instanceof Uint8Array ? [] : [body]),
  ...pieces.flatMap((piece) => ('path' in piece ? [] : [textOf(piece)])),
];

/** Whether the request of a step cannot be made beforehand: without what others capture, or without a function. */
export const needsTurn = (step: CompiledStep): boolean =>
  step.bodyFunction !== undefined || textsOf({ ...step, pieces: step.upload?.pieces }).some(hangsOnTurn);

/** Whether functions of the profile have a part in a step. */
export const usesFunctions = (step: CompiledStep): boolean =>
  step.bodyFunction !== undefined ||
  step.check !== undefined ||
  (step.counts ?? []).some(({ value }) => typeof value === 'object' && 'function' in value) ||
  textsOf({ ...step, pieces: step.upload?.pieces }).some((text) => holds(text, ['function']));

const holds = (text: Text, types: readonly string[]): boolean =>
  typeof text !== 'string' && text.some((part) => typeof part !== 'string' && types.includes(part.type));

/** Whether a text is made for each request, of what was captured or by a function. */
export const hangsOnTurn = (text: Text): boolean => holds(text, ['captured', 'function']);

/** What the step makes of its answer. */
const answerOf = (step: Step, series: number, { metrics, streams }: Common): Partial<CompiledStep> => {
  const { expectStatus, expect, check, captures, eventStream, timeoutMs, idleMs, optional, think } = step;
  const metricOf = (name: string): number =>
    metrics.push({ name, kind: 'rate', unit: undefined, source: 'expectation', series }) - 1;
  return {
    ...(expectStatus && { statusMetric: metricOf(wordsOfStatuses(expectStatus)) }),
    ...(expect && {
      expect: expect.map((expectation) => {
        const words = wordsOfExpectation(expectation);
        return { expectation, words, metric: metricOf(words) };
      }),
    }),
    ...(check !== undefined && { check: { function: check, metric: metricOf('check') } }),
    ...(captures && { captures: captures.map((capture) => ({ ...capture, words: wordsOfSource(capture.from) })) }),
    ...(step.counts && { counts: compileCounts(step, metrics) }),
    ...(eventStream && { eventStream: compileEventStream(eventStream, series, metrics) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(idleMs !== undefined && { idleMs }),
    ...(optional && { optional: step.name }),
    ...(think && { think: { think, stream: streams.take() } }),
  };
};
