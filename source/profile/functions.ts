// What functions of a profile are given and what they may return: the types of what a module writes in place of values. They
// never cross threads: what crosses is where they stand, and each worker imports the module itself.

import type { KeyPath } from './source.ts';

/** Which request it is, and what the steps before it captured. */
export interface FunctionTurn {
  /** Number of the arrival, as `{{arrival}}`. */
  readonly arrival: number;
  /** Number of the virtual user, from 0; undefined where the load has none. */
  readonly user: number | undefined;
  /** Number of the user's iteration, from 0; without users that of the arrival. */
  readonly iteration: number;
  /** What was captured, by its name. */
  readonly captured: Readonly<Record<string, unknown>>;
}

/**
 * What a function is given that makes a part of a request. Valid during the call. What it draws hangs on the seed and the
 * number of the arrival alone, so that a run can be repeated, with however many workers.
 */
export interface FunctionRequest extends FunctionTurn {
  /** The instant that the request is intended for, ms since 1970, as `{{now}}`. */
  readonly now: number;
  /** The next number in [0, 1). */
  readonly random: () => number;
  /** A whole number between the two, both included. */
  readonly integer: (least: number, most: number) => number;
  /** One of the choices. */
  readonly pick: <Choice>(choices: readonly Choice[]) => Choice;
  /** A UUID of version 4. */
  readonly uuid: () => string;
}

/** What a function is given that looks at an answer. Valid during the call. */
export interface FunctionAnswer extends FunctionTurn {
  readonly status: number;
  /** By names in lower case; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Bytes of the body as they came. */
  readonly size: number;
  /** Response time, ms. */
  readonly ms: number;
  /** The body as text. */
  readonly text: () => string;
  /** The body as JSON; an answer without is not as expected. */
  readonly json: <Value = unknown>() => Value;
}

/** What a body may be: text, bytes, or a value that is sent as JSON. */
export type BodyValue = string | Uint8Array | number | boolean | object | null;

/** Makes the body of a request. */
export type BodyFunction = (request: FunctionRequest) => BodyValue;
/** Makes a path, or a value of a header, a query or a form. */
export type TextFunction = (request: FunctionRequest) => string | number | boolean;
/** Says whether an answer is as expected: false, or in words why it is not. */
export type CheckFunction = (answer: FunctionAnswer) => boolean | string;
/** What is counted of an answer: a number, or true for 1; undefined for nothing. */
export type CountFunction = (answer: FunctionAnswer) => number | boolean | undefined;

/** Where the functions of a profile stand. */
export interface ProfileCode {
  /** URL of its module. */
  readonly module: string;
  /** The module as the user named it. */
  readonly name: string;
  /** Where each function stands inside of what the module exports by default. */
  readonly functions: readonly KeyPath[];
}

/** A function that makes a part of a request, by its index, and the first of the streams of randomness that are its own. */
export interface CompiledFunction {
  readonly index: number;
  readonly stream: number;
}

/** Streams of a function: what it draws first, second and so on; beyond, each is used again in another way. */
export const streamsOfFunction = 64;

/** A function as the schema sees it: this stands in its place in the data. */
export interface FunctionAt {
  (): void;
  readonly index: number;
  readonly isAsync: boolean;
}

/** A function itself, so that it is taken for nothing else where there should be none. */
export const functionAt = (index: number, isAsync: boolean): FunctionAt => {
  const place = (): void => {};
  return Object.assign(place, { index, isAsync });
};

export const isFunctionAt = (value: unknown): value is FunctionAt =>
  typeof value === 'function' && 'index' in value && 'isAsync' in value;

/** Stands for a function in a text of a request. */
export const functionText = ({ index }: FunctionAt): string => `{{function ${index}}}`;

/** The function that a text stands for, by its index; undefined where it is none. */
export const functionOfText = (text: string): number | undefined => {
  const index = /^\{\{function (\d+)\}\}$/.exec(text)?.[1];
  return index === undefined ? undefined : Number(index);
};
