import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, type PanelName, type Placed, share, type Wishes } from '../../source/ui/layout.ts';

const wishes: Wishes = {
  health: 4,
  metrics: 8,
  mongodb: 6,
  'target host': 0,
  host: 7,
  generator: 3,
  generatorLeast: 2,
  'target process': 0,
  errors: 7,
  server: 12,
  serverLeast: 5,
};
/** As they are when every probe there can be is there. */
const all: Wishes = { ...wishes, 'target host': 9, 'target process': 8, server: 20, serverLeast: 7 };

const panelsAt = (columns: number, rows: number, wanted = wishes): readonly Placed[] => {
  const arrangement = arrange(columns, rows, wanted);
  return arrangement.type === 'too small' ? [] : arrangement.panels;
};
const heights = (columns: number, rows: number): Partial<Record<PanelName, number>> =>
  Object.fromEntries(panelsAt(columns, rows).map(({ name, rect }) => [name, rect.height]));

describe('the arrangement', () => {
  it('never overlaps, never leaves the terminal, and keeps header, footer and log at their places', () => {
    const size = fc.record({ columns: fc.integer({ min: 60, max: 300 }), rows: fc.integer({ min: 20, max: 120 }) });
    const row = fc.integer({ min: 1, max: 40 });
    const wanted = fc.record({
      health: row,
      metrics: row,
      mongodb: row,
      'target host': fc.integer({ min: 0, max: 40 }),
      host: row,
      generator: row,
      generatorLeast: fc.integer({ min: 1, max: 6 }),
      'target process': fc.integer({ min: 0, max: 40 }),
      errors: fc.integer({ min: 5, max: 25 }),
      server: row,
      serverLeast: fc.integer({ min: 2, max: 9 }),
    });
    fc.assert(
      fc.property(size, wanted, ({ columns, rows }, claims) => {
        const panels = panelsAt(columns, rows, claims);
        const taken = new Uint8Array(columns * rows);
        for (const { rect } of panels) {
          expect(rect.x >= 0 && rect.x + rect.width <= columns && rect.y >= 0 && rect.y + rect.height <= rows).toBe(
            true,
          );
          expect(rect.height).toBeGreaterThan(0);
          for (let y = rect.y; y < rect.y + rect.height; y += 1) {
            const cells = taken.subarray(y * columns + rect.x, y * columns + rect.x + rect.width);
            expect(cells.every((cell) => cell === 0)).toBe(true);
            cells.fill(1);
          }
        }
        const at = (name: PanelName) => panels.find((panel) => panel.name === name)!.rect;
        expect(at('header')).toEqual({ x: 0, y: 0, width: columns, height: 3 });
        expect(at('footer')).toEqual({ x: 0, y: rows - 1, width: columns, height: 1 });
        expect(at('log').y + at('log').height).toBe(rows - 1);
        expect(at('load').height).toBeGreaterThanOrEqual(4);
        expect(at('latency').height).toBeGreaterThanOrEqual(4);
      }),
      { numRuns: 200 },
    );
  });

  it('is the compact frame at 80x24', () => {
    expect(heights(80, 24)).toEqual({ header: 3, load: 5, latency: 5, errors: 2, server: 5, log: 3, footer: 1 });
  });

  it('has the client left and the server right from 100 columns on', () => {
    const panels = panelsAt(120, 40);
    const load = panels.find(({ name }) => name === 'load')!.rect;
    const health = panels.find(({ name }) => name === 'health')!.rect;
    expect(load.width / 120).toBeGreaterThan(0.59);
    expect(load.width / 120).toBeLessThan(0.65);
    expect(health.x).toBe(load.width + 1);
    expect(arrange(99, 40, wishes).type).toBe('compact');
  });

  it('serves every panel at the smallest size, and says the size below it', () => {
    expect(heights(60, 20)).toEqual({ header: 3, load: 4, latency: 4, errors: 2, server: 4, log: 2, footer: 1 });
    for (const [columns, rows] of [
      [59, 20],
      [60, 19],
      [0, 0],
    ] as const) {
      expect(arrange(columns, rows, wishes)).toEqual({ type: 'too small', columns: 60, rows: 20 });
    }
  });

  it('gives each of seven panels its title and its most important rows, and the generator what it needs', () => {
    const rows = Object.fromEntries(panelsAt(120, 40, all).map(({ name, rect }) => [name, rect.height]));
    for (const name of ['metrics', 'mongodb', 'target host', 'host', 'target process'] as const) {
      expect(rows[name]).toBeGreaterThanOrEqual(4);
    }
    expect(rows.generator).toBe(2);
    const order = panelsAt(120, 40, all).filter(({ rect }) => rect.x > 0 && rect.y > 0 && rect.y < 35);
    expect(order.map(({ name }) => name)).toEqual([
      ...['health', 'metrics', 'mongodb', 'target host', 'host', 'generator', 'target process'],
    ]);
  });

  it('leaves out the panels of what is not there', () => {
    expect(panelsAt(120, 40).map(({ name }) => name)).not.toContain('target host');
  });

  it('gives the block of a small terminal a row for each part of the server, and charts what they need', () => {
    const rows = Object.fromEntries(panelsAt(80, 24, all).map(({ name, rect }) => [name, rect.height]));
    expect(rows).toEqual({ header: 3, load: 4, latency: 4, errors: 2, server: 7, log: 3, footer: 1 });
    expect(panelsAt(60, 20, all).find(({ name }) => name === 'server')!.rect.height).toBe(4);
  });

  it('does not give rows to a panel that has nothing for them', () => {
    const panels = panelsAt(200, 60, { ...wishes, mongodb: 1 });
    expect(panels.find(({ name }) => name === 'mongodb')!.rect.height).toBe(1);
  });
});

describe('sharing rows', () => {
  it.each([
    [
      10,
      [
        [2, 4],
        [2, 8],
      ],
      [4, 6],
    ],
    [
      20,
      [
        [2, 4],
        [2, 8],
      ],
      [4, 8],
    ],
    [
      3,
      [
        [2, 4],
        [2, 8],
      ],
      [2, 1],
    ],
    [
      2,
      [
        [2, 4],
        [2, 8],
      ],
      [2, 0],
    ],
    [
      7,
      [
        [2, 9],
        [2, 9],
      ],
      [4, 3],
    ],
  ] as const)('of %i rows to %j: %j', (total, claims, given) => {
    expect(
      share(
        total,
        claims.map(([least, most]) => ({ least, most })),
      ),
    ).toEqual(given);
  });
});
