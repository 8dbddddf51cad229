// The benchmark's command line.

import { parseArgs } from 'node:util';

export interface Options {
  /** Names of cases; empty for all. */
  readonly cases: readonly string[];
  readonly pairs: number;
  /** Length of a run; undefined for each case's own. */
  readonly seconds: number | undefined;
  /** The checkout that is measured, and one to compare it with. */
  readonly loadtop: string | undefined;
  readonly against: string | undefined;
  readonly pin: boolean;
  readonly profile: boolean;
  readonly build: boolean;
  readonly out: string | undefined;
  readonly help: boolean;
}

export const usage = (cases: readonly (readonly [name: string, about: string])[]): string => `\
Usage: npm run bench -- [CASE…] [options]

Cases (default: all)
${cases.map(([name, about]) => `  ${name.padEnd(14)}${about}`).join('\n')}

Options
  --pairs N       alternating runs of each contender (default: 7)
  --seconds N     length of a run, at least 3 (default: each case's own)
  --loadtop DIR   measure this checkout in place of the own one
  --against DIR   another checkout of loadtop as one more contender
  --unpinned      leave generator and target to the scheduler
  --profile       after a missed goal, show where loadtop's CPU time goes
  --no-build      take dist/ as it is
  --out FILE      write the report there too
`;

/** @throws Error with a message for the user. */
export const readOptions = (args: readonly string[], known: readonly string[]): Options => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '7' },
      seconds: { type: 'string' },
      loadtop: { type: 'string' },
      against: { type: 'string' },
      unpinned: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no case '${unknown}'; there are: ${known.join(', ')}.`);
  return {
    cases: positionals,
    pairs: wholeNumber('--pairs', values.pairs, 1),
    seconds: values.seconds === undefined ? undefined : wholeNumber('--seconds', values.seconds, 3),
    loadtop: values.loadtop,
    against: values.against,
    pin: !values.unpinned,
    profile: values.profile,
    build: !values['no-build'],
    out: values.out,
    help: values.help,
  };
};

const wholeNumber = (flag: string, text: string, least: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`${flag} wants a whole number from ${least} on.`);
  return value;
};
