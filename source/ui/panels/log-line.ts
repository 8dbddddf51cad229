// A line of the log, for its panel and for the same panel zoomed. Pure.

import { formatClock } from '../../common/units.ts';
import type { LogLine } from '../../session/state.ts';
import { dim, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';

const roles: Readonly<Record<LogLine['level'], Role>> = { info: 'text', warn: 'warn', bad: 'alarm' };

export const logLine = ({ at, level, text }: LogLine): Line => [
  dim(` ${formatClock(at).padStart(5)}  `),
  run(level === 'bad' ? `▲ ${text}` : text, roles[level]),
];
