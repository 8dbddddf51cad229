// A probe's table as lines: columns aligned, units in the heads, bars for shares, levels with colour and sign. Pure. Rows
// are made when they are looked at: a table may have thousands, of which a screen shows some.

import { quantity } from '../../common/quantity.ts';
import { bar } from '../charts/bars.ts';
import { displayWidth, fitText, numberCell } from '../format.ts';
import type { Line, Run } from '../theme.ts';
import { type Level, levelRole, levelSign, type ProbeTable } from './probe-values.ts';
import { dim, run } from './runs.ts';

type Column = ProbeTable['columns'][number];
type Cell = ProbeTable['rows'][number][number];

/** A line that is made when it is shown. */
export type LazyLine = () => Line;

/** Rows whose cells say how wide a column is: looking at all of thousands, each second, would cost more than it is worth. */
const measuredRows = 200;
const gapCells = 2;
/** A column of text is not made narrower than this while there is another way. */
const leastTextCells = 10;
const leastBarCells = 8;
const mostBarCells = 30;

/** What a row is found by. */
export const rowText = (row: ProbeTable['rows'][number]): string => {
  const [first] = row;
  return String((typeof first === 'object' ? first.value : first) ?? '');
};

interface Value {
  readonly text: string;
  readonly number: number | undefined;
  readonly level: Level | undefined;
}

const readCell = (cell: Cell, column: Column | undefined): Value => {
  const { value, level, limit } =
    typeof cell === 'object'
      ? { level: undefined, limit: undefined, ...cell }
      : { value: cell, level: undefined, limit: undefined };
  if (value === undefined) return { text: unknown, number: undefined, level };
  if (typeof value === 'string') return { text: `${levelSign(level)}${value}`, number: undefined, level };
  const unit = column?.unit ?? 'count';
  const of = limit === undefined ? '' : ` of ${quantity(limit, unit)}`;
  return { text: `${levelSign(level)}${quantity(value, unit)}${of}`, number: value, level };
};

/** What is not known of a number; of a text nothing is said. */
const unknown = 'n/a';

const headUnits: Partial<Record<NonNullable<Column['unit']>, string>> = { ms: 'ms', s: 's', '/s': '/s' };

const headOf = ({ label, unit }: Column): string => {
  const suffix = unit === undefined ? undefined : headUnits[unit];
  return suffix === undefined ? label : `${label} ${suffix}`;
};

interface Layout {
  readonly column: Column;
  /** Aligned right, as numbers are. */
  readonly numeric: boolean;
  readonly cells: number;
  readonly barCells: number;
}

/** Where each column stands; those at the right that do not fit are left out whole, never cut to another number. */
const layoutOf = ({ columns, rows }: ProbeTable, width: number): readonly Layout[] => {
  const sample = rows.slice(0, measuredRows);
  const all = columns.map((column, index): Layout => {
    const values = sample.map((row) => readCell(row[index], column));
    const numeric =
      column.unit !== undefined ||
      (values.length > 0 && values.every(({ text, number }) => number !== undefined || text === unknown));
    const cells = Math.max(displayWidth(headOf(column)), ...values.map(({ text }) => displayWidth(text)));
    return { column, numeric, cells, barCells: column.bar ? leastBarCells : 0 };
  });
  return withBars(fitting(narrowed(all, width), width), width);
};

const total = (layout: readonly Layout[]): number =>
  layout.reduce((sum, { cells, barCells }) => sum + cells + (barCells > 0 ? barCells + 1 : 0) + gapCells, -gapCells);

/** The widest texts give way first. */
const narrowed = (all: readonly Layout[], width: number): readonly Layout[] => {
  const layout = [...all];
  for (let over = total(layout) - width; over > 0; over = total(layout) - width) {
    let widest = -1;
    for (const [index, { numeric, cells }] of layout.entries()) {
      if (!numeric && cells > leastTextCells && !(cells <= (layout[widest]?.cells ?? 0))) widest = index;
    }
    if (widest < 0) break;
    const { cells, ...rest } = layout[widest]!;
    layout[widest] = { ...rest, cells: Math.max(leastTextCells, cells - Math.max(1, Math.ceil(over / 2))) };
  }
  return layout;
};

const fitting = (layout: readonly Layout[], width: number): readonly Layout[] => {
  let kept = layout;
  while (kept.length > 1 && total(kept) > width) kept = kept.slice(0, -1);
  return kept;
};

/** What is left over is for the bars. */
const withBars = (layout: readonly Layout[], width: number): readonly Layout[] => {
  const bars = layout.filter(({ barCells }) => barCells > 0).length;
  if (bars === 0) return layout;
  const more = Math.max(0, Math.floor((width - total(layout)) / bars));
  return layout.map((each) =>
    each.barCells === 0 ? each : { ...each, barCells: Math.min(mostBarCells, each.barCells + more) },
  );
};

const headLine = (layout: readonly Layout[], ascii: boolean): Line => [
  dim(
    layout
      .map(({ column, numeric, cells, barCells }) => {
        const width = cells + (barCells > 0 ? barCells + 1 : 0);
        return fitText(headOf(column), width, { ascii, align: numeric && barCells === 0 ? 'right' : 'left' });
      })
      .join(' '.repeat(gapCells)),
  ),
];

const rowLine = (row: ProbeTable['rows'][number], layout: readonly Layout[], ascii: boolean): Line =>
  layout.flatMap(({ column, numeric, cells, barCells }, index): Run[] => {
    const { text, number, level } = readCell(row[index], column);
    const role = text === unknown ? 'dim' : levelRole(level);
    const wide = displayWidth(text) > cells;
    // A number that is wider than those the column was measured by is said in fewer digits, never cut to another one.
    const said = !numeric && text === unknown ? '' : text;
    const short = wide && number !== undefined ? numberCell(number, column.unit ?? 'count', cells) : said;
    const shown = fitText(short, cells, { ascii, align: numeric ? 'right' : 'left' });
    return [
      ...(index === 0 ? [] : [run(' '.repeat(gapCells))]),
      ...(barCells === 0 ? [] : [run(bar(number ?? Number.NaN, barCells, { ascii }), barRole(level)), run(' ')]),
      run(shown, role),
    ];
  });

const barRole = (level: Level | undefined) => (level === 'bad' || level === 'warn' ? levelRole(level) : 'dim');

/** A table within `width` cells: its title, heads, the rows that `matches` leaves, and its note. Nothing where a filter leaves none. */
export const tableLines = (
  table: ProbeTable,
  width: number,
  ascii: boolean,
  matches: ((text: string) => boolean) | undefined,
): { readonly lines: readonly LazyLine[]; readonly shown: number } => {
  const rows = matches === undefined ? table.rows : table.rows.filter((row) => matches(rowText(row)));
  if (rows.length === 0 && matches !== undefined) return { lines: [], shown: 0 };
  const title: Line = [run(table.title, 'title')];
  const note: LazyLine[] = table.note === undefined ? [] : [() => [dim(table.note ?? '')]];
  if (rows.length === 0) return { lines: [() => title, ...note], shown: 0 };
  const layout = layoutOf({ ...table, rows }, width);
  return {
    lines: [
      () => title,
      () => headLine(layout, ascii),
      ...rows.map((row) => () => rowLine(row, layout, ascii)),
      ...note,
    ],
    shown: rows.length,
  };
};
