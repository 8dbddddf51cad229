// A panel of rows on the whole screen: the rows in sight, which they are, and what is filtered. What the rows are is
// zoom-rows.ts.

import { formatCount } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { formatSpan } from '../charts/axis.ts';
import type { EndpointSort } from '../endpoint-sort.ts';
import { spreadLine } from '../format.ts';
import { firstLook } from '../look.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { probeAbout } from '../parts/probe-lines.ts';
import { probesOf } from '../parts/probe-values.ts';
import { dim, joined, run } from '../parts/runs.ts';
import { useEndpoints } from '../parts/use-endpoints.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { type FocusName, kindOf, type Zoom } from '../zoom.ts';
import { besidePlace, burstHeads } from './burst-lines.ts';
import { endpointHeads, itemsHead, windowedTitles } from './endpoint-lines.ts';
import { verdictOf } from './generator-lines.ts';
import { outcomeHeads } from './outcome-rows.ts';
import { type ZoomRows, zoomRows } from './zoom-rows.ts';

interface ZoomedPanelProps extends PanelProps {
  readonly name: FocusName;
  readonly zoom: Zoom;
  /** Of the endpoints. */
  readonly sort: EndpointSort;
  /** Of the outcomes: their table stands above. */
  readonly besideTable: boolean;
}

export const ZoomedPanel = ({ rect, state, name, zoom, sort, besideTable }: ZoomedPanelProps) => {
  const { ascii } = useTheme();
  const endpoints = useEndpoints(state, sort);
  const rows = zoomRows(name, state, zoom.filter, { width: rect.width, ascii, endpoints, besideTable });
  // Heads of columns stay where they are while the rows are scrolled.
  const heads = headsOf(name, state, sort, { width: rect.width, ascii });
  const height = rect.height - 1 - heads.length;
  // What was scrolled to may have become shorter since.
  const top = Math.min(zoom.top, Math.max(0, rows.lines.length - height));
  const lines = rows.lines.slice(top, top + height).map((line) => line());
  const place = placeText(top, height, rows.lines.length);
  const right = aboutOf(name, state).map((about) => joined([about, place]));
  return (
    <Panel
      rect={rect}
      focused
      title={
        titleOf(besideTable ? 'why, with an example of each' : plainTitle(name, state), zoom, rows) +
        windowWords(name, state)
      }
      right={[...right, place]}
      lines={[...heads, ...lines]}
    />
  );
};

const titleOf = (title: string, { filter }: Zoom, { shown, all }: ZoomRows): string => {
  return filter.trim() === ''
    ? title
    : `${title}  / ${filter.trim()}  ${formatCount(shown)} of ${formatCount(all)} rows`;
};

const plainTitle = (name: FocusName, state: Seen): string =>
  name === 'endpoints' ? (windowedTitles(state)[0] ?? name) : (titles[name] ?? name);

/** How long courses are, where that is not the usual and no chart beside them says it. */
const windowWords = (name: FocusName, { look: { windowMs } }: Seen): string =>
  name === 'log' || windowMs === firstLook.windowMs ? '' : ` · ${formatSpan(windowMs)}`;
const titles: Partial<Record<FocusName, string>> = {
  host: 'this machine',
  errors: 'outcomes, requests',
  bursts: 'bursts, times in ms',
  counted: 'counted by the profile',
};

const headsOf = (
  name: FocusName,
  state: Pick<Seen, 'endpoints' | 'run'>,
  sort: EndpointSort,
  { width, ascii }: { readonly width: number; readonly ascii: boolean },
): readonly Line[] => {
  if (name === 'bursts') return [burstHeads(besidePlace(state, { width, ascii }))];
  const heads =
    name === 'endpoints'
      ? endpointHeads(sort, width, itemsHead(state.endpoints))
      : name === 'errors'
        ? outcomeHeads(width)
        : undefined;
  return heads === undefined ? [] : [spreadLine([], [...heads, run('  ')], width)];
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
