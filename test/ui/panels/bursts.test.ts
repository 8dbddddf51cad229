// Rounds of bursts as rows: every width has what matters most, and rows are as wide as their panel at the most.

import { describe, expect, it } from 'vitest';
import type { BurstRound } from '../../../source/measure/burst.ts';
import type { RunState } from '../../../source/session/state.ts';
import { lineWidth } from '../../../source/ui/format.ts';
import { burstHeads, burstLine, burstLines, burstRows } from '../../../source/ui/panels/burst-lines.ts';
import { plainText } from '../../../source/ui/theme.ts';
import { fineRound, fixtureRound } from '../../helpers/burst-round.ts';
import { fixtureStates } from '../../helpers/run-state.ts';

const stateOf = (kept: readonly BurstRound[]): RunState => ({
  ...fixtureStates.burst,
  rounds: { ended: kept.length, newest: kept.at(-1), kept },
});
const textOf = (line: Parameters<typeof plainText>[0]): string => plainText(line).trimEnd();

describe('the rows of bursts', () => {
  it('say how many at once, how they came out, how long they took and why some failed', () => {
    expect(textOf(burstHeads({ width: 100, ascii: false, beside: false }))).toBe(
      ' burst  at once     good  errors     p50     p95     max    took  sent in  errors of what kind',
    );
    expect(textOf(burstLine(fixtureRound({ round: 2 }), { width: 100, ascii: false, beside: false }))).toBe(
      '     3    1,000      997       3    40.1    71.3    83.9      84     12.2  429 2, timeout 1',
    );
  });

  it('fit into every width, with the errors and the p95 in all of them', () => {
    const round = fixtureRound({ size: 1_000_000, good: 999_000, notGood: 1000, totalMs: 123_456 });
    for (const beside of [false, true]) {
      for (let width = 34; width < 130; width += 1) {
        const place = { width, ascii: true, beside };
        const line = burstLine(round, place);
        expect(lineWidth(line)).toBeLessThanOrEqual(width);
        expect(plainText(line)).toMatch(/1,000,000.* 1,000 .*71\.3/);
        expect(lineWidth(burstHeads(place))).toBeLessThanOrEqual(width);
      }
    }
  });

  it('say what the loads beside them suffer, against the time in which those were alone', () => {
    const others = { good: 190, notGood: 10, p50: 12, p95: 31.2, p95Ratio: 2.6 };
    const round = fixtureRound({ round: 2, beside: { stuck: 4, others } });
    const place = { width: 130, ascii: false, beside: true };
    expect(textOf(burstHeads(place))).toBe(
      ' burst  at once     good  errors     p50     p95     max  others  alone  stuck    took  sent in  errors of what kind',
    );
    expect(textOf(burstLine(round, place))).toBe(
      '     3    1,000      997       3    40.1    71.3    83.9    31.2   ×2.6      4      84     12.2  429 2, timeout 1',
    );
    expect(
      burstLines(stateOf([round]), 3, place)
        .map(textOf)
        .join(''),
    ).not.toContain('others');
  });

  it('have the newest on top, as many as there is room for', () => {
    const rounds = Array.from({ length: 30 }, (_, index) => fineRound({ round: index, size: 10 * (index + 1) }));
    const lines = burstLines(stateOf(rounds), 6, { width: 80, ascii: false }).map(textOf);
    expect(lines).toHaveLength(6);
    expect(lines.slice(1).map((line) => Number(line.trim().split(/\s+/)[0]))).toEqual([30, 29, 28, 27, 26]);
    expect(burstRows(stateOf(rounds))).toBe(32);
    expect(burstRows({ ...stateOf(rounds), run: fixtureStates.healthy.run })).toBe(0);
    expect(textOf(burstLines(stateOf([]), 6, { width: 80, ascii: false })[0]!)).toBe(' no burst has ended yet');
  });
});
