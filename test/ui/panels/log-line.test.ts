// A line of the log with what a change did: whole where there is room, else the parts that fit.

import { expect, it } from 'vitest';
import { logLine } from '../../../source/ui/panels/log-line.ts';
import { plainText } from '../../../source/ui/theme.ts';
import { logLine as lineOf } from '../../helpers/run-state.ts';

const effect = 'good 8.1k → 8.1k   p99 398 → 431 ms   not good 9.8 → 13.6 %';
const change = lineOf(250_000, 'info', 'rate 9,000/s → 9,400/s by key', effect);

it.each([
  [120, '  4:10  rate 9,000/s → 9,400/s by key   good 8.1k → 8.1k   p99 398 → 431 ms   not good 9.8 → 13.6 %'],
  [80, '  4:10  rate 9,000/s → 9,400/s by key   good 8.1k → 8.1k   p99 398 → 431 ms'],
  [60, '  4:10  rate 9,000/s → 9,400/s by key   good 8.1k → 8.1k'],
  [50, '  4:10  rate 9,000/s → 9,400/s by key'],
])('in %d cells', (width, text) => {
  expect(plainText(logLine(change, width, false))).toBe(text);
});

it('of anything else is what happened', () => {
  expect(plainText(logLine(lineOf(1000, 'bad', 'it broke'), 80, false))).toBe('  0:01  ▲ it broke');
});
