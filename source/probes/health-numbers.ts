// Finds the numbers in a health answer: which of them is held against a bound (a buffer's size and capacity), which is
// the uptime, and what else there is. Pure; the states in the answer are read by health-shapes.ts.

import { safeText } from '../common/safe-text.ts';
import { entriesOf, isRecord, type Json, type JsonRecord } from './json.ts';

export interface HealthPair {
  readonly name: string;
  readonly used: number;
  readonly limit: number;
}

export interface HealthNumber {
  /** Path in the answer, joined with dots. */
  readonly name: string;
  readonly value: number;
}

export interface HealthNumbers {
  readonly pairs: readonly HealthPair[];
  readonly numbers: readonly HealthNumber[];
  readonly uptimeSeconds: number | undefined;
}

const deepest = 6;
/** Numbers read of an answer. */
export const mostNumbers = 300;
const mostNodes = 2000;

/** Endings of what is bounded, best first; the empty one is the bare name (`connections` beside `max_connections`). */
const usedEndings = ['size', 'used', 'length', 'count', 'current', 'depth', 'pending', 'active', 'inuse', 'fill', ''];
const limitEndings = ['capacity', 'limit', 'max', 'maximum', 'total', 'quota'];

/** Names whose numbers say nothing about the load: versions, instants, identities, statuses. */
const dull = /(^|_)(status|code|version|timestamp|time|date|at|pid|port|id|build|revision|epoch|threshold|year)$/;

/** Pairs, uptime and the other numeric leaves of an answer; at most 300, at most 6 levels deep. */
export const collectNumbers = (json: JsonRecord): HealthNumbers => {
  const pairs: HealthPair[] = [];
  const numbers: HealthNumber[] = [];
  let uptimeSeconds: number | undefined;
  let nodes = 0;
  const walk = (record: JsonRecord, path: string, depth: number): void => {
    const own = leavesOf(record);
    const { found, taken } = findPairs(own, path);
    pairs.push(...found);
    for (const [key, value] of own) {
      const uptime = uptimeOf(key, value);
      if (uptime !== undefined) uptimeSeconds ??= uptime;
      else if (!taken.has(key) && !dull.test(snake(key))) numbers.push({ name: join(path, key), value });
    }
    for (const [key, value] of entriesOf(record)) {
      nodes += 1;
      if (nodes > mostNodes || depth >= deepest) return;
      for (const child of childrenOf(value)) {
        const observed = child.observedValue;
        if (typeof observed === 'number' && Number.isFinite(observed)) {
          const uptime = uptimeOf(key, observed);
          if (uptime === undefined) numbers.push({ name: join(path, key), value: observed });
          else uptimeSeconds ??= uptime;
        } else {
          walk(child, pathless.has(key) ? path : join(path, key), depth + 1);
        }
      }
    }
  };
  walk(json, '', 0);
  const safe = numbers.slice(0, mostNumbers).map(({ name, value }) => ({ name: safeText(name, 60), value }));
  return { pairs: pairs.slice(0, mostNumbers), numbers: safe, uptimeSeconds };
};

/** Levels that only wrap: they would make every name longer and none clearer. */
const pathless = new Set(['components', 'details', 'checks', 'entries', 'data', 'dependencies', 'services', 'info']);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const childrenOf = (value: Json): JsonRecord[] => {
  if (Array.isArray(value)) return value.filter(isRecord).slice(0, 30);
  return isRecord(value) ? [value] : [];
};

const leavesOf = (record: JsonRecord): Map<string, number> => {
  const leaves = new Map<string, number>();
  for (const [key, value] of entriesOf(record)) {
    // Adding nothing makes 0 of -0.
    if (typeof value === 'number' && Number.isFinite(value)) leaves.set(key, value + 0);
    // Some services write their uptime as text: "12345.6" or "12345.6s".
    else if (typeof value === 'string' && /^uptime/i.test(key) && /^\d+(\.\d+)?s?$/.test(value)) {
      leaves.set(key, Number.parseFloat(value));
    }
  }
  return leaves;
};

const uptimeOf = (key: string, value: number): number | undefined => {
  const name = snake(key);
  if (!/(^|_)up_?time(_|$)/.test(name) || value < 0) return undefined;
  return /(^|_)(ms|millis|milliseconds)$/.test(name) ? value / 1000 : value;
};

/** `maxHeapSize` and `max-heap size` as `max_heap_size`. */
const snake = (key: string): string =>
  key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();

const findPairs = (leaves: ReadonlyMap<string, number>, path: string): { found: HealthPair[]; taken: Set<string> } => {
  const found: HealthPair[] = [];
  const taken = new Set<string>();
  const bySnake = new Map([...leaves.keys()].map((key) => [snake(key), key]));
  const ordered = [...bySnake].sort(([a], [b]) => limitOrder(a) - limitOrder(b));
  for (const [name, limitKey] of ordered) {
    const stem = stemOfLimit(name);
    const limit = leaves.get(limitKey)!;
    if (stem === undefined || limit <= 0 || taken.has(limitKey)) continue;
    const usedKey = usedEndings
      .map((ending) => bySnake.get([stem, ending].filter(Boolean).join('_')))
      .find((key) => key !== undefined && key !== limitKey && !taken.has(key));
    const freeKey = bySnake.get(stem === '' ? 'free' : `${stem}_free`);
    const used = usedKey === undefined ? undefined : leaves.get(usedKey)!;
    const free = freeKey === undefined ? undefined : leaves.get(freeKey)!;
    if (used === undefined && free === undefined) continue;
    taken.add(limitKey).add((used === undefined ? freeKey : usedKey)!);
    found.push({ name: pairName(path, stem, usedKey ?? limitKey), used: used ?? limit - free!, limit });
  }
  return { found, taken };
};

const pairName = (path: string, stem: string, fallback: string): string =>
  safeText([path, stem].filter(Boolean).join('.') || fallback, 60);

const limitOrder = (name: string): number => {
  const at = limitEndings.findIndex((ending) => name.endsWith(ending) || name.startsWith(`${ending}_`));
  return at === -1 ? limitEndings.length : at;
};

/** What a bound bounds: `buffer` for `buffer_capacity` and `max_buffer_size`, empty for a bare `capacity`. */
const stemOfLimit = (name: string): string | undefined => {
  const ending = /^(?:(.*)_)?(capacity|limit|max|maximum|total|quota)$/.exec(name);
  if (ending) return ending[1] ?? '';
  const leading = /^(?:max|maximum)_(.+?)(?:_(?:size|length|count|depth))?$/.exec(name);
  if (!leading) return undefined;
  return leading[1] === 'size' || leading[1] === 'length' ? '' : leading[1];
};
