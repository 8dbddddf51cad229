// What a case found, and its Markdown. Figures are judged here against the goals they have.

import type { Spread } from './statistics.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure with a bound. */
export interface Goal {
  readonly what: string;
  /** The bounds in words: `≤ 1.6 × wrk`. */
  readonly wanted: string;
  readonly figure: string;
  /** Undefined where there is no figure to judge. */
  readonly met: boolean | undefined;
}

export interface CaseReport {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly notes: readonly string[];
}

/** Three significant digits, without an exponent. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(rounded);
};

/** `6.7 (6.5–7)`: the median, and between which values the middle half of the runs lies. */
export const spreadText = ({ median, low, high, count }: Spread): string => {
  if (count === 0) return '–';
  return count === 1 ? short(median) : `${short(median)} (${short(low)}–${short(high)})`;
};

/** A goal with an upper bound. */
export const atMost = (what: string, value: number, bound: number, unit = ''): Goal => ({
  what,
  wanted: `≤ ${short(bound)}${unit}`,
  figure: `${short(value)}${unit}`,
  met: Number.isFinite(value) ? value <= bound : undefined,
});

/** A goal with a lower bound. */
export const atLeast = (what: string, value: number, bound: number, unit = ''): Goal => ({
  what,
  wanted: `≥ ${short(bound)}${unit}`,
  figure: `${short(value)}${unit}`,
  met: Number.isFinite(value) ? value >= bound : undefined,
});

/** A goal with two bounds, both allowed. */
export const within = (what: string, value: number, low: number, high: number, unit = ''): Goal => ({
  what,
  wanted: `${short(low)}–${short(high)}${unit}`,
  figure: `${short(value)}${unit}`,
  met: Number.isFinite(value) ? value >= low && value <= high : undefined,
});

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table; numbers stand to the right from the second column on. */
export const tableMarkdown = ({ head, rows }: Table): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');

const verdict = (met: boolean | undefined): string => (met === undefined ? 'no figure' : met ? 'met' : '**missed**');

export const caseMarkdown = ({ title, about, tables, goals, notes }: CaseReport): string =>
  [
    `## ${title}`,
    about,
    ...tables.map(tableMarkdown),
    ...(goals.length === 0
      ? []
      : [
          tableMarkdown({
            head: ['goal', 'wanted', 'figure', ''],
            rows: goals.map(({ what, wanted, figure, met }) => [what, wanted, figure, verdict(met)]),
          }),
        ]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
  ].join('\n\n');
