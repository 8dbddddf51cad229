// The screen of a run: every panel at the place the layout gives it.

import { arrange, leastColumns, leastRows } from '../layout.ts';
import { Area } from '../parts/panel.tsx';
import { dim, run } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';
import { wishesOf } from '../wishes.ts';
import { PanelAt } from './panel-at.tsx';

interface DashboardProps {
  readonly columns: number;
  readonly rows: number;
  readonly state: Seen;
  readonly view: View;
}

export const Dashboard = ({ columns, rows, state, view }: DashboardProps) => {
  const arrangement = arrange(columns, rows, wishesOf(state, view.choice), view.choice);
  if (arrangement.type === 'too small') return <TooSmall columns={columns} rows={rows} running />;
  return arrangement.panels.map((placed) => <PanelAt key={placed.name} placed={placed} state={state} view={view} />);
};

interface TooSmallProps {
  readonly columns: number;
  readonly rows: number;
  readonly running?: boolean;
}

/** What stands there in a terminal that is too small for anything else. */
export const TooSmall = ({ columns, rows, running = false }: TooSmallProps) => {
  const lines = [
    [run(` ${columns}x${rows} is too small`, 'warn')],
    [run(` loadtop needs ${leastColumns}x${leastRows}`)],
    ...(running ? [[dim(' the load goes on')]] : []),
  ];
  return <Area rect={{ x: 0, y: 0, width: columns, height: rows }} lines={lines} />;
};
