// The objectives of a run as lines: one for each, with more about each where there is room, or all in one. Pure.

import { formatClock, formatLength } from '../../common/units.ts';
import { objectiveMeaning, objectiveValue } from '../../measure/objective.ts';
import { countedMeaning } from '../../measure/objective-counted.ts';
import type { ObjectiveState, RunState } from '../../session/state.ts';
import { gauge } from '../charts/bars.ts';
import { sparkline } from '../charts/sparkline.ts';
import { columnValues, seriesValues } from '../column-values.ts';
import { cut, displayWidth, fitText, spreadLine } from '../format.ts';
import { sparkWindow } from '../parts/cell-window.ts';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import { stepMs } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role } from '../theme.ts';
import { bandLine } from './band-line.ts';

type Status = ObjectiveState['status'];

interface Wording {
  readonly sign: string;
  readonly word: string;
  readonly short: string;
  readonly role: Role;
}

/** Worst first: in this order they are kept where there is no room for all. */
const wordings: Readonly<Record<Status, Wording>> = {
  broken: { sign: '▲', word: 'BROKEN', short: 'BROKEN', role: 'alarm' },
  'at risk': { sign: '△', word: 'at risk', short: 'at risk', role: 'warn' },
  'not enough data': { sign: ' ', word: 'not enough data', short: 'no data', role: 'dim' },
  met: { sign: ' ', word: 'met', short: 'met', role: 'good' },
};
const statuses: readonly Status[] = ['broken', 'at risk', 'not enough data', 'met'];

const rank = ({ status }: ObjectiveState): number => statuses.indexOf(status);

/** What stands in the title, longest first: `2 broken, 1 at risk`. */
export const objectivesInShort = ({ objectives }: RunState): readonly Line[] => {
  if (objectives.length === 0) return [];
  const count = (status: Status): number => objectives.filter((one) => one.status === status).length;
  const pieces = statuses
    .filter((status) => status !== 'met' && count(status) > 0)
    .map((status): Line => [run(`${count(status)} ${wordings[status].word}`, wordings[status].role)]);
  return pieces.length === 0 ? [[run('all met', 'good')]] : [joined(pieces), pieces[0]!];
};

interface Place {
  readonly width: number;
  readonly ascii: boolean;
}

/** Rows of the panel, its title included; 0 where it has nothing to show. */
export const objectiveRows = ({ objectives, run: info }: Seen): number => {
  const rows = objectives.length + (info?.bands ? 1 : 0);
  return rows === 0 ? 0 : 1 + rows;
};

/** The lines of the panel for so many rows. */
export const objectiveLines = (state: Seen, rows: number, place: Place): Line[] => {
  const { objectives } = state;
  const band = bandLine(state, place);
  if (band && rows > objectives.length)
    return [...(objectives.length === 0 ? [] : lines(state, rows - 1, place)), band];
  if (objectives.length === 0) return [[dim(" none: --slo 'p99<300ms over 30s' holds a run to one")]];
  return lines(state, rows, place);
};

const lines = (state: Seen, rows: number, place: Place): Line[] => {
  const { objectives } = state;
  if (rows === 1 && objectives.length > 1) return [oneLine(objectives, place.width)];
  const columns = columnsFor(objectives, place.width);
  const detailed = rows >= 2 * objectives.length;
  const fits = objectives.length <= rows;
  const kept = fits ? objectives : worstOf(objectives, rows - 1);
  const shown = kept.flatMap((one) => {
    const line = row(one, columns, place.ascii);
    return detailed ? [line, details(one, state, place)] : [line];
  });
  return fits ? shown : [...shown, [dim(` and ${objectives.length - kept.length} more`)]];
};

/** So many, the worst of them, in the order in which they were given. */
const worstOf = (objectives: readonly ObjectiveState[], count: number): readonly ObjectiveState[] => {
  const kept = new Set(objectives.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, count)));
  return objectives.filter((one) => kept.has(one));
};

/** Cells of each column; 0 for one that is left out. */
interface Columns {
  readonly name: number;
  readonly status: number;
  readonly gauge: number;
}

const valueCells = 10;
/** The longest of each: `BROKEN since 1:04:05`, `not enough data`; `no data`. */
const statusCells = { long: 20, short: 7 } as const;
const gaugeCells = { least: 6, most: 30 } as const;

const columnsFor = (objectives: readonly ObjectiveState[], width: number): Columns => {
  // A blank and the sign with its blank at the left, a blank at the right; a blank before each column but the name's.
  const room = width - 4;
  const wanted = Math.max(...objectives.map(({ text }) => displayWidth(text)));
  const status = room - valueCells - 2 - statusCells.long >= wanted ? statusCells.long : statusCells.short;
  const left = room - valueCells - 1 - status - 1;
  const name = Math.max(0, Math.min(wanted, left));
  const spare = left - name - 2;
  return { name, status, gauge: spare >= gaugeCells.least ? Math.min(gaugeCells.most, spare) : 0 };
};

