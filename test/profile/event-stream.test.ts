// What a profile says of answers that are streams, what comes of it, and what it is told where it says it wrongly.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { wordsOfEnd } from '../../source/profile/event-stream.ts';
import { compileText, profileOf } from '../helpers/compile-text.ts';

const stepOf = (lines: string) => profileOf(`steps:\n  - post: /chat\n    ${lines}\n`).scenarios[0]!.steps[0]!;

const messageOf = (lines: string): string => {
  try {
    stepOf(lines);
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^.*profile\.yaml:/, '');
    throw error;
  }
  return 'accepted';
};

describe('a step with stream', () => {
  it('is limited by silence of 30 s unless it says another limit', () => {
    expect(stepOf('stream: sse')).toMatchObject({ eventStream: { end: undefined }, idleMs: 30_000 });
    expect(stepOf('stream: sse')).not.toHaveProperty('timeoutMs');
    expect(stepOf('stream: { type: SSE, idle: 5s }')).toMatchObject({ idleMs: 5000 });
    expect(stepOf('stream: sse\n    idle: 7s\n    timeout: 2m')).toMatchObject({ idleMs: 7000, timeoutMs: 120_000 });
  });

  it.each([
    ['"[DONE]"', 'data: [DONE]'],
    ['{ event: message_stop }', 'event: message_stop'],
    ['{ json: { "$.choices[0].finish_reason": stop } }', '$.choices[0].finish_reason is "stop"'],
    ['{ json: { $.a: { exists: true }, $.b: 1 } }', '$.a is there and $.b is 1'],
  ])('ends with %s', (done, words) => {
    expect(wordsOfEnd(stepOf(`stream: { type: sse, done: ${done} }`).eventStream!.end!)).toBe(words);
  });

  it('has metrics of its own beside those of expectations', () => {
    const { metrics, scenarios } = compileText(
      'steps:\n  - get: /\n  - post: /chat\n    stream: sse\n    expect: { status: 200 }\n',
    );
    expect(metrics.map(({ name, kind, unit, source, series }) => [name, kind, unit, source, series].join())).toEqual([
      'status 200,rate,,expectation,1',
      'time to first event,trend,ms,stream,1',
      'gap between events,trend,ms,stream,1',
      'events,counter,,stream,1',
      'events with content,counter,,stream,1',
      'events per answer,trend,,stream,1',
      'tokens, by usage,counter,,stream,1',
      'tokens per second, by usage,trend,,stream,1',
      'tokens, by events with content,counter,,stream,1',
      'tokens per second, by events with content,trend,,stream,1',
      'chunks not JSON,counter,,stream,1',
    ]);
    expect(scenarios[0]!.steps[1]!.eventStream!.metrics).toMatchObject({ firstEvent: 1, notJson: 10 });
  });

  it.each([
    ['stream: websocket', '4:5  steps[0].stream: found "websocket", expected sse'],
    ['stream: true', '4:5  steps[0].stream: found true, expected sse'],
    ['stream: { done: x }', 'steps[0].stream.type'],
    ['stream: { type: sse, done: [DONE] }', 'expected the data of the last event, such as "[DONE]" in quotes'],
    ['stream: { type: sse, done: { event: a, json: { $.a: 1 } } }', 'expected one of event and json'],
    ['stream: { type: sse, done: {} }', 'expected one of event and json'],
    ['stream: { type: sse, done: { json: { a: 1 } } }', 'expected a JSON path such as'],
    ['stream: { type: sse, idle: x }', 'steps[0].stream.idle'],
    ['stream: { type: sse, wait: 1s }', 'steps[0].stream'],
    ['idle: 1s\n    stream: { type: sse, idle: 1s }', 'expected one idle: that of the step, or that of its stream'],
  ])('is refused as %j', (lines, message) => {
    expect(messageOf(lines)).toContain(message);
  });
});
