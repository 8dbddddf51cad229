// What stands below the zoomed response times: the percentiles of good requests and of the others side by side, and the
// course of those that the chart above does not show.

import { formatCount, formatLength, formatMs } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { fitText } from '../format.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { percentileColumns } from '../parts/response-times.ts';
import { dim, run } from '../parts/runs.ts';
import { SmallChart } from '../parts/small-chart.tsx';
import type { Line, Role } from '../theme.ts';

const titles = { good: 'response time ms, good', notGood: 'response time ms, not good' } as const;
const percentiles = ['p50', 'p95', 'p99'] as const;

export const LatencyDetails = ({ rect, state }: PanelProps) => {
  const left = Math.min(52, Math.floor((rect.width - 1) / 2));
  const other = state.look.latency === 'good' ? 'notGood' : 'good';
  const { windowMs } = state.latency;
  return (
    <>
      <Panel
        rect={{ ...rect, width: left }}
        title="percentiles ms"
        right={windowMs > 0 ? [[dim(`last ${formatLength(windowMs)}`)]] : []}
        lines={percentileTable(state, left)}
      />
      <SmallChart
        rect={{ ...rect, x: rect.x + left + 1, width: rect.width - left - 1 }}
        state={state}
        title={titles[other]}
        right={[]}
        series={percentiles.map((role) => ({ column: percentileColumns[other][role], role }))}
        logarithmic
      />
    </>
  );
};

const columns: readonly { readonly name: 'p50' | 'p95' | 'p99' | 'max'; readonly role: Role }[] = [
  { name: 'p50', role: 'p50' },
  { name: 'p95', role: 'p95' },
  { name: 'p99', role: 'p99' },
  { name: 'max', role: 'text' },
];

const nameCells = 9;
const mostCells = 14;

/** A row for each percentile, a column for each group: what differs stands side by side. */
const percentileTable = ({ latency: { good, notGood } }: RunState, width: number): Line[] => {
  const numberCells = Math.min(mostCells, Math.floor((width - nameCells - 2) / 2));
  const row = (name: string, role: Role, values: readonly string[]): Line => [
    run(` ${fitText(name, nameCells)}`, role),
    ...values.map((value) => run(value.padStart(numberCells), role)),
  ];
  return [
    row('', 'dim', ['good', 'not good']),
    ...columns.map(({ name, role }) =>
      row(
        name,
        role,
        [good, notGood].map((times) => formatMs(times[name])),
      ),
    ),
    row(
      'requests',
      'dim',
      [good, notGood].map(({ count }) => formatCount(count)),
    ),
  ];
};
