// From the texts of flags to the values the program works with. What a quantity may be is profile/quantities.ts; here
// only the flag's name, what was found and an example are put around it.

import { UserError } from '../common/errors.ts';
import { maskHeader, maskPassword, safeText } from '../common/safe-text.ts';
import { parseDuration, UnitError } from '../common/units.ts';
import type { Stage } from '../load/arrival-plan.ts';
import type { ErrorLimit } from '../measure/burst.ts';
import { type Objective, readObjective } from '../measure/objective.ts';
import { readBurst, readErrorLimit } from '../profile/burst-sizes.ts';
import type { ConnectionDraft } from '../profile/defaults.ts';
import { basicAuthorization, type Header, headerValue, readHeader } from '../profile/headers.ts';
import type { Profile } from '../profile/profile.ts';
import {
  arrivalKinds,
  overflowKinds,
  readConnections,
  readLength,
  readPerConnection,
  readPositiveRate,
  readRate,
  readRequests,
  readSeed,
  readStages,
  readTimeout,
  readUsers,
  readWord,
  readWorkers,
} from '../profile/quantities.ts';
import { readConnectTo, readMongoUri, readOrigin, readPin, readProbeUrl, readProxy } from '../profile/target.ts';
import { isVariableName } from '../profile/variables.ts';
import { type ThemeName, themeNames } from '../ui/theme.ts';
import { type FlagName, flagTable } from './flags.ts';

/** What the flags say; undefined where they say nothing. */
export interface FlagValues {
  readonly rate: number | 'max' | undefined;
  readonly stages: readonly Stage[] | undefined;
  /** With stages: at their beginning. */
  readonly users: number | undefined;
  readonly spawnRate: number | undefined;
  /** Sizes of the rounds. */
  readonly burst: readonly number[] | undefined;
  readonly errorLimit: ErrorLimit | undefined;
  readonly burstPauseMs: number | undefined;
  /** Names of the phases of the profile that are carried out; none: all. */
  readonly phases: readonly string[];
  readonly maxRate: number | undefined;
  readonly warmupMs: number | undefined;
  readonly graceMs: number | undefined;
  /** Added to the profile's. */
  readonly objectives: readonly Objective[];
  /** A broken objective ends the run. */
  readonly abortOnSlo: boolean;
  readonly durationMs: number | undefined;
  readonly requests: number | undefined;
  readonly arrivals: Profile['arrivals'] | undefined;
  readonly seed: number | undefined;
  readonly method: string | undefined;
  /** With the Authorization that `--auth` stands for: a secret. */
  readonly headers: readonly Header[];
  readonly body: string | undefined;
  readonly bodyFile: string | undefined;
  readonly contentType: string | undefined;
  readonly host: string | undefined;
  /** Values of the profile's variables; may hold secrets. */
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number | undefined;
  readonly connection: ConnectionDraft;
  readonly connections: number | undefined;
  readonly maxInFlight: number | undefined;
  readonly overflow: Profile['overflow'] | undefined;
  readonly workers: number | 'auto' | undefined;
  readonly health: readonly string[] | undefined;
  readonly metrics: readonly string[] | undefined;
  readonly mongo: readonly string[] | undefined;
  /** Of health and metrics probes; may hold secrets. */
  readonly probeHeaders: readonly Header[];
  readonly pins: readonly string[];
  /** False: nothing of the target is polled. */
  readonly probe: boolean;
  /** No load unless the target says that it is well. */
  readonly checkHealth: boolean;
  /** False: plain lines, even in a terminal. */
  readonly tui: boolean;
  /** Sentences and typed lines in place of the screen. */
  readonly plain: boolean;
  readonly json: boolean;
  /** Drawings of the live view per second. */
  readonly fps: number | undefined;
  readonly out: string | undefined;
  /** False: none. */
  readonly record: string | false | undefined;
  /** False: none, even in a terminal. */
  readonly color: boolean;
  readonly ascii: boolean;
  /** Runs are started from fields on the screen. */
  readonly armed: boolean;
  /** The live view changes nothing of the run. */
  readonly readOnly: boolean;
  /** Undefined: as the environment says. */
  readonly theme: ThemeName | undefined;
  /** One iteration of each scenario in place of a load. */
  readonly once: boolean;
  /** With `once`: every request and answer is printed. */
  readonly show: boolean;
  readonly yes: boolean;
  /** Path of the control socket. */
  readonly control: string | undefined;
  readonly onHangup: OnHangup;
}

