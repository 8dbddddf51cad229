import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorMoved, firstLook, frozenAt, type Look, windowChanged, windows } from '../../source/ui/look.ts';

describe('the window of time', () => {
  it('is one of six, a minute at first, and ends stay', () => {
    let look = firstLook;
    const seen: number[] = [];
    for (let press = 0; press < 6; press += 1) {
      look = windowChanged(look, 1);
      seen.push(look.windowMs / 1000);
    }
    expect(seen).toEqual([120, 300, 900, 3600, 3600, 3600]);
    for (let press = 0; press < 7; press += 1) look = windowChanged(look, -1);
    expect(look.windowMs).toBe(30_000);
  });
});

describe('the time cursor', () => {
  const at = (look: Look) => look.frozen;
  const frozen = frozenAt(firstLook, 252_000);

  it('begins at the newest second, with the window as it was', () => {
    expect(at(frozen)).toEqual({ end: 252_000, cursor: 251_000 });
    expect(cursorMoved(firstLook, -1000, 252_000)).toBe(firstLook);
  });

  it('goes through the window, which then follows', () => {
    expect(at(cursorMoved(frozen, -1000, 300_000))).toEqual({ end: 252_000, cursor: 250_000 });
    // The window begins at 192 s.
    expect(at(cursorMoved(frozen, -59_000, 300_000))).toEqual({ end: 252_000, cursor: 192_000 });
    const left = cursorMoved(frozen, -60_000, 300_000);
    expect(at(left)).toEqual({ end: 251_000, cursor: 191_000 });
    expect(at(cursorMoved(left, 59_000, 300_000))).toEqual({ end: 251_000, cursor: 250_000 });
    expect(at(cursorMoved(left, 60_000, 300_000))).toEqual({ end: 252_000, cursor: 251_000 });
  });

  it('ends with the run at both sides', () => {
    expect(at(cursorMoved(frozen, Number.NEGATIVE_INFINITY, 300_000))).toEqual({ end: 60_000, cursor: 0 });
    expect(at(cursorMoved(frozen, Number.POSITIVE_INFINITY, 300_000))).toEqual({ end: 300_000, cursor: 299_000 });
    expect(at(cursorMoved(frozen, 1000, 252_000))).toEqual(at(frozen));
  });

  it('stays in sight whatever is pressed, on whole seconds', () => {
    const step = fc.oneof(
      fc.constantFrom(1, -1).map((by) => (look: Look) => windowChanged(look, by as 1 | -1)),
      fc
        .oneof(
          fc.constantFrom(-60, -10, -1, 1, 10, 3600).map((s) => s * 1000),
          fc.constantFrom(-Infinity, Infinity),
        )
        .map((by) => (look: Look) => cursorMoved(look, by, 5_000_000)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.array(step, { maxLength: 40 }), (seconds, steps) => {
        let look = frozenAt(firstLook, seconds * 1000);
        for (const take of steps) look = take(look);
        const { end, cursor } = look.frozen!;
        expect([cursor % 1000, end % 1000, windows.includes(look.windowMs as 60_000)]).toEqual([0, 0, true]);
        expect(cursor).toBeGreaterThanOrEqual(Math.max(0, end - look.windowMs));
        expect(cursor).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(5_000_000);
      }),
    );
  });
});
