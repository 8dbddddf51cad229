// How requests ended, over time: bars of good ones and of four kinds of others on top of each other, with the legend.
// Pure. The numbers of now are the table above it, errors.tsx.

import { formatShort } from '../../common/units.ts';
import type { OutcomeState } from '../../session/state.ts';
import { rateScale, type Scale } from '../charts/scale.ts';
import { drawStack, type Layer } from '../charts/stack.ts';
import { chartSize, drawInAxes } from '../charts/time-chart.ts';
import { timeAxisRows } from '../layout-room.ts';
import { cellSpans, meanIn, type Span } from '../parts/cell-window.ts';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import { isPastCourses, overWindow } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role } from '../theme.ts';

type OutcomeClass = OutcomeState['name'];
type Kind = 'good' | 'tooMany' | 'gateway' | 'otherBad' | 'noAnswer';

/** From the lowest layer on. Letters in ASCII say which they are. */
const kinds: readonly { readonly kind: Kind; readonly name: string; readonly role: Role; readonly glyphs: string }[] = [
  { kind: 'good', name: 'good', role: 'goodSeries', glyphs: '░.' },
  { kind: 'tooMany', name: '429', role: 'tooMany', glyphs: '▒4' },
  { kind: 'gateway', name: '503, 504, 52x', role: 'gateway', glyphs: '▓5' },
  { kind: 'otherBad', name: 'other not good', role: 'otherBad', glyphs: '█o' },
  { kind: 'noAnswer', name: 'no response', role: 'noAnswer', glyphs: '×x' },
];

const kindOf: Readonly<Record<OutcomeClass, Kind>> = {
  '2xx': 'good',
  '3xx': 'good',
  '4xx': 'otherBad',
  '429': 'tooMany',
  '503': 'gateway',
  '504': 'gateway',
  '520': 'gateway',
  '521': 'gateway',
  '522': 'gateway',
  '523': 'gateway',
  '524': 'gateway',
  '5xx': 'otherBad',
  'expectation failed': 'otherBad',
  DNS: 'noAnswer',
  refused: 'noAnswer',
  unreachable: 'noAnswer',
  'connect timeout': 'noAnswer',
  TLS: 'noAnswer',
  reset: 'noAnswer',
  timeout: 'noAnswer',
  'cut short': 'noAnswer',
  protocol: 'noAnswer',
  ours: 'noAnswer',
  other: 'noAnswer',
};

/** Fewer rows show nothing: the legend, and a chart of four. */
export const leastStackRows = 5;

/** Rows of those that are spare in which causes may be told apart: bars over time say more, once they are high enough. */
export const causeRows = (spare: number): number => (spare >= 9 ? spare - 8 : spare);

interface StackPlace {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  /** The scale of the frame before. */
  readonly previous: Scale | undefined;
}

/** The legend and the chart as exactly `height` lines, and the scale for the next frame. */
export const outcomeStack = (state: Seen, place: StackPlace): { readonly lines: Line[]; readonly scale: Scale } => {
  const { ascii, previous } = place;
  const height = place.height - 1;
  const over = overWindow(state, height >= timeAxisRows);
  const size = { width: place.width, height, ascii, format: formatShort, ...over };
  const [width, rows] = chartSize(size);
  const layers = layersOf(state, cellSpans(state, width), ascii);
  const scale = rateScale(highest(layers, width), { previous, intervals: Math.max(1, Math.floor(rows / 3)) });
  const chart = drawInAxes({ ...size, scale }, () => drawStack({ ...over, width, height: rows, scale, layers, ascii }));
  return { lines: [legend(layers, isPastCourses(state), place.width), ...chart], scale };
};

interface NamedLayer extends Layer {
  readonly name: string;
}

/** The mean of each second in a cell; where nothing of any class is known, a gap. */
const layersOf = ({ history, outcomes }: Seen, spans: readonly Span[], ascii: boolean): NamedLayer[] =>
  kinds.map(({ kind, name, role, glyphs }) => {
    const values = new Float64Array(spans.length).fill(Number.NaN);
    for (const { name: outcome } of outcomes) {
      const series = kindOf[outcome] === kind ? history.outcome(outcome) : undefined;
      if (series === undefined) continue;
      for (const [cell, value] of meanIn(series, spans).entries()) {
        if (!Number.isNaN(value)) values[cell] = (Number.isNaN(values[cell]!) ? 0 : values[cell]!) + value;
      }
    }
    return { values, role, name, glyph: glyphs[ascii ? 1 : 0]! };
  });

const highest = (layers: readonly Layer[], width: number): number => {
  let most = Number.NaN;
  for (let cell = 0; cell < width; cell += 1) {
    const sum = layers.reduce((total, { values }) => total + (values[cell]! > 0 ? values[cell]! : 0), 0);
    if (!(sum <= most)) most = sum;
  }
  return most;
};

/** ` ended so, /s   ░ good  ▒ 429`: all of them, or those that are in sight. */
const legend = (layers: readonly NamedLayer[], isPast: boolean, width: number): Line => {
  if (isPast) return firstThatFits([[dim(' over time /s: kept for an hour')], [dim(' kept for an hour')]], width);
  const title: Line = [dim(' over time /s ')];
  const piece = ({ name, role, glyph }: NamedLayer): Line => [run(`${glyph} `, role), dim(name)];
  const seen = layers.filter(({ values }) => values.some((value) => value > 0));
  return firstThatFits([joined([title, ...layers.map(piece)]), joined([title, ...seen.map(piece)]), title], width);
};
