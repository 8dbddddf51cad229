// The one screen of a run: every panel at the place the layout gives it.

import type { ReactNode } from 'react';
import type { RunState } from '../../session/state.ts';
import { arrange, type Placed, type Wishes } from '../layout.ts';
import { ErrorsPanel, errorsRows } from '../panels/errors.tsx';
import { FooterPanel } from '../panels/footer.tsx';
import { GeneratorPanel, generatorRows } from '../panels/generator.tsx';
import { HeaderPanel } from '../panels/header.tsx';
import { HealthPanel } from '../panels/health.tsx';
import { HostPanel } from '../panels/host.tsx';
import { LatencyPanel } from '../panels/latency.tsx';
import { LoadPanel } from '../panels/load.tsx';
import { LogPanel } from '../panels/log.tsx';
import { MetricsPanel } from '../panels/metrics.tsx';
import { MongodbPanel } from '../panels/mongodb.tsx';
import { ServerPanel, serverRows } from '../panels/server.tsx';
import { Area } from '../parts/panel.tsx';
import { probeRows } from '../parts/probe-panel.tsx';
import { dim, run } from '../parts/runs.ts';
import { useRunState } from '../use-session.ts';
import type { View } from '../view-state.ts';

interface DashboardProps {
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
}

const wishesOf = (state: RunState): Wishes => ({
  health: probeRows(state, 'health'),
  metrics: probeRows(state, 'metrics'),
  mongodb: probeRows(state, 'mongodb'),
  host: probeRows(state, 'host'),
  generator: generatorRows(state),
  errors: errorsRows(state),
  server: serverRows(state),
});

export const Dashboard = ({ columns, rows, view }: DashboardProps) => {
  const state = useRunState((all) => all);
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
  return arrangement.panels.map((placed) => <PanelAt key={placed.name} placed={placed} view={view} />);
};

const PanelAt = ({ placed: { name, rect }, view }: { readonly placed: Placed; readonly view: View }): ReactNode => {
  switch (name) {
    case 'header':
      return <HeaderPanel rect={rect} />;
    case 'load':
      return <LoadPanel rect={rect} />;
    case 'latency':
      return <LatencyPanel rect={rect} />;
    case 'errors':
      return <ErrorsPanel rect={rect} />;
    case 'server':
      return <ServerPanel rect={rect} />;
    case 'health':
      return <HealthPanel rect={rect} />;
    case 'metrics':
      return <MetricsPanel rect={rect} />;
    case 'mongodb':
      return <MongodbPanel rect={rect} />;
    case 'host':
      return <HostPanel rect={rect} />;
    case 'generator':
      return <GeneratorPanel rect={rect} />;
    case 'log':
      return <LogPanel rect={rect} />;
    case 'footer':
      return <FooterPanel rect={rect} view={view} />;
  }
};
