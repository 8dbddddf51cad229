// What the control socket answers to a line: the language is that of the screen (command-line.ts), with three words more.
// Who is connected, and how much each may ask, is control-connection.ts.

import { safeText } from '../common/safe-text.ts';
import { commandRows, parseCommandLine } from './command-line.ts';
import type { Command, CommandSource, Reply } from './commands.ts';
import type { RunState } from './state.ts';
import { type NoRun, noStatus, statusOf } from './status.ts';

/** A run that can be steered: a session. */
export interface Steerable {
  readonly store: { readonly newest: RunState };
  dispatch(command: Command, source: CommandSource): Reply;
}

/** The run behind a socket; another one, or none, from one moment to the next. */
export type Behind = { readonly run: Steerable } | { readonly run: undefined; readonly why: NoRun };

/** What stands on the line: whether it was carried out, and what was asked for. */
export type Answer = Readonly<Record<string, unknown>> &
  (
    | { readonly ok: true }
    | { readonly ok: false; readonly error: string }
    /** Nothing has changed yet: `yes` or `no` decides. */
    | { readonly ok: false; readonly asked: string }
  );

/** A line with what stands before a command taken off: blanks and colons. */
export const bareLine = (line: string): string => line.trim().replace(/^:+\s*/, '');

/** What is understood beside the commands of the screen. */
const questions = [
  { name: 'status', argument: '', label: 'how the run is, as one object' },
  { name: 'watch', argument: '', label: 'an object each second' },
  { name: 'help', argument: '', label: 'what can be asked' },
] as const;

const nothingFound = 'found an empty line, expected a command; help lists them';

const noRunTexts: Readonly<Record<NoRun, string>> = {
  armed: 'no run yet: it waits to be started at its screen',
  starting: 'no run yet: it is about to begin',
};

/** Carries out a line, but for `watch`, and says what became of it. */
export const answerTo = (line: string, behind: Behind): Answer => {
  const text = bareLine(line);
  const [word = ''] = text.toLowerCase().split(/\s/, 1);
  if (word === '') return { ok: false, error: nothingFound };
  if (questions.some(({ name }) => name === word) && word !== text.toLowerCase()) {
    return { ok: false, error: `${word} stands alone; expected nothing after it` };
  }
  if (word === 'help') return helpAnswer;
  if (word === 'status') return { ok: true, ...statusBehind(behind) };
  if (!behind.run) return { ok: false, error: noRunTexts[behind.why] };
  // Before its first event there is nothing that could be ended, either.
  if (!behind.run.store.newest.run) return { ok: false, error: noRunTexts.starting };
  return carryOut(text, behind.run);
};

const statusBehind = (behind: Behind): object =>
  behind.run ? statusOf(behind.run.store.newest) : noStatus(behind.why);

const carryOut = (text: string, run: Steerable): Answer => {
  const parsed = parseCommandLine(text, run.store.newest);
  switch (parsed.type) {
    case 'command':
      return replied(run.dispatch(parsed.command, 'control socket'));
    case 'quit':
      return replied(run.dispatch({ type: 'run/stop' }, 'control socket'));
    case 'error':
      return { ok: false, error: safeText(parsed.message, 1000) };
    case 'nothing':
      return { ok: false, error: nothingFound };
  }
};

const replied = ({ type, text }: Reply): Answer => {
  if (type === 'done') return { ok: true, text };
  return type === 'asked' ? { ok: false, asked: text } : { ok: false, error: text };
};

const helpAnswer: Answer = {
  ok: true,
  text: 'a command on each line, with or without a colon; each is answered with one line',
  commands: [...commandRows, ...questions].map(({ name, argument, label }) => ({
    command: [name, argument].filter((part) => part !== '').join(' '),
    does: label,
  })),
};
