// The screen of a run: every panel at the place the layout gives it.

import { arrange } from '../layout.ts';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';
import { wishesOf } from '../wishes.ts';
import { PanelAt } from './panel-at.tsx';
import { TooSmall } from './too-small.tsx';

interface DashboardProps {
  readonly columns: number;
  readonly rows: number;
  readonly state: Seen;
  readonly view: View;
}

export const Dashboard = ({ columns, rows, state, view }: DashboardProps) => {
  const arrangement = arrange(columns, rows, wishesOf(state, view.choice), view.choice);
  if (arrangement.type === 'too small') return <TooSmall columns={columns} rows={rows} state={state} view={view} />;
  return arrangement.panels.map((placed) => <PanelAt key={placed.name} placed={placed} state={state} view={view} />);
};
