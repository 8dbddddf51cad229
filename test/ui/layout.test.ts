import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, type PanelName, type Placed, share, type Wishes } from '../../source/ui/layout.ts';

const wishes: Wishes = { health: 4, metrics: 8, mongodb: 6, host: 7, generator: 3, errors: 7, server: 12 };

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
      host: row,
      generator: row,
      errors: fc.integer({ min: 5, max: 25 }),
      server: row,
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
