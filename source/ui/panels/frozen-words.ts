// What the header says while the view is frozen: of which second its numbers are, how far behind now that is, and what is
// wanted now, as keys go on steering. Pure.

import { formatClock, formatLength, formatLoad } from '../../common/units.ts';
import { formatSpan } from '../charts/axis.ts';
import { secondMs } from '../look.ts';
import { dim, run } from '../parts/runs.ts';
import { newestSecond } from '../past.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';

/** Wordings, longest first; none while the view is not frozen: `FROZEN at 4:11, 12 s ago   wanted now 9,400/s`. */
export const frozenWords = (state: Seen): readonly Line[] => {
  const { frozen } = state.look;
  if (frozen === undefined) return [];
  const behind = newestSecond(state) * secondMs - frozen.cursor;
  const at = formatClock(frozen.cursor);
  const ago = behind <= 0 ? 'the newest second' : `${formatLength(behind)} ago`;
  const frozenAt: Line = [run(`FROZEN at ${at}`, 'focus'), run(`, ${ago}`)];
  const [long, medium, short] = nowWords(state);
  return [
    [...frozenAt, dim('   now: '), run(long)],
    [...frozenAt, dim('   now: '), run(medium)],
    [...frozenAt, dim('   now '), run(short)],
    [run(`FROZEN ${at}`, 'focus'), run(behind <= 0 ? '' : ` -${formatSpan(behind)}`), dim('  now '), run(short)],
  ];
};

const phases = { running: 'running', paused: 'PAUSED', draining: 'ENDING', closed: 'ENDED' } as const;

/** `running, wanted 9,400/s`, `wanted 9,400/s`, `9,400/s`; where no load is wanted, how the run is. */
const nowWords = ({ live }: Seen): readonly [long: string, medium: string, short: string] => {
  const phase = phases[live.phase];
  const { wanted } = live.plan;
  if (!Number.isFinite(wanted)) return [phase, phase, phase];
  const load = formatLoad(live.run?.model ?? 'open', wanted);
  const all = `${phase}, wanted ${load}`;
  return live.phase === 'running' ? [all, `wanted ${load}`, load] : [all, phase, phase];
};

/** What the third line says of numbers that are not those of the cursor's second. */
export const pastNotice = ({ look, numbersOf }: Seen): Line => {
  if (look.frozen === undefined || numbersOf === look.frozen.cursor) return [];
  if (numbersOf === undefined) return [run('of this second only what charts show is still known', 'warn')];
  return [run(`numbers of ${formatClock(numbersOf)}, the nearest second that is kept`, 'warn')];
};
