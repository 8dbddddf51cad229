// What happened, newest first: what was steered, what the target said of itself, what went wrong.

import { formatClock } from '../../common/units.ts';
import type { LogLine } from '../../session/state.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { dim, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';
import { useRunState } from '../use-session.ts';

const roles: Readonly<Record<LogLine['level'], Role>> = { info: 'text', warn: 'warn', bad: 'alarm' };

export const LogPanel = ({ rect }: PanelProps) => {
  const log = useRunState((state) => state.log);
  const lines = log
    .slice(-Math.max(1, rect.height - 1))
    .toReversed()
    .map(
      ({ at, level, text }): Line => [
        dim(` ${formatClock(at).padStart(5)}  `),
        run(level === 'bad' ? `▲ ${text}` : text, roles[level]),
      ],
    );
  return <Panel rect={rect} title="log" lines={lines.length > 0 ? lines : [[dim(' nothing yet')]]} />;
};
