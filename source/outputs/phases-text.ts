// The phases of a profile side by side, as they are printed when all are over: a table for a terminal of 80 columns, sentences
// for who listens, and the object for programs. What each of them did is its own summary.

import { schemaVersion } from '../common/json-text.ts';
import { phaseText } from '../common/phase-place.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatLength, formatRate, formatShare } from '../common/units.ts';
import type { PhasesSummary } from '../measure/phases-summary.ts';
import type { Summary } from '../measure/summary.ts';
import { inWords, sentence, spanWords } from './in-words.ts';
import { columns, folded, painter, textWidth } from './text-layout.ts';

/** What is said of a phase that was not carried out. */
const notRunText = 'not carried out';

export const phasesObject = (summary: PhasesSummary): object => ({
  type: 'summary',
  schema_version: schemaVersion,
  ...summary,
});

/** A table of a row for each phase, what it was and why it ended below. Ends with a line feed. */
export const phasesTable = (summary: PhasesSummary, { colour = false }: { readonly colour?: boolean } = {}): string => {
  const paint = painter(colour);
  const figures = columns(
    [['took', 'requests', 'achieved', 'p50', 'p95', 'p99', 'not good'], ...summary.phases.map(cellsOf)],
    ['right', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
  // Long names give way to figures.
  const most = Math.min(16, Math.max(8, textWidth - 2 - figures[0]!.length));
  const names = [...summary.phases.map(({ name, phase }) => phase?.name ?? name), ...summary.notRun].map((name) =>
    safeText(name, most),
  );
  const width = Math.max(...names.map((name) => name.length), 5);
  const [head = '', ...rows] = figures.map(
    (row, index) => `  ${(['phase', ...names][index] ?? '').padEnd(width)}${row}`,
  );
  const lines = [
    ...rows.flatMap((row, index) => [row, ...folded(aboutPhase(summary.phases[index]!), 6)]),
    ...names.slice(rows.length).map((name) => `  ${name.padEnd(width)}  ${notRunText}`),
  ];
  const title = `Phases of ${safeText(summary.name, 50)}`;
  const end = folded(`${safeText(summary.endReason)}; ${totalsText(summary)}`);
  return `${[paint('heading', title), head, ...lines, ...end].join('\n')}\n`;
};

const cellsOf = ({ durationMs, completed, failed, notGood, achievedRate, response }: Summary): string[] => {
  const ended = completed + failed;
  const ms = (value: number | null): string => (value === null ? '-' : formatDuration(value));
  const { p50Ms, p95Ms, p99Ms } = response.good;
  return [
    formatLength(durationMs),
    formatCount(ended),
    formatRate(achievedRate),
    ...[p50Ms, p95Ms, p99Ms].map(ms),
    ended === 0 ? '-' : formatShare(notGood / ended),
  ];
};

/** `5 users, 5 more each second; the planned end; errors<5% was broken`. */
const aboutPhase = ({ phase, endReason, generator, objectives }: Summary): string =>
  [
    ...(phase === undefined ? [] : [safeText(phase.load)]),
    safeText(endReason),
    ...(generator.valid ? [] : ['NOT VALID: the generator was the limit']),
    ...objectives.filter(({ brokenMs }) => brokenMs > 0).map(({ text }) => `${safeText(text)} was broken`),
  ].join('; ');

const totalsText = ({ completed, failed, notGood, durationMs }: PhasesSummary): string =>
  `${formatCount(completed + failed)} requests in ${formatLength(durationMs)} of load, ${formatCount(notGood)} not good`;

/** A sentence for each phase, one a line. Ends with a line feed. */
export const phasesSentences = (summary: PhasesSummary): string => {
  const lines = [
    `the phases of ${safeText(summary.name, 70)}, one after the other`,
    ...summary.phases.map(spokenPhase),
    ...summary.notRun.map((name) => `phase ${safeText(name)} was ${notRunText}`),
    `${safeText(summary.endReason)}; ${inWords(totalsText(summary))}`,
  ];
  return `${lines.map(sentence).join('\n')}\n`;
};

const spokenPhase = (summary: Summary): string => {
  const { name, phase, durationMs, completed, failed, notGood, achievedRate, response } = summary;
  const ended = completed + failed;
  const { p50Ms, p95Ms, p99Ms } = response.good;
  const spans =
    p50Ms === null || p95Ms === null || p99Ms === null
      ? 'no good request'
      : `median ${inWords(formatDuration(p50Ms))}, 95 percent within ${inWords(formatDuration(p95Ms))}, 99 percent within ${inWords(formatDuration(p99Ms))}`;
  return [
    `${phase === undefined ? safeText(name) : safeText(phaseText(phase))}, ${inWords(aboutPhase(summary))}`,
    `${formatCount(ended)} requests in ${spanWords(durationMs)}, achieved ${inWords(formatRate(achievedRate))}`,
    spans,
    ...(ended === 0 ? [] : [`not good ${inWords(formatShare(notGood / ended))}`]),
  ].join('; ');
};
