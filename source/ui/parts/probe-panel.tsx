// The panel of the probes of a kind on the dashboard. What stands in it is probe-lines.ts; which kinds exist is known to
// the panels that use it.

import { useTheme } from '../use-session.ts';
import { Panel, type PanelProps } from './panel.tsx';
import { probeAbout, probeLines } from './probe-lines.ts';
import { type ProbeKind, probesOf } from './probe-values.ts';
import { dim } from './runs.ts';

interface ProbePanelProps extends PanelProps {
  readonly kind: ProbeKind;
  /** Wordings, longest first. */
  readonly title: string | readonly string[];
  /** What the title says where no such probe was asked for: how to get one. */
  readonly absent: string;
  /** False where the title says what the facts would. */
  readonly facts?: boolean;
}

export const ProbePanel = ({ rect, state, focused, kind, title, absent, facts = true }: ProbePanelProps) => {
  const { ascii } = useTheme();
  const probes = probesOf(state, kind);
  const right = probes.length === 0 ? [[dim(absent)]] : probeAbout(probes, state.now);
  const lines = probeLines(probes, state, rect.height - 1, { width: rect.width, ascii, facts });
  return <Panel rect={rect} focused={focused} title={title} right={right} lines={lines} />;
};
