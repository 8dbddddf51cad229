// What MongoDB says of itself, from serverStatus: connections, operations, tickets, cache.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const MongodbPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="mongodb" title="mongodb" absent="not configured: --mongo URI" />
);
