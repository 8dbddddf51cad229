// What happened, newest first: what was steered, what the target said of itself, what went wrong.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim } from '../parts/runs.ts';
import { useRunState } from '../use-session.ts';
import { logLine } from './log-line.ts';

export const LogPanel = ({ rect, focused }: PanelProps) => {
  const log = useRunState((state) => state.log);
  const lines = log
    .slice(-Math.max(1, rect.height - 1))
    .toReversed()
    .map(logLine);
  return <Panel rect={rect} focused={focused} title="log" lines={lines.length > 0 ? lines : [[dim(' nothing yet')]]} />;
};
