// Every arrival that came due is found again; one that is missing is noticed, and so is one that is counted twice.

import { describe, expect, it } from 'vitest';
import { Ledger } from '../../source/engine/ledger.ts';
import { imbalance, noFlows } from '../../source/measure/interval.ts';
import { intervalOf } from '../helpers/intervals.ts';

const nothing = { inFlight: 0, backlog: 0 };

describe('the books of a share', () => {
  it.each(['good', 'notGood', 'dropped', 'notSent', 'cutOff', 'lost'] as const)(
    'find an arrival that ended as %s',
    (end) => {
      expect(imbalance({ ...noFlows(), due: 1, [end]: 1 }, nothing)).toBe(0);
      expect(imbalance({ ...noFlows(), due: 2, [end]: 1 }, nothing)).toBe(1);
      expect(imbalance({ ...noFlows(), due: 1, [end]: 2 }, nothing)).toBe(-1);
    },
  );

  it('count those without a response once, as not good', () => {
    expect(imbalance({ ...noFlows(), due: 3, started: 3, notGood: 3, noResponse: 2 }, nothing)).toBe(0);
  });

  it('find arrivals that wait or are in flight', () => {
    expect(imbalance({ ...noFlows(), due: 5, good: 1 }, { inFlight: 3, backlog: 1 })).toBe(0);
  });

  it('add up flows over intervals but look at the newest stocks only', () => {
    const ledger = new Ledger();
    expect(ledger.enter(intervalOf(0, 0, { flows: { due: 10 }, stocks: { inFlight: 4, backlog: 6 } }))).toBe(0);
    expect(ledger.enter(intervalOf(0, 1, { flows: { good: 9 }, stocks: { inFlight: 1 } }))).toBe(0);
    expect(ledger.enter(intervalOf(0, 2, { flows: { due: 1 }, stocks: { inFlight: 1 } }))).toBe(1);
  });

  it('balance after a worker died with what it had, and with what came due since', () => {
    const ledger = new Ledger();
    ledger.enter(intervalOf(0, 0, { flows: { due: 10, good: 3 }, stocks: { inFlight: 5, backlog: 2 } }));
    const lost = ledger.lostWithWorker(14);
    expect(lost).toEqual({ ...noFlows(), due: 4, lost: 11 });
    expect(ledger.enter(intervalOf(0, 1, { flows: lost }))).toBe(0);
    expect(ledger.lostWithWorker(14)).toEqual(noFlows());
  });
});
