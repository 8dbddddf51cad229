// Every key and command on one screen that can be scrolled. What the lines are is help-lines.ts.

import { formatCount } from '../../common/units.ts';
import { ruleLine } from '../format.ts';
import { helpLines, helpRows } from '../help-lines.ts';
import { FooterPanel } from '../panels/footer.tsx';
import { Area } from '../parts/panel.tsx';
import { run } from '../parts/runs.ts';
import type { TerminalFacts } from '../screen-cost.ts';
import type { Seen } from '../seen.ts';
import { useTheme } from '../use-session.ts';
import type { View } from '../view.ts';

interface HelpProps {
  readonly state: Seen;
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
  readonly terminal: TerminalFacts;
}

export const Help = ({ columns, rows, state, view, terminal }: HelpProps) => {
  const theme = useTheme();
  // What can be asked now is the newest state's to say, whatever second is looked at.
  const lines = helpLines(state.live, view, { columns, rows, theme, terminal });
  const height = helpRows({ columns, rows });
  const top = Math.min(view.helpTop, Math.max(0, lines.length - height));
  const until = Math.min(lines.length, top + height);
  const place = lines.length <= height ? '' : `lines ${top + 1}-${until} of ${formatCount(lines.length)}`;
  const more = until < lines.length ? '  PgDn more' : place === '' ? '' : '  PgUp back';
  const rule = ruleLine('keys and commands', place === '' ? [] : [run(`${place}${more}`)], columns, theme);
  return (
    <>
      <Area rect={{ x: 0, y: 0, width: columns, height: rows - 1 }} lines={[rule, ...lines.slice(top, top + height)]} />
      <FooterPanel rect={{ x: 0, y: rows - 1, width: columns, height: 1 }} state={state} view={view} />
    </>
  );
};
