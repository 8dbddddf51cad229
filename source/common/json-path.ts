// Paths into a JSON value, as expectations and captures name them: $.items[0].id, $["odd key"], $.items[*].id. Only what
// leads to values is known, no filters and no searching: what a check means must be plain to who reads it.

import { UnitError } from './units.ts';

/** One step down. `any`: into each member of a list or mapping. */
export type PathStep =
  | { readonly type: 'key'; readonly key: string }
  /** From the end where it is below 0. */
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'any' };

/** The steps from the whole value; none for the value itself. */
export type JsonPath = readonly PathStep[];

const expected = 'a JSON path such as $.items[0].id, $["a key"] or $.items[*].id';

const name = /\.([^\s.[\]'"*]+)/y;
const anyName = /\.\*|\[\s*\*\s*\]/y;
const index = /\[\s*(-?\d{1,9})\s*\]/y;
const quoted = /\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]/y;

const at = (pattern: RegExp, text: string, from: number): RegExpExecArray | null => {
  pattern.lastIndex = from;
  return pattern.exec(text);
};

const keyOf = (quotedKey: string): string | undefined => {
  const inside = quotedKey.slice(1, -1);
  // In single quotes a double one stands for itself, and a single one may follow a backslash.
  const json = quotedKey.startsWith("'") ? inside.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"') : inside;
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return undefined;
  }
};

const stepAt = (text: string, from: number): readonly [step: PathStep, to: number] | undefined => {
  const named = at(name, text, from);
  if (named) return [{ type: 'key', key: named[1]! }, name.lastIndex];
  if (at(anyName, text, from)) return [{ type: 'any' }, anyName.lastIndex];
  const numbered = at(index, text, from);
  if (numbered) return [{ type: 'index', index: Number(numbered[1]) }, index.lastIndex];
  const found = at(quoted, text, from);
  const key = found ? keyOf(found[1]!) : undefined;
  return key === undefined ? undefined : [{ type: 'key', key }, quoted.lastIndex];
};

/** The steps of what follows the `$`; undefined where it is none. */
export const readPathSteps = (text: string): JsonPath | undefined => {
  const steps: PathStep[] = [];
  for (let from = 0; from < text.length; ) {
    const found = stepAt(text, from);
    if (!found) return undefined;
    steps.push(found[0]);
    from = found[1];
  }
  return steps;
};

/**
 * The path in a text that begins with `$`.
 * @throws UnitError saying what was expected
 */
export const readJsonPath = (text: string): JsonPath => {
  const steps = text.startsWith('$') ? readPathSteps(text.slice(1)) : undefined;
  if (!steps) throw new UnitError(expected);
  return steps;
};

const membersOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where one step leads; nothing where there is nothing. */
const below = (value: unknown, step: PathStep): readonly unknown[] => {
  switch (step.type) {
    case 'any':
      return membersOf(value);
    case 'key':
      return isMapping(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : [];
    case 'index': {
      if (!Array.isArray(value)) return [];
      const place = step.index < 0 ? value.length + step.index : step.index;
      return place >= 0 && place < value.length ? [value[place]] : [];
    }
  }
};

/** All values that the path leads to, in their order. */
export const valuesAt = (value: unknown, path: JsonPath): readonly unknown[] =>
  path.reduce<readonly unknown[]>((found, step) => found.flatMap((one) => below(one, step)), [value]);

/** The first value that the path leads to; undefined where there is none, as JSON has no such value. */
export const valueAt = (value: unknown, path: JsonPath): unknown => {
  // The usual path has one way to go.
  let found = value;
  for (let step = 0; step < path.length; step += 1) {
    const next = path[step]!;
    if (next.type === 'any') return valuesAt(found, path.slice(step))[0];
    const reached = below(found, next);
    if (reached.length === 0) return undefined;
    found = reached[0];
  }
  return found;
};

/** Whether two JSON values are the same; keys may be in any order. */
export const isSameJson = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other)) return false;
    return one.length === other.length && one.every((value, place) => isSameJson(value, other[place]));
  }
  if (!isMapping(one) || !isMapping(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
};
