// In which order endpoints stand: by a column, and still. Rows that change places from second to second cannot be read, so
// one passes another only where it is clearly ahead. Pure.

import type { EndpointState } from '../session/state.ts';

export type SortColumn = 'not good' | 'p99' | 'p95' | 'p50' | 'rate' | 'out' | 'in' | 'total' | 'name';

export interface EndpointSort {
  readonly column: SortColumn;
  /** The largest first; for names the last. */
  readonly down: boolean;
}

/** What goes wrong comes first: whoever is on call looks for that. */
export const firstSort: EndpointSort = { column: 'not good', down: true };

const order: readonly SortColumn[] = ['not good', 'p99', 'p95', 'p50', 'rate', 'out', 'in', 'total', 'name'];

/** By the next column, its natural end first. */
export const sortMoved = ({ column }: EndpointSort): EndpointSort => {
  const next = order[(order.indexOf(column) + 1) % order.length]!;
  return { column: next, down: next !== 'name' };
};

export const sortTurned = ({ column, down }: EndpointSort): EndpointSort => ({ column, down: !down });

/** `not good, highest first`. */
export const sortText = ({ column, down }: EndpointSort): string => {
  if (column === 'name') return `name, ${down ? 'Z to A' : 'A to Z'}`;
  return `${column}, ${down ? 'highest' : 'lowest'} first`;
};

const numberOf: Readonly<Record<Exclude<SortColumn, 'name'>, (endpoint: EndpointState) => number>> = {
  // How many, not which share: one failure of an idle endpoint is all of its requests.
  'not good': ({ notGoodShare, perSecond }) => notGoodShare * perSecond,
  p99: ({ good }) => good.p99,
  p95: ({ good }) => good.p95,
  p50: ({ good }) => good.p50,
  rate: ({ perSecond }) => perSecond,
  out: ({ bytesOut }) => bytesOut,
  in: ({ bytesIn }) => bytesIn,
  total: ({ total }) => total,
};

/** What is not known comes last, whichever way round. */
const compareNumbers = (a: number, b: number, down: boolean): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return down ? b - a : a - b;
};

const compare = (a: EndpointState, b: EndpointState, { column, down }: EndpointSort): number => {
  if (column === 'name') return (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) * (down ? -1 : 1);
  const by = compareNumbers(numberOf[column](a), numberOf[column](b), down);
  // Of those with as many errors, mostly none, the busiest matters most.
  return by !== 0 || column !== 'not good' ? by : compareNumbers(a.perSecond, b.perSecond, true);
};

/** Requests a second by which more that are not good are more than one or two by chance in the window. */
const clearlyMore = 0.2;

/** A difference that is more than chance: a tenth. */
const isClear = (a: EndpointState, b: EndpointState, sort: EndpointSort): boolean => {
  if (sort.column === 'name') return true;
  const read = numberOf[sort.column];
  const [x, y] = [read(a), read(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) !== Number.isNaN(y);
  const least = sort.column === 'not good' ? clearlyMore : 0;
  return Math.abs(x - y) > Math.max(least, 0.1 * Math.max(Math.abs(x), Math.abs(y)));
};

/** Endpoints by their index, in order. */
export interface Order {
  readonly sort: EndpointSort;
  /** Run time when they were last looked at, ms. */
  readonly at: number;
  readonly indices: readonly number[];
}

/** Rows keep their places at least so long, ms. */
export const stillMs = 5000;

/**
 * When the endpoints are looked at, ms. Of a view that is frozen not even the places move, whichever second is looked at:
 * it is there to be compared.
 */
export const instantOf = (now: number, isFrozen: boolean, previous: Order | undefined): number =>
  isFrozen ? (previous?.at ?? now) : now;

/**
 * The order now. It stays as it was for some seconds, and what then passes another is clearly ahead; another column, or
 * another number of endpoints, sorts at once.
 */
export const orderOf = (
  endpoints: readonly EndpointState[],
  sort: EndpointSort,
  now: number,
  previous: Order | undefined,
): Order => {
  const same = previous?.sort.column === sort.column && previous.sort.down === sort.down;
  if (previous === undefined || !same || previous.indices.length !== endpoints.length) {
    const indices = [...endpoints.keys()].toSorted((a, b) => compare(endpoints[a]!, endpoints[b]!, sort) || a - b);
    return { sort, at: now, indices };
  }
  if (Math.abs(now - previous.at) < stillMs) return previous;
  return { sort, at: now, indices: passed(previous.indices, endpoints, sort) };
};

/**
 * Sorted anew; among those of which none is clearly ahead of another the one that stood higher comes first. Not neighbour
 * by neighbour: in a chain of small steps each is close to the next, and the last would stay ahead of the first for ever.
 */
const passed = (indices: readonly number[], endpoints: readonly EndpointState[], sort: EndpointSort): number[] => {
  const places = new Map(indices.map((index, place) => [index, place]));
  const sorted = indices.toSorted((a, b) => compare(endpoints[a]!, endpoints[b]!, sort));
  const row: number[] = [];
  const done = new Set<number>();
  /** Places before of those that nothing left is clearly ahead of; the highest place last. */
  const ready: number[] = [];
  let next = 0;
  for (let first = 0; row.length < indices.length; ) {
    const ahead = sorted[first]!;
    if (done.has(ahead)) {
      first += 1;
      continue;
    }
    for (; next < sorted.length; next += 1) {
      if (next > first && isClear(endpoints[ahead]!, endpoints[sorted[next]!]!, sort)) break;
      insert(ready, places.get(sorted[next]!)!);
    }
    const taken = indices[ready.pop()!]!;
    done.add(taken);
    row.push(taken);
  }
  return row;
};

/** Into a row that falls. */
const insert = (falling: number[], value: number): void => {
  let [from, to] = [0, falling.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (falling[middle]! > value) from = middle + 1;
    else to = middle;
  }
  falling.splice(from, 0, value);
};
