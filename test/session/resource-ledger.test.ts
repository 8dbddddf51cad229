// The account of what a run made: it adds up, whatever comes and goes, and however much of it there is room for.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../source/measure/resources.ts';
import { ResourceLedger } from '../../source/session/resource-ledger.ts';

const change = (made: readonly string[], removed: readonly string[] = [], gone = 0): ResourceChange => ({
  made,
  removed,
  madeCount: made.length + gone,
  goneCount: gone,
  unansweredCount: 0,
});

describe('the ledger', () => {
  it('says nothing of a run that makes nothing', () => {
    const ledger = new ResourceLedger();
    ledger.take(change([], ['DELETE /other']));
    expect([ledger.left, ledger.summary()]).toEqual([0, undefined]);
  });

  it('knows what was made, removed, cleaned up and left, and an example with its reason', () => {
    const ledger = new ResourceLedger();
    ledger.take(change(['DELETE /1', 'DELETE /2', 'DELETE /3'], [], 4));
    ledger.take(change([], ['DELETE /2', 'DELETE /unknown']));
    for (const resource of ledger.held) if (resource === 'DELETE /1') ledger.cleanedUp(resource);
    ledger.because('500 Internal Server Error');
    ledger.because('later reasons are not told');
    expect(ledger.summary()).toEqual({
      made: 7,
      removed: 5,
      cleanedUp: 1,
      left: 1,
      example: 'DELETE /3',
      reason: '500 Internal Server Error',
      unanswered: 0,
    });
  });

  it('counts what it has no room for, and says that it is left', () => {
    const ledger = new ResourceLedger(2);
    ledger.take(change(['DELETE /1', 'DELETE /2', 'DELETE /3', 'DELETE /4']));
    ledger.take(change([], ['DELETE /4']));
    for (const resource of ledger.held) ledger.cleanedUp(resource);
    expect(ledger.summary()).toMatchObject({ made: 4, removed: 1, cleanedUp: 2, left: 1, example: null });
    expect(ledger.summary()?.reason).toBe('there were too many to be held');
  });

  it('adds up', () => {
    const resource = fc.integer({ min: 0, max: 30 }).map((n) => `DELETE /${n}`);
    const room = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.uniqueArray(resource),
        fc.array(resource),
        fc.array(resource),
        room,
        (made, removed, cleaned, most) => {
          const ledger = new ResourceLedger(most);
          ledger.take(change(made));
          ledger.take(change([], [...new Set(removed)]));
          for (const one of cleaned) ledger.cleanedUp(one);
          const summary = ledger.summary();
          const { removed: gone = 0, cleanedUp = 0, left = 0 } = summary ?? {};
          expect(gone + cleanedUp + left).toBe(made.length);
        },
      ),
    );
  });
});
