// What a terminal that is too small for panels is told: how the run is, what is asked, and which size would do. Pure.

import { formatClock } from '../common/units.ts';
import type { RunState } from '../session/state.ts';
import { leastColumns, leastRows } from './layout.ts';
import { hasEnded } from './leaving.ts';
import { happenings } from './panels/happenings.ts';
import { interludeWords } from './panels/interlude-words.ts';
import { cleanUpWords, phaseWords } from './panels/phase-words.ts';
import { dim, firstThatFits, run, wrapped } from './parts/runs.ts';
import type { Line } from './theme.ts';
import { modeOf, type View } from './view.ts';
import type { Size } from './zoom-keys.ts';

export const sizeLine = ({ columns, rows }: Size): Line => [
  run(` ${columns}x${rows} is too small: needs ${leastColumns}x${leastRows}`, 'warn'),
];

const questionLines = (text: string, { columns, rows }: Size): readonly string[] =>
  wrapped(`${text} y / n`, columns - 2, rows + 1);

/** Whether all of a question can be read there: what cannot is not answered. */
export const isAskedWhole = (text: string, size: Size): boolean => questionLines(text, size).length <= size.rows;

/**
 * The lines, those that matter most where there are few.
 * @param typed the line that is typed, where one is
 */
export const smallLines = (
  state: RunState,
  view: View,
  size: Size,
  typed: Line | undefined,
  ascii = false,
): readonly Line[] => {
  const said = typed === undefined ? saidLines(state, view, size) : [typed];
  const { word, role } = phaseWords[state.phase];
  const load = firstThatFits(happenings(state, ascii), size.columns - 1);
  const instead = state.interlude ? interludeWords(state.interlude) : cleanUpWords(state);
  const ofRun: readonly Line[] =
    state.run === undefined
      ? [[run(' the run has not begun yet')]]
      : [
          [run(` ${word}`, role), run(`  ${formatClock(state.now)}`)],
          instead === undefined ? [run(' '), ...load] : [run(` ${instead}`)],
        ];
  const about: readonly Line[] = [sizeLine(size), [dim(` ${keyWords(state)}`)]];
  return [...[...ofRun, ...about].slice(0, Math.max(0, size.rows - said.length)), ...said];
};

const keyWords = (state: RunState): string => {
  if (hasEnded(state)) return 'q leaves';
  if (state.interlude !== undefined) return 'q ends without it';
  if (state.phase === 'draining') return state.cleanUp ? 'q skips it' : 'Ctrl+C ends at once';
  return 'p pauses, q quits';
};

/** What is asked or said for a moment. */
const saidLines = (state: RunState, view: View, size: Size): readonly Line[] => {
  const mode = modeOf(view, state);
  const asked = (text: string): readonly Line[] => questionLines(text, size).map((line) => [run(` ${line}`, 'warn')]);
  if (mode === 'question') return asked(state.question?.text ?? '');
  if (view.toast !== undefined)
    return wrapped(view.toast.text, size.columns - 2, 2).map((line) => [run(` ${line}`, 'warn')]);
  return mode === 'confirm quit'
    ? asked(view.armed === undefined ? 'stop the run?' : 'stop the run? (r: and stay)')
    : [];
};
