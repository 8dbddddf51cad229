// A narrow terminal: everything below each other. Pure.

import { headerRows, type Placed, type ServerPanel } from './layout.ts';
import {
  chartClaim,
  charts,
  isInSight,
  isStrip,
  type Room,
  serverClaims,
  serverInSight,
  tableClaim,
  tables,
} from './layout-room.ts';
import { type PanelClaim, stacked } from './stack.ts';

/** Everything below each other; the server is one block of rows while there is no room for its panels one by one. */
export const narrow = (room: Room): readonly Placed[] => {
  const { columns, total, asked, type } = room;
  const parts = serverInSight(room);
  const claims = [
    ...charts.filter((name) => isInSight(room, name)).map((name) => chartIn(room, name)),
    ...tables.filter((name) => isInSight(room, name)).map((name) => narrowTable(room, name)),
    ...(type === 'portrait' ? serverClaims(parts, room.wishes, Math.floor(total / 2)) : blockClaim(room, parts)),
    ...(isInSight(room, 'log') ? [logClaim(room)] : []),
  ];
  const shown = claims.length > 0 ? claims : [chartClaim('load', total)];
  const placed = stacked(shown, { x: 0, y: headerRows, width: columns, height: total }, asked);
  return placed.map((one) => (one.name === 'server' ? { ...one, parts } : one));
};

/** Where there are many rows, charts have enough of them to be read before lists get more. */
const chartIn = (room: Room, name: (typeof charts)[number]): PanelClaim => {
  const claim = chartClaim(name, name === 'load' && isStrip(room) ? 6 : room.total);
  return room.type === 'portrait' ? { ...claim, least: Math.max(claim.least, portraitChart) } : claim;
};

const portraitChart = 6;

const narrowTable = ({ type, rows, total, wishes }: Room, name: (typeof tables)[number]): PanelClaim => {
  // Where rows are few, the outcomes are a line.
  const errorsMost = rows >= 30 ? Math.max(2, Math.min(wishes.errors, Math.floor(total * 0.3))) : 2;
  if (name === 'errors' && type === 'compact') return { name, least: 2, slim: 2, most: errorsMost };
  const claim = tableClaim(name, wishes, total);
  return type === 'portrait' ? claim : { ...claim, most: Math.max(2, wishes[name]) };
};

const logClaim = ({ total, choice, type }: Room): PanelClaim => {
  const least = type === 'portrait' ? 4 : total < 20 ? 2 : 3;
  return {
    name: 'log',
    least,
    slim: 2,
    most: choice.preset === 'log' ? total : Math.max(3, Math.floor(total * (type === 'portrait' ? 0.12 : 0.2))),
  };
};

const blockClaim = (room: Room, parts: readonly ServerPanel[]): PanelClaim[] => {
  if (parts.length === 0) return [];
  const { total, wishes } = room;
  // Charts, outcomes and log have their least; what is left may be needed for a row of each part of the server.
  const least = Math.max(4, Math.min(wishes.serverLeast, total - 10 - logClaim(room).least));
  const part = isStrip(room) ? total : Math.floor(total * 0.4);
  return [{ name: 'server', least, slim: 3, most: Math.max(5, least, Math.min(wishes.server, part)) }];
};
