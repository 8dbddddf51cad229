// The report of `loadtop check` as text: the chart of the plan, then what is expected of it, a line for each matter. Pure.

import { formatCount, formatLength, formatLoad, formatShare } from '../common/units.ts';
import { planChart } from './plan-chart.ts';
import type { PhasesReport, PlanReport, ShownVariable } from './plan-report.ts';

export interface PlanTextOptions {
  readonly columns: number;
  readonly ascii: boolean;
}

const chartHeight = 10;
const widestChart = 100;

type Row = readonly [label: string, texts: readonly string[]];

/** The whole text, its last line ended. */
export const planText = (report: PlanReport, options: PlanTextOptions): string => {
  const lines = linesOf([
    ['target', [report.target]],
    ...rowsOf(report),
    ['variables', variableTexts(report.variables)],
    ['note', report.notes],
  ]);
  return [...headOf(report), ...chartOf(report, options), ...lines, ''].join('\n');
};

/** As `planText`, phase by phase. */
export const phasesText = (report: PhasesReport, options: PlanTextOptions): string => {
  const { target, durationMs, phases, variables } = report;
  const pauses = phases.reduce((sum, { phase }) => sum + (phase?.pauseMs ?? 0), 0);
  const length = durationMs === null ? 'no length of its own' : formatLength(durationMs);
  const rows: readonly Row[] = [
    ['target', [target]],
    ['phases', [`${phases.length}, ${length}${pauses > 0 ? ` with ${formatLength(pauses)} of pauses` : ''}`]],
    ['variables', variableTexts(variables)],
  ];
  const each = phases.flatMap((phase) => [
    `phase ${phase.phase?.number} of ${phases.length}: ${phase.phase?.name}`,
    '',
    ...chartOf(phase, options),
    ...linesOf([
      ...rowsOf(phase),
      ['note', phase.notes],
      ['pause', phase.phase?.pauseMs ? [`${formatLength(phase.phase.pauseMs)} after it`] : []],
    ]),
    '',
  ]);
  return [...headOf(report), ...each, ...linesOf(rows), ''].join('\n');
};

const headOf = ({ name, description }: Pick<PlanReport, 'name' | 'description'>): readonly string[] => [
  description === null ? name : `${name}: ${description}`,
  '',
];

const linesOf = (all: readonly Row[]): readonly string[] => {
  const rows = all.filter(([, texts]) => texts.length > 0);
  const room = Math.max(...rows.map(([label]) => label.length));
  return rows.flatMap(([label, texts]) =>
    texts.map((text, index) => `  ${(index === 0 ? label : '').padEnd(room)}  ${text}`),
  );
};

/** What is said of the load of one phase, or of all there is. */
type Planned = Omit<PlanReport, 'name' | 'description' | 'target' | 'variables'>;

/** Bursts and full speed have no course that could be drawn. */
const chartOf = ({ model, plan, durationMs }: Planned, { columns, ascii }: PlanTextOptions): readonly string[] => {
  if (model !== 'open' && model !== 'closed') return [];
  const width = Math.max(30, Math.min(columns, widestChart));
  const chart = planChart({ segments: plan, durationMs: durationMs ?? undefined, width, height: chartHeight, ascii });
  return [`  ${model === 'open' ? 'arrivals a second' : 'users'}`, ...chart, ''];
};

const rowsOf = (report: Planned): readonly Row[] => {
  const { model, peak, connections, maxInFlight, workers, objectives, probes } = report;
  const upTo = model === 'open' ? 'up to ' : '';
  return [
    ['load', [`${report.load} (${modelWords[model]})`]],
    ['ends', [report.ends]],
    ['expected', [expectedText(report)]],
    ['peak', peak === null ? [] : [formatLoad(model, peak)]],
    ['before', report.setup.length === 0 ? [] : [report.setup.join(', ')]],
    ['sends', scenarioTexts(report)],
    ['removes', report.removes.map((request) => `${request}, where no step of the run does`)],
    ['after', report.teardown.length === 0 ? [] : [report.teardown.join(', ')]],
    ['connections', [`${upTo}${formatCount(connections)}, ${formatCount(maxInFlight)} in flight at the most`]],
    ['workers', [formatCount(workers)]],
    ['objectives', objectives.length === 0 ? ['none'] : objectives],
    ['bands', bandTexts(report.bands)],
    ['probes', probeTexts(probes)],
  ];
};

const modelWords: Readonly<Record<PlanReport['model'], string>> = {
  open: 'open model: whether the target answers or not',
  closed: 'closed model: each waits for its answer',
  burst: 'bursts: all at once, then all are awaited',
  'full speed': 'every connection busy all the time',
};

const expectedText = ({ iterations, requests, scenarios }: Planned): string => {
  const others = scenarios.some(({ load }) => load !== null) ? ', and those of the loads beside' : '';
  if (iterations === null || requests === null) return `as many requests as the target answers${others}`;
  const count = `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}`;
  return `${iterations === requests ? count : `${count} in ${formatCount(iterations)} iterations`}${others}`;
};

const scenarioTexts = ({ scenarios }: Planned): readonly string[] =>
  scenarios.map(({ name, share, users, load, steps }) => {
    const sent = steps.join(', ');
    if (load !== null) return `beside  ${name}, ${load}: ${sent}`;
    if (share === null || share === 1) return sent;
    return `${users === null ? formatShare(share) : formatLoad('closed', users)}  ${name}: ${sent}`;
  });

const bandTexts = (bands: PlanReport['bands']): readonly string[] => {
  if (bands === null) return [];
  const width = Math.max(...bands.words.map(({ word }) => word.length));
  const rows = bands.words.map(({ word, conditions }) => `  ${word.padEnd(width)}  ${conditions.join(', ')}`.trimEnd());
  return [`${bands.name}: the worst figure decides`, ...rows];
};

const probeTexts = (probes: PlanReport['probes']): readonly string[] => {
  const texts = Object.entries(probes).flatMap(([kind, urls]) => urls.map((url) => `${kind} ${url}`));
  return texts.length === 0 ? ['none is named'] : texts;
};

const variableTexts = (variables: readonly ShownVariable[]): readonly string[] => {
  const width = Math.max(0, ...variables.map(({ name }) => name.length));
  return variables.map((variable) => `${variable.name.padEnd(width)}  ${valueText(variable)}${aboutText(variable)}`);
};

const valueText = ({ value, from, secret }: ShownVariable): string => {
  const origin = from === 'default' ? 'by default' : `from ${from}`;
  if (secret) return from === null ? 'secret, not set' : `secret, set ${origin}`;
  return from === null || value === null ? 'not set' : `${value === '' ? 'empty' : value}  ${origin}`;
};

const aboutText = ({ description, aliases }: ShownVariable): string => {
  const parts = [
    ...(description === null ? [] : [description]),
    ...(aliases.length === 0 ? [] : [`also ${aliases.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : `  (${parts.join('; ')})`;
};
