// Hears an answer that is a stream of server-sent events: counts events and tokens as they come, measures when the first one
// came and the gaps between them, and knows whether the stream came to its end.

import { valueAt } from '../common/json-path.ts';
import { causeIndex } from '../measure/cause.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { CompiledStep } from '../profile/compile.ts';
import type { CompiledEventStream, StreamEnd } from '../profile/event-stream.ts';
import { isCountable } from './counts.ts';
import type { Exchange } from './exchange.ts';
import { isExpectedStatus } from './expected-answer.ts';
import type { Hearing, Judgement } from './hearing.ts';
import { matcherOf } from './matcher.ts';
import { SseParser } from './sse.ts';

/** What is wanted of the streams of a step, ready for each of them. */
export interface StreamWishes extends Pick<CompiledEventStream, 'words' | 'mark' | 'metrics'> {
  readonly expected: ReadonlySet<number> | undefined;
  readonly recorder: Pick<Recorder, 'metric'>;
  /** Whether an event is the one that ends the stream. */
  readonly isEnd: IsEnd;
  /** A stream came to its end, before its answer did. */
  readonly over: (exchange: Exchange) => void;
}

type IsEnd = (data: string, type: string, json: unknown) => boolean;

export const streamWishes = (
  { expectStatus }: Pick<CompiledStep, 'expectStatus'>,
  { end, words, mark, metrics }: CompiledEventStream,
  { recorder, over }: Pick<StreamWishes, 'recorder' | 'over'>,
): StreamWishes => ({
  words,
  mark,
  metrics,
  expected: expectStatus && new Set(expectStatus),
  recorder,
  isEnd: isEndOf(end),
  over,
});

const isEndOf = (end: StreamEnd | undefined): IsEnd => {
  if (!end || end.of === 'data') return () => false;
  if (end.of === 'event') return (_, type) => type === end.name;
  const values = end.expectations.flatMap((expectation) =>
    expectation.of === 'json' ? [{ path: expectation.path, fault: matcherOf(expectation.tests) }] : [],
  );
  return (_, __, json) =>
    json !== undefined && values.every(({ path, fault }) => fault(valueAt(json, path)) === undefined);
};

const good: Judgement = { good: true };
const noEvent = causeIndex('expectation failed: no event');
const notJudged = causeIndex('expectation failed: body not judged');
const withoutEnd = causeIndex('cut short, stream without its end');

export class StreamHearing implements Hearing {
  readonly #wishes: StreamWishes;
  readonly #exchange: Exchange;
  /** What else is wanted of the answer. */
  readonly #inner: Hearing | undefined;
  readonly #parser: SseParser;
  /** When the stream came to its end, run clock in ms; 0 before. */
  overAt = 0;
  /** When what is read came. */
  #at = 0;
  /** The body is one to be read; undefined before its first byte. */
  #reads: boolean | undefined;
  #events = 0;
  #lastEventAt = 0;
  #contentEvents = 0;
  /** The tokens that the stream says it had; -1 where it does not. */
  #usage = -1;

