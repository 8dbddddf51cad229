// A row of the MongoDB panel before it has a rank: a name, and a number or the reason why there is none. Which rows there
// are, and from which fields, is server-status.ts and the files beside it.

import type { Level, MetricUnit, ProbeValue } from './probe.ts';
import type { Value } from './server-growth.ts';

export interface Row {
  readonly metric: string;
  readonly label: string;
  readonly unit: MetricUnit;
  readonly kind: 'gauge' | 'rate';
  readonly value: Value;
  readonly limit?: number | undefined;
  readonly level?: Level | undefined;
}

/** Facts come after all numbers but an empty panel still shows them; gaps last: what is missing must not hide what is there. */
export const factRank = 150;
const gapRank = 200;

/** A row at its place: a reading, or a gap. */
export const shown = ({ value, limit, level, ...row }: Row, rank: number): ProbeValue => {
  const { metric, label } = row;
  if (typeof value === 'string') return { type: 'gap', metric, label, rank: gapRank + rank, reason: value };
  const reading = { type: 'value', ...row, value, rank } as const;
  return { ...reading, ...(limit !== undefined && { limit }), ...(level !== undefined && { level }) };
};

export const countRow = (metric: string, label: string, value: Value, level?: Level): Row => {
  return { metric, label, unit: 'count', kind: 'gauge', value, level };
};

export const rateRow = (metric: string, label: string, value: Value, level?: Level): Row => {
  return { metric, label, unit: '/s', kind: 'rate', value, level };
};

export const timeRow = (metric: string, label: string, value: Value, level?: Level): Row => {
  return { metric, label, unit: 'ms', kind: 'gauge', value, level };
};

export const ratioRow = (metric: string, label: string, value: Value, level?: Level): Row => {
  return { metric, label, unit: 'ratio', kind: 'gauge', value, level };
};

export const bytesRow = (metric: string, label: string, value: Value): Row => {
  return { metric, label, unit: 'bytes', kind: 'gauge', value };
};

/** Above which a number is worth a look, and above which it is wrong. A reason is neither. */
export const judged = (value: Value, warn: number, bad = Number.POSITIVE_INFINITY): Level | undefined => {
  if (typeof value === 'string') return undefined;
  if (value > bad) return 'bad';
  return value > warn ? 'warn' : 'ok';
};

/** A quotient of two growths, or the reason why there is none; `nothing` where what is divided by did not grow. */
export const quotient = (upper: Value, lower: Value, nothing: string): Value => {
  if (typeof upper === 'string') return upper;
  if (typeof lower === 'string') return lower;
  return lower > 0 ? upper / lower : nothing;
};

/** Several values as one: of reasons, the first. */
export const sum = (values: readonly Value[]): Value => {
  let total = 0;
  for (const value of values) {
    if (typeof value === 'string') return value;
    total += value;
  }
  return total;
};
