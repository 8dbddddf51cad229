// The second line of the header when the run has ended: what it came to, longest first. Pure.

import { formatCount, formatMs, formatRateNumber, formatShare } from '../../common/units.ts';
import type { Summary } from '../../measure/summary.ts';
import { dim, joined, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { verdictOf } from './generator-lines.ts';

/** `whole run: 1,200 requests  good 100 %  200/s  p50 4.1  p95 9.3  p99 12.0 ms  generator can be trusted`. */
export const wholeRunWords = (state: Seen, summary: Summary): readonly Line[] => {
  const { good, notGood, achievedRate } = summary;
  const { latency, generator } = state;
  const ended = good + notGood;
  const name = dim('whole run: ');
  const requests: Line = [name, run(`${formatCount(ended)} ${ended === 1 ? 'request' : 'requests'}`, 'title')];
  const share: Line = [dim('good '), run(formatShare(good / ended), notGood > 0 ? 'warn' : 'text')];
  const rate: Line = [dim('achieved '), run(`${formatRateNumber(achievedRate)}/s`)];
  const time = (label: 'p50' | 'p95' | 'p99'): Line => [dim(`${label} `), run(formatMs(latency.good[label]))];
  const ms = (...times: readonly Line[]): Line => [...joined(times), run(' ms')];
  const times = ms(time('p50'), time('p95'), time('p99'));
  const last = ms(time('p99'));
  const { words, role } = verdictOf(generator);
  const verdict: Line = [dim('generator '), run(words, role)];
  return [
    joined([requests, share, rate, times, verdict]),
    joined([requests, share, times, verdict]),
    joined([requests, share, last, verdict]),
    joined([requests, share, last]),
    joined([requests, share]),
  ];
};
