// Where the panels stand in a terminal of a given size. Pure: sizes, wishes and a choice in, rectangles out, which cover
// every row from the first to the last and never overlap. What the panels show is not known here; how the rows of a column
// are divided is stack.ts, and where a column stands is layout-wide.ts and layout-narrow.ts.

import { type Choice, firstChoice } from './choice.ts';
import { narrow } from './layout-narrow.ts';
import { digitsIn, type Room } from './layout-room.ts';
import { wide } from './layout-wide.ts';
import { askedBy } from './stack.ts';

export type PanelName =
  | 'header'
  | 'load'
  | 'latency'
  | 'heatmap'
  | 'endpoints'
  | 'objectives'
  | 'bursts'
  | 'counted'
  | 'errors'
  | 'server'
  | 'health'
  | 'metrics'
  | 'mongodb'
  | 'target host'
  | 'host'
  | 'generator'
  | 'target process'
  | 'log'
  | 'footer';

/** In cells, from the top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The key that shows and hides what stands there, where that is said; of a block several. */
  readonly digit?: string | undefined;
}

export interface Placed {
  readonly name: PanelName;
  readonly rect: Rect;
  /** Of the server's block: what it has rows for. */
  readonly parts?: readonly ServerPanel[];
}

export type Arrangement =
  | { readonly type: 'too small'; readonly columns: number; readonly rows: number }
  | { readonly type: 'compact' | 'portrait' | 'wide'; readonly panels: readonly Placed[] };

/** The server's side, in the order in which it stands below each other. */
export const serverPanels = [
  'health',
  'metrics',
  'mongodb',
  'target host',
  'host',
  'generator',
  'target process',
] as const satisfies readonly PanelName[];
export type ServerPanel = (typeof serverPanels)[number];

/** Rows that panels could fill, their title included; 0 for one that is not there. The layout gives what there is. */
export interface Wishes extends Readonly<Record<ServerPanel, number>> {
  readonly errors: number;
  readonly endpoints: number;
  readonly objectives: number;
  readonly bursts: number;
  readonly counted: number;
  /** Rows in which the generator says all that matters; more only where nobody else wants them. */
  readonly generatorLeast: number;
  /** Rows of the one block that shows the server in a small terminal, and those in which nothing of it is missing. */
  readonly server: number;
  readonly serverLeast: number;
}

export const leastColumns = 60;
export const leastRows = 20;
/** Whether a terminal has no room for panels. */
export const isTooSmall = (columns: number, rows: number): boolean => columns < leastColumns || rows < leastRows;
/** From this width on the server's side stands beside the client's. */
export const wideColumns = 100;
/** From this height on a narrow terminal has room for the server's panels one by one. */
export const portraitRows = 40;

export const headerRows = 3;
const footerRows = 1;
/** The arrangement for a terminal of this size. */
export const arrange = (columns: number, rows: number, wishes: Wishes, choice: Choice = firstChoice): Arrangement => {
  if (isTooSmall(columns, rows)) return { type: 'too small', columns: leastColumns, rows: leastRows };
  const asked = askedBy(choice.shown, digitsIn);
  const type = columns >= wideColumns ? 'wide' : rows >= portraitRows ? 'portrait' : 'compact';
  const room: Room = { columns, rows, total: rows - headerRows - footerRows, wishes, choice, asked, type };
  const panels = type === 'wide' ? wide(room) : narrow(room);
  return { type, panels: [...frame(columns, rows), ...panels] };
};

/** Header and footer, which are there at every size and in every screen of the run. */
export const frame = (columns: number, rows: number): readonly Placed[] => [
  { name: 'header', rect: { x: 0, y: 0, width: columns, height: headerRows } },
  { name: 'footer', rect: { x: 0, y: rows - footerRows, width: columns, height: footerRows } },
];

/** The place of a panel that has the whole screen but for header and footer. */
export const zoomRect = (columns: number, rows: number): Rect => ({
  x: 0,
  y: headerRows,
  width: columns,
  height: Math.max(1, rows - headerRows - footerRows),
});
