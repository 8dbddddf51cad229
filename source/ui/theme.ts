// What a piece of the screen means, and how this terminal can show it. Panels name meanings (alarm, offered, p95), never
// colours; without colours nothing is lost, because every state is also a word or a sign. 16 colours only: what the
// colours look like is the user's palette.

/** Meanings. `marker` and `objective` are the lines that run through charts. */
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
  'axis',
  'marker',
  'objective',
] as const;
export type Role = (typeof roles)[number];

/** A piece of a line with one meaning. */
export interface Run {
  readonly text: string;
  readonly role: Role;
}

/** One line of the screen, left to right. */
export type Line = readonly Run[];

/** The colours of the terminal's palette that are used, by the names that Ink's `<Text color>` knows. */
export type ColorName = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

interface Style {
  readonly color?: ColorName;
  readonly bold?: true;
  readonly dim?: true;
}

const styles: Readonly<Record<Role, Style>> = {
  text: {},
  dim: { dim: true },
  title: { bold: true },
  focus: { color: 'cyan', bold: true },
  alarm: { color: 'red', bold: true },
  warn: { color: 'yellow' },
  good: { color: 'green' },
  offered: { color: 'blue' },
  achieved: { color: 'cyan' },
  goodSeries: { color: 'green' },
  p50: { color: 'green' },
  p95: { color: 'yellow' },
  p99: { color: 'magenta' },
  axis: { dim: true },
  marker: { color: 'magenta', dim: true },
  objective: { color: 'red', dim: true },
};

const foreground: Readonly<Record<ColorName, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
};

/** What this terminal can show. */
export interface Theme {
  /** Colours may be used. */
  readonly color: boolean;
  /** Bold and dim may be used; they may even where colours may not (https://no-color.org). */
  readonly attributes: boolean;
  /** Only ASCII may be drawn. */
  readonly ascii: boolean;
}

/** Neither colours nor attributes nor anything but ASCII: what every terminal can show. */
export const plainTheme: Theme = { color: false, attributes: false, ascii: true };

/**
 * What the environment says about the terminal. `NO_COLOR` (non-empty) and `TERM=dumb` take the colours, a locale that
 * is not UTF-8 (the first non-empty of LC_ALL, LC_CTYPE, LANG) and the Linux console, whose font has no braille, take
 * everything but ASCII. `asked` is what flags say (`--no-color`, `--ascii`) and goes before.
 */
export const detectTheme = (
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  asked: { readonly color?: boolean | undefined; readonly ascii?: boolean | undefined } = {},
): Theme => {
  const dumb = env.TERM === 'dumb' || !isTTY;
  const noColor = (env.NO_COLOR ?? '') !== '';
  return {
    color: asked.color ?? !(dumb || noColor),
    attributes: !dumb,
    ascii: asked.ascii ?? (env.TERM === 'dumb' || env.TERM === 'linux' || !isUtf8(env)),
  };
};

const isUtf8 = (env: Readonly<Record<string, string | undefined>>): boolean => {
  // Windows sets no locale; its terminals of today are UTF-8.
  if (env.OS === 'Windows_NT') return true;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
};

/** Props for Ink's `<Text>`. */
export interface TextProps {
  color?: ColorName;
  bold?: boolean;
  dimColor?: boolean;
}

/** How Ink's `<Text>` shows a meaning: `<Text {...textProps(theme, 'alarm')}>`. Empty where nothing may be used. */
export const textProps = (theme: Theme, role: Role): TextProps => {
  const style = styles[role];
  return {
    ...(theme.color && style.color ? { color: style.color } : {}),
    ...(theme.attributes && style.bold ? { bold: true } : {}),
    ...(theme.attributes && style.dim ? { dimColor: true } : {}),
  };
};

/**
 * Lines as one string for a single `<Text>`: escape sequences around each run that has a style, lines joined by newlines.
 * Blank runs get none, which saves bytes. The text must already be free of control characters (common/safe-text.ts).
 */
export const paint = (lines: readonly Line[], theme: Theme): string =>
  lines.map((line) => line.map((run) => paintRun(run, theme)).join('')).join('\n');

const paintRun = (run: Run, theme: Theme): string => {
  const { color, bold, dimColor } = textProps(theme, run.role);
  const open = [bold ? 1 : 0, dimColor ? 2 : 0, color ? foreground[color] : 0].filter((code) => code > 0);
  if (open.length === 0 || run.text.trim() === '') return run.text;
  const close = [bold || dimColor ? 22 : 0, color ? 39 : 0].filter((code) => code > 0);
  return `\u001b[${open.join(';')}m${run.text}\u001b[${close.join(';')}m`;
};

/** The text of a line without its meanings. */
export const plainText = (line: Line): string => line.map((run) => run.text).join('');
