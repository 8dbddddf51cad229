// What the command line offers while it is typed: the rest of a name, an example of its argument, what the command does.
// Pure; the commands are those of session/command-line.ts.

import { commandRows } from '../session/command-line.ts';
import type { RunState } from '../session/state.ts';
import { emptyPrompt, insert, type Prompt } from './prompt.ts';
import { whyNoCommand } from './read-only.ts';
import type { View } from './view.ts';

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

/** Who types: one who only watches is told so. */
type Watcher = Pick<View, 'readOnly'>;

const noOffer: Offer = { ghost: '', hint: '' };

const nameSoFar = (text: string): string | undefined => /^\s*:*\s*([a-z-]*)$/i.exec(text)?.[1]?.toLowerCase();

const candidates = (typed: string): readonly (typeof commandRows)[number][] =>
  commandRows.filter(({ name }) => name.startsWith(typed));

/** What is offered for a prompt: only at its end, where what is offered would be typed. */
export const offered = ({ text, cursor }: Prompt, state: RunState, view: Watcher): Offer => {
  if (cursor !== text.length || text.trim() === '') return noOffer;
  const typed = nameSoFar(text);
  if (typed !== undefined) {
    const rows = candidates(typed);
    const exact = rows.find(({ name }) => name === typed);
    if (rows.length > 1 && exact === undefined) return { ghost: '', hint: rows.map(({ name }) => name).join(' ') };
    const row = exact ?? rows[0];
    if (row === undefined) return noOffer;
    return {
      ghost: `${row.name.slice(typed.length)} ${exampleOf(row.argument)}`.trimEnd(),
      hint: saysOf(row, state, view),
    };
  }
  const [, name, argument] = /^\s*:*\s*(\S+)\s(.*)$/s.exec(text) ?? [];
  const row = commandRows.find((candidate) => candidate.name === name?.toLowerCase());
  if (row === undefined) return noOffer;
  return { ghost: argumentGhost(row.argument, argument ?? ''), hint: saysOf(row, state, view) };
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

const saysOf = (row: (typeof commandRows)[number], state: RunState, view: Watcher): string =>
  whyNoCommand(row, state, view) ?? row.label;

/**
 * The prompt after Tab: the name of the command as far as it is the only one, with a space where an argument follows. Where
 * several begin like this, what they have in common, then one after the other (`by` -1: back); all of them, where nothing is
 * typed, or nothing that a command begins with.
 */
export const completed = (prompt: Prompt, by: 1 | -1 = 1): Prompt => {
  const { text, cursor } = prompt;
  const name = nameSoFar(text.trimEnd());
  if (cursor !== text.length || name === undefined) return prompt;
  if (prompt.stem !== undefined) return turned(prompt.stem, name, by);
  if (name !== '' && /\s$/.test(text)) return prompt;
  const rows = candidates(name);
  const [first] = rows;
  if (first === undefined || name === '') return turned('', undefined, by);
  if (rows.length === 1) return insert(prompt, first.name.slice(name.length) + gapAfter(first));
  let common = first.name;
  for (const row of rows) while (!row.name.startsWith(common)) common = common.slice(0, -1);
  return common.length > name.length ? insert(prompt, common.slice(name.length)) : turned(name, undefined, by);
};

const gapAfter = ({ argument }: (typeof commandRows)[number]): string => (argument === '' ? '' : ' ');

/** The command after `name` of those that begin with `stem`, or the one before it; round and round. */
const turned = (stem: string, name: string | undefined, by: 1 | -1): Prompt => {
  const rows = candidates(stem);
  const at = rows.findIndex((row) => row.name === name);
  const row = rows.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % rows.length);
  return row === undefined ? emptyPrompt : { ...insert(emptyPrompt, row.name + gapAfter(row)), stem };
};
