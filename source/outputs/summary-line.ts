// A run in one line, for those who did several: what was asked, how long, what came of it. All of it is summary-text.ts.

import { safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatLength, formatMs, formatShare } from '../common/units.ts';
import type { Summary } from '../measure/summary.ts';

/** How most runs end, which needs no word. */
const usual = 'the planned end';

/** `50/s  30 s  1,500 requests  good 99.3 %  p50 3.2  p95 8.1  p99 12 ms`. @param load as it was asked */
export const summaryLine = (summary: Summary, load: string): string => {
  const { completed, failed, good, durationMs, endReason, generator, response } = summary;
  const ended = completed + failed;
  const { p50Ms, p95Ms, p99Ms } = response.good;
  const latency =
    p50Ms === null || p95Ms === null || p99Ms === null
      ? []
      : [`p50 ${formatMs(p50Ms)}`, `p95 ${formatMs(p95Ms)}`, `p99 ${formatDuration(p99Ms)}`];
  return [
    load,
    formatLength(durationMs),
    `${formatCount(ended)} requests`,
    ...(ended > 0 ? [`good ${formatShare(good / ended)}`] : []),
    ...latency,
    ...(generator.valid ? [] : ['NOT VALID']),
    ...(endReason === usual ? [] : [safeText(endReason, 60)]),
  ].join('  ');
};
