// Horizontal bars in eighths of a cell: shares of a whole, and how much of a limit is used.

import type { Line, Role } from '../theme.ts';

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

export interface BarOptions {
  readonly ascii: boolean;
}

/**
 * A bar for a ratio of 0 to 1 in exactly `width` cells, padded with spaces. More than nothing is always visible, less
 * than everything is never full; a gap (NaN) is blank.
 */
export const bar = (ratio: number, width: number, { ascii }: BarOptions): string =>
  filled(ratio, width, ascii).padEnd(width);

const filled = (ratio: number, width: number, ascii: boolean): string => {
  if (!(ratio > 0) || width <= 0) return '';
  if (ratio >= 1) return (ascii ? '#' : '█').repeat(width);
  const parts = ascii ? 1 : 8;
  const count = Math.max(1, Math.min(width * parts - 1, Math.round(ratio * width * parts)));
  if (ascii) return '#'.repeat(Math.min(count, width));
  return '█'.repeat(Math.floor(count / 8)) + eighths[count % 8]!;
};

export interface GaugeOptions extends BarOptions {
  /** Shares of the limit from which on the bar warns and alarms; by default 0.8 and 0.95. */
  readonly warnAt?: number | undefined;
  readonly alarmAt?: number | undefined;
  /** The meaning of the bar, where it is not told by how full it is. */
  readonly role?: Role | undefined;
}

/** Meaning of a use of a limit: `good`, from 80 % `warn`, from 95 % `alarm`; `dim` where either is unknown. */
export const gaugeRole = (used: number, limit: number, warnAt = 0.8, alarmAt = 0.95): Role => {
  const ratio = used / limit;
  if (!Number.isFinite(ratio)) return 'dim';
  return ratio >= alarmAt ? 'alarm' : ratio >= warnAt ? 'warn' : 'good';
};

/** How much of a limit is used, in exactly `width` cells: the bar in the colour of its meaning, the rest as a dim track. */
export const gauge = (used: number, limit: number, width: number, options: GaugeOptions): Line => {
  const text = filled(limit > 0 ? used / limit : Number.NaN, width, options.ascii);
  const rest = (options.ascii ? '.' : '░').repeat(Math.max(0, width - text.length));
  return [
    { text, role: options.role ?? gaugeRole(used, limit, options.warnAt, options.alarmAt) },
    { text: rest, role: 'dim' as const },
  ].filter((run) => run.text !== '');
};

export interface GaugePlace extends GaugeOptions {
  /** Cells of the row that name, gauge and number share. */
  readonly width: number;
  /** Cells that the text left of the gauge and the number right of it need. */
  readonly left: number;
  readonly right: number;
}

/** Rows narrower than this have no gauge: the sparkline beside them shows the same. */
const leastRow = 36;
/** The largest that fits is taken: few sizes, or a gauge would change with each digit of the number beside it. */
const gaugeCells = [10, 6, 4] as const;

/**
 * A gauge for the middle of a row, where it crowds out neither name nor number, and the column where it begins: the same
 * in all rows of a width, so that gauges stand below each other. Undefined where there is no room.
 */
export const rowGauge = (
  used: number,
  limit: number | undefined,
  place: GaugePlace,
): { readonly at: number; readonly line: Line } | undefined => {
  if (limit === undefined || !(limit > 0) || place.width < leastRow) return undefined;
  const at = Math.round(place.width * 0.38);
  const room = place.left < at ? place.width - at - 1 - place.right : 0;
  const width = gaugeCells.find((cells) => cells <= room);
  return width === undefined ? undefined : { at, line: gauge(used, limit, width, place) };
};
