// Whether the numbers can be trusted: the verdict on ourselves, and what it rests on.

import { formatMs } from '../../common/units.ts';
import type { GeneratorState, RunState } from '../../session/state.ts';
import { sparkline } from '../charts/sparkline.ts';
import { quantity, spreadLine } from '../format.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { readingText } from '../parts/reading-row.ts';
import { dim, run } from '../parts/runs.ts';
import { sparkWindow } from '../parts/window.ts';
import type { Line, Role } from '../theme.ts';
import { useRunState, useTheme } from '../use-session.ts';

const verdicts: Readonly<Record<GeneratorState['level'], { readonly words: string; readonly role: Role }>> = {
  good: { words: 'can be trusted', role: 'good' },
  warn: { words: 'near its limit', role: 'warn' },
  bad: { words: 'NOT to be trusted', role: 'alarm' },
};

/** The verdict in words, with its meaning. */
export const verdictOf = ({ level }: GeneratorState): { readonly words: string; readonly role: Role } =>
  verdicts[level];

/** What the verdict rests on, in one line: `loop 41 %   pacing p99 0.6 ms   fd 1,031 of 65,536`. */
export const generatorFacts = (state: RunState): string => {
  const { loopUtilisation, pacingP99Ms } = state.generator;
  const loop = Number.isFinite(loopUtilisation) ? `${Math.round(loopUtilisation * 100)} %` : 'n/a';
  const fd = descriptors(state);
  return `loop ${loop}   pacing p99 ${formatMs(pacingP99Ms)} ms${fd === undefined ? '' : `   fd ${fd}`}`;
};

/** This process's open descriptors of their limit, as its own probe reads them. */
const descriptors = ({ probes }: RunState): string | undefined => {
  const own = probes.find(({ kind, status }) => kind === 'process' && status === 'ok');
  const found = own?.values.find((value) => value.type === 'value' && value.metric === 'descriptors');
  return found?.type === 'value' ? readingText(found) : undefined;
};

/** Rows that the panel could fill, its title included. */
export const generatorRows = (state: RunState): number =>
  3 + state.generator.reasons.length + (descriptors(state) === undefined ? 0 : 1);

export const GeneratorPanel = ({ rect }: PanelProps) => {
  const state = useRunState((all) => all);
  const { ascii } = useTheme();
  const { words, role } = verdictOf(state.generator);
  return (
    <Panel
      rect={rect}
      title="generator"
      right={[[run(words, role)]]}
      lines={lines(state, rect.width, rect.height - 1, ascii)}
    />
  );
};

const lines = (state: RunState, width: number, height: number, ascii: boolean): Line[] => {
  const { generator } = state;
  const reasons = generator.reasons.map((reason): Line => [run(` ▲ ${reason}`, verdictOf(generator).role)]);
  if (height < reasons.length + 2) return [[run(` ${generatorFacts(state)}`)], ...reasons];
  const spark = width < 36 ? 8 : Math.min(30, Math.round((width - 1) * 0.31));
  const row = (label: string, unit: string, number: string, name: 'loopUtilisation' | 'pacingP99Ms'): Line => {
    const values = sparkWindow(state.history.column(name, 1000), state, spark);
    const limit = name === 'loopUtilisation' ? 1 : undefined;
    const left = spreadLine([run(label), dim(unit)], [run(number)], width - spark - 2, ascii);
    return [run(' '), ...left, run(' '), dim(sparkline({ values, width: spark, limit, ascii }))];
  };
  const fd = descriptors(state);
  return [
    ...reasons,
    row('loop, busiest worker', '', quantity(generator.loopUtilisation, 'ratio'), 'loopUtilisation'),
    row('pacing delay p99', '  ms', formatMs(generator.pacingP99Ms), 'pacingP99Ms'),
    ...(fd === undefined ? [] : [[dim(` fd ${fd}`)]]),
  ];
};
