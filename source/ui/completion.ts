// What the command line offers while it is typed: the rest of a name, an example of its argument, what the command does.
// Pure; the commands are those of session/command-line.ts.

import { commandRows } from '../session/command-line.ts';
import type { RunState } from '../session/state.ts';
import { insert, type Prompt } from './prompt.ts';

/** Examples by the words that stand for arguments in the table of commands. */
const examples: Readonly<Record<string, string>> = {
  RATE: '2.5k',
  N: '50',
  TIME: '10m',
  'RATE TIME': '5k 30s',
  NAME: 'deploy-7',
};

export interface Offer {
  /** Shown behind what is typed, as what could stand there. */
  readonly ghost: string;
  /** What the command does, why it does nothing now, or the names that are left. */
  readonly hint: string;
}

const noOffer: Offer = { ghost: '', hint: '' };

const nameSoFar = (text: string): string | undefined => /^\s*:*\s*([a-z-]*)$/i.exec(text)?.[1]?.toLowerCase();

const candidates = (typed: string): readonly (typeof commandRows)[number][] =>
  commandRows.filter(({ name }) => name.startsWith(typed));

/** What is offered for a prompt: only at its end, where what is offered would be typed. */
export const offered = ({ text, cursor }: Prompt, state: RunState): Offer => {
  if (cursor !== text.length || text.trim() === '') return noOffer;
  const typed = nameSoFar(text);
  if (typed !== undefined) {
    const rows = candidates(typed);
    const exact = rows.find(({ name }) => name === typed);
    if (rows.length > 1 && exact === undefined) return { ghost: '', hint: rows.map(({ name }) => name).join(' ') };
    const row = exact ?? rows[0];
    if (row === undefined) return noOffer;
    return { ghost: `${row.name.slice(typed.length)} ${exampleOf(row.argument)}`.trimEnd(), hint: saysOf(row, state) };
  }
  const [, name, argument] = /^\s*:*\s*(\S+)\s(.*)$/s.exec(text) ?? [];
  const row = commandRows.find((candidate) => candidate.name === name?.toLowerCase());
  if (row === undefined) return noOffer;
  return { ghost: argumentGhost(row.argument, argument ?? ''), hint: saysOf(row, state) };
};

const exampleOf = (argument: string): string => (argument === '' ? '' : (examples[argument] ?? argument));

/** The example where nothing is typed yet; of an argument of two words the second, when the first is there. */
const argumentGhost = (argument: string, typed: string): string => {
  const example = exampleOf(argument);
  if (typed.trim() === '') return example;
  const words = example.split(' ');
  const written = typed.trim().split(/\s+/).length;
  return typed.endsWith(' ') && written < words.length ? words.slice(written).join(' ') : '';
};

const saysOf = (row: (typeof commandRows)[number], state: RunState): string => row.disabled?.(state) ?? row.label;

/**
 * The prompt after Tab: the name of the command as far as it is the only one, with a space where an argument follows.
 * Where several begin like this, what they have in common.
 */
export const completed = (prompt: Prompt): Prompt => {
  const typed = nameSoFar(prompt.text.slice(0, prompt.cursor));
  if (typed === undefined || typed === '' || prompt.cursor !== prompt.text.length) return prompt;
  const rows = candidates(typed);
  const [first] = rows;
  if (first === undefined) return prompt;
  if (rows.length === 1) return insert(prompt, first.name.slice(typed.length) + (first.argument === '' ? '' : ' '));
  let common = first.name;
  for (const { name } of rows) while (!name.startsWith(common)) common = common.slice(0, -1);
  return common.length > typed.length ? insert(prompt, common.slice(typed.length)) : prompt;
};
