// What stands below the zoomed throughput: how much is on its way and how much waits, and what goes over the network.

import { formatBitRate, formatCount, formatLength } from '../../common/units.ts';
import { columnValue } from '../column-values.ts';
import type { Rect } from '../layout.ts';
import { secondMs } from '../look.ts';
import type { PanelProps } from '../parts/panel.tsx';
import { dim, joined, run } from '../parts/runs.ts';
import { SmallChart } from '../parts/small-chart.tsx';
import { windowEnd } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';

/** Two charts beside each other, in two rows. */
const quarters = ({ x, y, width, height }: Rect): readonly [Rect, Rect, Rect, Rect] => {
  const left = Math.floor((width - 1) / 2);
  const top = Math.ceil(height / 2);
  const right = { x: x + left + 1, width: width - left - 1 };
  return [
    { x, y, width: left, height: top },
    { ...right, y, height: top },
    { x, y: y + top, width: left, height: height - top },
    { ...right, y: y + top, height: height - top },
  ];
};

export const LoadDetails = ({ rect, state }: PanelProps) => {
  const [first, second, third, fourth] = quarters(rect);
  const closed = state.run?.model === 'closed';
  return (
    <>
      <SmallChart
        rect={first}
        state={state}
        title="in flight"
        right={inFlight(state)}
        series={[{ column: 'inFlight', role: 'achieved' }]}
      />
      <SmallChart
        rect={second}
        state={state}
        title={closed ? 'users' : 'backlog'}
        right={closed ? [[run(formatCount(state.stocks.users))]] : backlog(state)}
        series={[{ column: closed ? 'users' : 'backlog', role: 'offered' }]}
      />
      <NetworkChart rect={third} state={state} title="sent bit/s" column="bytesOut" />
      <NetworkChart rect={fourth} state={state} title="received bit/s" column="bytesIn" />
    </>
  );
};

interface NetworkChartProps extends PanelProps {
  readonly title: string;
  readonly column: 'bytesIn' | 'bytesOut';
}

/** Of which the numbers are: the time cursor's while the view is frozen, else the newest. */
const secondOf = (state: Seen): number =>
  state.look.frozen === undefined ? windowEnd(state) - 1 : state.look.frozen.cursor / secondMs;

const NetworkChart = ({ rect, state, title, column }: NetworkChartProps) => (
  <SmallChart
    rect={rect}
    state={state}
    title={title}
    right={[[run(formatBitRate(columnValue(state.history, column, secondOf(state))))]]}
    series={[{ column, role: 'goodSeries' }]}
    factor={8}
  />
);

const inFlight = ({ stocks, limits }: Seen): readonly Line[] => {
  const now = run(formatCount(stocks.inFlight));
  const oldest: Line = stocks.inFlight > 0 ? [dim('oldest '), run(formatLength(stocks.oldestInFlightMs))] : [];
  const most: Line = limits === undefined ? [now] : [now, dim(' of '), run(formatCount(limits.maxInFlight))];
  return [joined([oldest, most]), most];
};

const backlog = ({ stocks }: Seen): readonly Line[] => {
  const count: Line = [run(formatCount(stocks.backlog), stocks.backlog > 0 ? 'warn' : 'text')];
  const oldest: Line = stocks.backlog > 0 ? [dim('oldest '), run(formatLength(stocks.oldestBacklogMs))] : [];
  return [joined([oldest, count]), count];
};
