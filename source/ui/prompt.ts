// The line that is typed after `:`: text, cursor, and what was wrong with it. Pure; what the line means is session/command-line.ts.

import { safeText } from '../common/safe-text.ts';

export interface Prompt {
  readonly text: string;
  /** UTF-16 units before the cursor. */
  readonly cursor: number;
  /** Why the last attempt was not accepted. */
  readonly error: string | undefined;
  /** What was typed before Tab put a command in its place; undefined from the next edit on. */
  readonly stem?: string | undefined;
}

export const emptyPrompt: Prompt = { text: '', cursor: 0, error: undefined };

/** Longer lines mean nothing: what goes beyond is not taken. */
const longest = 120;

/** The prompt with `text` at the cursor; control characters and what is longer than `most` are left out. */
export const insert = (prompt: Prompt, text: string, most = longest): Prompt => {
  const room = most - prompt.text.length;
  const taken = text.length <= room ? text : text.slice(0, Math.max(0, room)).toWellFormed();
  return {
    text: prompt.text.slice(0, prompt.cursor) + taken + prompt.text.slice(prompt.cursor),
    cursor: prompt.cursor + taken.length,
    error: undefined,
  };
};

/** The first line of a pasted text, cleaned: pasting never runs a command by itself. */
export const pasteable = (text: string): string => safeText(text.slice(0, 2000).split(/[\r\n]/, 1)[0] ?? '', longest);

/** Length of the character before (negative) or after the cursor, in UTF-16 units. */
const before = ({ text, cursor }: Prompt): number => [...text.slice(0, cursor)].at(-1)?.length ?? 0;
const after = ({ text, cursor }: Prompt): number => [...text.slice(cursor)][0]?.length ?? 0;

const cutOut = ({ text }: Prompt, from: number, to: number): Prompt => ({
  text: text.slice(0, from) + text.slice(to),
  cursor: from,
  error: undefined,
});

/** The prompt after an editing key; undefined for a key that does not edit. */
export const edit = (prompt: Prompt, token: string): Prompt | undefined => {
  const { text, cursor } = prompt;
  switch (token) {
    case 'left':
    case 'shift+left':
      return { ...prompt, cursor: cursor - before(prompt) };
    case 'right':
    case 'shift+right':
      return { ...prompt, cursor: cursor + after(prompt) };
    case 'home':
    case 'ctrl+a':
      return { ...prompt, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return { ...prompt, cursor: text.length };
    case 'backspace':
      return cutOut(prompt, cursor - before(prompt), cursor);
    case 'delete':
      return cutOut(prompt, cursor, cursor + after(prompt));
    case 'ctrl+u':
      return cutOut(prompt, 0, cursor);
    case 'ctrl+k':
      return cutOut(prompt, cursor, text.length);
    case 'ctrl+w':
      return cutOut(prompt, text.slice(0, cursor).search(/\S*\s*$/), cursor);
    default:
      return undefined;
  }
};
