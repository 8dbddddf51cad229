// Verdicts of runs that are longer than what is kept one by one.

import { describe, expect, it } from 'vitest';
import type { GeneratorLevel } from '../../source/measure/generator.ts';
import { VerdictLedger } from '../../source/measure/verdict-ledger.ts';

const ledgerOf = (seconds: number, levelOf: (second: number) => GeneratorLevel): VerdictLedger => {
  const ledger = new VerdictLedger();
  for (let second = 0; second < seconds; second += 1) {
    const level = levelOf(second);
    ledger.judge(second, 1000, { level, reasons: level === 'good' ? [] : [`${level} at ${second}`] }, second % 5 === 0);
  }
  return ledger;
};

describe('the verdicts of a long run', () => {
  it('add up as those of a short one do, wherever a stretch lies', () => {
    // From within what is folded into what is kept one by one.
    const { bad, badRatio, warned, omitted } = ledgerOf(2000, (second) =>
      second >= 1300 && second < 1500 ? 'bad' : 'good',
    ).summary();
    expect(bad).toEqual([{ fromMs: 1_300_000, toMs: 1_500_000, reasons: ['bad at 1300'] }]);
    expect(badRatio).toBe(0.1);
    expect(warned).toBe(true);
    expect(omitted).toEqual({ bad: 0, warn: 0, ownLimit: 0 });
  });

  it('are the same when they are asked for twice', () => {
    const ledger = ledgerOf(1500, (second) => (second % 3 === 0 ? 'warn' : 'good'));
    expect(ledger.summary()).toEqual(ledger.summary());
  });

  it('are kept as so many stretches; of more, the shortest are only counted', () => {
    const day = ledgerOf(86_400, (second) => (second % 20 < (second < 1000 ? 2 : 1) ? 'bad' : 'good')).summary();
    expect(day.bad.length).toBeLessThanOrEqual(1030);
    expect(day.bad.length + day.omitted.bad).toBe(86_400 / 20);
    expect(day.bad.filter(({ fromMs, toMs }) => toMs - fromMs === 2000)).toHaveLength(50);
    expect(day.badRatio).toBe((4320 + 50) / 86_400);
    expect(day.ownLimit.length + day.omitted.ownLimit).toBe(86_400 / 5);
  });

  it('are changed by what comes late, for the worse only, and where they are not folded yet', () => {
    const ledger = ledgerOf(700, () => 'good');
    ledger.judgeAgain(699, { level: 'bad', reasons: ['late'] });
    ledger.judgeAgain(699, { level: 'warn', reasons: ['less'] });
    ledger.judgeAgain(3, { level: 'bad', reasons: ['too late'] });
    expect(ledger.summary()).toMatchObject({ bad: [{ fromMs: 699_000, toMs: 700_000, reasons: ['late'] }], warn: [] });
  });
});
