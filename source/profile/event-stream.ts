// An answer that is a stream of server-sent events: how its end is known, and the metrics that are counted of it.

import type { Metric, MetricKind } from '../measure/metric.ts';
import { type Expectation, wordsOfExpectation } from './expectation.ts';

/** The event that ends a stream. */
export type StreamEnd =
  /** Its data, whole: `[DONE]`. It is a mark and no event that is counted. */
  | { readonly of: 'data'; readonly text: string }
  /** Its name: `message_stop`. */
  | { readonly of: 'event'; readonly name: string }
  /** Values in the JSON of its data, all of which must be as expected. */
  | { readonly of: 'json'; readonly expectations: readonly Expectation[] };

export interface EventStream {
  /** Undefined: it ends with the answer. */
  readonly end: StreamEnd | undefined;
}

/** A stream as a worker hears it; its metrics are indexes into those of the run. */
export interface CompiledEventStream extends EventStream {
  /** The end in words; undefined where none is required. */
  readonly words: string | undefined;
  /** Data that end it whether or not they are required. */
  readonly mark: string;
  readonly metrics: StreamMetrics;
}

/** The limit of silence of a stream that names none, ms. */
export const defaultIdleMs = 30_000;

/** What ends a stream of chat completions; known without being named, and then not required. */
const usualEnd = '[DONE]';

const counted = {
  firstEvent: ['time to first event', 'trend', 'ms'],
  gap: ['gap between events', 'trend', 'ms'],
  events: ['events', 'counter', undefined],
  contentEvents: ['events with content', 'counter', undefined],
  eventsPerAnswer: ['events per answer', 'trend', undefined],
  usageTokens: ['tokens, by usage', 'counter', undefined],
  usageRate: ['tokens per second, by usage', 'trend', undefined],
  contentTokens: ['tokens, by events with content', 'counter', undefined],
  contentRate: ['tokens per second, by events with content', 'trend', undefined],
  notJson: ['chunks not JSON', 'counter', undefined],
} as const satisfies Readonly<Record<string, readonly [name: string, kind: MetricKind, unit: string | undefined]>>;

export type StreamMetrics = Readonly<Record<keyof typeof counted, number>>;

/** Adds the metrics of a stream to those of the run. @param series index of the step's series */
export const compileEventStream = ({ end }: EventStream, series: number, metrics: Metric[]): CompiledEventStream => {
  const add = ([name, kind, unit]: (typeof counted)[keyof typeof counted]): number =>
    metrics.push({ name, kind, unit, source: 'stream', series }) - 1;
  return {
    end,
    words: end && wordsOfEnd(end),
    mark: end?.of === 'data' ? end.text : usualEnd,
    metrics: {
      firstEvent: add(counted.firstEvent),
      gap: add(counted.gap),
      events: add(counted.events),
      contentEvents: add(counted.contentEvents),
      eventsPerAnswer: add(counted.eventsPerAnswer),
      usageTokens: add(counted.usageTokens),
      usageRate: add(counted.usageRate),
      contentTokens: add(counted.contentTokens),
      contentRate: add(counted.contentRate),
      notJson: add(counted.notJson),
    },
  };
};

/** The end of a stream in words: `data: [DONE]`, `event: message_stop`, `$.choices[0].finish_reason is "stop"`. */
export const wordsOfEnd = (end: StreamEnd): string => {
  switch (end.of) {
    case 'data':
      return `data: ${end.text}`;
    case 'event':
      return `event: ${end.name}`;
    case 'json':
      return end.expectations.map(wordsOfExpectation).join(' and ');
  }
};
