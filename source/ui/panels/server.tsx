// The server's side in one block, for terminals that have no room for a panel each. Its rows are server-lines.ts.

import { type ServerPanel as ServerPart, serverPanels } from '../layout.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { isSimulated, probeAbout } from '../parts/probe-lines.ts';
import { probesOf } from '../parts/probe-values.ts';
import { dim, joined } from '../parts/runs.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import type { FocusName } from '../zoom.ts';
import { serverLines } from './server-lines.ts';

interface ServerPanelProps extends PanelProps {
  /** The chosen panel; one of the block's shows in its row. */
  readonly focus: FocusName | undefined;
  /** Whom it has rows for; all by default. */
  readonly parts?: readonly ServerPart[] | undefined;
}

export const ServerPanel = ({ rect, state, focus, parts = serverPanels }: ServerPanelProps) => {
  const { ascii } = useTheme();
  const abouts = (['metrics', 'health'] as const).map((kind) => {
    const probes = probesOf(state, kind);
    if (!probes.some(({ status }) => status === 'ok')) return [];
    const about = probeAbout(probes, state.now)[0] ?? [];
    return probes.length > 1 ? [dim(`${kind} `), ...about] : about;
  });
  const simulated: Line = probesOf(state, 'mongodb').some(isSimulated) ? [dim('mongodb simulated')] : [];
  const lines = serverLines(state, { width: rect.width, height: rect.height - 1, ascii, focus, parts });
  const focused = focus !== undefined && parts.some((part) => part === focus);
  return (
    <Panel
      rect={rect}
      focused={focused}
      title="server"
      right={[[simulated, ...abouts], [simulated, abouts[0] ?? []], [simulated]].map((pieces) => joined(pieces))}
      lines={lines}
    />
  );
};
