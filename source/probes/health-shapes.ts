// Reads what a health URL answered, in any of the shapes that are in use: a bare word, Spring Actuator, Terminus,
// health+json, MicroProfile, ASP.NET, Kubernetes' verbose lines, or a service's own JSON. Pure; asking is health.ts.

import { maskPassword, safeText } from '../common/safe-text.ts';
import { collectNumbers, type HealthNumber, type HealthPair } from './health-numbers.ts';
import { entriesOf, isRecord, type Json, type JsonRecord, parseJson } from './json.ts';
import type { HealthState } from './probe.ts';

/** One dependency or check that the answer lists. */
export interface HealthCheck {
  readonly name: string;
  readonly state: HealthState;
  /** As the target says it, with its error where it gives one: `DOWN timeout`. */
  readonly word: string;
}

/** What an answer of a health URL says. All text is safe to show. */
export interface HealthReading {
  readonly state: HealthState;
  /** The target's own word for it, or the HTTP status where it has none. */
  readonly word: string;
  readonly checks: readonly HealthCheck[];
  /** Quantities with a bound, such as a buffer's size and capacity. */
  readonly pairs: readonly HealthPair[];
  /** Other numeric leaves. */
  readonly numbers: readonly HealthNumber[];
  readonly uptimeSeconds: number | undefined;
}

const words: Readonly<Record<Exclude<HealthState, 'unknown'>, readonly string[]>> = {
  ok: (
    'ok okay up pass passed passing healthy health alive live ready running success successful succeeded green good fine ' +
    'serving operational available connected online open active normal true'
  ).split(' '),
  degraded: 'degraded warn warning yellow amber partial impaired starting initializing connecting reconnecting'.split(
    ' ',
  ),
  down: (
    'down fail failed failing failure error err unhealthy critical dead notready red outofservice notserving shuttingdown ' +
    'stopping stopped disconnected disconnecting unavailable offline closed unreachable timeout false'
  ).split(' '),
};

const states = new Map<string, HealthState>([
  ['unknown', 'unknown'],
  ...Object.entries(words).flatMap(([state, list]) =>
    list.map((word): [string, HealthState] => [word, state === 'ok' || state === 'degraded' ? state : 'down']),
  ),
]);

/** The state that a word stands for, whatever its case and separators; undefined for any other text. */
export const stateOfWord = (word: string): HealthState | undefined =>
  states.get(word.toLowerCase().replaceAll(/[^a-z]/g, ''));

const statusKeys = ['status', 'state', 'health', 'healthy', 'overallStatus', 'overall', 'ok', 'result', 'outcome'];
const childKeys = [...statusKeys, 'connected', 'up', 'alive', 'ready', 'available', 'value'];
const containers = [
  'components',
  'details',
  'checks',
  'entries',
  'dependencies',
  'services',
  'healthChecks',
  'results',
  'info',
  'error',
];
/** Checks read of an answer; one that lists more is not read by people either. */
export const mostChecks = 200;

/**
 * What a health URL's answer says. 401, 403, 404 and 429 say nothing of the target's health: `unknown`, not `down`. A body's
 * own word counts more than a 5xx beside it only where it says `degraded`.
 * @param status of the HTTP answer
 * @param body as sent, decompressed; unsafe text
 */
export const readHealth = (status: number, contentType: string, body: string): HealthReading => {
  const json = /html/i.test(contentType) ? undefined : parseJson(body);
  const said = json === undefined ? readText(contentType, body) : readJson(json);
  const word = saysNothing.has(status) ? undefined : said.word;
  const state = judge(status, word, said.checks);
  const statusWord = `${status}${statusNames[status] ? ` ${statusNames[status]}` : ''}`;
  const numbers = isRecord(json) ? collectNumbers(json) : { pairs: [], numbers: [], uptimeSeconds: undefined };
  // A status that is worse than the word beside it is why the target counts as down.
  const against = status >= 500 && word !== undefined && stateOfWord(word) === 'ok';
  const shown = against ? `${statusWord}, though it says ${word}` : (word ?? statusWord);
  return { state, word: masked(shown, 40) || statusWord, checks: said.checks, ...numbers };
};

/** Statuses that come from what stands in front of the health check. */
const saysNothing = new Set([401, 403, 404, 429]);

const statusNames: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'no content',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  429: 'too many requests',
  500: 'server error',
  502: 'bad gateway',
  503: 'unavailable',
  504: 'gateway timeout',
};

const judge = (status: number, word: string | undefined, checks: readonly HealthCheck[]): HealthState => {
  const said = word === undefined ? undefined : stateOfWord(word);
  if (status >= 500) return said === 'degraded' ? 'degraded' : 'down';
  if (saysNothing.has(status)) return 'unknown';
  if (said !== undefined) return said;
  if (status < 200 || status >= 300) return 'unknown';
  if (word !== undefined) return 'unknown';
  return checks.some((check) => check.state === 'down' || check.state === 'degraded') ? 'degraded' : 'ok';
};

interface Said {
  readonly word: string | undefined;
  readonly checks: readonly HealthCheck[];
}

