// This machine, on which the load is made: processor, network, ports and descriptors.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const HostPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="host" title={['this machine', 'machine']} absent="not measured" facts={false} />
);
