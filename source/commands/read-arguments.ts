// From the command line and the environment to what is asked for: a command, a URL or profile, and the values of flags.
// Reads no files and ends no process; faults are UserErrors.

import meow, { type AnyFlags } from 'meow';
import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { maskPassword, safeText } from '../common/safe-text.ts';
import { UnitError } from '../common/units.ts';
import { readUrl } from '../profile/target.ts';
import { connectionFlags } from './connection-flags.ts';
import { type FlagTexts, type FlagValues, readValues } from './flag-values.ts';
import { type FlagName, flagTable } from './flags.ts';
import { type GivenFlag, scanArguments } from './scan-arguments.ts';

/** What the load is described by. */
export type Subject =
  | { readonly type: 'url'; readonly url: string }
  /** A path, or the name of a shipped profile. */
  | { readonly type: 'profile'; readonly path: string };

export type Invocation =
  | { readonly command: 'run'; readonly subject: Subject; readonly values: FlagValues }
  /** What a run would do, without doing it. */
  | { readonly command: 'check'; readonly subject: Subject; readonly values: FlagValues }
  /** The shipped ones. */
  | { readonly command: 'profiles'; readonly values: FlagValues }
  /** What the run of a recording left is removed. */
  | { readonly command: 'cleanup'; readonly path: string; readonly values: FlagValues }
  | { readonly command: 'demo'; readonly values: FlagValues }
  /** Without a subject: this machine alone. */
  | { readonly command: 'doctor'; readonly subject: Subject | undefined; readonly values: FlagValues }
  | {
      readonly command: 'ctl';
      /** Of the control socket. */
      readonly path: string;
      /** What is asked; undefined where stdin says so, a command on each line. */
      readonly line: string | undefined;
      /** How long an answer is waited for, ms. */
      readonly timeoutMs: number | undefined;
    }
  | { readonly command: 'help' }
  | { readonly command: 'version' };

const commands = ['run', 'check', 'profiles', 'demo', 'doctor', 'cleanup', 'ctl', 'help', 'version'];

/**
 * What the user asked for.
 * @param argv without the program's own two entries
 * @throws UserError (exit code 2) for anything that cannot be meant so.
 */
