// Says what is wrong with a profile so that it can be mended: file, line, column, key, what was found, what was expected,
// and what may have been meant. Secrets are masked in both.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { maskHeader, maskPassword, safeText } from '../common/safe-text.ts';
import { isFunctionAt } from './functions.ts';
import { isMapping, isPlain } from './mapping.ts';
import { type Mark, markKey } from './replace-variables.ts';
import type { Fault } from './schema.ts';
import { childOf, type KeyPath, type Source } from './source.ts';
import { soundsSecret, type Variable } from './variables.ts';

/** A fault with what was found there. */
export interface Finding extends Fault {
  readonly found?: string;
}

/** What messages are made of, beside the faults. */
export interface FaultContext {
  readonly source: Source;
  /** As the schema saw it. */
  readonly data: unknown;
  readonly marks: ReadonlyMap<string, Mark>;
  /** Faults shown at once. */
  readonly most: number;
}

/** All faults as one error. */
export const faultsError = (context: FaultContext, faults: readonly Finding[]): UserError =>
  new UserError(
    limited(
      faults.map((fault) => describe(context, fault)),
      context.most,
    ),
  );

/** Each text once, on a line, up to so many. */
export const limited = (texts: readonly string[], most: number): string => {
  const unique = [...new Set(texts)];
  const more = unique.length - most;
  return [...unique.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

const describe = ({ source, data, marks }: FaultContext, finding: Finding): string => {
  const path = writtenPath(data, finding.path);
  const words = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const place = `${source.placeOf(path)}  ${safeText(words.replace(/^\./, '')) || 'the file'}`;
  if (finding.unknownKey !== undefined) {
    const near = didYouMean(finding.unknownKey, finding.expected.split(', '));
    const hint = near ? ` (did you mean "${near}"?)` : '';
    return `${place}: found an unknown key, expected one of ${finding.expected}${hint}`;
  }
  if (finding.found !== undefined) return `${place}: found ${finding.found}, expected ${finding.expected}`;
  const { variables = [] } = marks.get(markKey(path)) ?? {};
  if (variables.length === 0) return `${place}: found ${foundAt(data, path)}, expected ${finding.expected}`;
  const secret = variables.some((variable) => variable.secret);
  const found = secret ? '"***"' : foundAt(data, path);
  // What was expected may quote what was found.
  const expected = secret ? finding.expected.replaceAll(/"[^"]*"/g, '"***"') : finding.expected;
  return `${place}: found ${found} (${originsText(variables)}), expected ${expected}`;
};

/** `RATE from --set, HOST by default`. */
const originsText = (variables: readonly Variable[]): string =>
  [
    ...new Set(
      variables.map(({ name, from }) => {
        if (from === undefined) return `${name}, not set`;
        return from === 'default' ? `${name} by default` : `${name} from ${from}`;
      }),
    ),
  ].join(', ');

/** The path without the index of a list that the file spells as its only item. */
export const writtenPath = (data: unknown, path: KeyPath): KeyPath => {
  const written: (string | number)[] = [];
  let value = data;
  for (const part of path) {
    if (typeof part === 'number' && !Array.isArray(value)) continue;
    written.push(part);
    value = childOf(value, part);
  }
  return written;
};

/** What stands at `path`, in words; secrets are masked. */
const foundAt = (data: unknown, path: KeyPath): string => {
  const value = path.reduce(childOf, data);
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'function') return isFunctionAt(value) && value.isAsync ? 'an async function' : 'a function';
  if (typeof value === 'object') return isPlain(value) ? 'a mapping' : 'an object';
  if (typeof value !== 'string') return String(value);
  const last = String(path.at(-1));
  if (path.some((part) => part === 'probes' || part === 'auth') && (last === 'basic' || last === 'bearer')) {
    return '"***"';
  }
  if (path[0] === 'variables' && isSecretDefault(data, path)) return '"***"';
  const name = path.includes('headers') ? last : '';
  return `"${safeText(maskPassword(maskHeader(name, value)), 60)}"`;
};

/** Whether the default of a variable is one that must not be shown: rather too many, where `secret` is malformed. */
const isSecretDefault = (data: unknown, [, name = '', ...rest]: KeyPath): boolean => {
  const declared = childOf(childOf(data, 'variables'), name);
  if (!isMapping(declared)) return soundsSecret(String(name));
  if (rest[0] !== 'default') return false;
  return declared.secret === undefined ? soundsSecret(String(name)) : declared.secret !== false;
};
