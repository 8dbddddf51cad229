// Each endpoint's rate, response times and errors, as a table: those that matter most by the column they are sorted by.
// What the rows look like is endpoint-lines.ts.

import { formatCount } from '../../common/units.ts';
import type { EndpointSort } from '../endpoint-sort.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim } from '../parts/runs.ts';
import { useEndpoints } from '../parts/use-endpoints.ts';
import { useTheme } from '../use-session.ts';
import { endpointHeads, endpointLine, endpointTitles, itemsHead, noEndpoints } from './endpoint-lines.ts';

interface EndpointsPanelProps extends PanelProps {
  readonly sort: EndpointSort;
}

export const EndpointsPanel = ({ rect, state, focused, sort }: EndpointsPanelProps) => {
  const { ascii } = useTheme();
  const endpoints = useEndpoints(state, sort);
  const height = rect.height - 1;
  // The last row says how many there are no rows for.
  const shown = endpoints.length > height ? endpoints.slice(0, Math.max(1, height - 1)) : endpoints;
  const rest = endpoints.length - shown.length;
  const items = itemsHead(endpoints);
  const lines = shown.map((endpoint) => endpointLine(endpoint, rect.width, ascii, items));
  const more = rest > 0 ? [[dim(` and ${formatCount(rest)} more: Tab chooses the panel, Enter shows all`)]] : [];
  return (
    <Panel
      rect={rect}
      focused={focused}
      title={endpointTitles(state, sort, rect.width, items)}
      right={[endpointHeads(sort, rect.width, items)]}
      lines={endpoints.length === 0 ? [noEndpoints(state)] : [...lines, ...more]}
    />
  );
};
