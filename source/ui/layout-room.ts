// What the layouts of all sizes share: the room there is, which panels are in sight in it, and how many rows each of them
// asks for. Pure. Where they stand is layout-wide.ts and layout-narrow.ts.

import { type Choice, type Digit, digitOf, isWanted } from './choice.ts';
import { type PanelName, type ServerPanel, serverPanels, type Wishes } from './layout.ts';
import type { PanelClaim } from './stack.ts';

/** From this height on a wide terminal has room for a table of endpoints below charts with a time axis, and for objectives. */
const endpointsFrom = 38;
const objectivesFrom = 50;
/** As for endpoints: what a profile counts itself is asked for, and worth its room sooner. */
const countedFrom = 30;
const burstsFrom = 32;

export interface Room {
  readonly type: 'compact' | 'portrait' | 'wide';
  readonly columns: number;
  readonly rows: number;
  /** Rows between header and footer. */
  readonly total: number;
  readonly wishes: Wishes;
  readonly choice: Choice;
  /** When a panel was asked for by hand; -1 for never. */
  readonly asked: (name: PanelName) => number;
}

/** The keys that show a panel; the block of the server is there for two of them. */
export const digitsIn = (name: PanelName): readonly Digit[] => {
  const digit = digitOf(name);
  return name === 'server' ? ['7', '8'] : digit === undefined ? [] : [digit];
};

export const charts = ['load', 'latency', 'heatmap'] as const;
export const tables = ['objectives', 'bursts', 'counted', 'errors', 'endpoints'] as const;

/** Whether a panel is in sight, as far as it has a place. Everything at once has what is worth its room at this size. */
export const isInSight = ({ rows, wishes, choice, type }: Room, name: PanelName): boolean => {
  const digit = digitOf(name);
  if (digit === undefined) return false;
  if ((name === 'counted' || name === 'bursts') && wishes[name] === 0) return false;
  const all = choice.preset === 'all';
  const roomy = type === 'portrait' || (type === 'wide' && rows >= endpointsFrom);
  const there = {
    // One alone is what all the panels show.
    endpoints: !all || (roomy && wishes.endpoints > 2),
    objectives: wishes.objectives > 0 && (!all || rows >= objectivesFrom),
    // Elsewhere the header and the log say how the newest one came out.
    bursts: !all || rows >= burstsFrom,
    counted: !all || type === 'portrait' || (type === 'wide' && rows >= countedFrom),
  };
  const has =
    name === 'endpoints' || name === 'objectives' || name === 'bursts' || name === 'counted' ? there[name] : true;
  return isWanted(choice, digit, has);
};

/** Which of the server's panels are in sight and have something to show. */
export const serverInSight = (room: Room): readonly ServerPanel[] =>
  serverPanels.filter((name) => room.wishes[name] > 0 && isInSight(room, name));

/** Where the chart of a preset only says what load there is. */
export const isStrip = ({ choice: { preset } }: Room): boolean => preset === 'server' || preset === 'log';

export const chartClaim = (name: 'load' | 'latency' | 'heatmap', most: number): PanelClaim => {
  const least = name === 'heatmap' ? 5 : 4;
  return { name, least, slim: least - 1, most };
};

/** Rows from which on a chart has a time axis. */
export const timeAxisRows = 10;

/** What tables ask for beside charts: a part of the rows, and no more than they can fill. */
export const tableClaim = (name: (typeof tables)[number], wishes: Wishes, rows: number): PanelClaim => {
  const part = { objectives: 0.2, bursts: 0.3, counted: 0.2, errors: 0.3, endpoints: 0.25 }[name];
  const wish = Math.max(2, wishes[name]);
  const most = Math.min(wish, Math.max(name === 'objectives' ? 3 : 4, Math.floor(rows * part)));
  return { name, least: most, slim: Math.min(most, name === 'objectives' ? 2 : 3), most };
};

/**
 * What a column of charts and tables asks for. Endpoints, of which there may be hundreds, take no row by which a chart
 * would lose its time axis: all of them are there where their panel is zoomed.
 */
export const columnClaims = (
  drawn: readonly (typeof charts)[number][],
  listed: readonly (typeof tables)[number][],
  wishes: Wishes,
  rows: number,
): readonly PanelClaim[] => {
  const claims = listed.map((name) => tableClaim(name, wishes, rows));
  const taken = claims.reduce((sum, { name, most }) => (name === 'endpoints' ? sum : sum + most), 0);
  const spare = Math.max(4, rows - taken - drawn.length * timeAxisRows);
  return [
    ...drawn.map((name) => chartClaim(name, rows)),
    ...claims.map((claim): PanelClaim => {
      if (claim.name !== 'endpoints') return claim;
      const most = Math.min(claim.most, spare);
      return { ...claim, least: most, slim: Math.min(claim.slim, most), most };
    }),
  ];
};

export const serverClaims = (names: readonly ServerPanel[], wishes: Wishes, rows: number): PanelClaim[] => {
  const wanted = names.reduce((sum, name) => sum + wishes[name], 0);
  const most = wanted > rows ? { ...wishes, generator: wishes.generatorLeast } : wishes;
  return names.map((name) => {
    const least = Math.min(2, most[name]);
    return { name, least, slim: least, most: most[name] };
  });
};
