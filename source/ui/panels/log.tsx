// What happened, newest first: what was steered, what the target said of itself, what went wrong.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim } from '../parts/runs.ts';
import { useTheme } from '../use-session.ts';
import { logLine } from './log-line.ts';

export const LogPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const lines = state.log
    .slice(-Math.max(1, rect.height - 1))
    .toReversed()
    .map((line) => logLine(line, rect.width, ascii));
  return <Panel rect={rect} focused={focused} title="log" lines={lines.length > 0 ? lines : [[dim(' nothing yet')]]} />;
};
