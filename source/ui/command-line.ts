// The `:` command line: text in, a command or what was expected instead out. One table, which the help screen and README
// show too. Whether the run accepts the command is the controller's decision.

import { safeText } from '../common/safe-text.ts';
import { parseDuration, parseRate, UnitError } from '../common/units.ts';
import type { Command } from '../session/commands.ts';
import type { RunState } from '../session/state.ts';
import { whyNoRate, whyNoRun } from './keymap.ts';

export type ParsedCommand =
  | { readonly type: 'nothing' }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'quit' }
  | { readonly type: 'error'; readonly message: string };

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

const command = (made: Command): ParsedCommand => ({ type: 'command', command: made });
const error = (message: string): ParsedCommand => ({ type: 'error', message });

/** A command that takes no argument. */
const bare =
  (name: string, result: ParsedCommand) =>
  (argument: string): ParsedCommand =>
    argument === '' ? result : error(`${name} stands alone; expected nothing after it`);

const readRate = (argument: string): ParsedCommand => {
  if (argument === '') return error(expectedRate);
  if (argument === 'max') return error(`full speed is chosen at the start (-q max); ${expectedRate}`);
  try {
    return command({ type: 'rate/set', rate: parseRate(argument) });
  } catch (caught) {
    if (caught instanceof UnitError) return error(expectedRate);
    throw caught;
  }
};

const readExtend = (argument: string): ParsedCommand => {
  try {
    const byMs = parseDuration(argument);
    return byMs > 0 && Number.isFinite(byMs) ? command({ type: 'run/extend', byMs }) : error(expectedSpan);
  } catch (caught) {
    if (caught instanceof UnitError) return error(expectedSpan);
    throw caught;
  }
};

const readMark = (argument: string): ParsedCommand => {
  const name = safeText(argument, 40);
  return command(name === '' ? { type: 'marker/set' } : { type: 'marker/set', name });
};

/** Every command, in the order of the help screen. */
export const commandRows: readonly CommandRow[] = [
  {
    name: 'rate',
    argument: 'RATE',
    label: 'set the rate; RATE alone too',
    parse: readRate,
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
    label: 'rate to zero; drops backlog',
    parse: bare('zero', command({ type: 'rate/zero' })),
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
  { name: 'extend', argument: 'TIME', label: 'let the run last longer', parse: readExtend, disabled: whyNoRun },
  { name: 'mark', argument: 'NAME', label: 'set a marker', parse: readMark, disabled: whyNoRun },
  {
    name: 'stop',
    argument: '',
    label: 'end; in flight may finish',
    parse: bare('stop', command({ type: 'run/stop' })),
    disabled: whyNoRun,
  },
  { name: 'abort', argument: '', label: 'end the run at once', parse: bare('abort', command({ type: 'run/abort' })) },
  { name: 'quit', argument: '', label: 'end the run and leave', parse: bare('quit', { type: 'quit' }) },
];

/**
 * What a line of the prompt (without its colon) means in a run that is in `state`: errors say what was expected, or why
 * the command does nothing now.
 */
export const parseCommandLine = (line: string, state: RunState): ParsedCommand => {
  const text = line.trim().replace(/^:+\s*/, '');
  if (text === '') return { type: 'nothing' };
  const [, word, rest] = /^(\S+)\s*(.*)$/s.exec(text)!;
  const name = /^[\d.]/.test(text) ? 'rate' : word!.toLowerCase();
  const row = commandRows.find((candidate) => candidate.name === name);
  if (!row) {
    const names = commandRows.map((candidate) => candidate.name).join(', ');
    return error(`no command '${safeText(word!, 20)}'; expected one of: ${names}`);
  }
  const parsed = row.parse(/^[\d.]/.test(text) ? text : rest!);
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
