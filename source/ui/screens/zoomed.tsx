// One panel on the whole screen, between header and footer: charts larger and with what they have no room for on the
// dashboard, probes with all they know.

import type { ReactNode } from 'react';
import { frame, leastColumns, leastRows, type Rect } from '../layout.ts';
import { LatencyDetails } from '../panels/latency-details.tsx';
import { LoadDetails } from '../panels/load-details.tsx';
import { ZoomedPanel } from '../panels/zoomed-panel.tsx';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';
import type { FocusName } from '../zoom.ts';
import { zoomPlaces } from '../zoom-places.ts';
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

export const Zoomed = ({ columns, rows, state, view }: ZoomedProps) => (
  <>
    {frame(columns, rows).map((placed) => (
      <PanelAt key={placed.name} placed={placed} state={state} view={view} />
    ))}
    {view.zoom.focus !== undefined && (
      <ZoomedParts name={view.zoom.focus} columns={columns} rows={rows} state={state} view={view} />
    )}
  </>
);

const ZoomedParts = ({ name, columns, rows, state, view }: ZoomedProps & { readonly name: FocusName }) => {
  const { chart, below } = zoomPlaces(name, { columns, rows }, state);
  return (
    <>
      {chart !== undefined && <PanelAt placed={{ name, rect: chart }} state={state} view={view} />}
      {below !== undefined && <Below name={name} rect={below} state={state} view={view} alone={chart === undefined} />}
    </>
  );
};

interface BelowProps {
  readonly name: FocusName;
  readonly rect: Rect;
  readonly state: Seen;
  readonly view: View;
  /** No chart stands above it. */
  readonly alone: boolean;
}

const Below = ({ name, rect, state, view, alone }: BelowProps): ReactNode => {
  switch (name) {
    case 'load':
      return <LoadDetails rect={rect} state={state} />;
    case 'latency':
      return <LatencyDetails rect={rect} state={state} />;
    default:
      return (
        <ZoomedPanel rect={rect} state={state} name={name} zoom={view.zoom} sort={view.sort} besideTable={!alone} />
      );
  }
};
