// What the control socket answers to a line: the language is that of the screen (command-line.ts), with four words more.
// Who is connected, and how much each may ask, is control-connection.ts.

import { safeText } from '../common/safe-text.ts';
import { bareLine, commandRows, parseCommandLine } from './command-line.ts';
import type { Command, CommandSource, Reply } from './commands.ts';
import type { RunState } from './state.ts';
import { type NoRun, noStatus, statusOf } from './status.ts';

/** A run that can be steered: a session. */
export interface Steerable {
  readonly store: { readonly newest: RunState };
  dispatch(command: Command, source: CommandSource): Reply;
}

/** The run behind a socket; another one, or none, from one moment to the next. */
export interface Behind {
  readonly run: Steerable | undefined;
  /** Why there is none. */
  readonly why: NoRun;
  /** The one before it, which has ended: its figures can still be read. */
  readonly last?: Steerable | undefined;
  /** Starts the next one, and answers once it can be steered; where runs are started one after the other. */
  readonly start?: (() => Promise<Answer>) | undefined;
}

/** What stands on the line: whether it was carried out, and what was asked for. */
export type Answer = Readonly<Record<string, unknown>> &
  (
    | { readonly ok: true }
    | { readonly ok: false; readonly error: string }
    /** Nothing has changed yet: `yes` or `no` decides. */
    | { readonly ok: false; readonly asked: string }
  );

/** What is understood beside the commands of the screen. */
const questions = [
  { name: 'status', argument: '', label: 'how the run is, as one object' },
  { name: 'start', argument: '', label: 'armed: start what the fields say' },
  { name: 'watch', argument: '', label: 'an object each second' },
  { name: 'help', argument: '', label: 'what can be asked' },
] as const;

const nothingFound = 'found an empty line, expected a command; help lists them';

const noRunTexts: Readonly<Record<NoRun, string>> = {
  armed: 'no run yet: it waits to be started, by start or at its screen',
  starting: 'no run yet: it is about to begin',
};

const hasEnded =
  'no run is under way: the last one has ended, and the next waits to be started, by start or at its screen';

const noStart = 'start is for runs that are started from fields (--armed); this one begins by itself';

/** Carries out a line, but for `watch`, and says what became of it; of `start` later. */
export const answerTo = (line: string, behind: Behind): Answer | Promise<Answer> => {
  const text = bareLine(line);
  const [word = ''] = text.toLowerCase().split(/\s/, 1);
  if (word === '') return { ok: false, error: nothingFound };
  if (questions.some(({ name }) => name === word) && word !== text.toLowerCase()) {
    return { ok: false, error: `${word} stands alone; expected nothing after it` };
  }
  if (word === 'help') return helpAnswer;
  if (word === 'status') return { ok: true, ...statusBehind(behind) };
  if (word === 'start') return behind.start?.() ?? { ok: false, error: noStart };
  if (!behind.run) return { ok: false, error: behind.last ? hasEnded : noRunTexts[behind.why] };
  // Before its first event there is nothing but to end it: its set-up may take a while.
  if (!behind.run.store.newest.run) return endUnbegun(text, behind.run);
  return carryOut(text, behind.run);
};

/** That of the run, else of the one that has ended. */
const statusBehind = ({ run, last, why }: Behind): object => {
  const told = run ?? last;
  return told ? statusOf(told.store.newest) : noStatus(why);
};

const endUnbegun = (text: string, run: Steerable): Answer => {
  const type = ends.get(text.toLowerCase());
  if (type === undefined) return { ok: false, error: noRunTexts.starting };
  return replied(run.dispatch({ type }, 'control socket'));
};

/** What ends a run, whether it has begun or not. */
const ends: ReadonlyMap<string, 'run/stop' | 'run/abort'> = new Map([
  ['stop', 'run/stop'],
  ['quit', 'run/stop'],
  ['abort', 'run/abort'],
]);

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
