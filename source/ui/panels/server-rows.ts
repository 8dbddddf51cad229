// Which rows the server's block gives to whom: one for each kind while there are enough, else two kinds in a row. Pure.

import type { ServerPanel } from '../layout.ts';
import type { Line } from '../theme.ts';

export interface Block {
  readonly kind: ServerPanel;
  readonly name: string;
  /** What it could say, the most important first; one row at least. */
  readonly rows: readonly Line[];
  /** What it says in so many cells of a row that it shares. */
  readonly short: (width: number) => Line;
  /** Somebody asked for it; rows of others are hints. */
  readonly configured: boolean;
}

/** Kinds that go together in a row, those that give way first in front. */
const partners: readonly (readonly [ServerPanel, ServerPanel])[] = [
  ['health', 'metrics'],
  ['target host', 'host'],
  ['mongodb', 'target process'],
  ['mongodb', 'host'],
];

/** Where even two in a row are too few rows, these are left out first: each can be zoomed. */
const firstToGo: readonly ServerPanel[] = ['target process', 'target host'];

/** Blocks in at most `rows` rows, in their order: alone, or with a partner. */
export const packed = (blocks: readonly Block[], rows: number): readonly (readonly [Block, Block | undefined])[] => {
  let left = [...blocks];
  for (const kind of firstToGo) if (left.length > rows * 2) left = left.filter((block) => block.kind !== kind);
  left = left.slice(0, rows * 2);
  const partnerOf = new Map<Block, Block>();
  const taken = new Set<Block>();
  const join = (first: Block | undefined, second: Block | undefined): void => {
    if (first === undefined || second === undefined || taken.has(first) || taken.has(second)) return;
    if (left.length - partnerOf.size <= rows) return;
    partnerOf.set(first, second);
    taken.add(first).add(second);
  };
  const find = (kind: ServerPanel): Block | undefined => left.find((block) => block.kind === kind);
  for (const [first, second] of partners) join(find(first), find(second));
  // Whoever is left has no natural partner: neighbours share.
  for (let free = left.filter((block) => !taken.has(block)); free.length > 1; free = free.slice(2))
    join(free[0], free[1]);
  const seconds = new Set(partnerOf.values());
  return left.filter((block) => !seconds.has(block)).map((block) => [block, partnerOf.get(block)] as const);
};

/** How many rows each block gets: one each, those nobody asked for last; then more for those that have more. */
export const rowCounts = (blocks: readonly Pick<Block, 'rows' | 'configured'>[], height: number): number[] => {
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
