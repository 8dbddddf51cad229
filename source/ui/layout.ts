// Where the panels stand in a terminal of a given size. Pure: sizes and wishes in, rectangles out, which cover every row
// from the first to the last and never overlap. What the panels show is not known here.

export type PanelName =
  | 'header'
  | 'load'
  | 'latency'
  | 'objectives'
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
}

export interface Placed {
  readonly name: PanelName;
  readonly rect: Rect;
}

export type Arrangement =
  | { readonly type: 'too small'; readonly columns: number; readonly rows: number }
  | { readonly type: 'compact' | 'wide'; readonly panels: readonly Placed[] };

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
  /** Rows in which the generator says all that matters; more only where nobody else wants them. */
  readonly generatorLeast: number;
  /** Rows of the one block that shows the server in a small terminal, and those in which nothing of it is missing. */
  readonly server: number;
  readonly serverLeast: number;
}

export const leastColumns = 60;
export const leastRows = 20;
/** From this width on the server's side stands beside the client's. */
export const wideColumns = 100;

const headerRows = 3;
const footerRows = 1;

/** The arrangement for a terminal of this size. */
export const arrange = (columns: number, rows: number, wishes: Wishes): Arrangement => {
  if (columns < leastColumns || rows < leastRows) return { type: 'too small', columns: leastColumns, rows: leastRows };
  return columns >= wideColumns ? wide(columns, rows, wishes) : compact(columns, rows, wishes);
};

/** One row asks for `least` and would like `most`; of equal claims the first is served first. */
interface Claim {
  readonly least: number;
  readonly most: number;
}

/**
 * Divides `total` rows: everybody gets the least, then a row each in turn up to the most. What nobody wants is left over.
 * Where even the least is too much, the last ones go without.
 */
export const share = (total: number, claims: readonly Claim[]): number[] => {
  let left = total;
  const given = claims.map(({ least }) => {
    const rows = Math.min(least, left);
    left -= rows;
    return rows;
  });
  for (let served = true; served && left > 0; ) {
    served = false;
    for (const [index, { most }] of claims.entries()) {
      if (left === 0 || given[index]! === 0 || given[index]! >= most) continue;
      given[index]! += 1;
      left -= 1;
      served = true;
    }
  }
  return given;
};

const column = (names: readonly PanelName[], heights: readonly number[], at: Omit<Rect, 'height'>): Placed[] => {
  let y = at.y;
  return names.flatMap((name, index) => {
    const height = heights[index]!;
    if (height === 0) return [];
    y += height;
    return { name, rect: { ...at, y: y - height, height } };
  });
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

/** Client left, server right, the log below both. */
const wide = (columns: number, rows: number, wishes: Wishes): Arrangement => {
  const total = rows - headerRows - footerRows;
  const logRows = rows < 28 ? 2 : Math.min(10, Math.max(4, Math.floor(rows / 10)));
  const bodyRows = total - logRows;
  const left = Math.round(columns * 0.61);
  const errors = Math.min(wishes.errors, Math.max(4, Math.floor(bodyRows * 0.3)));
  const load = Math.ceil((bodyRows - errors) / 2);
  const wanted = serverPanels.reduce((sum, name) => sum + wishes[name], 0);
  const most = wanted > bodyRows ? { ...wishes, generator: wishes.generatorLeast } : wishes;
  const heights = share(
    bodyRows,
    serverPanels.map((name) => ({ least: Math.min(2, most[name]), most: most[name] })),
  );
  return {
    type: 'wide',
    panels: [
      ...frame(columns, rows),
      ...column(['load', 'latency', 'errors'], [load, bodyRows - errors - load, errors], {
        x: 0,
        y: headerRows,
        width: left,
      }),
      ...column(serverPanels, heights, { x: left + 1, y: headerRows, width: columns - left - 1 }),
      { name: 'log', rect: { x: 0, y: headerRows + bodyRows, width: columns, height: logRows } },
    ],
  };
};

/** Everything below each other; the server is one block of rows. */
const compact = (columns: number, rows: number, wishes: Wishes): Arrangement => {
  const total = rows - headerRows - footerRows;
  // Charts, outcomes and log have their least; what is left may be needed for a row of each part of the server.
  const logLeast = total < 20 ? 2 : 3;
  const serverLeast = Math.max(4, Math.min(wishes.serverLeast, total - 10 - logLeast));
  const serverMost = Math.max(5, serverLeast, Math.min(wishes.server, Math.floor(total * 0.4)));
  const errorsMost = Math.max(2, Math.min(wishes.errors, Math.floor(total * 0.3)));
  const logMost = Math.max(3, Math.floor(total * 0.2));
  // The same order as on the screen; the numbers add up to the smallest terminal.
  const claims = [
    { least: 4, most: total },
    { least: 4, most: total },
    { least: 2, most: rows >= 30 ? errorsMost : 2 },
    { least: serverLeast, most: serverMost },
    { least: logLeast, most: logMost },
  ];
  const heights = share(total, claims);
  return {
    type: 'compact',
    panels: [
      ...frame(columns, rows),
      ...column(['load', 'latency', 'errors', 'server', 'log'], heights, { x: 0, y: headerRows, width: columns }),
    ],
  };
};
