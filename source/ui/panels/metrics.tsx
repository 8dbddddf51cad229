// What the target counts of itself: the chosen series of its Prometheus metrics.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const MetricsPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="metrics" title="metrics" absent="not polled: --metrics URL" />
);
