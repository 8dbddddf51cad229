// Puts the values of variables into a file's data, after it was parsed and before the schema sees it, so that each part
// stays where the file has it. Keys and what `variables` declares stay as they are written.

import { functionAt } from './functions.ts';
import { isMapping, isPlain } from './mapping.ts';
import { childOf, type KeyPath, type Source } from './source.ts';
import { type Declaration, isVariableName, typedScalar, type Variable, type Variables } from './variables.ts';

/** A fault of a variable, where it is used. */
export interface VariableFault {
  readonly path: KeyPath;
  readonly found: string;
  readonly expected: string;
}

/** What was put into a value. */
export interface Mark {
  readonly path: KeyPath;
  readonly variables: readonly Variable[];
}

export interface ReplacedData {
  readonly data: unknown;
  readonly faults: readonly VariableFault[];
  /** Where functions stand, by the index of what stands in their place. */
  readonly functions: readonly KeyPath[];
  /** By `markKey` of their paths. */
  readonly marks: ReadonlyMap<string, Mark>;
}

export const markKey = (path: KeyPath): string => JSON.stringify(path.map(String));

/** Stands in place of a secret that must not be there. */
const masked = '***';

/** Where secrets may stand: what is below these keys is sent, and never shown. */
const secretPlaces = new Set([
  ...['headers', 'auth', 'basic', 'bearer', 'cookies', 'query'],
  ...['json', 'body', 'form', 'multipart', 'items', 'mongo', 'proxy'],
]);

/** What is expected of an answer is shown with it, whatever it is called. */
const maySecretStand = (path: KeyPath): boolean =>
  !path.includes('expect') && path.some((part) => secretPlaces.has(String(part)));

/** The variables that a file declares, as far as they are well formed: what is not is the schema's to say. */
export const declarationsOf = (data: unknown): readonly Declaration[] => {
  const block = isMapping(data) ? data.variables : undefined;
  if (!isMapping(block)) return [];
  return Object.entries(block)
    .filter(([name]) => isVariableName(name))
    .map(([name, value]): Declaration => {
      if (!isMapping(value)) {
        return { name, aliases: [], text: textOf(value), secret: undefined, description: undefined };
      }
      const { alias, description, secret, default: text } = value;
      const aliases = (Array.isArray(alias) ? alias : [alias]).filter((each) => typeof each === 'string');
      return {
        name,
        aliases,
        text: textOf(text),
        secret: typeof secret === 'boolean' ? secret : undefined,
        description: typeof description === 'string' ? description : undefined,
      };
    });
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** @param lenient secrets that are not set are no fault */
export const replaceVariables = (source: Source, variables: Variables, lenient: boolean): ReplacedData => {
  const faults: VariableFault[] = [];
  const marks = new Map<string, Mark>();
  const functions: KeyPath[] = [];
  const scalar = (text: string, path: KeyPath): unknown => {
    if (!text.includes('${')) return text;
    const replaced = variables.replace(text);
    if (replaced.variables.length > 0) marks.set(markKey(path), { path, variables: replaced.variables });
    const secret = replaced.variables.find((each) => each.secret);
    if (secret && !maySecretStand(path)) {
      const expected = 'none here, where it would be shown (secrets may stand in headers, logins, queries and bodies)';
      faults.push({ path, found: `the secret ${secret.name}`, expected });
      return masked;
    }
    if (replaced.variables.some((each) => each.secret && each.text?.includes('{{'))) {
      const expected = 'a value without double braces, which would be a template';
      faults.push({ path, found: `the secret ${secret?.name} with {{ in it`, expected });
      return masked;
    }
    // It stays as it is written, so that whoever looks sees what is missing.
    if (lenient && secret && secret.text === undefined) return replaced.text;
    faults.push(...replaced.faults.map((fault) => ({ path, ...fault })));
    const isText = !replaced.whole || secret !== undefined || source.isQuoted(path);
    return isText ? replaced.text : typedScalar(replaced.text);
  };
  const walk = (value: unknown, path: KeyPath, inside: readonly unknown[]): unknown => {
    if (typeof value === 'string') return scalar(value, path);
    if (typeof value === 'function' && source.module !== undefined) {
      return functionAt(functions.push(path) - 1, value.constructor.name === 'AsyncFunction');
    }
    if (!Array.isArray(value) && !isPlain(value)) return value;
    if (inside.includes(value)) {
      faults.push({ path, found: 'a value that contains itself', expected: 'one that ends' });
      return null;
    }
    const within = [...inside, value];
    if (Array.isArray(value)) return value.map((each, index) => walk(each, [...path, index], within));
    return Object.fromEntries(
      Object.entries(value)
        // In a module a key may be there without a value.
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, walk(each, [...path, key], within)]),
    );
  };
  const { data } = source;
  if (!isMapping(data)) return { data: walk(data, [], []), faults, functions, marks };
  const { variables: declared, ...others } = data;
  const replaced = walk(others, [], []);
  return {
    data: declared === undefined ? replaced : { ...(isMapping(replaced) && replaced), variables: declared },
    faults,
    functions,
    marks,
  };
};

/** Texts of a profile that begin with what --set or the environment says. */
export const textsFromOutside = ({ data, marks }: ReplacedData): ReadonlySet<string> =>
  new Set(
    [...marks.values()].flatMap(({ path, variables }) => {
      const value = path.reduce(childOf, data);
      if (typeof value !== 'string') return [];
      const begins = ({ from, text }: Variable): boolean =>
        (from === '--set' || from === 'the environment') && !!text && value.startsWith(text);
      return variables.some(begins) ? [value] : [];
    }),
  );
