// How each round of bursts came out, while they step up.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { useTheme } from '../use-session.ts';
import { burstLines } from './burst-lines.ts';

export const BurstsPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const lines = burstLines(state, rect.height - 1, { width: rect.width, ascii });
  return <Panel rect={rect} focused={focused} title="bursts, times in ms" lines={lines} />;
};
