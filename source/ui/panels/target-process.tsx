// The target's process, where it runs on this machine: processor, memory, threads, descriptors, its accept queue.
// What a probe's panel looks like is parts/probe-panel.tsx.

import type { PanelProps } from '../parts/panel.tsx';
import { ProbePanel } from '../parts/probe-panel.tsx';

export const TargetProcessPanel = (props: PanelProps) => (
  <ProbePanel {...props} kind="target process" title="target process" absent="not found" facts={false} />
);
