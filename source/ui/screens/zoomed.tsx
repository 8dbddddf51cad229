// One panel on the whole screen, between header and footer: charts larger, probes with all they know.

import { frame, leastColumns, leastRows, zoomRect } from '../layout.ts';
import { ZoomedPanel } from '../panels/zoomed-panel.tsx';
import type { Seen } from '../seen.ts';
import type { View } from '../view-state.ts';
import { isChart } from '../zoom.ts';
import { PanelAt } from './panel-at.tsx';

interface ZoomedProps {
  readonly columns: number;
  readonly rows: number;
  readonly state: Seen;
  readonly view: View;
}

/** Whether a panel has the whole screen; in a terminal that is too small nothing has. */
export const isZoomed = (columns: number, rows: number, { zoom }: View): boolean =>
  zoom.zoomed && zoom.focus !== undefined && columns >= leastColumns && rows >= leastRows;

export const Zoomed = ({ columns, rows, state, view }: ZoomedProps) => {
  const { focus } = view.zoom;
  const rect = zoomRect(columns, rows);
  return (
    <>
      {frame(columns, rows).map((placed) => (
        <PanelAt key={placed.name} placed={placed} state={state} view={view} />
      ))}
      {focus !== undefined && isChart(focus) && <PanelAt placed={{ name: focus, rect }} state={state} view={view} />}
      {focus !== undefined && !isChart(focus) && (
        <ZoomedPanel rect={rect} state={state} name={focus} zoom={view.zoom} />
      )}
    </>
  );
};