const row = (one: ObjectiveState, columns: Columns, ascii: boolean): Line => {
  const { text, metric, counted, status, value, brokenSince } = one;
  const { sign, word, short, role } = wordings[status];
  const since = brokenSince === undefined ? '' : ` since ${formatClock(brokenSince)}`;
  const said = columns.status === statusCells.short ? short : `${word}${since}`;
  return [
    run(` ${sign} `, role),
    run(fitText(text, columns.name, { ascii })),
    run(` ${fitText(said, columns.status, { ascii })}`, role),
    run(
      ` ${objectiveValue(metric, value, counted).padStart(valueCells)}`,
      status === 'not enough data' ? 'dim' : 'text',
    ),
    ...(columns.gauge > 0 ? [run('  '), ...closeness(one, columns.gauge, ascii)] : []),
  ];
};

/** How much of the bound is used up; full is the bound. */
const closeness = (one: ObjectiveState, width: number, ascii: boolean): Line => {
  const { status } = one;
  const used = usedOf(one);
  return gauge(used, 1, width, { ascii }).map((piece) =>
    piece.role === 'dim' ? piece : { ...piece, role: wordings[status].role },
  );
};

const usedOf = ({ metric, counted, comparison = '<', bound, value }: ObjectiveState): number => {
  const isLower = metric === 'rate' || comparison.startsWith('>');
  if (isLower && counted?.figure === 'share') return bound < 1 ? (1 - value) / (1 - bound) : Number(value < 1);
  if (isLower) return bound / value;
  return bound > 0 ? value / bound : Number(value > 0);
};

/** Cells beside the sparkline, for the longest text; a shorter sparkline says nothing. */
const detailCells = 70;
const leastSpark = 8;

/** `   response time p99, good, over 30 s   each second ▂▃▅█`, the sparkline held against the bound. */
const details = (one: ObjectiveState, state: Seen, { width, ascii }: Place): Line => {
  const { metric, counted, windowMs, brokenSince } = one;
  const over = windowMs === undefined ? '' : `, over ${formatLength(windowMs)}`;
  const long =
    brokenSince === undefined
      ? ''
      : `, broken for ${formatLength(stepMs * Math.floor((state.now - brokenSince) / stepMs))}`;
  const text = `   ${counted === undefined ? objectiveMeaning[metric] : countedMeaning(counted)}${over}${long}`;
  const spark = Math.min(60, width - detailCells);
  if (spark < leastSpark) return [dim(cut(text, width, ascii))];
  const course = sparkline({ values: courseOf(one, state, spark), width: spark, limit: one.bound || undefined, ascii });
  return spreadLine([dim(text)], [dim(`each second ${course} `)], width, ascii);
};

/** The figure of each second by itself, not over the window. */
const courseOf = ({ metric, counted }: ObjectiveState, state: Seen, cells: number): Float64Array =>
  sparkWindow(state, cells, (from, to) => {
    if (metric === 'counted') {
      // The course of a trend is its p95: of another figure there is none.
      const has = counted?.figure === 'p95' || !/^(?:p\d+|mean|max)$/.test(counted?.figure ?? '');
      const index = state.metrics.findIndex(({ name }) => name === counted?.name);
      return seriesValues(has ? state.history.metric(index) : undefined, from, to);
    }
    const column = (name: 'good' | 'notGood' | 'p50' | 'p95' | 'p99' | 'max'): Float64Array =>
      columnValues(state.history, name, from, to);
    if (metric === 'rate') return column('good');
    if (metric !== 'errors') return column(metric);
    const good = column('good');
    return column('notGood').map((notGood, step) => notGood / (notGood + (good[step] ?? Number.NaN)));
  });

/** All in one line, worst first; what does not fit is what is met. */
const oneLine = (objectives: readonly ObjectiveState[], width: number): Line => {
  const sorted = objectives.toSorted((a, b) => rank(a) - rank(b));
  const piece = ({ text, metric, counted, status, value }: ObjectiveState, withValue: boolean): Line => {
    const { short, role } = wordings[status];
    return [
      run(`${text} `),
      run(short, role),
      ...(withValue ? [run(` ${objectiveValue(metric, value, counted)}`)] : []),
    ];
  };
  const troubled = sorted.filter(({ status }) => status !== 'met');
  const choices = [sorted, troubled, troubled.slice(0, 2), troubled.slice(0, 1)].filter(({ length }) => length > 0);
  const wordingsOfAll = choices.flatMap((some) =>
    [true, false].map((withValue) =>
      joined(
        some.map((one) => piece(one, withValue)),
        '   ',
      ),
    ),
  );
  return [run(' '), ...firstThatFits(wordingsOfAll, width - 1)];
};
