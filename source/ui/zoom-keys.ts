// What the keys for panels make of which panel is chosen, zoomed, scrolled and filtered. Pure. What else a key does is
// carry-out.ts.

import type { RunState } from '../session/state.ts';
import { zoomRows } from './panels/zoom-rows.ts';
import type { PastStates } from './past.ts';
import { seenOf } from './seen.ts';
import type { View } from './view.ts';
import { inSight } from './wishes.ts';
import { closed, filterOpened, focusMoved, scrolled, type Zoom } from './zoom.ts';
import { zoomPlaces } from './zoom-places.ts';

export type ZoomIntent = 'focus' | 'zoom' | 'filter' | 'scroll';

/** Of the terminal, in cells: how far a panel can be scrolled hangs on it. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/**
 * What `key` makes of the zoom. Scrolling looks at how many rows there are, and asks the probes for their details.
 * @param past of a view that is frozen the rows are those of then
 */
export const zoomAfter = (
  view: View,
  what: ZoomIntent,
  key: string,
  state: RunState,
  size: Size,
  past: PastStates,
): Zoom => {
  const { zoom } = view;
  switch (what) {
    case 'focus':
      return focusMoved(zoom, inSight(state, view, size), key === 'tab' ? 1 : -1);
    case 'zoom':
      return zoom.zoomed ? closed(zoom) : { ...zoom, zoomed: true };
    case 'filter':
      return filterOpened(zoom);
    case 'scroll': {
      if (zoom.focus === undefined) return zoom;
      const seen = seenOf(state, view.look, past);
      const { chart, below } = zoomPlaces(zoom.focus, size, seen);
      if (below === undefined) return zoom;
      const { width, height } = below;
      const rows = zoomRows(zoom.focus, seen, zoom.filter, {
        width,
        ascii: false,
        besideTable: chart !== undefined,
      }).lines.length;
      // Below the title, and the heads where there are any.
      const above = zoom.focus === 'endpoints' || zoom.focus === 'errors' ? 2 : 1;
      return scrolled(zoom, key, rows, height - above);
    }
  }
};
