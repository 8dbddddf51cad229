// Writes the command line out in one spelling, `--name="value"`, before meow reads it: its parser takes `-z30s` apart
// into letters, drops values that begin with a dash, and ends the process at an unknown flag. Faults are said here.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { environmentNames, exclusiveFlags, type FlagName, flagTable } from './flags.ts';

/** A flag that was given, and how the user wrote it. */
export interface GivenFlag {
  readonly name: FlagName;
  /** `-q`, `--rate` or `LOADTOP_RATE`: for messages. */
  readonly label: string;
  readonly source: 'argument' | 'environment';
  /** Undefined for a switch. */
  readonly value: string | undefined;
}

export interface ScannedArguments {
  readonly given: readonly GivenFlag[];
  /** What is not a flag: command, URL or profile. */
  readonly words: readonly string[];
}

type TableFlag = (typeof flagTable)[number];

/** Flags by each spelling, dashes included. */
const bySpelling: ReadonlyMap<string, TableFlag> = new Map(
  flagTable.flatMap((flag) =>
    [flag.name, ...(flag.short ? [flag.short] : []), ...(flag.aliases ?? [])].map((name): [string, TableFlag] => [
      name.length === 1 ? `-${name}` : `--${name}`,
      flag,
    ]),
  ),
);

/**
 * Tells flags, values and words apart, and adds what the environment says where the command line says nothing.
 * @throws UserError for an unknown flag, a missing or needless value, a flag given twice, flags that contradict.
 */
export const scanArguments = (
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ScannedArguments => {
  const given: GivenFlag[] = [];
  const words: string[] = [];
  const rest = [...argv];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token === '--') words.push(...rest.splice(0));
    else if (!token.startsWith('-') || token === '-') words.push(token);
    else given.push(scanFlag(token, rest));
  }
  refuseRepeats(given);
  const once = given.filter(
    ({ name, value }, index) => value !== undefined || given.findIndex((other) => other.name === name) === index,
  );
  const all = [...once, ...fromEnvironment(environment, given)];
  refuseContradictions(all);
  return { given: all, words };
};

/** Takes the flag's value off `rest` where it is a word of its own. */
const scanFlag = (token: string, rest: string[]): GivenFlag => {
  const { label, attached } = splitToken(token);
  const flag = bySpelling.get(label);
  if (!flag) throw unknownFlag(token, label);
  const base = { name: flag.name, label, source: 'argument' as const };
  if (flag.type === 'switch') {
    if (attached === undefined) return { ...base, value: undefined };
    throw new UserError(`${label}: found "${attached}", expected no value`, { hint: `write ${label} alone` });
  }
  if (attached !== undefined) return { ...base, value: attached };
  const next = rest[0];
  if (next === undefined || bySpelling.has(next)) {
    const found = next === undefined ? 'nothing' : `the flag ${next}`;
    throw new UserError(`${label}: found ${found}, expected ${flag.value}`, {
      hint: `for example ${label} ${flag.example}`,
    });
  }
  rest.shift();
  return { ...base, value: next };
};

/** `--rate=5` and `-q5` (also `-q=5`) into the flag's spelling and the attached value. */
const splitToken = (token: string): { readonly label: string; readonly attached: string | undefined } => {
  const match = token.startsWith('--') ? /^(--[^=]+)(?:=(.*))?$/s.exec(token) : /^(-.)(?:=?(.+))?$/su.exec(token);
  return { label: match?.[1] ?? token, attached: match?.[2] };
};

/** Flags that people bring with them from other tools, and that there are none of. */
const otherTools: ReadonlyMap<string, { readonly why: string; readonly hint: string }> = new Map([
  [
    '--html',
    { why: 'there is no HTML report', hint: '-o FILE.json writes the whole summary, --record FILE the recording' },
  ],
  [
    '--csv',
    { why: 'there is no CSV output', hint: '-o FILE.json writes the whole summary, --json one object a second' },
  ],
]);

const unknownFlag = (token: string, label: string): UserError => {
  const other = otherTools.get(label);
  if (other) return new UserError(`${label}: ${other.why}`, { hint: other.hint });
  const longs = [...bySpelling.keys()].filter((spelling) => spelling.startsWith('--'));
  const word = token.replace(/^-+/, '').replace(/=.*/s, '');
  const near = didYouMean(
    word,
    longs.map((spelling) => spelling.slice(2)),
  );
  const shown = token.startsWith('--') ? label : `-${word}`;
  return new UserError(`unknown flag ${shown}`, {
    hint: near ? `did you mean --${near}?` : 'loadtop --help lists the flags',
  });
};

const refuseRepeats = (given: readonly GivenFlag[]): void => {
  for (const [index, { name, label }] of given.entries()) {
    const flag = bySpelling.get(`--${name}`);
    const first = given.findIndex((other) => other.name === name);
    if (flag?.type !== 'text' || first === index) continue;
    const labels = given[first]!.label === label ? label : `${given[first]!.label} and ${label}`;
    throw new UserError(`${labels}: found twice, expected once`);
  }
};

/** Flags from the environment, but for those that the command line settles itself or by their opposite. */
const fromEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
  given: readonly GivenFlag[],
): readonly GivenFlag[] => {
  const settled = new Set<FlagName>(given.map(({ name }) => name));
  for (const [one, other] of exclusiveFlags) {
    if (given.some(({ name }) => name === one)) settled.add(other);
    if (given.some(({ name }) => name === other)) settled.add(one);
  }
  return flagTable.flatMap((flag): readonly GivenFlag[] => {
    const label = environmentNames(flag).find((name) => environment[name]);
    const text = label === undefined ? undefined : environment[label];
    if (label === undefined || text === undefined || settled.has(flag.name)) return [];
    const base = { name: flag.name, label, source: 'environment' as const };
    if (flag.type === 'list') return text.split('\n').map((value) => ({ ...base, value }));
    if (flag.type === 'text') return [{ ...base, value: text }];
    return isOn(text, label) ? [{ ...base, value: undefined }] : [];
  });
};

const isOn = (text: string, label: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new UserError(`${label}: found "${text}", expected 1 or 0`);
};

const refuseContradictions = (given: readonly GivenFlag[]): void => {
  for (const [one, other] of exclusiveFlags) {
    const first = given.find(({ name }) => name === one);
    const second = given.find(({ name }) => name === other);
    if (first && second) {
      throw new UserError(`${first.label} and ${second.label} contradict each other`, {
        hint: 'leave one of them out',
      });
    }
  }
};
