// The language of `:` commands: text in, a command or what was expected instead out. One table for the screen's command line,
// the control socket, the help screen and README. Whether the run accepts the command is the controller's decision.

import { safeText } from '../common/safe-text.ts';
import { parseCount, parseDuration, parseRate, UnitError } from '../common/units.ts';
import { hasUsers, whyNoNext, whyNoRate, whyNoRun, whyNoStop } from './availability.ts';
import type { Command, LimitName } from './commands.ts';
import type { RunState } from './state.ts';

export type ParsedCommand =
  | { readonly type: 'nothing' }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'quit' }
  /** Of a word that is no command, the word: a screen has no room for all there are. */
  | { readonly type: 'error'; readonly message: string; readonly unknown?: string };

interface CommandRow {
  readonly name: string;
  /** The argument as the help shows it; empty for none. */
  readonly argument: string;
  readonly label: string;
  readonly parse: (argument: string) => ParsedCommand;
  readonly disabled?: (state: RunState) => string | undefined;
}

const expectedRate = 'expected a rate such as 500, 2.5k, 50/s or 3000/m';
const expectedSpan = 'expected a duration such as 30s, 10m or 1h30m';
const expectedCount = 'expected a whole number such as 50, 1,000 or 10k';
const expectedRamp = 'expected a rate, or users, and a time, such as 2k 30s';

const command = (made: Command): ParsedCommand => ({ type: 'command', command: made });
const error = (message: string): ParsedCommand => ({ type: 'error', message });

/** A command that takes no argument. */
const bare =
  (name: string, result: ParsedCommand) =>
  (argument: string): ParsedCommand =>
    argument === '' ? result : error(`${name} stands alone; expected nothing after it`);

/** A command of one quantity. @param accepts whether its value means anything here */
const reads =
  (
    parse: (text: string) => number,
    expected: string,
    made: (value: number) => Command,
    accepts: (value: number) => boolean = () => true,
  ) =>
  (argument: string): ParsedCommand => {
    const value = argument === '' ? undefined : read(() => parse(argument));
    return value === undefined || !accepts(value) ? error(expected) : command(made(value));
  };

/** What was read; undefined for a quantity that cannot be. */
const read = (parse: () => number): number | undefined => {
  try {
    return parse();
  } catch (caught) {
    if (caught instanceof UnitError) return undefined;
    throw caught;
  }
};

const isPositive = (value: number): boolean => value > 0 && Number.isFinite(value);

const setLimit =
  (limit: LimitName) =>
  (value: number): Command => ({ type: 'limit/set', limit, value });

const readRate = (argument: string): ParsedCommand => {
  if (argument === 'max') return error(`full speed is chosen at the start (-q max); ${expectedRate}`);
  return reads(parseRate, expectedRate, (rate) => ({ type: 'rate/set', rate }))(argument);
};

const readRamp = (argument: string): ParsedCommand => {
  const [, amount, time] = /^(\S+)\s+(.+)$/.exec(argument) ?? [];
  const rate = read(() => parseRate(amount ?? ''));
  const overMs = read(() => parseDuration(time ?? ''));
  if (rate === undefined || overMs === undefined || !isPositive(overMs)) return error(expectedRamp);
  return command({ type: 'rate/ramp', rate, overMs });
};

const readMark = (argument: string): ParsedCommand => {
  const name = safeText(argument, 40);
  return command(name === '' ? { type: 'marker/set' } : { type: 'marker/set', name });
};

/** Why the rate cannot be set now: it cannot in the closed model. */
const whyNoRateHere = (state: RunState): string | undefined =>
  whyNoRate(state) ?? (hasUsers(state) ? 'the closed model has users, not a rate: :users N' : undefined);

const whyNoUsers = (state: RunState): string | undefined =>
  whyNoRate(state) ?? (hasUsers(state) ? undefined : 'the open model has a rate, not users: :rate RATE');

/** Why there is nothing to answer; undefined where something is asked. */
const whyNoAnswer = (state: RunState): string | undefined =>
  whyNoRun(state) ?? (state.question ? undefined : 'nothing is asked');

const whyNoReport = (state: RunState): string | undefined => (state.phase === 'draining' ? undefined : whyNoRun(state));

