// The panel of any probe: its values by rank, or why there are none. Which probes exist is known to the panels that use it.

import { formatClock } from '../../common/units.ts';
import type { ProbeState, RunState } from '../../session/state.ts';
import type { Line } from '../theme.ts';
import { useRunState, useTheme } from '../use-session.ts';
import { Panel, type PanelProps } from './panel.tsx';
import { factPiece, gapRow, readingRow } from './reading-row.ts';
import { dim, flowed, run, wrapped } from './runs.ts';

type ProbeKind = ProbeState['kind'];

interface ProbePanelProps extends PanelProps {
  readonly kind: ProbeKind;
  /** Wordings, longest first. */
  readonly title: string | readonly string[];
  /** What the title says where no such probe was asked for: how to get one. */
  readonly absent: string;
  /** False where the title says what the facts would. */
  readonly facts?: boolean;
}

/** The probes of a kind, in the order they were asked for. */
export const probesOf = (state: RunState, kind: ProbeKind): readonly ProbeState[] =>
  state.probes.filter((probe) => probe.kind === kind);

/** Rows that the panel of a kind could fill, its title included. */
export const probeRows = (state: RunState, kind: ProbeKind): number => {
  const [probe] = probesOf(state, kind);
  if (!probe) return 1;
  if (probe.status !== 'ok') return probe.status === 'failing' ? 4 : 2;
  const values = probe.values.filter(({ type }) => type !== 'fact').length;
  const facts = probe.values.length - values;
  return 1 + values + Math.ceil(facts / 3);
};

export const ProbePanel = ({ rect, kind, title, absent, facts = true }: ProbePanelProps) => {
  const state = useRunState((all) => all);
  const { ascii } = useTheme();
  const probes = probesOf(state, kind);
  const [probe] = probes;
  if (!probe) return <Panel rect={rect} title={title} right={[[dim(absent)]]} lines={[]} />;
  const count = probes.length > 1 ? `first of ${probes.length}` : '';
  const name = probe.status === 'ok' ? (probe.title ?? '') : probe.target;
  const about = [name, count].filter(Boolean).join('  ');
  return (
    <Panel
      rect={rect}
      title={title}
      right={[about, name, count].map((text) => [dim(text)])}
      lines={probeLines(facts ? probe : withoutFacts(probe), state, rect.width, rect.height - 1, ascii)}
    />
  );
};

const withoutFacts = (probe: ProbeState): ProbeState => ({
  ...probe,
  values: probe.values.filter(({ type }) => type !== 'fact'),
});

const probeLines = (probe: ProbeState, state: RunState, width: number, height: number, ascii: boolean): Line[] => {
  const inner = width - 1;
  if (probe.status === 'waiting') return [[dim(' waiting for the first answer')]];
  if (probe.status === 'failing') return failingLines(probe, inner, height);
  const place = { probe, state, width: inner, spark: sparkWidth(inner), ascii };
  const ranked = probe.values.toSorted((a, b) => a.rank - b.rank);
  const facts = ranked.filter((value) => value.type === 'fact').map(factPiece);
  const rows = ranked.flatMap((value) => {
    if (value.type === 'fact') return [];
    return [value.type === 'value' ? readingRow(value, place) : gapRow(value, place)];
  });
  return balanced(flowed(facts, inner), rows, height).map((line) => [run(' '), ...line]);
};

/** Facts first; where rows are few, their first line and then numbers. */
const balanced = (facts: readonly Line[], rows: readonly Line[], height: number): Line[] => {
  const spare = Math.max(facts.length > 0 ? 1 : 0, height - rows.length);
  return [...facts.slice(0, spare), ...rows].slice(0, height);
};

const sparkWidth = (width: number): number => (width < 36 ? 8 : Math.min(30, Math.round(width * 0.31)));

const failingLines = (probe: ProbeState, width: number, height: number): Line[] => {
  const since = probe.failingSince === undefined ? '' : ` since ${formatClock(probe.failingSince)}`;
  const text = `▲ no answer${since}: ${probe.reason ?? 'unknown reason'}`;
  const reason = wrapped(text, width, Math.max(1, height - 1));
  const hint = wrapped(probe.hint ?? probe.target, width, Math.max(0, height - reason.length));
  return [...reason.map((text) => [run(` ${text}`, 'alarm')]), ...hint.map((text) => [dim(` ${text}`)])];
};
