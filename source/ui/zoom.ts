// Which panel is chosen, whether it has the whole screen, how far it is scrolled and what of it is shown. Pure: a part of
// the view, changed by carry-out.ts; what stands in a zoomed panel is panels/zoom-rows.ts.

import type { RunState } from '../session/state.ts';
import { type ServerPanel, serverPanels } from './layout.ts';
import { type ProbeKind, probesOf } from './parts/probe-values.ts';

/** What can be chosen, in the order of Tab: the client's side, then the server's, then the log. */
export type FocusName = ClientPanel | ServerPanel | 'log';
type ClientPanel = 'load' | 'latency' | 'heatmap' | 'objectives' | 'bursts' | 'counted' | 'errors' | 'endpoints';

export interface Zoom {
  readonly focus: FocusName | undefined;
  /** The chosen panel has the whole screen. */
  readonly zoomed: boolean;
  /** Rows of the zoomed panel above the first one that is shown. */
  readonly top: number;
  /** What rows must contain; empty for all. */
  readonly filter: string;
}

export const noZoom: Zoom = { focus: undefined, zoomed: false, top: 0, filter: '' };

const clientPanels: readonly ClientPanel[] = [
  'load',
  'latency',
  'heatmap',
  'objectives',
  'bursts',
  'counted',
  'errors',
  'endpoints',
];

/** All that can be chosen, in the order of Tab. */
export const focusNames: readonly FocusName[] = [...clientPanels, ...serverPanels, 'log'];

const isClient = (name: FocusName): name is ClientPanel => clientPanels.some((one) => one === name);

/** The kind of the probes that a panel shows; the generator's are a part of its panel. */
export const kindOf = (name: FocusName): ProbeKind | undefined => {
  if (name === 'generator') return 'process';
  return isClient(name) || name === 'log' ? undefined : name;
};

/** Whether a panel has something to show; those of probes only where some are polled. */
export const hasSomething = (state: RunState, name: FocusName): boolean => {
  if (name === 'bursts') return state.run?.model === 'burst';
  if (isClient(name) || name === 'generator' || name === 'log') return true;
  return probesOf(state, name).length > 0;
};

/**
 * The next panel (`by` 1) or the one before (-1), round and round; from none the first or the last.
 * @param names of the panels in sight
 */
export const focusMoved = (zoom: Zoom, names: readonly FocusName[], by: 1 | -1): Zoom => {
  const at = zoom.focus === undefined ? -1 : names.indexOf(zoom.focus);
  const next = at < 0 ? (by > 0 ? 0 : names.length - 1) : (at + by + names.length) % names.length;
  // What was scrolled and looked for belongs to the panel that is left.
  return { ...zoom, focus: names[next], top: 0, filter: '' };
};

/** What Esc closes, the innermost first: the zoom, then the choice. */
export const closed = (zoom: Zoom): Zoom => (zoom.zoomed ? { ...noZoom, focus: zoom.focus } : noZoom);

const rowless: ReadonlySet<FocusName> = new Set(['load', 'latency', 'heatmap', 'objectives', 'generator']);

/** Why `/` does nothing now; undefined where it works. */
export const whyNoFilter = (state: RunState, zoom: Zoom): string | undefined => {
  if (zoom.zoomed) {
    return zoom.focus !== undefined && rowless.has(zoom.focus) ? 'this panel has no rows to choose from' : undefined;
  }
  return probesOf(state, 'metrics').length > 0 ? undefined : 'no metrics are polled: --metrics URL';
};

const charts: ReadonlySet<FocusName> = new Set(['load', 'latency', 'heatmap', 'objectives']);

/** Whether a panel is drawn to its size, and is no list of rows. */
export const isChart = (name: FocusName): boolean => charts.has(name);

/** Why a panel cannot be scrolled; undefined where it can. */
export const whyNoScroll = ({ zoomed, focus }: Zoom): string | undefined => {
  if (!zoomed || focus === undefined) return 'scrolls a zoomed panel: Tab chooses it, Enter zooms it';
  return isChart(focus) ? 'all of this panel is in sight' : undefined;
};

/** What `/` filters: the zoomed panel; where none is, the metrics. */
export const filterOpened = (zoom: Zoom): Zoom =>
  zoom.zoomed ? zoom : { focus: 'metrics', zoomed: true, top: 0, filter: '' };

/** How far a key scrolls, and where it ends: the last rows stay at the bottom. @param rows there are, of which `height` fit */
export const scrolled = (zoom: Zoom, key: string, rows: number, height: number): Zoom => {
  const last = Math.max(0, rows - height);
  // A row of the page before stays in sight.
  const page = Math.max(1, height - 1);
  const from = Math.min(zoom.top, last);
  const to = { pageup: from - page, pagedown: from + page, home: 0, end: last }[key] ?? from;
  return { ...zoom, top: Math.min(last, Math.max(0, to)) };
};
