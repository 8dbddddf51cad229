// What a step takes from its answer for the steps after it: where a value is found, and under which name it is kept. Plain
// data that crosses into worker threads; what was found is put into requests by the engine.

import type { JsonPath } from '../common/json-path.ts';

export type CaptureSource =
  /** @param all every value that the path leads to, as a list */
  | { readonly of: 'json'; readonly path: JsonPath; readonly written: string; readonly all: boolean }
  | { readonly of: 'header'; readonly name: string }
  /** The first group of the first match in the body, or the whole match. */
  | { readonly of: 'regex'; readonly pattern: string }
  | { readonly of: 'cookie'; readonly name: string };

export interface Capture {
  readonly name: string;
  readonly from: CaptureSource;
  /** In place of what is not there; undefined: the step fails then. */
  readonly fallback: unknown;
}

/** The place of a value in words: `$.id`, `header x-token`. */
export const wordsOfSource = (from: CaptureSource): string => {
  switch (from.of) {
    case 'json':
      return from.written;
    case 'regex':
      return `/${from.pattern}/`;
    default:
      return `${from.of} ${from.name}`;
  }
};
