// A panel of rows on the whole screen: the rows in sight, which they are, and what is filtered. What the rows are is
// zoom-rows.ts.

import { formatCount } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { probeAbout } from '../parts/probe-lines.ts';
import { probesOf } from '../parts/probe-values.ts';
import { dim, joined, run } from '../parts/runs.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { type FocusName, kindOf, type Zoom } from '../zoom.ts';
import { verdictOf } from './generator-lines.ts';
import { type ZoomRows, zoomRows } from './zoom-rows.ts';

interface ZoomedPanelProps extends PanelProps {
  readonly name: FocusName;
  readonly zoom: Zoom;
}

export const ZoomedPanel = ({ rect, state, name, zoom }: ZoomedPanelProps) => {
  const { ascii } = useTheme();
  const rows = zoomRows(name, state, zoom.filter, { width: rect.width, ascii });
  const height = rect.height - 1;
  // What was scrolled to may have become shorter since.
  const top = Math.min(zoom.top, Math.max(0, rows.lines.length - height));
  const lines = rows.lines.slice(top, top + height).map((line) => line());
  const place = placeText(top, height, rows.lines.length);
  const right = aboutOf(name, state).map((about) => joined([about, place]));
  return <Panel rect={rect} focused title={titleOf(name, zoom, rows)} right={[...right, place]} lines={lines} />;
};

const titleOf = (name: FocusName, { filter }: Zoom, { shown, all }: ZoomRows): string => {
  const title = name === 'host' ? 'this machine' : name;
  return filter.trim() === ''
    ? title
    : `${title}  / ${filter.trim()}  ${formatCount(shown)} of ${formatCount(all)} rows`;
};

/** Which lines are in sight, where that is not all of them. */
const placeText = (top: number, height: number, count: number): Line =>
  count <= height ? [] : [dim(`lines ${top + 1}-${Math.min(count, top + height)} of ${formatCount(count)}`)];

const aboutOf = (name: FocusName, state: RunState): readonly Line[] => {
  if (name === 'generator') {
    const { words, role } = verdictOf(state.generator);
    return [[run(words, role)]];
  }
  const kind = kindOf(name);
  return kind === undefined ? [] : probeAbout(probesOf(state, kind), state.now);
};