const readText = (contentType: string, body: string): Said => {
  const verbose = [...body.slice(0, 64_000).matchAll(/^\[([+-])\](\S+) ?(.*)$/gm)].slice(0, mostChecks);
  if (verbose.length > 0) {
    const checks = verbose.map(([, sign, name, rest]): HealthCheck => {
      const failed = sign === '-';
      return check(name!, failed ? 'down' : 'ok', rest || (failed ? 'failed' : 'ok'));
    });
    return { word: checks.some((one) => one.state === 'down') ? 'failed' : 'ok', checks };
  }
  const text = body.trim();
  // A page says nothing by its words: Rails' green page, and whatever a single-page application answers for any path.
  if (text === '' || text.length > 80 || text.startsWith('<') || /html/i.test(contentType)) {
    return { word: undefined, checks: [] };
  }
  const word = /^(?:status|health)\s*[:=]\s*(.+)$/i.exec(text)?.[1] ?? text;
  const first = word.split(/[\s,.:;!]+/, 1)[0]!;
  if (stateOfWord(word) !== undefined) return { word, checks: [] };
  return { word: stateOfWord(first) === undefined ? undefined : first, checks: [] };
};

const readJson = (json: Json): Said => {
  if (!isRecord(json)) return { word: wordOf(json), checks: Array.isArray(json) ? readContainer(json, '') : [] };
  const own = wordIn(json, statusKeys);
  const inner = ['data', 'health', 'result', 'status'].map((key) => json[key]).find(isRecord);
  const source = own === undefined && inner && wordIn(inner, statusKeys) !== undefined ? inner : json;
  return { word: own ?? (inner ? wordIn(inner, statusKeys) : undefined), checks: readChecks(source) };
};

/** The word of a primitive that can stand for a state: text, a boolean, or an HTTP status. */
const wordOf = (value: Json | undefined): string | undefined => {
  if (typeof value === 'string') return value.length <= 60 ? value : undefined;
  if (typeof value === 'boolean') return value ? 'ok' : 'down';
  if (typeof value === 'number' && value >= 100 && value < 600) return value < 400 ? 'ok' : 'down';
  return undefined;
};

const wordIn = (record: JsonRecord, keys: readonly string[]): string | undefined => {
  for (const key of keys) {
    const word = wordOf(record[key]);
    if (word !== undefined) return word;
  }
  return undefined;
};

const readChecks = (json: JsonRecord): HealthCheck[] => {
  const found = new Map<string, HealthCheck>();
  const take = (checks: readonly HealthCheck[]): void => {
    for (const one of checks) if (found.size < mostChecks && !found.has(one.name)) found.set(one.name, one);
  };
  for (const key of containers) take(readContainer(json[key], ''));
  for (const [key, value] of entriesOf(json)) {
    if (statusKeys.includes(key) || containers.includes(key)) continue;
    if (isRecord(value)) {
      const word = wordIn(value, childKeys);
      if (word !== undefined && stateOfWord(word) !== undefined) take([checkOf(key, value, word)]);
    } else if (typeof value === 'string' && stateOfWord(value) !== undefined) {
      take([check(key, stateOfWord(value)!, value)]);
    } else if (typeof value === 'boolean' && /(connected|ready|healthy|alive|available|up)$/i.test(key)) {
      take([check(key, value ? 'ok' : 'down', value ? 'ok' : 'down')]);
    }
  }
  return [...found.values()];
};

/** The members of a list by the names that they give themselves. */
const namedIn = (value: Json | undefined): readonly [string, Json][] =>
  Array.isArray(value)
    ? value
        .slice(0, mostChecks)
        .filter(isRecord)
        .map((one, index): [string, Json] => [wordIn(one, ['name', 'id', 'key']) ?? `check ${index + 1}`, one])
    : [];

/** Checks in a place that holds nothing else: by name, as a list of named ones, or as lists by name (health+json). */
const readContainer = (value: Json | undefined, prefix: string, depth = 0): HealthCheck[] => {
  if (depth > 3) return [];
  const entries = isRecord(value) ? entriesOf(value) : namedIn(value);
  return entries.slice(0, mostChecks).flatMap(([key, entry]): HealthCheck[] => {
    const name = prefix + key;
    if (Array.isArray(entry)) {
      const named = entry
        .slice(0, mostChecks)
        .filter(isRecord)
        .filter((one) => wordIn(one, childKeys) !== undefined);
      return named.map((one, index) =>
        checkOf(index === 0 ? name : `${name} ${index + 1}`, one, wordIn(one, childKeys)!),
      );
    }
    if (isRecord(entry)) {
      const word = wordIn(entry, childKeys.slice(0, -1));
      const own = word === undefined || stateOfWord(word) === undefined ? [] : [checkOf(name, entry, word)];
      return [...own, ...readContainer(entry.components, `${name}/`, depth + 1)];
    }
    const word = wordOf(entry);
    const state = word === undefined || typeof entry === 'number' ? undefined : stateOfWord(word);
    return state === undefined ? [] : [check(name, state, word!)];
  });
};

const checkOf = (name: string, record: JsonRecord, word: string): HealthCheck => {
  const state = stateOfWord(word) ?? 'unknown';
  const nested = isRecord(record.details) ? record.details : {};
  const why = state === 'ok' ? undefined : [record, nested].map((one) => wordIn(one, reasonKeys)).find(Boolean);
  return check(name, state, why === undefined || why === word ? word : `${word} ${why}`);
};

const reasonKeys = ['error', 'message', 'output', 'reason', 'description', 'exception', 'detail'];

const check = (name: string, state: HealthState, word: string): HealthCheck => ({
  name: safeText(name, 40) || 'check',
  state,
  word: masked(word, 60),
});

/** Drivers put whole connection strings into their errors. */
const masked = (text: string, limit: number): string => safeText(maskPassword(text.slice(0, 2000)), limit);
