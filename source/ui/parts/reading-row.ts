// One value of a probe as a row: label with its unit, the number, its course. Used by every panel that shows a probe.

import { measuredText } from '../../common/quantity.ts';
import type { ProbeState } from '../../session/state.ts';
import { rowGauge } from '../charts/bars.ts';
import { sparkline } from '../charts/sparkline.ts';
import { cut, displayWidth, lineWidth, spreadLine } from '../format.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { sparkWindow } from './cell-window.ts';
import { type Fact, factRole, type Gap, levelSign, type Reading, readingRole } from './probe-values.ts';
import { dim, run } from './runs.ts';
import { growth } from './window.ts';

/** `● degraded` for the state itself, `kafka ok` for a check, `version 1.4.0` for any other fact. */
export const factPiece = (fact: Fact, dimmed = false): Line => {
  const role = dimmed ? 'dim' : factRole(fact);
  const text = `${levelSign(fact.level)}${fact.text}`;
  if (fact.metric === 'status') return [run(`● ${text}`, role)];
  return [dim(`${fact.label} `), run(text, role)];
};

const labelUnits: Partial<Record<Reading['unit'], string>> = { ms: 'ms', '/s': '/s' };

/** The number with its limit, where it has one: `312 of 512 MiB`. */
export const readingText = (reading: Reading): string => measuredText(reading);

/** How a value ran, for a sparkline of so many cells. */
export type Course = (cells: number) => Float64Array;

/** The course of a probe's reading over the window. */
export const courseOf =
  (state: Seen, probe: Pick<ProbeState, 'id'>, reading: Pick<Reading, 'metric' | 'kind'>): Course =>
  (cells) => {
    const series = state.history.reading(probe.id, reading.metric);
    return sparkWindow(state, cells, (from, to) => {
      if (series === undefined) return new Float64Array(to - from).fill(Number.NaN);
      return reading.kind === 'counter' ? growth(series.read(from - 1, to)).subarray(1) : series.read(from, to);
    });
  };

interface RowPlace {
  /** Cells of the whole row. */
  readonly width: number;
  /** Cells of the sparkline; 0 for none. */
  readonly spark: number;
  readonly ascii: boolean;
  /** The number is not of now. */
  readonly dimmed?: boolean;
}

/** ` heap               312 of 512 MiB ▆▄▄▅▇█`. @param note behind the label: how several numbers became one */
export const readingRow = (reading: Reading, course: Course, place: RowPlace, note = ''): Line => {
  const { width, spark, ascii, dimmed = false } = place;
  const unit = labelUnits[reading.unit];
  const number = run(`${levelSign(reading.level)}${readingText(reading)}`, dimmed ? 'dim' : readingRole(reading));
  const room = width - (spark > 0 ? spark + 1 : 0);
  const about: Line = [
    ...(unit === undefined ? [] : [dim(`  ${unit}`)]),
    ...(note === '' ? [] : [dim(`${unit === undefined ? '  ' : ' '}${note}`)]),
  ];
  // Of a label that is too long its end goes, not its unit.
  const name = cut(reading.label, Math.max(6, room - displayWidth(number.text) - 1 - lineWidth(about)), ascii);
  const named: Line = [run(name, dimmed ? 'dim' : 'text'), ...about];
  const left = spreadLine(withGauge(named, reading, number.text, room, ascii, dimmed), [number], room, ascii);
  if (spark <= 0) return left;
  // It only ever rises: drawn, it would look like an alarm beside those that are one.
  if (/(^|[._])uptime/.test(reading.metric)) return [...left, run(' '.repeat(spark + 1))];
  return [...left, run(' '), dim(sparkline({ values: course(spark), width: spark, limit: reading.limit, ascii }))];
};

/** Behind what a row begins with, how much of the limit is used, where there is room for it. */
const withGauge = (
  named: Line,
  { value, limit, level }: Reading,
  number: string,
  width: number,
  ascii: boolean,
  dimmed: boolean,
): Line => {
  const left = lineWidth(named);
  const role = dimmed ? 'dim' : level === undefined ? undefined : gaugeRoles[level];
  const found = rowGauge(value, limit, { width, left, right: displayWidth(number), ascii, role });
  return found === undefined ? named : [...named, run(' '.repeat(found.at - left)), ...found.line];
};

const gaugeRoles = { ok: 'good', warn: 'warn', bad: 'alarm' } as const;

/** As `readingRow`, where a row stands alone: its label is worth more than its course. */
export const readingAlone = (reading: Reading, course: Course, place: RowPlace, note = ''): Line => {
  const unit = labelUnits[reading.unit];
  const words = [reading.label, unit ?? '', note].filter((word) => word !== '');
  const needed = displayWidth(`${words.join('  ')} ${levelSign(reading.level)}${readingText(reading)}`);
  const room = place.width - needed - 1;
  return readingRow(reading, course, { ...place, spark: room < leastSpark ? 0 : Math.min(place.spark, room) }, note);
};

/** A course in fewer cells says nothing. */
const leastSpark = 3;

/** ` cpu                   n/a  needs a second reading`: the reason takes the places of number and course. */
export const gapRow = (gap: Gap, { width, spark, ascii }: RowPlace): Line => {
  const room = width - displayWidth(gap.label) - 8;
  const reason = spark > 0 && room >= 10 ? [dim(`  ${cut(gap.reason, room, ascii)}`)] : [];
  return spreadLine([run(gap.label)], [run('n/a'), ...reason], width, ascii);
};
