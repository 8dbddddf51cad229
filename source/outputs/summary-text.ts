// The result of a run as it is printed at its end, for a terminal of 80 columns. Only layout: every number is in the
// summary. How requests ended is summary-outcomes.ts, the generator's verdict and other remarks summary-remarks.ts.

import type { PhasePlace } from '../common/phase-place.ts';
import { safeName, safeText } from '../common/safe-text.ts';
import { formatBytes, formatCount, formatDuration, formatLength, formatRate } from '../common/units.ts';
import type { Wait } from '../measure/interval.ts';
import { imbalance, waits } from '../measure/interval.ts';
import type { SpanSummary, Summary } from '../measure/summary.ts';
import { modelText, waitingText } from './model-text.ts';
import type { ProbeRemarks } from './probe-remarks.ts';
import { metricTables } from './summary-metrics.ts';
import { outcomeTable } from './summary-outcomes.ts';
import { remarks } from './summary-remarks.ts';
import { addressTable, othersTable, roundTable } from './summary-tables.ts';
import { columns, folded, type Paint, painter } from './text-layout.ts';

export interface SummaryTextOptions {
  readonly colour?: boolean;
  /** What the probes said, where somebody listened. */
  readonly probes?: ProbeRemarks;
  /** The run goes on. */
  readonly soFar?: boolean;
}