export const readArguments = (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation => {
  const scanned = scanArguments(argv, environment);
  const parsed = parse(scanned.given, scanned.words);
  const [first, ...others] = parsed.words;
  if (parsed.texts.has('help') || first === 'help') return { command: 'help' };
  if (parsed.texts.has('version') || first === 'version') return { command: 'version' };
  if (first === 'demo') {
    refuseWords(others, 'demo');
    const values = readValues(parsed.texts, { without: otherTargets, demo: true });
    refuseFlags(scanned.given, otherTargets, 'demo starts its own target');
    refuseFlags(scanned.given, [...urlFlags, 'set', 'phase'], 'demo has requests of its own');
    refuseFlags(scanned.given, ['once', 'show'], 'demo shows a load');
    refuseFlags(scanned.given, ['check-health'], 'demo starts its own target, which is well');
    return { command: 'demo', values };
  }
  if (first === 'ctl') return readCtl(others, scanned.given, parsed.texts);
  if (first === 'cleanup') return readCleanup(others, scanned.given, parsed.texts);
  if (first === 'profiles') return readProfiles(others, scanned.given, parsed.texts);
  const command = first === 'doctor' || first === 'check' ? first : 'run';
  const [subjectText, ...more] = first === command ? others : parsed.words;
  if (subjectText === undefined) {
    if (command === 'run') throw nothingToLoad();
    if (command === 'check') throw nothingToCheck();
    refuseFlags(scanned.given, targetFlags, 'there is no URL and no profile');
    return { command, subject: undefined, values: readValues(parsed.texts, { without: targetFlags }) };
  }
  refuseWords(more, subjectText);
  const subject = readSubject(subjectText);
  if (subject.type === 'url') {
    refuseFlags(scanned.given, ['host'], 'the URL names the host');
    refuseFlags(scanned.given, ['set'], 'only a profile has variables');
    refuseFlags(scanned.given, ['phase'], 'only a profile has phases');
    return { command, subject, values: readValues(parsed.texts, { without: ['host'] }) };
  }
  const values = readValues(parsed.texts);
  refuseFlags(scanned.given, urlFlags, 'a profile says so for each of its steps');
  return { command, subject, values };
};

/** It only lists: of the flags that were typed, those that say how. */
const readProfiles = (
  words: readonly string[],
  given: readonly GivenFlag[],
  texts: FlagTexts,
): Extract<Invocation, { command: 'profiles' }> => {
  refuseWords(words, 'profiles');
  const others = flagTable.map(({ name }) => name).filter((name) => name !== 'json');
  refuseFlags(
    given.filter(({ source }) => source === 'argument'),
    others,
    'profiles only lists',
  );
  return { command: 'profiles', values: readValues(texts, { without: others }) };
};

/** What says how the target is reached, and who sends. */
const cleanupFlags: readonly FlagName[] = [
  'host',
  'set',
  'header',
  'auth',
  'timeout',
  'yes',
  ...connectionFlags.map(({ name }) => name),
];

/** `cleanup RECORDING`: of the load there is nothing to say. */
const readCleanup = (
  [path, ...words]: readonly string[],
  given: readonly GivenFlag[],
  texts: FlagTexts,
): Extract<Invocation, { command: 'cleanup' }> => {
  if (path === undefined || path === '') {
    throw new UserError('cleanup: found no path, expected that of a recording', {
      hint: 'for example: loadtop cleanup run.jsonl (the summary of a run names its recording)',
    });
  }
  refuseWords(words, path);
  const others = flagTable.map(({ name }) => name).filter((name) => !cleanupFlags.includes(name));
  refuseFlags(
    given.filter(({ source }) => source === 'argument'),
    others,
    'cleanup sends no load',
  );
  return { command: 'cleanup', path, values: readValues(texts, { without: others }) };
};

/** `ctl PATH COMMAND…`: the command may stand in quotes or not. */
const readCtl = (
  [path, ...words]: readonly string[],
  given: readonly GivenFlag[],
  texts: FlagTexts,
): Extract<Invocation, { command: 'ctl' }> => {
  if (path === undefined || path === '') {
    throw new UserError('ctl: found no path, expected that of a control socket', {
      hint: "for example: loadtop ctl run.sock ':rate 1k' (a run listens there with --control run.sock)",
    });
  }
  const others = flagTable.map(({ name }) => name).filter((name) => name !== 'timeout');
  // The environment speaks of runs.
  const typed = given.filter(({ source }) => source === 'argument');
  refuseFlags(typed, others, 'the run it steers has flags of its own');
  const timeoutMs = typed.length > 0 ? readValues(texts, { without: others }).timeoutMs : undefined;
  // What is asked is one line.
  const line = words.join(' ').replaceAll(/\s+/g, ' ').trim();
  return { command: 'ctl', path, line: line === '' ? undefined : line, timeoutMs };
};

/** What would lead away from the demo's target, or speak with it in a way that it does not know. */
const otherTargets: readonly FlagName[] = ['host', 'connect-to', 'unix-socket', 'proxy', 'http2'];

/** What the environment may hold for other runs: it does not speak of one that it does not fit. */
const ambientFlags: readonly FlagName[] = [...otherTargets, 'set', 'phase'];

/** What only makes sense beside a URL. */
const urlFlags: readonly FlagName[] = ['method', 'body', 'body-file', 'content-type'];

/** What says something of a target, or of what is asked of it. */
const targetFlags: readonly FlagName[] = [...otherTargets, ...urlFlags, 'check-health', 'set', 'phase'];

const camel = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** meow knows `--no-probe` as the negation of `probe`. */
const meowKey = (name: FlagName): string => camel(name.replace(/^no-/, ''));

const meowFlags: AnyFlags = Object.fromEntries(
  flagTable
    // --record and --no-record share a key: the one with a value decides its type.
    .toSorted((a, b) => Number(b.type === 'switch') - Number(a.type === 'switch'))
    .map((flag): [string, AnyFlags[string]] => {
      if (flag.type === 'switch') return [meowKey(flag.name), { type: 'boolean' }];
      return [meowKey(flag.name), flag.type === 'list' ? { type: 'string', isMultiple: true } : { type: 'string' }];
    }),
);

const parse = (
  given: readonly GivenFlag[],
  words: readonly string[],
): { readonly texts: FlagTexts; readonly words: readonly string[] } => {
  // The parser under meow takes one pair of quotes off a value: these, so that the user's own stay.
  const written = given.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}="${value}"`));
  const result = meow({
    importMeta: import.meta,
    pkg: { name: 'loadtop' },
    description: false,
    help: false,
    autoHelp: false,
    autoVersion: false,
    booleanDefault: undefined,
    flags: meowFlags,
    argv: [...written, '--', ...words],
  });
  const found = (name: FlagName): unknown => result.flags[meowKey(name)];
  const texts: FlagTexts = {
    text: (name) => {
      const value = found(name);
      return typeof value === 'string' ? value : undefined;
    },
    list: (name) => {
      const value = found(name);
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    has: (name) =>
      name.startsWith('no-') ? found(name) === false : found(name) === true || texts.text(name) !== undefined,
    label: (name) => given.find((flag) => flag.name === name)?.label ?? `--${name}`,
  };
  return { texts, words: result.input };
};

const nothingToLoad = (): UserError =>
  new UserError('nothing to load: found no URL and no profile', {
    hint: 'for example: loadtop http://localhost:3000/health (loadtop demo shows how it looks, loadtop --help lists the flags)',
  });

const nothingToCheck = (): UserError =>
  new UserError('check: found no profile, expected one', {
    hint: 'for example: loadtop check profiles/orders.yaml (loadtop profiles lists those that come with the program)',
  });

const refuseWords = (words: readonly string[], after: string): void => {
  const [word] = words;
  if (word === undefined) return;
  const near = didYouMean(after, commands);
  const hint = near && near !== after ? `did you mean loadtop ${near} ${word}?` : 'quote what has spaces in it';
  throw new UserError(`found "${safeText(maskPassword(word), 80)}" after "${after}", expected flags only`, { hint });
};

const refuseFlags = (given: readonly GivenFlag[], names: readonly FlagName[], why: string): void => {
  const flag = given.find(
    ({ name, source }) => names.includes(name) && (!ambientFlags.includes(name) || source === 'argument'),
  );
  if (flag) throw new UserError(`${flag.label} does not fit here: ${why}`, { hint: `leave ${flag.label} out` });
};

/**
 * URL or profile? A scheme or a port makes a URL; the ending .yaml, .yml, .json, .ts or .js, or a leading dot or slash, a profile;
 * after that a host is what is local or has a dot in it.
 */
const readSubject = (text: string): Subject => {
  const host = /^(\[[^\]]*\]|[^/?#:]*)/.exec(text)?.[0] ?? '';
  const hasPort = /^(\[[^\]]*\]|[^/?#:]+):\d+([/?#]|$)/.test(text);
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || hasPort;
  const isPath = /^[./~]/.test(text) || /\.(ya?ml|json|[cm]?[jt]s)$/i.test(text);
  const isHost = host === 'localhost' || host.startsWith('[') || /^[^.\s]+(\.[^.\s]+)+$/.test(host);
  if (!isUrl && (isPath || !isHost)) return { type: 'profile', path: text };
  try {
    return { type: 'url', url: readUrl(text).href };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new UserError(`found "${safeText(maskPassword(text))}", expected ${error.message}`, {
      hint: isUrl ? 'for example: loadtop http://localhost:3000/health' : 'a profile is named by its .yaml file',
      cause: error,
    });
  }
};
