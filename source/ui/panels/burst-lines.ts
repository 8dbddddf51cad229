// The rounds of bursts as rows, the newest on top: how many at once, how they came out, and how long they took. Pure.

import { formatCount, formatMs } from '../../common/units.ts';
import type { BurstRound } from '../../measure/burst.ts';
import type { RunState } from '../../session/state.ts';
import { cut, lineWidth } from '../format.ts';
import { dim, run } from '../parts/runs.ts';
import type { LazyLine } from '../parts/table-lines.ts';
import type { Line } from '../theme.ts';

interface Place {
  readonly width: number;
  readonly ascii: boolean;
}

interface Column {
  readonly head: string;
  readonly cells: number;
  readonly text: (round: BurstRound) => string;
  /** The width of the panel from which on it is there. */
  readonly from: number;
}

const columns: readonly Column[] = [
  { head: 'burst', cells: 6, text: ({ round }) => String(round + 1), from: 0 },
  { head: 'at once', cells: 9, text: ({ size }) => formatCount(size), from: 0 },
  { head: 'good', cells: 9, text: ({ good }) => formatCount(good), from: 40 },
  { head: 'errors', cells: 8, text: ({ notGood }) => formatCount(notGood), from: 0 },
  { head: 'p50', cells: 8, text: ({ response }) => formatMs(response.p50), from: 56 },
  { head: 'p95', cells: 8, text: ({ response }) => formatMs(response.p95), from: 0 },
  { head: 'max', cells: 8, text: ({ response }) => formatMs(response.max), from: 64 },
  { head: 'took', cells: 8, text: ({ totalMs }) => formatMs(totalMs), from: 48 },
  { head: 'sent in', cells: 9, text: ({ sendSpreadMs }) => formatMs(sendSpreadMs), from: 90 },
];

/** `429 12, timeout 3`. */
const failuresText = (failures: BurstRound['failures']): string =>
  failures.map(({ outcome, count }) => `${outcome} ${formatCount(count)}`).join(', ');

const shownAt = (width: number): readonly Column[] => columns.filter(({ from }) => width >= from);

export const burstHeads = (width: number): Line => {
  const heads = shownAt(width).reduce((text, { head, cells }) => text + head.padStart(cells), '');
  const why = '  errors of what kind';
  return [dim(heads), ...(heads.length + why.length <= width ? [dim(why)] : [])];
};

export const burstLine = (round: BurstRound, { width, ascii }: Place): Line => {
  const line: Line = shownAt(width).map(({ head, cells, text }) =>
    run(text(round).padStart(cells), head === 'errors' && round.notGood > 0 ? 'alarm' : 'text'),
  );
  const room = width - lineWidth(line) - 2;
  const why = failuresText(round.failures);
  return why === '' || room < 6 ? line : [...line, run(`  ${cut(why, room, ascii)}`, 'warn')];
};

/** Rows that the panel could fill; none outside the burst model. */
export const burstRows = ({ run: info, rounds }: RunState): number =>
  info?.model === 'burst' ? 2 + rounds.kept.length : 0;

/** All rows for the panel that is zoomed. */
export const addBursts = (list: { row(text: string, line: LazyLine): void }, state: RunState, place: Place): void => {
  for (const round of state.rounds.kept.toReversed()) {
    list.row(`${round.size} ${failuresText(round.failures)}`, () => burstLine(round, place));
  }
};

export const burstLines = (state: RunState, height: number, place: Place): readonly Line[] => {
  if (state.rounds.kept.length === 0) return [[dim(' no burst has ended yet')]];
  const newest = state.rounds.kept.slice(-Math.max(0, height - 1)).toReversed();
  return [burstHeads(place.width), ...newest.map((round) => burstLine(round, place))];
};
