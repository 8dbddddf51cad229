// What the run is held to: each objective with its status in words, its value, and how much of its bound is used up.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { useTheme } from '../use-session.ts';
import { objectiveLines, objectivesInShort } from './objective-lines.ts';

export const ObjectivesPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const lines = objectiveLines(state, rect.height - 1, { width: rect.width, ascii });
  return <Panel rect={rect} focused={focused} title="objectives" right={objectivesInShort(state)} lines={lines} />;
};
