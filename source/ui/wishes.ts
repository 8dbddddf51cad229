// How many rows each panel could fill now, for the layout; and which panels are in sight then. Pure.

import { type Choice, isWanted } from './choice.ts';
import { arrange, type Placed, serverPanels, type Wishes } from './layout.ts';
import { firstLook } from './look.ts';
import { burstRows } from './panels/burst-lines.ts';
import { countedRows } from './panels/counted-lines.ts';
import { endpointRows } from './panels/endpoint-lines.ts';
import { errorsRows } from './panels/errors.tsx';
import { generatorRows } from './panels/generator-lines.ts';
import { objectiveRows } from './panels/objective-lines.ts';
import { serverRows } from './panels/server-lines.ts';
import { probeRows } from './parts/probe-lines.ts';
import { probesOf } from './parts/probe-values.ts';
import { type Seen, seenOf } from './seen.ts';
import type { View } from './view.ts';
import { type FocusName, focusNames, hasSomething } from './zoom.ts';
import type { Size } from './zoom-keys.ts';

export const wishesOf = (state: Seen, choice: Choice): Wishes => {
  /** Those that only some targets have are not missed where they are not. */
  const ifThere = (kind: 'target host' | 'target process'): number =>
    probesOf(state, kind).length > 0 ? probeRows(state, kind) : 0;
  const generator = generatorRows(state);
  const parts = serverPanels.filter((name) => isWanted(choice, name === 'host' || name === 'generator' ? '8' : '7'));
  const server = serverRows(state, parts);
  return {
    health: probeRows(state, 'health'),
    metrics: probeRows(state, 'metrics'),
    mongodb: probeRows(state, 'mongodb'),
    'target host': ifThere('target host'),
    host: probeRows(state, 'host'),
    generator: generator.most,
    generatorLeast: generator.least,
    'target process': ifThere('target process'),
    errors: errorsRows(state),
    endpoints: endpointRows(state),
    objectives: objectiveRows(state),
    bursts: burstRows(state),
    counted: countedRows(state),
    server: server.most,
    serverLeast: server.least,
  };
};

/** The panels that stand on the dashboard at a size; none where the terminal is too small. */
export const placedPanels = (
  state: Seen,
  { choice }: Pick<View, 'choice'>,
  { columns, rows }: Size,
): readonly Placed[] => {
  const arrangement = arrange(columns, rows, wishesOf(state, choice), choice);
  return arrangement.type === 'too small' ? [] : arrangement.panels;
};

/** What can be chosen on the dashboard at a size, in the order of Tab: those of the server's block one by one. */
export const inSight = (live: Seen['live'], view: Pick<View, 'choice'>, size: Size): readonly FocusName[] => {
  const placed = placedPanels(seenOf(live, firstLook), view, size);
  const names = new Set<string>(
    placed.flatMap(({ name, parts }): readonly string[] => (name === 'server' ? (parts ?? []) : [name])),
  );
  return focusNames.filter((name) => names.has(name) && hasSomething(live, name));
};
