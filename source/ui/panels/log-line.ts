// A line of the log, for its panel and for the same panel zoomed: what happened, and of a change what it did. Pure.

import { formatClock } from '../../common/units.ts';
import type { LogLine } from '../../session/state.ts';
import { cutWords, displayWidth, lineWidth } from '../format.ts';
import { dim, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';

const roles: Readonly<Record<LogLine['level'], Role>> = { info: 'text', warn: 'warn', bad: 'alarm' };

/** Between what happened and each part of its effect. */
const gap = '   ';

/** @param width cells there are: of an effect, the parts that fit are shown */
export const logLine = ({ at, level, text, effect }: LogLine, width: number, ascii: boolean): Line => {
  const time = dim(` ${formatClock(at).padStart(5)}  `);
  const words = cutWords(level === 'bad' ? `▲ ${text}` : text, width - lineWidth([time]), ascii);
  const line = [time, run(words, roles[level])];
  const shown = effect === undefined ? '' : fitting(effect.split(gap), width - lineWidth(line));
  return shown === '' ? line : [...line, dim(shown)];
};

const fitting = (parts: readonly string[], room: number): string => {
  let shown = '';
  for (const part of parts) {
    const more = `${shown}${gap}${part}`;
    if (displayWidth(more) > room) break;
    shown = more;
  }
  return shown;
};