/** What becomes of the run when its terminal is lost. */
export const hangupKinds = ['stop', 'continue'] as const;
export type OnHangup = (typeof hangupKinds)[number];

/** The flags as they were given. */
export interface FlagTexts {
  text(name: FlagName): string | undefined;
  list(name: FlagName): readonly string[];
  has(name: FlagName): boolean;
  /** How the user wrote the flag: `-q`. */
  label(name: FlagName): string;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const readMethod = (text: string): string => {
  const method = text.trim().toUpperCase();
  if (!methods.includes(method)) throw new UnitError(`one of ${methods.join(', ')}`);
  return method;
};

const readFile = (text: string): string => {
  if (text.trim() === '' || text.includes('\0')) throw new UnitError('the path of a file');
  return text;
};

const readJsonFile = (text: string): string => {
  if (!/[^/\\]\.json$/i.test(text)) throw new UnitError('the path of a file that ends in .json');
  return text;
};

const readPhase = (text: string): string => {
  if (text.trim() === '') throw new UnitError('the name of a phase');
  return text;
};

const readFps = (text: string): number => {
  const fps = Number(text);
  if (!/^\d+$/.test(text.trim()) || fps < 1 || fps > 30) throw new UnitError('a whole number from 1 to 30');
  return fps;
};

const readType = (text: string): string => {
  if (!/^[\w.+-]+\/[\w.+*-]+\s*(;[\x20-\x7e]*)?$/.test(text)) throw new UnitError('a media type');
  return text;
};

const readSetting = (text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  if (!isVariableName(name)) throw new UnitError('a name and a value such as RATE=2k');
  return [name, text.slice(at + 1)];
};

export interface ReadOptions {
  readonly without?: readonly FlagName[];
  /** For `loadtop demo`, whose target may start a MongoDB of its own: `--mongo auto`. */
  readonly demo?: boolean;
}

const readDemoMongo = (text: string): string => (text.trim() === 'auto' ? 'auto' : readMongoUri(text));

/**
 * Reads all flags but those in `without`, which say nothing of this run.
 * @throws UserError naming the flag, what was found, what was expected, and an example.
 */
export const readValues = (texts: FlagTexts, { without = [], demo = false }: ReadOptions = {}): FlagValues => {
  const one = <Value>(name: FlagName, read: (text: string) => Value): Value | undefined => {
    const text = without.includes(name) ? undefined : texts.text(name);
    return text === undefined ? undefined : readFlag(texts.label(name), name, text, read);
  };
  const many = <Value>(name: FlagName, read: (text: string) => Value): readonly Value[] =>
    texts.list(name).map((text) => readFlag(texts.label(name), name, text, read));
  const some = <Value>(list: readonly Value[]): readonly Value[] | undefined => (list.length > 0 ? list : undefined);
  return {
    rate: one('rate', readRate),
    stages: one('stages', readStages),
    users: one('users', readUsers),
    spawnRate: one('spawn-rate', readPositiveRate),
    burst: one('burst', readBurst),
    errorLimit: one('burst-stop', readErrorLimit),
    burstPauseMs: one('burst-pause', readLength),
    phases: many('phase', readPhase),
    maxRate: one('max-rate', readPositiveRate),
    warmupMs: one('warmup', readLength),
    graceMs: one('grace', readLength),
    objectives: many('slo', readObjective),
    abortOnSlo: texts.has('abort-on-slo'),
    durationMs: one('duration', readLength),
    requests: one('requests', readRequests),
    arrivals: one('arrivals', readWord(arrivalKinds)),
    seed: one('seed', readSeed),
    method: one('method', readMethod),
    headers: withAuthorization(texts, many('header', readHeader), one('auth', basicAuthorization)),
    ...readBody(texts, one),
    contentType: one('content-type', readType),
    host: one('host', readOrigin),
    set: many('set', readSetting),
    timeoutMs: one('timeout', readTimeout),
    connection: readConnection((name) => !without.includes(name) && texts.has(name), one),
    connections: one('connections', readConnections),
    maxInFlight: one('max-in-flight', readConnections),
    overflow: one('overflow', readWord(overflowKinds)),
    workers: one('workers', readWorkers),
    health: some(many('health', readProbeUrl)),
    metrics: some(many('metrics', readProbeUrl)),
    mongo: some(many('mongo', demo ? readDemoMongo : readMongoUri)),
    probeHeaders: many('probe-header', readHeader),
    pins: many('metric', readPin),
    probe: !texts.has('no-probe'),
    checkHealth: texts.has('check-health'),
    tui: !texts.has('no-tui'),
    plain: texts.has('plain'),
    json: texts.has('json'),
    fps: one('fps', readFps),
    out: one('out', readJsonFile),
    record: texts.has('no-record') ? false : one('record', readFile),
    color: !texts.has('no-color'),
    ascii: texts.has('ascii'),
    armed: texts.has('armed'),
    readOnly: texts.has('read-only'),
    theme: one('theme', readWord(themeNames)),
    once: texts.has('once') || texts.has('show'),
    show: texts.has('show'),
    yes: texts.has('yes'),
    control: one('control', readFile),
    onHangup: one('on-hangup', readWord(hangupKinds)) ?? 'stop',
  };
};

type ReadOne = <Value>(name: FlagName, read: (text: string) => Value) => Value | undefined;

/** What `--auth` stands for is a header of the load, and of nothing else. */
const withAuthorization = (
  texts: FlagTexts,
  headers: readonly Header[],
  authorization: string | undefined,
): readonly Header[] => {
  if (authorization === undefined) return headers;
  if (headerValue(headers, 'authorization') !== undefined) {
    const labels = `${texts.label('auth')} and ${texts.label('header')} 'Authorization: …'`;
    throw new UserError(`${labels} say the same thing twice`, { hint: 'leave one of them out' });
  }
  return [...headers, ['Authorization', authorization]];
};

const readConnection = (has: (name: FlagName) => boolean, one: ReadOne): ConnectionDraft => ({
  http2: has('http2') || undefined,
  pipelining: one('pipelining', readPerConnection),
  keepAlive: has('disable-keepalive') ? false : undefined,
  connectTimeoutMs: one('connect-timeout', readTimeout),
  verify: has('insecure') ? false : undefined,
  cacert: one('cacert', readFile),
  cert: one('cert', readFile),
  key: one('key', readFile),
  connectTo: one('connect-to', readConnectTo),
  unixSocket: one('unix-socket', readFile),
  proxy: one('proxy', readProxy),
  family: has('ipv4') ? 4 : has('ipv6') ? 6 : undefined,
});

const readBody = (texts: FlagTexts, one: ReadOne): Pick<FlagValues, 'body' | 'bodyFile'> => {
  const text = texts.text('body');
  if (text === undefined) return { body: undefined, bodyFile: one('body-file', readFile) };
  if (text.startsWith('@')) return { body: undefined, bodyFile: one('body', (body) => readFile(body.slice(1))) };
  const label = texts.label('body');
  // wrk, ali and others use -d for the duration: a run with the body "30s" is hardly ever meant.
  if (!texts.has('method') && isDuration(text)) {
    throw new UserError(`${label}: found "${text}", which looks like a duration, expected a body`, {
      hint: `the length of the run is -z ${text}; to send the text as a body, add -m POST`,
    });
  }
  return { body: text, bodyFile: undefined };
};

const isDuration = (text: string): boolean => {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
};

const readFlag = <Value>(label: string, name: FlagName, text: string, read: (text: string) => Value): Value => {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    const example = flagTable.find((flag) => flag.name === name)?.example;
    const hint = label.startsWith('-') ? `for example ${label} ${example}` : `for example ${label}=${example}`;
    throw new UserError(`${label}: found ${shown(name, text)}, expected ${error.message}`, { hint, cause: error });
  }
};

/** What was found, without what must not be shown. */
const shown = (name: FlagName, text: string): string => {
  if (text === '') return 'nothing';
  if (name === 'auth') return '"***"';
  // The value may be a secret.
  if (name === 'set') return `"${safeText(text.replace(/=.*/s, '=…'), 40)}"`;
  const colon = text.indexOf(':');
  const isHeader = name === 'header' || name === 'probe-header';
  // Without a colon nobody knows where the name ends and the secret begins.
  if (isHeader && colon < 1) return `"${safeText(text.trim().replace(/\s.*/s, ' …'), 40)}"`;
  const masked =
    isHeader && colon > 0
      ? `${text.slice(0, colon)}: ${maskHeader(text.slice(0, colon).trim(), text.slice(colon + 1).trim())}`
      : maskPassword(text);
  return `"${safeText(masked, 80)}"`;
};
