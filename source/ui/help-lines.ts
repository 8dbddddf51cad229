// The help as lines: every key and command from their tables, with the reason where one does nothing now, and what the
// screen costs. Pure; how much of it is in sight is screens/help.tsx.

import { formatBytes, formatCount } from '../common/units.ts';
import { commandRows } from '../session/command-line.ts';
import type { RunState } from '../session/state.ts';
import { formatSpan } from './charts/axis.ts';
import { fitLine } from './format.ts';
import { keyGroups } from './key-texts.ts';
import { keymap } from './keymap.ts';
import { dim, run, wrapped } from './parts/runs.ts';
import { whyNoCommand, whyNot } from './read-only.ts';
import { noTerminal, type TerminalFacts } from './screen-cost.ts';
import type { Line, Theme } from './theme.ts';
import type { View } from './view.ts';
import { noZoom, scrolled } from './zoom.ts';
import type { Size } from './zoom-keys.ts';

/** From this width on commands stand beside keys. */
const twoColumns = 100;

/** Rows of the help's title and of the footer. */
const frameRows = 2;

interface Place extends Size {
  readonly theme: Pick<Theme, 'ascii' | 'color'>;
  readonly terminal: TerminalFacts;
}

/** Every line of the help. */
export const helpLines = (state: RunState, view: View, place: Place): Line[] => {
  const { columns, theme } = place;
  const half = columns < twoColumns ? columns : Math.floor(columns / 2);
  const keys = keyLines(state, view, half - 2);
  const others = [...commandLines(state, view, half - 2), [], ...screenLines(view, place)];
  if (columns < twoColumns) return [...keys, [], ...others];
  return Array.from({ length: Math.max(keys.length, others.length) }, (_, row) => [
    ...fitLine(keys[row] ?? [], half, theme.ascii),
    ...(others[row] ?? []),
  ]);
};

/** Rows of the help that are in sight at a time. */
export const helpRows = ({ rows }: Size): number => Math.max(1, rows - frameRows);

/** Where a key scrolls to. */
export const helpScrolled = ({ helpTop, ...view }: View, key: string, state: RunState, size: Size): number => {
  const place = { ...size, theme: { ascii: false, color: true }, terminal: noTerminal };
  const count = helpLines(state, { helpTop, ...view }, place).length;
  return scrolled({ ...noZoom, top: helpTop }, key, count, helpRows(size)).top;
};

interface Row {
  readonly name: string;
  readonly label: string;
  readonly reason: string | undefined;
}

/** Rows with their names in `cells`; behind the last of those that do nothing for the same reason the reason. */
const rowLines = (rows: readonly Row[], cells: number, width: number): Line[] =>
  rows.flatMap(({ name, label, reason }, index): Line[] => {
    const works = reason === undefined;
    const line: Line = [run(` ${name.padEnd(cells)} `, works ? 'title' : 'dim'), run(label, works ? 'text' : 'dim')];
    if (works || rows[index + 1]?.reason === reason) return [line];
    const why = wrapped(`not now: ${reason}`, width - 3, 3).map((text): Line => [run(`   ${text}`, 'warn')]);
    return [line, ...why];
  });

const keyLines = (state: RunState, view: View, width: number): Line[] =>
  groupsOf(view).flatMap(({ group, title }, index) => {
    const rows = keymap
      // The fields have a help of their own.
      .filter((binding) => binding.group === group && binding.where !== 'armed')
      .map((binding) => ({ name: binding.shown, label: binding.label, reason: whyNot(binding, state, view) }));
    return [...(index === 0 ? [] : [[]]), [dim(` ${title}`)], ...rowLines(rows, 9, width)];
  });

/** Without those of fields where there are none. */
const groupsOf = ({ armed }: View) => keyGroups.filter(({ group }) => group !== 'armed' || armed !== undefined);

const commandLines = (state: RunState, view: View, width: number): Line[] => {
  const rows = commandRows.map((row) => ({
    name: `:${row.name} ${row.argument}`.trimEnd(),
    label: row.label,
    reason: whyNoCommand(row, state, view),
  }));
  const cells = Math.max(...rows.map(({ name }) => name.length));
  return [[dim(' commands; Tab completes, ↑↓ bring back what was typed')], ...rowLines(rows, cells, width)];
};

const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'n/a');
const count = (value: number): string => (Number.isFinite(value) ? formatCount(value) : 'n/a');

/** What this terminal is, and what was sent to it. */
const screenLines = (view: View, { columns, rows, theme, terminal: { name, fps, cost } }: Place): Line[] => {
  const shows = `${theme.color ? 'colours' : 'no colours'}, ${theme.ascii ? 'ASCII only' : 'Unicode'}`;
  const most = Number.isFinite(fps) ? `, --fps ${fps}` : '';
  const now = `${formatBytes(cost.bytesPerSecond)}/s in ${decimals(cost.framesPerSecond)} frames/s${most}`;
  const all = `${formatBytes(cost.bytesSent)} in ${count(cost.framesSent)} frames`;
  const late = `${decimals(cost.droppedPerSecond)} frames/s, ${count(cost.framesDropped)} in all (slow terminal)`;
  const row = (label: string, text: string): Line => [dim(` ${label.padEnd(9)} `), run(text)];
  return [
    [dim(' this screen')],
    row('sends', now),
    row('sent', all),
    row('dropped', late),
    row('terminal', `${name}, ${shows}`),
    row('size', `${columns}x${rows}, charts over ${formatSpan(view.look.windowMs)}`),
  ];
};
