// The target's own word on its health: state, buffers with their limits, checks, from /health.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const HealthPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="health" title="health" absent="not polled: --health URL" />
);
