import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstSort,
  instantOf,
  orderOf,
  sortMoved,
  sortText,
  sortTurned,
  stillMs,
} from '../../source/ui/endpoint-sort.ts';
import { endpoint, endpoints } from '../helpers/endpoints.ts';

const down = (column: typeof firstSort.column) => ({ column, down: true });

describe('the order of endpoints', () => {
  it('has first where most goes wrong, and of those where nothing does the busiest', () => {
    expect(orderOf(endpoints(8), firstSort, 0, undefined).indices).toEqual([3, 1, 0, 2, 4, 5, 6, 7]);
  });

  it('has a busy endpoint with some failures above an idle one whose only request failed', () => {
    const rows = [
      endpoint(0, { perSecond: 0.1, notGoodShare: 1 }),
      endpoint(1, { perSecond: 300, notGoodShare: 0.05 }),
    ];
    expect(orderOf(rows, firstSort, 0, undefined).indices).toEqual([1, 0]);
    const never = [endpoint(0, { perSecond: 0, notGoodShare: Number.NaN }), endpoint(1, { notGoodShare: 0 })];
    expect(orderOf(never, firstSort, 0, undefined).indices).toEqual([1, 0]);
    // One failure more in the window is chance.
    const more = [endpoint(0, { perSecond: 1, notGoodShare: 0.1 }), endpoint(1, { perSecond: 1, notGoodShare: 0.2 })];
    const before = { sort: firstSort, at: 0, indices: [0, 1] };
    expect(orderOf(more, firstSort, stillMs, before).indices).toEqual([0, 1]);
    const many = [more[0]!, endpoint(1, { perSecond: 10, notGoodShare: 0.2 })];
    expect(orderOf(many, firstSort, stillMs, before).indices).toEqual([1, 0]);
  });

  it('has what is not known last, whichever way round', () => {
    const good = { count: 0, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, max: Number.NaN };
    const rows = [endpoint(0, { good }), endpoint(1), endpoint(2)];
    expect(orderOf(rows, down('p50'), 0, undefined).indices).toEqual([2, 1, 0]);
    expect(orderOf(rows, sortTurned(down('p50')), 0, undefined).indices).toEqual([1, 2, 0]);
  });

  it('goes by name from A to Z, and keeps the order in which they came where nothing tells them apart', () => {
    const rows = ['b', 'a', 'b'].map((name) => endpoint(0, { name }));
    expect(orderOf(rows, { column: 'name', down: false }, 0, undefined).indices).toEqual([1, 0, 2]);
  });

  it('stands still for some seconds, and changes then only where one is clearly ahead', () => {
    const at = (first: number, second: number) => [
      endpoint(0, { perSecond: first }),
      endpoint(1, { perSecond: second }),
    ];
    const before = orderOf(at(100, 95), down('rate'), 0, undefined);
    expect(orderOf(at(10, 900), down('rate'), stillMs - 1, before)).toBe(before);
    expect(orderOf(at(100, 104), down('rate'), stillMs, before).indices).toEqual([0, 1]);
    expect(orderOf(at(100, 140), down('rate'), stillMs, before).indices).toEqual([1, 0]);
    // A view that went back in time is looked at anew.
    expect(orderOf(at(100, 140), down('rate'), -stillMs, before).indices).toEqual([1, 0]);
  });

  it('has whoever is clearly ahead of another above it, though a chain of small steps lies between them', () => {
    const equal = Array.from({ length: 30 }, () => endpoint(0, { perSecond: 10 }));
    const chain = equal.map((_, index) => endpoint(0, { perSecond: 10 * 1.1 ** index }));
    const { indices } = orderOf(chain, down('rate'), stillMs, orderOf(equal, down('rate'), 0, undefined));
    for (const [place, index] of indices.entries()) {
      for (const below of indices.slice(place + 1)) expect(below - index).toBeLessThan(2);
    }
    // As near as they are, neighbours stay in the order in which they stood.
    expect(indices.slice(0, 2)).toEqual([28, 29]);
  });

  it('costs what sorting costs, however many there are and however far they are off', () => {
    let reads = 0;
    const rows = Array.from({ length: 1000 }, (_, index) =>
      Object.defineProperty(endpoint(0), 'perSecond', {
        get: () => {
          reads += 1;
          return 1.5 ** (index % 700);
        },
      }),
    );
    const even = rows.map(() => endpoint(0, { perSecond: 1 }));
    orderOf(rows, down('rate'), stillMs, orderOf(even, down('rate'), 0, undefined));
    expect(reads).toBeLessThan(60_000);
  });

  it('does not move at all while the view is frozen', () => {
    const at = (first: number, second: number) => [
      endpoint(0, { perSecond: first }),
      endpoint(1, { perSecond: second }),
    ];
    const before = orderOf(at(100, 95), down('rate'), 0, undefined);
    const order = (isFrozen: boolean) =>
      orderOf(at(100, 140), down('rate'), instantOf(2 * stillMs, isFrozen, before), before).indices;
    expect(order(true)).toEqual([0, 1]);
    expect(order(false)).toEqual([1, 0]);
    expect(instantOf(7, true, undefined)).toBe(7);
  });

  it('is made anew at once for another column and for another number of endpoints', () => {
    const before = orderOf(endpoints(5), down('rate'), 0, undefined);
    expect(orderOf(endpoints(5), down('p99'), 1, before).indices).toEqual([4, 3, 2, 1, 0]);
    expect(orderOf(endpoints(6), down('rate'), 1, before).indices).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('has every endpoint once, whatever they read', () => {
    const number = fc.oneof(fc.double({ min: 0, max: 1000, noNaN: true }), fc.constant(Number.NaN));
    const rows = fc.array(
      number.map((perSecond) => endpoint(0, { perSecond })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const before = orderOf(first, down('rate'), 0, undefined);
        const after = orderOf(second, down('rate'), 10_000, before);
        expect(after.indices.toSorted((a, b) => a - b)).toEqual([...second.keys()]);
      }),
    );
  });
});

it('every column is come by once, and says which end is first', () => {
  let sort = firstSort;
  const seen: string[] = [];
  do {
    seen.push(sortText(sort));
    sort = sortMoved(sort);
  } while (sort.column !== firstSort.column);
  expect(seen).toHaveLength(9);
  expect(seen[0]).toBe('not good, highest first');
  expect(seen.at(-1)).toBe('name, A to Z');
  expect(sortText(sortTurned(firstSort))).toBe('not good, lowest first');
});
