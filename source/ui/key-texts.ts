// The table of keys as texts: the entries of the footer, the groups of the help screen, README's table. What the keys do is
// keymap.ts.

import type { RunState } from '../session/state.ts';
import type { KeyBinding, KeyGroup } from './key-binding.ts';
import { keymap } from './keymap.ts';
import { whyNot } from './read-only.ts';
import type { View } from './view.ts';

export interface FooterEntry {
  readonly text: string;
  /** What cannot be pressed now is dim. */
  readonly works: boolean;
}

/** The footer's entries that fit into `columns`, in order; those that matter least give way first. */
export const footerEntries = (state: RunState, view: View, columns: number): readonly FooterEntry[] => {
  const here = keymap.filter(({ where }) => (where === 'armed') === (view.mode === 'armed'));
  let rows = here.flatMap((binding) => {
    const text = binding.footer?.(state, view);
    return text === undefined ? [] : [{ binding, text, givesWay: binding.givesWay ?? 0 }];
  });
  const widthOf = (): number => rows.reduce((sum, { text }) => sum + text.length + 2, -1);
  while (rows.length > 1 && widthOf() > columns) {
    const last = rows.reduce((worst, row) => (row.givesWay > worst.givesWay ? row : worst));
    if (last.givesWay === 0) break;
    rows = rows.filter((row) => row !== last);
  }
  return rows.map(({ binding, text }) => ({ text, works: whyNot(binding, state, view) === undefined }));
};

export const keyGroups: readonly { readonly group: KeyGroup; readonly title: string }[] = [
  { group: 'rate', title: 'the rate, in the closed model users' },
  { group: 'run', title: 'the run' },
  { group: 'time', title: 'time' },
  { group: 'screen', title: 'the screen' },
  { group: 'armed', title: 'runs that are started here' },
];

/** README's table of keys, as Markdown. */
export const keysMarkdown = (): string => {
  const row = (binding: KeyBinding): string => {
    const keys = binding.shown.split(' ').map((key) => `\`${key}\``);
    return `| ${keys.join(' ')} | ${binding.label} |`;
  };
  const rows = keyGroups.flatMap(({ group }) => keymap.filter((binding) => binding.group === group).map(row));
  return ['| key | does |', '|---|---|', ...rows].join('\n');
};
