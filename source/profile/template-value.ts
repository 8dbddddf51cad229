// What templates stand for once they are read and checked: plain data that crosses into worker threads. Reading them is
// template-functions.ts; writing their values into a request is the engine's.

import type { JsonPath } from '../common/json-path.ts';
import type { ValuePlace } from '../common/placed-value.ts';
import type { TextPart } from './templates.ts';

export type { ValuePlace } from '../common/placed-value.ts';

/**
 * What a template stands for. `stream` is the first of the streams of randomness that are its own, so that no two
 * templates of a run draw alike. Choices and words are as they are sent.
 */
export type TemplateValue = SingleValue | ItemsValue;

/** One value, drawn with the number of the arrival, or of the item that it stands in. */
export type SingleValue =
  | { readonly type: 'arrival' }
  | { readonly type: 'sequence'; readonly start: number }
  /** Milliseconds since 1970. */
  | { readonly type: 'now' }
  /** Seconds since 1970. */
  | { readonly type: 'now seconds' }
  /** The same instant as `2026-01-31T12:00:00.000Z`. */
  | { readonly type: 'now iso' }
  | { readonly type: 'uuid'; readonly stream: number }
  | { readonly type: 'hex'; readonly digits: number; readonly stream: number }
  | { readonly type: 'letters'; readonly count: number; readonly stream: number }
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly stream: number }
  /** Bounds in units of the last digit: 150 is 1.50 where `digits` is 2. */
  | {
      readonly type: 'float';
      readonly min: number;
      readonly max: number;
      readonly digits: number;
      readonly stream: number;
    }
  | { readonly type: 'pick'; readonly choices: readonly string[]; readonly stream: number }
  | { readonly type: 'cycle'; readonly choices: readonly string[] }
  | {
      readonly type: 'weighted';
      readonly choices: readonly string[];
      readonly weights: readonly number[];
      readonly stream: number;
    }
  | {
      readonly type: 'words';
      readonly choices: readonly string[];
      readonly count: number;
      /** What stands between two of them. */
      readonly between: string;
      readonly stream: number;
    }
  /** One of the names, the number of the arrival behind it, at a domain. */
  | { readonly type: 'email'; readonly choices: readonly string[]; readonly domain: string; readonly stream: number }
  /** A value of a row of a file. */
  | {
      readonly type: 'column';
      readonly feeder: number;
      readonly column: number;
      readonly place: ValuePlace;
    }
  /** What a function of the profile, by its index, makes when the request is made. */
  | {
      readonly type: 'function';
      readonly index: number;
      readonly stream: number;
      readonly place: ValuePlace;
    }
  /** What a step before took from its answer, or a part of it. Not drawn: put in when the request is made. */
  | {
      readonly type: 'captured';
      readonly name: string;
      readonly path: JsonPath;
      readonly place: ValuePlace;
    };

/** Values of a catalogue: so many in a JSON array, or one by itself where `count` is undefined. */
export interface ItemsValue {
  readonly type: 'items';
  readonly count: number | undefined;
  readonly order: 'cycle' | 'random' | 'weighted';
  /** Each as it is put together; its templates draw with the number of the item. */
  readonly items: readonly (readonly TextPart[])[];
  readonly weights: readonly number[];
  readonly stream: number;
}
