// The armed screen: the fields of a run that has not begun, and what Enter would start. Its help stands here too, as it has
// other keys than a run.

import type { Armed } from '../armed-state.ts';
import { ruleLine } from '../format.ts';
import { keymap } from '../keymap.ts';
import type { Briefing } from '../lobby.ts';
import { armedLines } from '../panels/armed-lines.ts';
import { FooterPanel } from '../panels/footer.tsx';
import { Area } from '../parts/panel.tsx';
import { run, wrapped } from '../parts/runs.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import type { View } from '../view.ts';

interface ArmedProps {
  readonly armed: Armed;
  readonly briefing: Briefing;
  readonly state: Seen;
  readonly columns: number;
  readonly rows: number;
  readonly view: View;
}

export const ArmedScreen = ({ armed, briefing, columns, rows, state, view }: ArmedProps) => {
  const { ascii } = useTheme();
  const room = { columns, rows: rows - 1, ascii };
  const lines = view.mode === 'armed help' ? helpLines(room) : armedLines(armed, briefing, room);
  return (
    <>
      <Area rect={{ x: 0, y: 0, width: columns, height: rows - 1 }} lines={lines} />
      <FooterPanel rect={{ x: 0, y: rows - 1, width: columns, height: 1 }} state={state} view={view} />
    </>
  );
};

/** What keys do here that do something else to a run. */
const wordsHere: Readonly<Record<string, string>> = {
  interrupt: 'leave; while a run goes on, end it first',
  suspend: 'suspend; fg comes back',
};

/** What a person needs to know who sees the fields for the first time. */
const explanations = [
  'The fields hold what the flags and the profile say; what is changed here counts for the next run only. An empty field stands for what is in brackets.',
  'rate: so many arrivals a second, whether the target answers or not (open model). users: so many loops, each with one request at a time (closed model).',
  'After a run the screen stays: look at it as long as you like, then Enter or r leads back to the fields. Each run has a recording of its own.',
];

const helpLines = ({ columns, ascii }: { readonly columns: number; readonly ascii: boolean }): Line[] => [
  ruleLine('keys of the armed screen', [], columns, { ascii }),
  ...keymap
    .filter(({ group, where }) => group === 'armed' || where === 'anywhere')
    .filter(({ intent }) => intent.type !== 'back')
    .map(
      ({ shown, label, intent }): Line => [
        run(` ${`${shown} `.padEnd(12)}`, 'title'),
        run(wordsHere[intent.type] ?? label.replace(/^armed: /, '')),
      ],
    ),
  [],
  ...explanations.flatMap((text) =>
    wrapped(text, Math.min(columns, 120) - 2, 6).map((part): Line => [run(` ${part}`)]),
  ),
];
