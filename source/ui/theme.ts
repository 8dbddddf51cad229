// What a piece of the screen means, and how this terminal can show it. Panels name meanings (alarm, offered, p95), never
// colours; without colours nothing is lost, because every state is also a word or a sign. Which colours meanings have is
// palettes.ts.

import { type Background, type Depth, heatRamp, inkOn, paletteOf, type Style } from './palettes.ts';

/**
 * Meanings. `tooMany` (429), `gateway` (503, 504, 520 to 524), `otherBad` and `noAnswer` are how requests ended, where
 * they are drawn over time; `marker`, `cursor` (where a frozen view stands) and `objective` are the lines that
 * run through charts.
 */
export const roles = [
  'text',
  'dim',
  'title',
  'focus',
  'alarm',
  'warn',
  'good',
  'offered',
  'achieved',
  'goodSeries',
  'p50',
  'p95',
  'p99',
  'tooMany',
  'gateway',
  'otherBad',
  'noAnswer',
  'axis',
  'marker',
  'cursor',
  'objective',
] as const;
export type Role = (typeof roles)[number];

/** A piece of a line with one meaning. */
export interface Run {
  readonly text: string;
  readonly role: Role;
  /** Background: a step of the heat map from 1 (few) on. Only where `showsHeat`. */
  readonly heat?: number | undefined;
}

/** One line of the screen, left to right. */
export type Line = readonly Run[];

/** What this terminal can show. */
export interface Theme {
  /** Colours may be used. */
  readonly color: boolean;
  /** Bold and dim may be used; they may even where colours may not (https://no-color.org). */
  readonly attributes: boolean;
  /** Only ASCII may be drawn. */
  readonly ascii: boolean;
  /** How many colours there are, and what they are seen on. */
  readonly depth: Depth;
  readonly background: Background;
}

/** Neither colours nor attributes nor anything but ASCII: what every terminal can show. */
export const plainTheme: Theme = { color: false, attributes: false, ascii: true, depth: 16, background: 'unknown' };

export const themeNames = ['auto', 'dark', 'light', 'mono'] as const;
export type ThemeName = (typeof themeNames)[number];

/** What flags say. */
export interface AskedTheme {
  readonly color?: boolean | undefined;
  readonly ascii?: boolean | undefined;
  readonly name?: ThemeName | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment says about the terminal. `NO_COLOR` (non-empty) and `TERM=dumb` take the colours, a locale that
 * is not UTF-8 (the first non-empty of LC_ALL, LC_CTYPE, LANG) and the Linux console, whose font has no braille, take
 * everything but ASCII. `asked` is what flags say (`--no-color`, `--ascii`, `--theme`) and goes before.
 */
export const detectTheme = (env: Environment, isTTY: boolean, asked: AskedTheme = {}): Theme => {
  const dumb = env.TERM === 'dumb' || !isTTY;
  const noColor = (env.NO_COLOR ?? '') !== '';
  const { name = 'auto' } = asked;
  return {
    color: name === 'mono' ? false : (asked.color ?? !(dumb || noColor)),
    attributes: !dumb,
    ascii: asked.ascii ?? (env.TERM === 'dumb' || env.TERM === 'linux' || !isUtf8(env)),
    depth: depthOf(env),
    background: name === 'dark' || name === 'light' ? name : backgroundOf(env),
  };
};

const isUtf8 = (env: Environment): boolean => {
  // Windows sets no locale; its terminals of today are UTF-8.
  if (env.OS === 'Windows_NT') return true;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
};

/** 256 where the terminal says so by its name or by COLORTERM, which ssh does not forward. */
const depthOf = ({ TERM = '', COLORTERM = '', OS }: Environment): Depth => {
  const rich = /256|direct|kitty|ghostty|alacritty|wezterm|foot|iterm/i.test(TERM);
  return rich || /truecolor|24bit|256/i.test(COLORTERM) || OS === 'Windows_NT' ? 256 : 16;
};

/** COLORFGBG is `foreground;background` or `foreground;other;background`, in colours of the palette. */
const backgroundOf = ({ TERM, COLORFGBG = '' }: Environment): Background => {
  if (TERM === 'linux') return 'dark';
  const number = /;(\d{1,2})$/.exec(COLORFGBG)?.[1];
  if (number === undefined) return 'unknown';
  return number === '7' || Number(number) > 8 ? 'light' : 'dark';
};

/** Whether the background of a cell can say how much there is of something. */
export const showsHeat = ({ color, depth }: Theme): boolean => color && depth === 256;

/** The sequences before and behind a text. */
interface Sequences {
  readonly open: string;
  readonly close: string;
}

const none: Sequences = { open: '', close: '' };

/** Made once for each theme: the same few are wanted for each frame again. */
const known = new WeakMap<Theme, Map<string, Sequences>>();

const sequencesOf = (theme: Theme, { text, role, heat }: Run): Sequences => {
  const blank = isBlank(text);
  const step = showsHeat(theme) ? heat : undefined;
  if (blank && step === undefined) return none;
  const key = step === undefined ? role : `${step}${blank ? '' : ' ink'}`;
  const ofTheme = known.get(theme) ?? new Map<string, Sequences>();
  known.set(theme, ofTheme);
  const made =
    ofTheme.get(key) ?? (step === undefined ? plainSequences(styleOf(theme, role)) : heated(theme, step, blank));
  ofTheme.set(key, made);
  return made;
};

/** How a meaning looks on this terminal. */
export const styleOf = (theme: Theme, role: Role): Style => {
  const { color, bold, dim } = paletteOf(theme.depth, theme.background)[role];
  return {
    ...(theme.color && color !== undefined ? { color } : {}),
    ...(theme.attributes && bold ? { bold } : {}),
    ...(theme.attributes && dim ? { dim } : {}),
  };
};

const plainSequences = ({ color, bold, dim }: Style): Sequences => {
  const open = [bold ? '1' : '', dim ? '2' : '', color === undefined ? '' : foreground(color)].filter(Boolean);
  const close = [bold || dim ? '22' : '', color === undefined ? '' : '39'].filter(Boolean);
  return open.length === 0 ? none : { open: `\u001b[${open.join(';')}m`, close: `\u001b[${close.join(';')}m` };
};

/** What is drawn over a heat map is told by its glyph: its own colour could not be read on every step. */
const heated = ({ background }: Theme, step: number, blank: boolean): Sequences => {
  const on = `48;5;${heatRamp(background)[step - 1]}`;
  if (blank) return { open: `\u001b[${on}m`, close: '\u001b[49m' };
  return { open: `\u001b[38;5;${inkOn(background, step)};${on}m`, close: '\u001b[39;49m' };
};

const foreground = (color: number): string => {
  if (color < 8) return String(30 + color);
  return color < 16 ? String(82 + color) : `38;5;${color}`;
};

/**
 * Lines as one string for a single `<Text>`: escape sequences around each run that has a style, lines joined by newlines.
 * Blank runs get none, which saves bytes. The text must already be free of control characters (common/safe-text.ts).
 */
export const paint = (lines: readonly Line[], theme: Theme): string =>
  lines.map((line) => line.map((run) => paintRun(run, theme)).join('')).join('\n');

const paintRun = (run: Run, theme: Theme): string => {
  const { open, close } = sequencesOf(theme, run);
  return open + run.text + close;
};

const isBlank = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== 32) return false;
  return true;
};

/** The text of a line without its meanings. */
export const plainText = (line: Line): string => {
  let text = '';
  for (const run of line) text += run.text;
  return text;
};
