// How a zoomed panel divides the screen: what it shows on the dashboard, larger, and below that what there is no room for
// there. Pure.

import type { RunState } from '../session/state.ts';
import { type Rect, zoomRect } from './layout.ts';
import { errorsRows } from './panels/errors.tsx';
import type { FocusName } from './zoom.ts';
import type { Size } from './zoom-keys.ts';

export interface ZoomPlaces {
  /** Undefined where the list of rows has all of the screen. */
  readonly chart: Rect | undefined;
  /** Undefined where the chart has all of it. */
  readonly below: Rect | undefined;
}

/** From this height on outcomes have their table and its course above the list. */
const outcomesFrom = 26;
/** Rows in which bars over time can be read. */
const courseRows = 9;
const fewRows = 24;

export const zoomPlaces = (name: FocusName, { columns, rows }: Size, state: RunState): ZoomPlaces => {
  const rect = zoomRect(columns, rows);
  switch (name) {
    case 'load':
      return divided(rect, rect.height - 2 * (rect.height < fewRows ? 4 : Math.floor(rect.height / 4)));
    case 'latency':
      return divided(rect, rect.height - (rect.height < fewRows ? 6 : Math.max(6, Math.floor(rect.height / 3))));
    case 'errors':
      return rect.height < outcomesFrom
        ? { chart: undefined, below: rect }
        : divided(rect, Math.min(Math.floor(rect.height * 0.6), errorsRows(state) + courseRows));
    case 'heatmap':
    case 'objectives':
      return { chart: rect, below: undefined };
    default:
      return { chart: undefined, below: rect };
  }
};

const divided = (rect: Rect, rows: number): ZoomPlaces => ({
  chart: { ...rect, height: rows },
  below: { ...rect, y: rect.y + rows, height: rect.height - rows },
});
