import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstLook } from '../../source/ui/look.ts';
import { newestSecond, Past } from '../../source/ui/past.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { fixtureHistory, fixtureState, healthyColumns, reading } from '../helpers/run-state.ts';

const base = fixtureState();

/** A history whose newest second can be set; the same object throughout, as a run's. */
const running = () => {
  let newest = -1;
  const history = { ...fixtureHistory({}) };
  history.column = () =>
    ({ newest, capacity: 3600, read: () => Float64Array.of(Number.NaN) }) as unknown as ReturnType<
      RunState['history']['column']
    >;
  return {
    at: (second: number, patch: Partial<RunState> = {}): RunState => {
      newest = second;
      return { ...base, now: second * 1000 + 1200, history, ...patch };
    },
  };
};

const filled = (until: number, from = 0): Past => {
  const past = new Past();
  const { at } = running();
  for (let second = from; second <= until; second += 1) past.take(at(second));
  return past;
};

describe('the states of earlier seconds', () => {
  it('are the first after each second has closed', () => {
    const past = new Past();
    const { at } = running();
    past.take(at(-1));
    expect(past.size).toBe(0);
    const first = at(4, { markers: [{ at: 1000, kind: 'mark', name: 'a' }] });
    past.take(first);
    past.take(at(4));
    past.take(at(5));
    expect(past.at(4)).toEqual({ second: 4, state: { ...first, markers: [] } });
    expect([past.at(5)?.second, past.at(3)]).toEqual([5, undefined]);
  });

  it('are each kept for ten minutes, and one of ten seconds before', () => {
    const past = filled(1999);
    expect(past.at(1999)?.second).toBe(1999);
    expect(past.at(1400)?.second).toBe(1400);
    expect(past.at(1398)?.second).toBe(1390);
    expect(past.at(0)?.second).toBe(0);
    expect(past.at(9)?.second).toBe(0);
    expect(past.size).toBe(600 + 140);
  });

  it('are bounded after hours, and the oldest go', () => {
    const past = filled(30_000);
    expect(past.size).toBe(600 + 2160);
    expect(past.at(100)).toBeUndefined();
    expect(past.at(9000)?.second).toBe(9000);
  });

  it('are bounded in what they hold, too: many series leave less of the past', () => {
    const past = new Past();
    const { at } = running();
    for (let second = 0; second < 600; second += 1) {
      const values = Array.from({ length: 2000 }, (_, rank) =>
        reading(rank, { metric: 'm', label: 'm', unit: 'count', value: second }),
      );
      const [first] = base.probes;
      past.take(at(second, { probes: [{ ...first!, values }] }));
    }
    expect(past.size).toBeGreaterThan(200);
    expect(past.size).toBeLessThan(250);
    expect(past.at(599)?.second).toBe(599);
  });

  it('count what a probe has not said anew only once', () => {
    const past = new Past();
    const { at } = running();
    const values = Array.from({ length: 5000 }, (_, rank) =>
      reading(rank, { metric: 'm', label: 'm', unit: 'count', value: 1 }),
    );
    const [first] = base.probes;
    for (let second = 0; second < 500; second += 1) past.take(at(second, { probes: [{ ...first!, values }] }));
    expect(past.size).toBe(500);
  });

  it('keep no markers of their own, and count the list of the log', () => {
    const past = new Past();
    const { at } = running();
    const [line] = base.log;
    for (let second = 0; second < 600; second += 1) {
      const markers = [{ at: second, kind: 'mark', name: 'a' }] as const;
      past.take(at(second, { markers, log: new Array<(typeof base.log)[number]>(30_000).fill(line!) }));
    }
    expect(past.at(599)?.state.markers).toEqual([]);
    expect(past.size).toBeGreaterThan(200);
    expect(past.size).toBeLessThan(250);
  });

  it('are forgotten when another run begins', () => {
    const past = filled(50);
    const next = running();
    past.take(next.at(0));
    expect([past.size, past.at(40)?.second]).toEqual([1, undefined]);
    past.take(next.at(1));
    expect(past.size).toBe(2);
  });
});

describe('what is seen', () => {
  const { at } = running();
  const past = new Past();
  for (let second = 0; second < 20; second += 1) {
    past.take(at(second, { rates: { ...base.rates, good: second }, phase: 'running' }));
  }
  const live = at(25, { markers: [{ at: 21_000, kind: 'mark', name: 'a' }], phase: 'paused' });
  const frozenAt = (second: number) =>
    seenOf(live, { ...firstLook, frozen: { end: 26_000, cursor: second * 1000 } }, past);

  it('is the newest while nothing is frozen', () => {
    expect(seenOf(live, firstLook, past)).toMatchObject({ phase: 'paused', now: live.now, numbersOf: undefined });
  });

  it("is the cursor's second, with the charts and markers of all seconds, and what steers stays live", () => {
    const seen = frozenAt(7);
    expect(seen).toMatchObject({ rates: { good: 7 }, phase: 'running', numbersOf: 7000 });
    expect([seen.markers, seen.history, seen.live]).toEqual([live.markers, live.history, live]);
    expect(newestSecond(seen)).toBe(25);
  });

  it('has the rates of that second exactly, though its state was published a moment later', () => {
    const history = fixtureHistory({ good: (second) => 100 + second });
    const kept = { ...base, history, rates: { ...base.rates, good: 111.5, dropped: 3 } };
    const look = { ...firstLook, frozen: { end: 26_000, cursor: 7000 } };
    expect(seenOf(live, look, { at: (second) => ({ second, state: kept }) }).rates).toMatchObject({
      good: 107,
      dropped: 3,
      achieved: base.rates.achieved,
    });
  });

  it('has no numbers of a second that is not known, and says so', () => {
    const seen = seenOf(live, { ...firstLook, frozen: { end: 26_000, cursor: 3000 } });
    const history = fixtureHistory({ ...healthyColumns, trouble: () => 2 });
    const unknown = seenOf({ ...live, history }, { ...firstLook, frozen: { end: 26_000, cursor: 3000 } });
    expect(seen.numbersOf).toBeUndefined();
    expect(seen.rates.good).toBeNaN();
    expect(unknown.rates).toMatchObject({ good: expect.closeTo(7798, -3), started: Number.NaN });
    expect(unknown.latency.good).toMatchObject({ p50: expect.closeTo(18, -1) });
    expect(unknown.generator.level).toBe('bad');
    expect(seen.probes).toHaveLength(live.probes.length);
    expect(seen.probes[0]?.values[0]).toMatchObject({ type: 'gap', reason: 'not kept any more' });
    expect(seen.log.every(({ at: line }) => line < 4000)).toBe(true);
  });

  it('asks no probe for the tables of now', () => {
    const asked: string[] = [];
    const details = {
      tables: (id: string) => {
        asked.push(id);
        return [];
      },
    };
    const seen = seenOf({ ...live, details }, { ...firstLook, frozen: { end: 26_000, cursor: 3000 } }, past);
    expect([seen.details.tables('host'), asked]).toEqual([[], []]);
  });
});
