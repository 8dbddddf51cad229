// Marks on the time axis the seconds in which the generator was not to be trusted, so that nobody reads the chart above
// them as the target's doing.

import type { Line, Run } from '../theme.ts';

/** From this value of the column on a second is marked: `bad`. */
const bad = 2;

/**
 * The axis line with a sign under each second that was bad.
 * @param axis the line as text, the chart's columns from `left` on
 * @param trouble the column over the window, oldest first
 * @param cellOf in which of the chart's columns the chart has a step
 */
export const troubleMarks = (
  axis: string,
  left: number,
  trouble: Float64Array,
  cellOf: (step: number) => number,
): Line => {
  const marked = new Array<boolean>(axis.length).fill(false);
  for (const [step, value] of trouble.entries()) {
    if (!(value >= bad)) continue;
    const from = cellOf(step);
    const to = step + 1 < trouble.length ? cellOf(step + 1) : axis.length - left;
    marked.fill(true, left + from, left + Math.max(to, from + 1));
  }
  const runs: Run[] = [];
  for (const [column, character] of [...axis].entries()) {
    const role = marked[column] ? 'alarm' : 'axis';
    const text = marked[column] ? '▲' : character;
    const last = runs.at(-1);
    if (last?.role === role) runs[runs.length - 1] = { text: last.text + text, role };
    else runs.push({ text, role });
  }
  return runs;
};
