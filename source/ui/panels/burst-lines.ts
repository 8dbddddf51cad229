// The rounds of bursts as rows, the newest on top: how many at once, how they came out, and how long they took. Pure.

import { failuresText } from '../../common/failures-text.ts';
import { formatCount, formatMs } from '../../common/units.ts';
import type { BurstRound, RoundBeside } from '../../measure/burst.ts';
import type { RunState } from '../../session/state.ts';
import { cut, lineWidth } from '../format.ts';
import { dim, run } from '../parts/runs.ts';
import type { LazyLine } from '../parts/table-lines.ts';
import type { Line } from '../theme.ts';

interface Place {
  readonly width: number;
  readonly ascii: boolean;
}

/** @param beside there are other loads, and columns for them */
interface RowPlace extends Place {
  readonly beside: boolean;
}

interface Column {
  readonly head: string;
  readonly cells: number;
  readonly text: (round: BurstRound) => string;
  /** The width of the panel from which on it is there. */
  readonly from: number;
  /** Only where there are loads beside. */
  readonly beside?: true;
}

/** p95 of the loads beside. */
const othersText = (beside: RoundBeside | undefined): string => formatMs(beside?.others?.p95 ?? Number.NaN);

const ratioText = (ratio: number | undefined): string => (ratio === undefined ? '' : `×${ratio.toFixed(1)}`);

const columns: readonly Column[] = [
  { head: 'burst', cells: 6, text: ({ round }) => String(round + 1), from: 0 },
  { head: 'at once', cells: 9, text: ({ size }) => formatCount(size), from: 0 },
  { head: 'good', cells: 9, text: ({ good }) => formatCount(good), from: 40 },
  { head: 'errors', cells: 8, text: ({ notGood }) => formatCount(notGood), from: 0 },
  { head: 'p50', cells: 8, text: ({ response }) => formatMs(response.p50), from: 56 },
  { head: 'p95', cells: 8, text: ({ response }) => formatMs(response.p95), from: 0 },
  { head: 'max', cells: 8, text: ({ response }) => formatMs(response.max), from: 64 },
  { head: 'others', cells: 8, text: ({ beside }) => othersText(beside), from: 48, beside: true },
  { head: 'alone', cells: 7, text: ({ beside }) => ratioText(beside?.others?.p95Ratio), from: 56, beside: true },
  { head: 'stuck', cells: 7, text: ({ beside }) => formatCount(beside?.stuck ?? 0), from: 72, beside: true },
  { head: 'took', cells: 8, text: ({ totalMs }) => formatMs(totalMs), from: 48 },
  { head: 'sent in', cells: 9, text: ({ sendSpreadMs }) => formatMs(sendSpreadMs), from: 90 },
];

const shownAt = ({ width, beside }: RowPlace): readonly Column[] => {
  const known = columns.filter((column) => beside || !column.beside);
  const fits: Column[] = [];
  let cells = 0;
  // What the others suffer is what such a run is for: it goes before what only wide panels show of the bursts themselves.
  for (const column of known.toSorted((a, b) => a.from - b.from)) {
    if (width < column.from || cells + column.cells > width) continue;
    cells += column.cells;
    fits.push(column);
  }
  return known.filter((column) => fits.includes(column));
};

export const burstHeads = (place: RowPlace): Line => {
  const { width } = place;
  const heads = shownAt(place).reduce((text, { head, cells }) => text + head.padStart(cells), '');
  const why = '  errors of what kind';
  return [dim(heads), ...(heads.length + why.length <= width ? [dim(why)] : [])];
};

export const burstLine = (round: BurstRound, place: RowPlace): Line => {
  const { width, ascii } = place;
  const line: Line = shownAt(place).map(({ head, cells, text }) =>
    run(text(round).padStart(cells), head === 'errors' && round.notGood > 0 ? 'alarm' : 'text'),
  );
  const room = width - lineWidth(line) - 2;
  const why = failuresText(round.failures);
  return why === '' || room < 6 ? line : [...line, run(`  ${cut(why, room, ascii)}`, 'warn')];
};

/** Rows that the panel could fill; none outside the burst model. */
export const burstRows = ({ run: info, rounds }: RunState): number =>
  info?.model === 'burst' ? 2 + rounds.kept.length : 0;

/** Where rows of a run stand. */
export const besidePlace = ({ run: info }: Pick<RunState, 'run'>, place: Place): RowPlace => ({
  ...place,
  beside: (info?.beside ?? []).length > 0,
});

/** All rows for the panel that is zoomed. */
export const addBursts = (list: { row(text: string, line: LazyLine): void }, state: RunState, place: Place): void => {
  const rowPlace = besidePlace(state, place);
  for (const round of state.rounds.kept.toReversed()) {
    list.row(`${round.size} ${failuresText(round.failures)}`, () => burstLine(round, rowPlace));
  }
};

export const burstLines = (state: RunState, height: number, place: Place): readonly Line[] => {
  if (state.rounds.kept.length === 0) return [[dim(' no burst has ended yet')]];
  const newest = state.rounds.kept.slice(-Math.max(0, height - 1)).toReversed();
  const rowPlace = besidePlace(state, place);
  return [burstHeads(rowPlace), ...newest.map((round) => burstLine(round, rowPlace))];
};
