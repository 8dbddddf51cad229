// The result of a run in sentences, one a line, for who listens to it. Every number is in the summary; the tables of it are
// summary-text.ts.

import { phaseText } from '../common/phase-place.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount, formatGrouped, formatRate, formatShare } from '../common/units.ts';
import type { SpanSummary, Summary } from '../measure/summary.ts';
import { inWords, sentence, spanWords } from './in-words.ts';
import { modelText } from './model-text.ts';
import type { ProbeRemarks } from './probe-remarks.ts';
import { metricSentences } from './summary-metrics.ts';
import { remarks } from './summary-remarks.ts';
import { painter } from './text-layout.ts';

const plain = painter(false);

/** Lines of sentences; the path of the recording stands alone and is written as it is. Ends with a line feed. */
export const summarySentences = (summary: Summary, probes: ProbeRemarks): string => {
  const { durationMs, endReason, achievedRate, goodRate, completed, failed, good, notGood } = summary;
  const lines = [
    `summary of ${safeText(summary.name, 70)}${summary.phase ? `, ${safeText(phaseText(summary.phase))}` : ''}, ${safeText(summary.target)}, ${modelText(summary.model)}`,
    `it ended after ${spanWords(durationMs)}: ${endReason}`,
    `achieved ${formatRate(achievedRate)}, good ${formatRate(goodRate)}`,
    `${formatCount(completed + failed)} requests ended: ${formatCount(good)} good, ${formatCount(notGood)} not good`,
    `response time of good requests: ${spanText(summary.response.good)}`,
    ...(notGood > 0 ? [`response time of those not good: ${spanText(summary.response.notGood)}`] : []),
    ...summary.outcomes
      .filter(({ count }) => count > 0)
      .map(({ outcome, count, shareRatio, example }) => {
        const such = example === null ? '' : `, such as ${safeText(example, 100)}`;
        return `outcome ${outcome}: ${formatCount(count)} requests, ${formatShare(shareRatio)}${such}`;
      }),
    ...metricSentences(summary),
    ...(summary.balanced ? [] : ['the iterations do not add up']),
    ...[probes.lines(plain), ...remarks({ ...summary, recording: null }, plain)].flatMap(told),
  ];
  const where = summary.recording === null ? [] : ['The recording is in this file:', safeText(summary.recording, 4096)];
  return `${[...lines.map(sentence), ...where].join('\n')}\n`;
};

const spanText = ({ count, p50Ms, p95Ms, p99Ms, p999Ms, maxMs }: SpanSummary): string => {
  if (count === 0) return 'no data';
  const ms = (value: number | null): string => (value === null ? 'unknown' : inWords(formatSpan(value)));
  return `median ${ms(p50Ms)}, 95 percent within ${ms(p95Ms)}, 99 percent within ${ms(p99Ms)}, 99.9 percent within ${ms(p999Ms)}, the longest ${ms(maxMs)}`;
};

const formatSpan = (ms: number): string => `${formatGrouped(Number(ms.toPrecision(3)))} ms`;

/** A section of the printed summary: its heading, and its folded lines as one. */
const told = ([heading, ...lines]: readonly string[]): string[] => {
  if (heading === undefined) return [];
  // A line that is indented deeper goes on from the one before.
  const whole = lines
    .join('\n')
    .replaceAll(/\n {4,}/g, ' ')
    .split('\n');
  return whole.map((line) => `${heading}: ${line.trim()}`);
};
