// MongoDB's serverStatus as tables, for a panel that has the whole screen: operations by kind, latencies with the tickets
// and queues behind them. Pure.

import type { ProbeTable, TableCell } from './probe.ts';
import { growth, type Look, operationRates, rate, type Value } from './server-growth.ts';
import { meanWaitMs, type TicketKind, ticketsOf } from './server-tickets.ts';
import { type LatencyKind, latencyMs, operationKinds } from './server-work.ts';
import { judged, quotient } from './status-row.ts';

export const statusTables = (look: Look): ProbeTable[] => [operationsByKind(look), latencies(look)];

const known = (value: Value): number | undefined => (typeof value === 'number' ? value : undefined);

const operationsByKind = (look: Look): ProbeTable => {
  const rates = operationRates(look);
  const { total } = rates;
  return {
    title: 'operations by kind',
    columns: [
      { label: 'kind' },
      { label: 'per second', unit: '/s' },
      { label: 'share', unit: 'ratio', bar: true },
      { label: 'replicated', unit: '/s' },
    ],
    rows: operationKinds.map((kind) => [
      kind,
      known(rates[kind]),
      known(quotient(rates[kind], total, 'nothing was done')),
      known(rate(look, 'opcountersRepl', kind)),
    ]),
    ...(typeof total === 'string' && { note: total }),
  };
};

const ticketsBehind: Partial<Record<LatencyKind, TicketKind>> = { reads: 'read', writes: 'write' };

const latencies = (look: Look): ProbeTable => ({
  title: 'latency and tickets',
  columns: [
    { label: 'kind' },
    { label: 'per second', unit: '/s' },
    { label: 'latency', unit: 'ms' },
    { label: 'tickets out', unit: 'count' },
    { label: 'queued', unit: 'count' },
    { label: 'queue time', unit: 'ms' },
  ],
  rows: (['reads', 'writes', 'commands', 'transactions'] as const).map((kind): TableCell[] => {
    const perSecond = quotient(growth(look, 'opLatencies', kind, 'ops'), look.dtMs / 1000, 'no time went by');
    const latency = known(latencyMs(look, kind));
    const level = kind === 'transactions' || latency === undefined ? undefined : judged(latency, 20, 100);
    const behind = ticketsBehind[kind];
    return [
      kind,
      known(perSecond),
      latency === undefined ? undefined : { value: latency, ...(level && { level }) },
      ...(behind ? ticketCells(look, behind) : [undefined, undefined, undefined]),
    ];
  }),
});

const ticketCells = (look: Look, kind: TicketKind): TableCell[] => {
  const tickets = ticketsOf(look.now, kind);
  if (!tickets) return [undefined, undefined, undefined];
  const { out, total, queued } = tickets;
  const used: TableCell = total === undefined ? out : { value: out, limit: total };
  return [used, queued, known(meanWaitMs(look, kind))];
};
