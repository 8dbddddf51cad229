// The part of the profile language that says of a step that its answer is a stream of events, and how the stream ends.

import { z } from 'zod';
import type { StreamEnd } from './event-stream.ts';
import { readTimeout } from './quantities.ts';
import { jsonExpected } from './schema-expect.ts';
import { eitherForm, line, quantity, section, word } from './schema-parts.ts';

const types = ['sse'] as const;
const doneExpected = 'the data of the last event, such as "[DONE]" in quotes, or a mapping such as { event: stop }';

/** The event that ends a stream. */
const done = eitherForm(
  line(doneExpected).transform((text): StreamEnd => ({ of: 'data', text })),
  section({ event: line('the name of an event').optional(), json: jsonExpected.optional() }, doneExpected).transform(
    ({ event, json }, context): StreamEnd => {
      if (event !== undefined && json === undefined) return { of: 'event', name: event };
      if (json && json.length > 0 && event === undefined) return { of: 'json', expectations: json };
      context.addIssue({ code: 'custom', message: 'one of event and json' });
      return z.NEVER;
    },
  ),
);

export interface StreamFile {
  readonly done: StreamEnd | undefined;
  readonly idle: number | undefined;
}

/** The key `stream`. */
export const stream = eitherForm(
  word(types).transform((): StreamFile => ({ done: undefined, idle: undefined })),
  section(
    { type: word(types), done: done.optional(), idle: quantity(readTimeout, 'a duration such as 30s').optional() },
    'sse, or a mapping such as { type: sse, done: "[DONE]" }',
  ).transform((said): StreamFile => ({ done: said.done, idle: said.idle })),
);
