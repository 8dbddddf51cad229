// What the keys for panels make of which panel is chosen, zoomed, scrolled and filtered. Pure. What else a key does is
// view-state.ts.

import type { RunState } from '../session/state.ts';
import { zoomRect } from './layout.ts';
import { firstLook } from './look.ts';
import { zoomRows } from './panels/zoom-rows.ts';
import { seenOf } from './seen.ts';
import { closed, filterOpened, focusMoved, scrolled, type Zoom } from './zoom.ts';

export type ZoomIntent = 'focus' | 'zoom' | 'filter' | 'scroll';

/** Of the terminal, in cells: how far a panel can be scrolled hangs on it. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What `key` makes of `zoom`. Scrolling looks at how many rows there are, and asks the probes for their details. */
export const zoomAfter = (zoom: Zoom, what: ZoomIntent, key: string, state: RunState, size: Size): Zoom => {
  switch (what) {
    case 'focus':
      return focusMoved(zoom, state, key === 'tab' ? 1 : -1);
    case 'zoom':
      return zoom.zoomed ? closed(zoom) : { ...zoom, zoomed: true };
    case 'filter':
      return filterOpened(zoom);
    case 'scroll': {
      if (zoom.focus === undefined) return zoom;
      const { width, height } = zoomRect(size.columns, size.rows);
      const rows = zoomRows(zoom.focus, seenOf(state, firstLook), zoom.filter, { width, ascii: false }).lines.length;
      return scrolled(zoom, key, rows, height - 1);
    }
  }
};
