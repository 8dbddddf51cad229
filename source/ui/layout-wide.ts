// A wide terminal: client left, server right, the log below both. Pure.

import { headerRows, type Placed, type Rect, type ServerPanel } from './layout.ts';
import {
  chartClaim,
  charts,
  columnClaims,
  isInSight,
  isStrip,
  type Room,
  serverClaims,
  serverInSight,
  tables,
} from './layout-room.ts';
import { balanced, type PanelClaim, stacked } from './stack.ts';

/** Client left, server right, the log below both. Without one of the sides the other one has the width. */
export const wide = (room: Room): readonly Placed[] => {
  const { columns, rows, total, choice, asked } = room;
  const client = [...charts, ...tables].filter((name) => isInSight(room, name));
  const server = serverInSight(room);
  const log = isInSight(room, 'log');
  const others = server.length > 0 || log;
  const strip = isStrip(room) && client.length === 1 && others ? Math.min(9, Math.max(4, Math.floor(total * 0.25))) : 0;
  // Where nothing else is left but the log, it has all of it.
  const alone = server.length + (strip > 0 ? 0 : client.length) === 0;
  const usual = rows < 28 ? 2 : Math.min(10, Math.max(4, Math.floor(rows / 10)));
  const beside = choice.preset === 'log' ? Math.max(usual, Math.floor(total / 2)) : usual;
  const logRows = log ? (alone ? total - strip : beside) : 0;
  const body: Rect = { x: 0, y: headerRows + strip, width: columns, height: total - logRows - strip };
  const full: Rect = { x: 0, y: headerRows, width: columns, height: strip };
  const placed = [
    ...(strip > 0 ? [{ name: client[0]!, rect: full }] : []),
    ...(body.height > 0 ? sides(room, body, strip > 0 ? [] : client, server) : []),
    ...(log ? [{ name: 'log' as const, rect: { ...full, y: headerRows + total - logRows, height: logRows } }] : []),
  ];
  // Nothing may be all that is chosen; a screen without anything says less than one chart.
  return placed.length > 0 ? placed : stacked([chartClaim('load', total)], { ...body, height: total }, asked);
};

type ClientPanel = (typeof charts)[number] | (typeof tables)[number];

const sides = (room: Room, at: Rect, client: readonly ClientPanel[], server: readonly ServerPanel[]): Placed[] => {
  const { wishes, asked } = room;
  const drawn = charts.filter((name) => client.includes(name));
  const listed = tables.filter((name) => client.includes(name));
  const below = columnClaims(drawn, listed, wishes, at.height);
  if (server.length === 0)
    return drawn.length < 3 || listed.length === 0 ? stacked(below, at, asked) : inTwo(room, at, listed);
  if (client.length > 0) {
    const [left, right] = split(at, [0.61, 0.39]);
    return [...stacked(below, left!, asked), ...stacked(serverClaims(server, wishes, at.height), right!, asked)];
  }
  const groups = balanced(
    server.map((name) => wishes[name]),
    at.width >= 170 ? 3 : 2,
  );
  const places = split(
    at,
    groups.map(() => 1 / groups.length),
  );
  return groups.flatMap(([from, to], index) =>
    stacked(serverClaims(server.slice(from, to), wishes, at.height), places[index]!, asked),
  );
};

/** From so many rows on that tables leave a chart stands below them. */
const chartBelow = 8;

/** The client alone: charts left, tables right; where these leave room, the last chart below them. */
const inTwo = ({ wishes, asked }: Room, at: Rect, listed: readonly (typeof tables)[number][]): Placed[] => {
  const [left, right] = split(at, [0.55, 0.45]);
  const claims = listed.map((name): PanelClaim => {
    const most = Math.max(2, wishes[name]);
    return { name, least: Math.min(most, name === 'errors' ? 6 : 4), slim: 2, most };
  });
  const filled = claims.reduce((sum, { most }) => sum + most, 0);
  const below = at.height - filled >= chartBelow ? charts.slice(2) : [];
  const beside = charts.filter((name) => !below.some((one) => one === name));
  const claimsOf = (names: readonly (typeof charts)[number][]) => names.map((name) => chartClaim(name, at.height));
  return [
    ...stacked(claimsOf(beside), left!, asked),
    ...stacked(
      [...claims.map((claim) => (below.length > 0 ? { ...claim, least: claim.most } : claim)), ...claimsOf(below)],
      right!,
      asked,
    ),
  ];
};

/** Columns side by side with an empty cell between them. @param parts of the width; the last one has what is left */
const split = (at: Rect, parts: readonly number[]): readonly Rect[] => {
  let x = at.x;
  return parts.map((part, index) => {
    const width = index === parts.length - 1 ? at.x + at.width - x : Math.round(at.width * part);
    x += width + 1;
    return { ...at, x: x - width - 1, width };
  });
};
