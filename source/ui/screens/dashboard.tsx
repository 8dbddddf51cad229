// The screen of a run: every panel at the place the layout gives it.

import { arrange, type Wishes } from '../layout.ts';
import { errorsRows } from '../panels/errors.tsx';
import { generatorRows } from '../panels/generator-lines.ts';
import { serverRows } from '../panels/server-lines.ts';
import { Area } from '../parts/panel.tsx';
import { probeRows } from '../parts/probe-lines.ts';
import { probesOf } from '../parts/probe-values.ts';
import { dim, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { View } from '../view-state.ts';
import { PanelAt } from './panel-at.tsx';

interface DashboardProps {
  readonly columns: number;
  readonly rows: number;
  readonly state: Seen;
  readonly view: View;
}

const wishesOf = (state: Seen): Wishes => {
  /** Those that only some targets have are not missed where they are not. */
  const ifThere = (kind: 'target host' | 'target process'): number =>
    probesOf(state, kind).length > 0 ? probeRows(state, kind) : 0;
  const generator = generatorRows(state);
  const server = serverRows(state);
  return {
    health: probeRows(state, 'health'),
    metrics: probeRows(state, 'metrics'),
    mongodb: probeRows(state, 'mongodb'),
    'target host': ifThere('target host'),
    host: probeRows(state, 'host'),
    generator: generator.most,
    generatorLeast: generator.least,
    'target process': ifThere('target process'),
    errors: errorsRows(state),
    server: server.most,
    serverLeast: server.least,
  };
};

export const Dashboard = ({ columns, rows, state, view }: DashboardProps) => {
  const arrangement = arrange(columns, rows, wishesOf(state));
  if (arrangement.type === 'too small') {
    const needs = `${arrangement.columns}x${arrangement.rows}`;
    const lines = [
      [run(` ${columns}x${rows} is too small`, 'warn')],
      [run(` loadtop needs ${needs}`)],
      [dim(' the load goes on')],
    ];
    return <Area rect={{ x: 0, y: 0, width: columns, height: rows }} lines={lines} />;
  }
  return arrangement.panels.map((placed) => <PanelAt key={placed.name} placed={placed} state={state} view={view} />);
};
