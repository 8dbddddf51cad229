// The server's side in one block, for terminals that have no room for a panel each: a row for each probe, two values in it.

import { formatShare } from '../../common/units.ts';
import type { ProbeState, RunState } from '../../session/state.ts';
import { fitLine } from '../format.ts';
import { Panel, type PanelProps } from '../parts/panel.tsx';
import { probesOf } from '../parts/probe-panel.tsx';
import { factPiece, readingRow, readingText } from '../parts/reading-row.ts';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import type { Line } from '../theme.ts';
import { useRunState, useTheme } from '../use-session.ts';
import { generatorFacts, verdictOf } from './generator.tsx';

type Kind = 'health' | 'metrics' | 'mongodb' | 'host';

const kinds: readonly { readonly kind: Kind; readonly name: string; readonly absent: string }[] = [
  { kind: 'health', name: 'health', absent: 'not polled: --health URL' },
  { kind: 'metrics', name: 'metrics', absent: 'not polled: --metrics URL' },
  { kind: 'mongodb', name: 'mongodb', absent: 'not configured: --mongo URI' },
  { kind: 'host', name: 'machine', absent: 'not measured' },
];

/** Cells of the names at the left. */
const nameCells = 11;

/** Rows that the block could fill, its title included. */
export const serverRows = (state: RunState): number =>
  2 +
  kinds.reduce((sum, { kind }) => sum + Math.max(1, Math.ceil((probesOf(state, kind)[0]?.values.length ?? 0) / 2)), 0);

export const ServerPanel = ({ rect }: PanelProps) => {
  const state = useRunState((all) => all);
  const { ascii } = useTheme();
  const about = (['metrics', 'health'] as const).map((kind) => probesOf(state, kind)[0]?.title).filter(Boolean);
  const lines = serverLines(state, rect.width, rect.height - 1, ascii);
  return <Panel rect={rect} title="server" right={[[dim(about.join('  '))]]} lines={lines} />;
};

/** What stands in half a row. */
type Half = (width: number) => Line;

const serverLines = (state: RunState, width: number, height: number, ascii: boolean): Line[] => {
  const inner = width - nameCells - 2;
  const half = Math.floor((inner - 2) / 2);
  const blocks = kinds.map(({ kind, name, absent }) => {
    const [probe] = probesOf(state, kind);
    const whole = probe === undefined ? dim(absent) : probe.status === 'ok' ? undefined : notOk(probe);
    const halves = probe === undefined || whole !== undefined ? [] : halvesOf(probe, state, ascii);
    const rows: Line[] = whole === undefined ? pairs(halves, half, ascii) : [[whole]];
    return { kind, name, rows, configured: probe !== undefined };
  });
  const { words, role } = verdictOf(state.generator);
  const facts = generatorFacts(state).replaceAll('   ', ', ');
  const generator = {
    kind: 'generator',
    name: 'generator',
    rows: [[run(words, role), dim(`: ${facts}`)]],
    configured: true,
  };
  const configured = blocks.filter((block) => block.configured).length + 1;
  const all = [...(configured > height ? merged(blocks, half, state, ascii) : blocks), generator];
  const counts = rowCounts(all, height);
  return all.flatMap(({ name, rows }, block) =>
    rows
      .slice(0, counts[block])
      .map(
        (row, index): Line => [
          dim(` ${(index === 0 ? name : '').padEnd(nameCells)}`),
          ...fitLine(row, inner + 1, ascii),
        ],
      ),
  );
};

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly rows: readonly Line[];
  readonly configured: boolean;
}

/** Where not every probe can have a row, health and metrics share one: the state with its fullest buffer, a first number. */
const merged = (blocks: readonly Block[], half: number, state: RunState, ascii: boolean): readonly Block[] => {
  const [health, metrics] = [probesOf(state, 'health')[0], probesOf(state, 'metrics')[0]];
  if (health?.status !== 'ok' || metrics?.status !== 'ok') return blocks;
  const right = halvesOf(metrics, state, ascii)[0]?.(half) ?? [];
  const row: Line = [...fitLine(healthInShort(health, half), half, ascii), run('  '), ...right];
  const first: Block = { kind: 'health', name: 'health', rows: [row], configured: true };
  return [first, ...blocks.filter(({ kind }) => kind !== 'health' && kind !== 'metrics')];
};

const healthInShort = (probe: ProbeState, width: number): Line => {
  const values = probe.values.toSorted((a, b) => a.rank - b.rank);
  const status = values.find((value) => value.type === 'fact');
  const bounded = values.find((value) => value.type === 'value' && value.limit !== undefined);
  const state: Line = status?.type === 'fact' ? factPiece(status) : [];
  if (bounded?.type !== 'value' || bounded.limit === undefined) return state;
  const whole: Line = [dim(`${bounded.label} `), run(readingText(bounded))];
  const share: Line = [dim(`${bounded.label} `), run(formatShare(bounded.value / bounded.limit))];
  return firstThatFits([joined([state, whole]), joined([state, share])], width);
};

/** How many rows each block gets: one each, those without a probe last; then more for those that have more. */
const rowCounts = (
  blocks: readonly { readonly rows: readonly Line[]; readonly configured: boolean }[],
  height: number,
): number[] => {
  const counts = blocks.map(() => 0);
  let left = height;
  const give = (index: number): void => {
    if (left > 0 && counts[index]! < blocks[index]!.rows.length) {
      counts[index]! += 1;
      left -= 1;
    }
  };
  for (const configured of [true, false]) {
    // The generator's verdict comes last in the block, but is not the one to go missing.
    if (configured) give(blocks.length - 1);
    for (const [index, block] of blocks.entries())
      if (block.configured === configured && counts[index] === 0) give(index);
  }
  for (let before = -1; left > 0 && left !== before; ) {
    before = left;
    for (const index of blocks.keys()) give(index);
  }
  return counts;
};

const notOk = (probe: ProbeState) =>
  probe.status === 'waiting'
    ? dim('waiting for the first answer')
    : run(
        `▲ no answer: ${probe.reason ?? 'unknown reason'}${probe.hint === undefined ? '' : ` (${probe.hint})`}`,
        'alarm',
      );

const halvesOf = (probe: ProbeState, state: RunState, ascii: boolean): Half[] =>
  probe.values
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap((value): Half[] => {
      if (value.type === 'gap') return [];
      if (value.type === 'fact') return [() => factPiece(value)];
      return [(width) => readingRow(value, { probe, state, width, spark: Math.round(width * 0.24), ascii })];
    });

const pairs = (halves: readonly Half[], width: number, ascii: boolean): Line[] => {
  const rows: Line[] = [];
  for (let at = 0; at < halves.length; at += 2) {
    const [left, right] = [halves[at]!, halves[at + 1]];
    rows.push([...fitLine(left(width), width, ascii), run('  '), ...(right?.(width) ?? [])]);
  }
  return rows;
};
