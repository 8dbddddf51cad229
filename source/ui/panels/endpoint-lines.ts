// The table of endpoints: which columns fit, and a row for each. Pure. In which order they stand is endpoint-sort.ts.

import { safeText } from '../../common/safe-text.ts';
import { formatCount, formatLength, formatMs, formatRateNumber, formatShare } from '../../common/units.ts';
import { type EndpointState, endpointWindowMs, type RunState } from '../../session/state.ts';
import { type EndpointSort, type SortColumn, sortText } from '../endpoint-sort.ts';
import { cutName, fitText, numberCell } from '../format.ts';
import { dim, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line, Role, Run } from '../theme.ts';

/** Rows that the panel could fill, its title included; 0 while nothing is known of any. */
export const endpointRows = ({ endpoints }: Pick<RunState, 'endpoints'>): number =>
  endpoints.length === 0 ? 0 : 1 + endpoints.length;

interface Column {
  readonly name: Exclude<SortColumn, 'name'> | 'items';
  readonly head: string;
  readonly cells: number;
  readonly text: (endpoint: EndpointState, cells: number) => string;
  readonly role?: (endpoint: EndpointState) => Role;
}

/** From this share on what is not good is an alarm. */
const alarmShare = 0.01;

const shareRole = ({ notGoodShare }: EndpointState): Role => {
  if (!(notGoodShare > 0)) return 'text';
  return notGoodShare >= alarmShare ? 'alarm' : 'warn';
};

/** A state is not told by colour alone. */
const shareText = (endpoint: EndpointState): string =>
  `${shareRole(endpoint) === 'alarm' ? '▲ ' : ''}${formatShare(endpoint.notGoodShare)}`;

const bitRate = (bytesPerSecond: number, cells: number): string => numberCell(bytesPerSecond * 8, 'bit/s', cells);

/** One decimal below a hundred, of whole numbers too: numbers below each other are compared. */
const rateText = (perSecond: number): string =>
  perSecond > 0 && perSecond < 99.95 ? perSecond.toFixed(1) : formatRateNumber(perSecond);

const columns: readonly Column[] = [
  { name: 'rate', head: 'per s', cells: 8, text: ({ perSecond }) => rateText(perSecond) },
  { name: 'p50', head: 'p50', cells: 7, text: ({ good }) => formatMs(good.p50) },
  { name: 'p95', head: 'p95', cells: 7, text: ({ good }) => formatMs(good.p95) },
  { name: 'p99', head: 'p99', cells: 7, text: ({ good }) => formatMs(good.p99) },
  { name: 'not good', head: 'not good', cells: 11, text: shareText, role: shareRole },
  { name: 'out', head: 'out', cells: 12, text: ({ bytesOut }, cells) => bitRate(bytesOut, cells) },
  { name: 'in', head: 'in', cells: 12, text: ({ bytesIn }, cells) => bitRate(bytesIn, cells) },
  { name: 'total', head: 'total', cells: 13, text: ({ total }) => formatCount(total) },
];

/** Stands behind the rate where requests hold something that is counted. */
const itemsColumn = (head: string): Column => ({
  name: 'items',
  head,
  cells: Math.max(10, head.length + 2),
  text: ({ items }) => (items ? formatRateNumber(items.perSecond) : ''),
});

/** The head of the column of what requests hold: `events/s`; undefined where they hold nothing. */
export const itemsHead = (endpoints: readonly EndpointState[]): string | undefined => {
  const words = new Set(endpoints.flatMap(({ items }) => items?.name ?? []));
  if (words.size === 0) return undefined;
  const [word = ''] = words;
  return words.size === 1 && word.length <= longestWord ? `${safeText(word)}/s` : 'items/s';
};

/** Characters of a word that may head a column. */
const longestWord = 12;

/** What is given up where the names would get too narrow, the first first. */
const firstToGo: readonly Column['name'][] = ['out', 'in', 'total', 'p50', 'p95'];
const leastNameCells = 18;
/** UTF-16 units: no terminal is wider. */
const longestName = 1000;
/** Cells right of the last number: the rule above ends with as many. */
const margin = 2;

const shownColumns = (width: number, items: string | undefined): readonly Column[] => {
  const [rate, ...rest] = columns;
  let shown: readonly Column[] = items === undefined || !rate ? columns : [rate, itemsColumn(items), ...rest];
  const nameCells = (): number => width - 1 - margin - shown.reduce((sum, { cells }) => sum + cells, 0);
  for (const name of firstToGo)
    if (nameCells() < leastNameCells) shown = shown.filter((column) => column.name !== name);
  return shown;
};

/** The heads of the columns, as they end at the right of the panel's rule; the one that is sorted by is marked. */
export const endpointHeads = (sort: EndpointSort, width: number, items?: string): Line => {
  const heads = shownColumns(width, items).map(({ name, head, cells }): Run => {
    const sorted = name === sort.column;
    const text = sorted ? `${head} ${sort.down ? '↓' : '↑'}` : head;
    return run(text.padStart(cells), sorted ? 'title' : 'dim');
  });
  return heads.map((one, index) => (index === 0 ? { ...one, text: one.text.trimStart() } : one));
};

const inMs = ['endpoints, times in ms', 'endpoints, ms'];

/** What the numbers are over, in the title where there is room for it; longest first. */
export const windowedTitles = ({ whole }: Pick<Seen, 'whole'>): readonly string[] => {
  const window = whole ? 'whole run' : `last ${formatLength(endpointWindowMs)}`;
  return [...inMs.map((title) => `${title}, ${window}`), ...inMs, 'endpoints'];
};

/** Wordings of the title, longest first; the order is said there where its column is not in sight. */
export const endpointTitles = (
  seen: Pick<Seen, 'whole'>,
  sort: EndpointSort,
  width: number,
  items?: string,
): readonly string[] => {
  const titles = windowedTitles(seen);
  return shownColumns(width, items).some(({ name }) => name === sort.column)
    ? titles
    : [`endpoints, ms, by ${sortText(sort)}`, `endpoints by ${sort.column}`, ...titles];
};

/** A row: the name, of which the end tells most, and the numbers. */
export const endpointLine = (endpoint: EndpointState, width: number, ascii: boolean, items?: string): Line => {
  const shown = shownColumns(width, items);
  const nameCells = width - 1 - margin - shown.reduce((sum, { cells }) => sum + cells, 0);
  const idle = endpoint.perSecond === 0;
  return [
    run(' '),
    run(
      fitText(cutName(safeText(endpoint.name, longestName), nameCells, ascii), nameCells, { ascii }),
      idle ? 'dim' : 'text',
    ),
    ...shown.map(({ text, cells, role }) => {
      const meaning = role?.(endpoint) ?? 'text';
      return run(text(endpoint, cells - 1).padStart(cells), idle && meaning === 'text' ? 'dim' : meaning);
    }),
  ];
};

/** What stands in place of rows. */
export const noEndpoints = ({ live }: Pick<Seen, 'live'>): Line => [
  dim(live.endpoints.length > 0 ? ' not kept any more' : ' nothing has been sent yet'),
];
