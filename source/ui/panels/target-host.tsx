// The machine of the target, as its node_exporter tells: what this machine's panel is, for the other side.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const TargetHostPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="target host" title="target host" absent="not measured" facts={false} />
);