/** The summary as text of at most 80 columns, but for the path of the recording, which stays whole. Ends with a line feed. */
export const summaryText = (summary: Summary, options: SummaryTextOptions = {}): string => {
  const paint = painter(options.colour ?? false);
  const sections = [
    head(summary, paint, options.soFar ?? false),
    totals(summary),
    latency(summary, paint),
    waitTable(summary, paint),
    outcomeTable(summary.outcomes, paint),
    stepTable(summary, paint),
    ...metricTables(summary, paint),
    roundTable(summary, paint),
    othersTable(summary, paint),
    addressTable(summary, paint),
    iterations(summary, paint),
    options.probes?.lines(paint) ?? [],
    ...remarks(summary, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const head = (summary: Summary, paint: Paint, soFar: boolean): string[] => {
  const name = safeText(summary.name, 70);
  const [title = name, ...more] = folded(name, 0);
  return [
    paint('heading', title),
    ...more,
    ...(summary.phase ? folded(phaseLine(summary.phase), 2, 'phase    ') : []),
    ...folded(safeText(summary.target), 2, 'target   '),
    ...folded(`${modelText(summary.model)}, seed ${summary.seed}`, 2, 'load     '),
    ...folded(localTime(summary.startedAt, summary.timeZone), 2, 'started  '),
    ...(soFar
      ? folded(`the first ${formatLength(summary.durationMs)} of a run that goes on`, 2, 'so far   ')
      : folded(`after ${formatLength(summary.durationMs)}: ${safeText(summary.endReason)}`, 2, 'ended    ')),
    ...(summary.warmupMs > 0
      ? [`  warm-up of ${formatLength(summary.warmupMs)} left out, but for the balance of iterations`]
      : []),
  ];
};

const phaseLine = ({ name, number, count, load }: PhasePlace): string =>
  `${count === 1 ? '' : `${number} of ${count}: `}${safeText(name)}, ${safeText(load)}`;

/** The instant in the run's own time zone: `2026-03-01 12:00:00 (Europe/Berlin)`. */
const localTime = (startedAt: string, timeZone: string): string => {
  try {
    // The Swedish way of writing time is ISO 8601 with a space.
    return `${new Date(startedAt).toLocaleString('sv-SE', { timeZone })} (${timeZone})`;
  } catch {
    return safeText(startedAt);
  }
};

const totals = (summary: Summary): string[] => {
  const seconds = summary.measuredMs / 1000;
  const perSecond = (bytes: number): string => (seconds > 0 ? `${formatBytes(bytes / seconds)}/s` : 'n/a');
  return columns(
    [
      ['iterations', 'achieved', formatRate(summary.achievedRate), 'good', formatRate(summary.goodRate)],
      ['requests', 'ended', formatCount(summary.completed + summary.failed), 'rate', formatRate(summary.requestRate)],
      ['', 'good', formatCount(summary.good), 'not good', formatCount(summary.notGood)],
      ['', 'with response', formatCount(summary.completed), 'without', formatCount(summary.failed)],
      ...(summary.items ?? []).map(({ name, count, rate }) => [
        safeText(name, 16),
        'good',
        formatCount(count),
        'rate',
        formatRate(rate),
      ]),
      ['bytes out', 'total', formatBytes(summary.bytesOut), 'rate', perSecond(summary.bytesOut)],
      ['bytes in', 'total', formatBytes(summary.bytesIn), 'rate', perSecond(summary.bytesIn)],
    ],
    ['left', 'left', 'right', 'left', 'right'],
  );
};

/** A span for a table; a gap is said, for it is not zero. */
const span = (ms: number | null): string => (ms === null ? 'no data' : formatDuration(ms));

const statistics = [
  ['mean', 'meanMs'],
  ['min', 'minMs'],
  ['p50', 'p50Ms'],
  ['p90', 'p90Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['p99.9', 'p999Ms'],
  ['max', 'maxMs'],
] as const satisfies readonly (readonly [string, keyof SpanSummary])[];

const latency = ({ response, service, model }: Summary, paint: Paint): string[] => {
  const named: (readonly [group: string, name: string, spans: SpanSummary])[] = [
    ['good', 'response', response.good],
    ['good', 'service', service.good],
  ];
  if (response.notGood.count > 0 || service.notGood.count > 0) {
    named.push(['not good', 'response', response.notGood], ['not good', 'service', service.notGood]);
  }
  const rows = [
    ['', ...named.map(([group]) => group)],
    ['', ...named.map(([, name]) => name)],
    ['count', ...named.map(([, , spans]) => formatCount(spans.count))],
    ...statistics.map(([label, key]) => [label, ...named.map(([, , spans]) => span(spans[key]))]),
  ];
  return [
    paint('heading', 'Latency'),
    '  response: from the intended instant to the end',
    '  service:  from the start of the request to the end',
    ...(waitingText(model) === undefined ? [] : folded(waitingText(model)!)),
    ...columns(rows, ['left', ...named.map(() => 'right' as const)]),
  ];
};

const whoseWait: Readonly<Record<Wait, string>> = {
  pacing: 'ours',
  room: "the target's",
  connect: "the network's and the target's",
  sending: "the network's and the target's",
  waiting: "the target's",
  receiving: "the target's",
};

const waitTable = ({ waits: measured, generator }: Summary, paint: Paint): string[] => {
  const whose = (wait: Wait): string =>
    wait === 'room' && generator.ownLimit.length > 0 ? "the target's; ours where said below" : whoseWait[wait];
  const rows = waits.map((wait) => {
    const { p50Ms, p99Ms, maxMs } = measured[wait];
    return [wait, span(p50Ms), span(p99Ms), span(maxMs), whose(wait)];
  });
  return [
    paint('heading', 'Waits of a request'),
    ...columns([['', 'p50', 'p99', 'max', 'whose'], ...rows], ['left', 'right', 'right', 'right', 'left']),
  ];
};

/** Each step for itself, where there is more than one. */
const stepTable = ({ series }: Summary, paint: Paint): string[] => {
  if (series.length < 2) return [];
  const rows = series.map(({ name, good, notGood, response }) => [
    safeName(name, 24),
    formatCount(good),
    formatCount(notGood),
    span(response.good.p50Ms),
    span(response.good.p99Ms),
  ]);
  return [
    paint('heading', 'Steps (response time of good requests)'),
    ...columns([['', 'good', 'not good', 'p50', 'p99'], ...rows], ['left', 'right', 'right', 'right', 'right']),
  ];
};

const iterations = ({ iterations: flows, balanced }: Summary, paint: Paint): string[] => {
  const accounted = flows.due - imbalance(flows, flows);
  const verdict = balanced
    ? 'they add up'
    : paint('bad', `they do NOT add up: ${formatCount(flows.due)} due, ${formatCount(accounted)} accounted for`);
  return [
    `${paint('heading', 'Iterations')}  ${formatCount(flows.due)} due; ${verdict}`,
    ...columns(
      [
        ['good', formatCount(flows.good), 'not sent', formatCount(flows.notSent)],
        ['not good', formatCount(flows.notGood), 'lost with a worker', formatCount(flows.lost)],
        ['  without response', formatCount(flows.noResponse), 'in flight at the end', formatCount(flows.inFlight)],
        ['dropped', formatCount(flows.dropped), 'backlog at the end', formatCount(flows.backlog)],
        ['cut off', formatCount(flows.cutOff)],
      ],
      ['left', 'right', 'left', 'right'],
    ),
  ];
};
