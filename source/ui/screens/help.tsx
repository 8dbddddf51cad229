// Every key and command on one screen, made from their tables, with the reason where one does nothing now.

import { commandRows } from '../../session/command-line.ts';
import type { RunState } from '../../session/state.ts';
import { fitLine, ruleLine } from '../format.ts';
import { keyGroups } from '../key-texts.ts';
import { keymap } from '../keymap.ts';
import { FooterPanel } from '../panels/footer.tsx';
import { Area } from '../parts/panel.tsx';
import { dim, run, wrapped } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import type { View } from '../view-state.ts';

interface HelpProps {
  readonly state: Seen;
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
}

export const Help = ({ columns, rows, state, view }: HelpProps) => {
  const { ascii } = useTheme();
  const half = Math.min(50, Math.floor(columns / 2) - 1);
  const titled = keyLines(state, view, true);
  // Where rows are few, they are for keys.
  const keys = titled.length <= rows - 2 ? titled : keyLines(state, view, false);
  const commands = commandLines(state, view, columns - half - 1);
  const lines = Array.from({ length: Math.max(keys.length, commands.length) }, (_, row) => [
    ...fitLine(keys[row] ?? [], half, ascii),
    ...(commands[row] ?? []),
  ]);
  const rule = ruleLine('keys and commands', [], columns, { ascii });
  return (
    <>
      <Area rect={{ x: 0, y: 0, width: columns, height: rows - 1 }} lines={[rule, ...lines]} />
      <FooterPanel rect={{ x: 0, y: rows - 1, width: columns, height: 1 }} state={state} view={view} />
    </>
  );
};

const keyLines = (state: RunState, view: View, titles: boolean): Line[] =>
  keyGroups.flatMap(({ group, title }) => [
    ...(titles ? [[dim(` ${title}`)]] : []),
    ...keymap
      .filter((binding) => binding.group === group)
      .map((binding): Line => {
        const works = binding.disabled?.(state, view) === undefined;
        return [
          run(` ${`${binding.shown} `.padEnd(7)}`, works ? 'title' : 'dim'),
          run(binding.label, works ? 'text' : 'dim'),
        ];
      }),
  ]);

const commandLines = (state: RunState, view: View, width: number): Line[] => [
  [dim('commands')],
  ...commandRows.map((row): Line => {
    const works = row.disabled?.(state) === undefined;
    const name = `:${row.name} ${row.argument}`.trimEnd();
    return [run(`${name} `.padEnd(16), works ? 'title' : 'dim'), run(row.label, works ? 'text' : 'dim')];
  }),
  [],
  ...notNow(state, view, width),
];

/** Why some of it does nothing now, each reason once. */
const notNow = (state: RunState, view: View, width: number): Line[] => {
  const byReason = new Map<string, string[]>();
  for (const { shown, disabled } of keymap) {
    const reason = disabled?.(state, view);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), shown]);
  }
  return [...byReason].flatMap(([reason, keys]) =>
    wrapped(`not now: ${keys.join(' ')}: ${reason}`, width, 3).map((text): Line => [run(text, 'warn')]),
  );
};
