// Whether the numbers can be trusted: the verdict on ourselves, and what it rests on.

import { Panel, type PanelProps } from '../parts/panel.tsx';
import { run } from '../parts/runs.ts';
import { useTheme } from '../use-session.ts';
import { generatorLines, verdictOf } from './generator-lines.ts';

export const GeneratorPanel = ({ rect, state, focused }: PanelProps) => {
  const { ascii } = useTheme();
  const { words, role } = verdictOf(state.generator);
  const lines = generatorLines(state, rect.height - 1, { width: rect.width, ascii });
  return <Panel rect={rect} focused={focused} title="generator" right={[[run(words, role)]]} lines={lines} />;
};