  constructor(wishes: StreamWishes, exchange: Exchange, inner: Hearing | undefined) {
    this.#wishes = wishes;
    this.#exchange = exchange;
    this.#inner = inner;
    this.#parser = new SseParser({
      event: (data, type) => this.#event(data, type),
      broken: () => this.#arrived(undefined),
    });
  }

  take(bytes: Buffer, from: number, to: number, at: number): void {
    this.#inner?.take(bytes, from, to, at);
    this.#reads ??= this.#isExpected() && this.#encoding() === undefined;
    if (!this.#reads) return;
    this.#at = at;
    this.#parser.take(bytes, from, to);
  }

  ended(exchange: Exchange): Judgement {
    const fault = this.#fault();
    const judgement = this.#inner?.ended(exchange) ?? good;
    this.#countTokens(exchange);
    if (!fault) this.#countAnswer(exchange);
    return fault ?? judgement;
  }

  valueAt(path: string): unknown {
    return this.#inner?.valueAt(path);
  }

  ignored(exchange: Exchange): void {
    this.#inner?.ignored(exchange);
    this.#countTokens(exchange);
  }

  #isExpected(): boolean {
    return isExpectedStatus(this.#wishes.expected, this.#exchange.status);
  }

  #encoding(): string | undefined {
    const encoding = this.#exchange.valuesOf('content-encoding').join(', ').toLowerCase();
    return encoding === '' || encoding === 'identity' ? undefined : encoding;
  }

  #event(data: string, type: string): void {
    if (this.overAt > 0) return;
    if (data === this.#wishes.mark) {
      this.#end();
      return;
    }
    const json = parsed(data);
    this.#arrived(json);
    if (this.#wishes.isEnd(data, type, json)) this.#end();
  }

  #end(): void {
    this.overAt = this.#at;
    this.#wishes.over(this.#exchange);
  }

  /** An event came. @param json its data; undefined where that is no JSON */
  #arrived(json: unknown): void {
    const { recorder, metrics } = this.#wishes;
    const at = this.#at;
    recorder.metric(metrics.events, 1, at);
    if (this.#events === 0) recorder.metric(metrics.firstEvent, at - this.#exchange.startedAt, at);
    else recorder.metric(metrics.gap, at - this.#lastEventAt, at);
    this.#events += 1;
    this.#lastEventAt = at;
    if (json === undefined) recorder.metric(metrics.notJson, 1, at);
    else if (hasContent(json)) {
      this.#contentEvents += 1;
      recorder.metric(metrics.contentEvents, 1, at);
    }
    const usage = usageOf(json);
    if (usage !== undefined) this.#usage = usage;
  }

  #fault(): Judgement | undefined {
    const encoding = this.#encoding();
    if (encoding !== undefined) {
      return { good: false, cause: notJudged, example: `a stream encoded as ${encoding}, which is not read here` };
    }
    const { words } = this.#wishes;
    if (this.overAt > 0) return undefined;
    if (this.#events === 0) {
      const type = this.#exchange.valuesOf('content-type')[0] ?? 'no type';
      return {
        good: false,
        cause: noEvent,
        example: `expected server-sent events, found none in an answer of ${type}`,
      };
    }
    if (words === undefined) return undefined;
    const found = this.#events === 1 ? '1 event' : `${this.#events} events`;
    return { good: false, cause: withoutEnd, example: `expected ${words}, found the end after ${found}` };
  }

  /** Of an answer that did not come to its end too: they came. */
  #countTokens({ endedAt }: Exchange): void {
    const { recorder, metrics } = this.#wishes;
    if (this.#usage >= 0) recorder.metric(metrics.usageTokens, this.#usage, endedAt);
    else if (this.#contentEvents > 0) recorder.metric(metrics.contentTokens, this.#contentEvents, endedAt);
  }

  #countAnswer({ startedAt, endedAt }: Exchange): void {
    const { recorder, metrics } = this.#wishes;
    recorder.metric(metrics.eventsPerAnswer, this.#events, endedAt);
    const seconds = ((this.overAt || endedAt) - startedAt) / 1000;
    if (seconds <= 0) return;
    if (this.#usage >= 0) recorder.metric(metrics.usageRate, this.#usage / seconds, endedAt);
    else if (this.#contentEvents > 0) recorder.metric(metrics.contentRate, this.#contentEvents / seconds, endedAt);
  }
}

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const memberOf = (value: unknown, key: string): unknown => (isMapping(value) ? value[key] : undefined);

/** As chat completions have it: a choice whose delta holds text. */
const hasContent = (json: unknown): boolean => {
  const choices = memberOf(json, 'choices');
  return Array.isArray(choices) && choices.some((choice) => isText(memberOf(memberOf(choice, 'delta'), 'content')));
};

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** The tokens of the answer so far, as the stream says it; the last word counts. */
const usageOf = (json: unknown): number | undefined => {
  const tokens = memberOf(memberOf(json, 'usage'), 'completion_tokens');
  return isCountable(tokens) && tokens >= 0 ? tokens : undefined;
};
