// Each endpoint's rate, response times and errors, as a table: those that matter most by the column they are sorted by.
// What the rows look like is endpoint-lines.ts.

import { useRef } from 'react';
import { formatCount } from '../../common/units.ts';
import type { EndpointState } from '../../session/state.ts';
import { type EndpointSort, type Order, orderOf } from '../endpoint-sort.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import { useTheme } from '../use-session.ts';
import { endpointHeads, endpointLine, endpointTitles, noEndpoints } from './endpoint-lines.ts';

interface EndpointsPanelProps extends PanelProps {
  readonly sort: EndpointSort;
}

/** The endpoints in an order that keeps still. */
export const useEndpoints = ({ endpoints, now }: Seen, sort: EndpointSort): readonly EndpointState[] => {
  const previous = useRef<Order>(undefined);
  const order = orderOf(endpoints, sort, now, previous.current);
  previous.current = order;
  return order.indices.map((index) => endpoints[index]!);
};

export const EndpointsPanel = ({ rect, state, focused, sort }: EndpointsPanelProps) => {
  const { ascii } = useTheme();
  const endpoints = useEndpoints(state, sort);
  const height = rect.height - 1;
  // The last row says how many there are no rows for.
  const shown = endpoints.length > height ? endpoints.slice(0, Math.max(1, height - 1)) : endpoints;
  const rest = endpoints.length - shown.length;
  const lines = shown.map((endpoint) => endpointLine(endpoint, rect.width, ascii));
  const more = rest > 0 ? [[dim(` and ${formatCount(rest)} more: Tab chooses the panel, Enter shows all`)]] : [];
  return (
    <Panel
      rect={rect}
      focused={focused}
      title={endpointTitles(sort, rect.width)}
      right={[endpointHeads(sort, rect.width)]}
      lines={endpoints.length === 0 ? [noEndpoints] : [...lines, ...more]}
    />
  );
};
