// The colours that meanings have, for 16 and 256 colours and for dark, light and unknown backgrounds. Chosen so that each
// can be read on its background (WCAG contrast) and that those of one chart stay apart for colour-blind eyes: both are
// computed in the test. Which palette a terminal gets is theme.ts.

import type { Role } from './theme.ts';

/** The number of a colour of the terminal's palette, and the attributes that go with it. */
export interface Style {
  /** 0 to 15 are the user's own colours, 16 to 255 are fixed; undefined is the terminal's own foreground. */
  readonly color?: number | undefined;
  readonly bold?: true;
  readonly dim?: true;
}

export type Palette = Readonly<Record<Role, Style>>;

export type Depth = 16 | 256;
export type Background = 'dark' | 'light' | 'unknown';

/** What has no colour in any palette. */
const plain = {
  text: {},
  dim: { dim: true },
  title: { bold: true },
  axis: { dim: true },
} as const satisfies Partial<Palette>;

const dark256: Palette = {
  ...plain,
  focus: { color: 75, bold: true },
  cursor: { color: 75, bold: true },
  alarm: { color: 203, bold: true },
  warn: { color: 220 },
  good: { color: 86 },
  offered: { color: 75 },
  achieved: { color: 159 },
  goodSeries: { color: 78 },
  p50: { color: 43 },
  p95: { color: 220 },
  p99: { color: 207 },
  tooMany: { color: 220 },
  gateway: { color: 209 },
  otherBad: { color: 203 },
  noAnswer: { color: 141 },
  marker: { color: 141 },
  objective: { color: 209 },
};

const light256: Palette = {
  ...plain,
  focus: { color: 27, bold: true },
  cursor: { color: 27, bold: true },
  alarm: { color: 88, bold: true },
  warn: { color: 130 },
  good: { color: 29 },
  offered: { color: 27 },
  achieved: { color: 89 },
  goodSeries: { color: 28 },
  p50: { color: 23 },
  p95: { color: 94 },
  p99: { color: 128 },
  tooMany: { color: 130 },
  gateway: { color: 161 },
  otherBad: { color: 88 },
  noAnswer: { color: 91 },
  marker: { color: 91 },
  objective: { color: 130 },
};

/** Neither too light for white nor too dark for black. */
const either256: Palette = {
  ...plain,
  focus: { color: 33, bold: true },
  cursor: { color: 33, bold: true },
  alarm: { color: 161, bold: true },
  warn: { color: 136 },
  good: { color: 33 },
  offered: { color: 27 },
  achieved: { color: 162 },
  goodSeries: { color: 28 },
  p50: { color: 30 },
  p95: { color: 136 },
  p99: { color: 165 },
  tooMany: { color: 136 },
  gateway: { color: 166 },
  otherBad: { color: 161 },
  noAnswer: { color: 98 },
  marker: { color: 98 },
  objective: { color: 166 },
};

const dark16: Palette = {
  ...plain,
  focus: { color: 6, bold: true },
  cursor: { color: 6, bold: true },
  alarm: { color: 9, bold: true },
  warn: { color: 11 },
  good: { color: 6 },
  offered: { color: 12 },
  achieved: { color: 14 },
  goodSeries: { color: 2 },
  p50: { color: 6 },
  p95: { color: 11 },
  p99: { color: 13 },
  tooMany: { color: 11 },
  gateway: { color: 13 },
  otherBad: { color: 9 },
  noAnswer: { color: 12 },
  marker: { color: 13 },
  objective: { color: 9 },
};

/** On white most of the sixteen cannot be read: blue, red and magenta can, and the terminal's own. */
const light16: Palette = {
  ...plain,
  focus: { color: 4, bold: true },
  cursor: { color: 4, bold: true },
  alarm: { color: 1, bold: true },
  warn: { color: 5 },
  good: {},
  offered: { dim: true },
  achieved: {},
  goodSeries: { color: 4 },
  p50: { color: 4 },
  p95: {},
  p99: { color: 1 },
  tooMany: { color: 5 },
  gateway: {},
  otherBad: { color: 1 },
  noAnswer: { color: 4 },
  marker: { color: 5 },
  objective: { color: 1 },
};

/** As on white; a blue that can be read on black, too. */
const either16: Palette = {
  ...light16,
  focus: { color: 12, bold: true },
  cursor: { color: 12, bold: true },
  goodSeries: { color: 12 },
  p50: { color: 12 },
  noAnswer: { color: 12 },
};

const palettes: Readonly<Record<Depth, Readonly<Record<Background, Palette>>>> = {
  16: { dark: dark16, light: light16, unknown: either16 },
  256: { dark: dark256, light: light256, unknown: either256 },
};

export const paletteOf = (depth: Depth, background: Background): Palette => palettes[depth][background];

/**
 * Backgrounds of a heat map, few first: from dark blue over grey to yellow, whose luminance grows from step to step for
 * every kind of eye; on a light background the other way round, so that few is near the background on both.
 */
const heatUp = [18, 60, 102, 144, 186, 229] as const;
const heatDown = [187, 144, 102, 60, 18, 17] as const;

export const heatSteps = heatUp.length;

export const heatRamp = (background: Background): readonly number[] => (background === 'light' ? heatDown : heatUp);

/** Black or white of the fixed colours: what can be read on a step of the heat map. */
export const inkOn = (background: Background, level: number): number => {
  const bright = background === 'light' ? level <= 3 : level >= 3;
  return bright ? 16 : 231;
};
