// What the profile counts beside the requests. What the target's own metrics say is metrics.tsx.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { useTheme } from '../use-session.ts';
import { countedInShort, countedLines } from './counted-lines.ts';

export const CountedPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const lines = countedLines(state, rect.height - 1, { width: rect.width, ascii });
  return (
    <Panel rect={rect} focused={focused} title="counted by the profile" right={countedInShort(state)} lines={lines} />
  );
};
