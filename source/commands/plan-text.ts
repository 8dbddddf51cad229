// The report of `loadtop check` as text: the chart of the plan, then what is expected of it, a line for each matter. Pure.

import { formatCount, formatLoad, formatShare } from '../common/units.ts';
import { planChart } from './plan-chart.ts';
import type { PlanReport, ShownVariable } from './plan-report.ts';

export interface PlanTextOptions {
  readonly columns: number;
  readonly ascii: boolean;
}

const chartHeight = 10;
const widestChart = 100;

type Row = readonly [label: string, texts: readonly string[]];

/** The whole text, its last line ended. */
export const planText = (report: PlanReport, options: PlanTextOptions): string => {
  const rows = rowsOf(report).filter(([, texts]) => texts.length > 0);
  const room = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.flatMap(([label, texts]) =>
    texts.map((text, index) => `  ${(index === 0 ? label : '').padEnd(room)}  ${text}`),
  );
  const head = report.description === null ? report.name : `${report.name}: ${report.description}`;
  return [head, '', ...chartOf(report, options), ...lines, ''].join('\n');
};

/** Bursts and full speed have no course that could be drawn. */
const chartOf = ({ model, plan, durationMs }: PlanReport, { columns, ascii }: PlanTextOptions): readonly string[] => {
  if (model !== 'open' && model !== 'closed') return [];
  const width = Math.max(30, Math.min(columns, widestChart));
  const chart = planChart({ segments: plan, durationMs: durationMs ?? undefined, width, height: chartHeight, ascii });
  return [`  ${model === 'open' ? 'arrivals a second' : 'users'}`, ...chart, ''];
};

const rowsOf = (report: PlanReport): readonly Row[] => {
  const { model, peak, connections, maxInFlight, workers, objectives, probes, variables, notes } = report;
  const upTo = model === 'open' ? 'up to ' : '';
  return [
    ['target', [report.target]],
    ['load', [`${report.load} (${modelWords[model]})`]],
    ['ends', [report.ends]],
    ['expected', [expectedText(report)]],
    ['peak', peak === null ? [] : [formatLoad(model, peak)]],
    ['sends', scenarioTexts(report)],
    ['connections', [`${upTo}${formatCount(connections)}, ${formatCount(maxInFlight)} in flight at the most`]],
    ['workers', [formatCount(workers)]],
    ['objectives', objectives.length === 0 ? ['none'] : objectives],
    ['probes', probeTexts(probes)],
    ['variables', variableTexts(variables)],
    ['note', notes],
  ];
};

const modelWords: Readonly<Record<PlanReport['model'], string>> = {
  open: 'open model: whether the target answers or not',
  closed: 'closed model: each waits for its answer',
  burst: 'bursts: all at once, then all are awaited',
  'full speed': 'every connection busy all the time',
};

const expectedText = ({ iterations, requests }: PlanReport): string => {
  if (iterations === null || requests === null) return 'as many requests as the target answers';
  const count = `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}`;
  return iterations === requests ? count : `${count} in ${formatCount(iterations)} iterations`;
};

const scenarioTexts = ({ scenarios }: PlanReport): readonly string[] =>
  scenarios.map(({ name, share, steps }) => {
    const sent = steps.join(', ');
    return scenarios.length === 1 ? sent : `${formatShare(share)}  ${name}: ${sent}`;
  });

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