/** Every command, in the order of the help screen. */
export const commandRows: readonly CommandRow[] = [
  {
    name: 'rate',
    argument: 'RATE',
    label: 'set rate; RATE alone too',
    parse: readRate,
    disabled: whyNoRateHere,
  },
  {
    name: 'users',
    argument: 'N',
    label: 'set users; N alone too',
    parse: reads(
      (text) => parseCount(text, 0),
      expectedCount,
      (users) => ({ type: 'users/set', users }),
    ),
    disabled: whyNoUsers,
  },
  {
    name: 'spawn',
    argument: 'N',
    label: 'users begun per second',
    parse: reads(parseRate, expectedRate, (perSecond) => ({ type: 'spawn/set', perSecond }), isPositive),
    disabled: whyNoUsers,
  },
  {
    name: 'ramp',
    argument: 'RATE TIME',
    label: 'go to a rate, or users',
    parse: readRamp,
    disabled: whyNoRate,
  },
  {
    name: 'hold',
    argument: '',
    label: 'stay at the rate of now',
    parse: bare('hold', command({ type: 'rate/hold' })),
    disabled: whyNoRate,
  },
  {
    name: 'plan',
    argument: '',
    label: 'rate as the profile says',
    parse: bare('plan', command({ type: 'rate/plan' })),
    disabled: whyNoRate,
  },
  {
    name: 'zero',
    argument: '',
    label: 'to zero; drops backlog',
    parse: bare('zero', command({ type: 'rate/zero' })),
    disabled: whyNoRate,
  },
  {
    name: 'connections',
    argument: 'N',
    label: 'most connections',
    parse: reads(parseCount, expectedCount, setLimit('connections')),
    disabled: whyNoRun,
  },
  {
    name: 'max-in-flight',
    argument: 'N',
    label: 'most in flight at once',
    parse: reads(parseCount, expectedCount, setLimit('max in flight')),
    disabled: whyNoRun,
  },
  {
    name: 'timeout',
    argument: 'TIME',
    label: 'time a request may take',
    parse: reads(parseDuration, expectedSpan, setLimit('timeout'), isPositive),
    disabled: whyNoRun,
  },
  {
    name: 'ceiling',
    argument: 'RATE',
    label: 'highest rate, or users',
    parse: reads(parseRate, expectedRate, setLimit('ceiling'), isPositive),
    disabled: whyNoRate,
  },
  {
    name: 'pause',
    argument: '',
    label: 'pause; holds what waits',
    parse: bare('pause', command({ type: 'run/pause' })),
    disabled: whyNoRun,
  },
  {
    name: 'resume',
    argument: '',
    label: 'go on after a pause',
    parse: bare('resume', command({ type: 'run/resume' })),
    disabled: whyNoRun,
  },
  {
    name: 'undo',
    argument: '',
    label: 'take last change back',
    parse: bare('undo', command({ type: 'change/undo' })),
    disabled: whyNoRun,
  },
  {
    name: 'yes',
    argument: '',
    label: 'do what is asked',
    parse: bare('yes', command({ type: 'question/answer', yes: true })),
    disabled: whyNoAnswer,
  },
  {
    name: 'no',
    argument: '',
    label: 'leave what is asked',
    parse: bare('no', command({ type: 'question/answer', yes: false })),
    disabled: whyNoAnswer,
  },
  {
    name: 'extend',
    argument: 'TIME',
    label: 'let the run last longer',
    parse: reads(parseDuration, expectedSpan, (byMs) => ({ type: 'run/extend', byMs }), isPositive),
    disabled: whyNoRun,
  },
  { name: 'mark', argument: 'NAME', label: 'set a marker', parse: readMark, disabled: whyNoRun },
  {
    name: 'report',
    argument: '',
    label: 'write a report so far',
    parse: bare('report', command({ type: 'report/write' })),
    disabled: whyNoReport,
  },
  {
    name: 'next',
    argument: '',
    label: 'end phase, begin the next',
    parse: bare('next', command({ type: 'phase/next' })),
    disabled: whyNoNext,
  },
  {
    name: 'stop',
    argument: '',
    label: 'end; in flight finishes',
    parse: bare('stop', command({ type: 'run/stop' })),
    disabled: whyNoStop,
  },
  { name: 'abort', argument: '', label: 'end the run at once', parse: bare('abort', command({ type: 'run/abort' })) },
  { name: 'quit', argument: '', label: 'end the run and leave', parse: bare('quit', { type: 'quit' }) },
];

/** A line with what stands around a command taken off: blanks, and colons before it. */
export const bareLine = (line: string): string => line.trim().replace(/^:+\s*/, '');

/**
 * What a line of the prompt (without its colon) means in a run that is in `state`: errors say what was expected, or why
 * the command does nothing now.
 */
export const parseCommandLine = (line: string, state: RunState): ParsedCommand => {
  const text = bareLine(line);
  if (text === '') return { type: 'nothing' };
  const [, word, rest] = /^(\S+)\s*(.*)$/s.exec(text)!;
  const isNumber = /^[\d.]/.test(text);
  const name = isNumber ? (hasUsers(state) ? 'users' : 'rate') : word!.toLowerCase();
  const row = commandRows.find((candidate) => candidate.name === name);
  if (!row) {
    const names = commandRows.map((candidate) => candidate.name).join(', ');
    const unknown = safeText(word!, 20);
    return { type: 'error', message: `no command '${unknown}'; expected one of: ${names}`, unknown };
  }
  const parsed = row.parse(isNumber ? text : rest!);
  const reason = parsed.type === 'error' ? undefined : row.disabled?.(state);
  return reason === undefined ? parsed : error(reason);
};

/** README's table of commands, as Markdown. */
export const commandsMarkdown = (): string =>
  [
    '| command | does |',
    '|---|---|',
    ...commandRows.map((row) => `| \`:${[row.name, row.argument].filter(Boolean).join(' ')}\` | ${row.label} |`),
  ].join('\n');
