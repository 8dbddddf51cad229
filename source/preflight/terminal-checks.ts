// Judges the terminal for the live view: is there one, is it large enough, does it know colours and more than ASCII? Pure.

import { type Check, skipped } from './check.ts';

export interface TerminalFacts {
  /** Input and output are both a terminal. */
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** Bits of colour: 1, 4, 8 or 24. */
  readonly colourBits: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the flags. */
  readonly wantsScreen: boolean;
  readonly wantsColour: boolean;
  readonly ascii: boolean;
}

/** The smallest screen on which every panel has a place. */
const least = { columns: 80, rows: 24 };

export const terminalCheck = (facts: TerminalFacts): Check => {
  const name = 'terminal';
  const { env } = facts;
  if (!facts.wantsScreen) return skipped(name, 'the live view is turned off');
  if (!facts.isTerminal) return skipped(name, 'none: a run prints plain lines');
  if (env.TERM === 'dumb') return skipped(name, 'TERM=dumb: a run prints plain lines');
  const { columns = 0, rows = 0 } = facts;
  const faults: string[] = [];
  if (columns < least.columns || rows < least.rows) {
    faults.push(`make it at least ${least.columns}x${least.rows}: panels are left out`);
  }
  const colours = coloursOf(facts);
  if (!facts.ascii && !isUtf8(env)) faults.push('set LANG=C.UTF-8, or use --ascii: the charts are drawn with braille');
  const found = [env.TERM || 'TERM is not set', `${columns}x${rows}`, colours, facts.ascii ? 'ASCII' : encoding(env)];
  return {
    name,
    level: faults.length > 0 ? 'warn' : 'ok',
    found: found.join(', '),
    ...(faults.length > 0 && { todo: faults.join('; ') }),
  };
};

const coloursOf = ({ colourBits, wantsColour, env }: TerminalFacts): string => {
  if (!wantsColour) return 'no colour (--no-color)';
  if (env.NO_COLOR) return 'no colour (NO_COLOR)';
  if (colourBits >= 24) return '16 million colours';
  return colourBits > 1 ? `${2 ** colourBits} colours` : 'no colour';
};

/** The locale that counts for characters: the first of these that is set (POSIX). */
const locale = (env: TerminalFacts['env']): string => env.LC_ALL || env.LC_CTYPE || env.LANG || '';

const isUtf8 = (env: TerminalFacts['env']): boolean => /utf-?8/i.test(locale(env));

const encoding = (env: TerminalFacts['env']): string =>
  isUtf8(env) ? 'UTF-8' : `not UTF-8 (${locale(env) || 'no LANG'})`;
