import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHeat } from '../../../source/ui/charts/heatmap.ts';
import { linearScale } from '../../../source/ui/charts/scale.ts';
import { drawStack, type Stack, stackCells } from '../../../source/ui/charts/stack.ts';
import { plainText } from '../../../source/ui/theme.ts';

const scale = linearScale(0, 4, 1);
const gap = Number.NaN;

const drawn = (given: Partial<Stack>): string[] => {
  const layers = [
    { values: Float64Array.of(4, 2, gap, 4), role: 'goodSeries' as const, glyph: 'g' },
    { values: Float64Array.of(0, 1, gap, 0.01), role: 'tooMany' as const, glyph: '4' },
  ];
  return drawStack({ width: 4, height: 4, scale, layers, steps: 4, first: 0, ascii: false, ...given }).map(plainText);
};

describe('bars on top of each other', () => {
  it('reach as high as their sum, and are blank where nothing is known', () => {
    expect(drawn({})).toEqual(['g  4', 'g4 g', 'gg g', 'gg g']);
  });

  it('have markers where they leave room', () => {
    const markers = [{ step: 1, kind: 'change' as const, name: '' }];
    expect(drawn({ markers })).toEqual(['g┊ 4', 'g4 g', 'gg g', 'gg g']);
  });

  it('have the time cursor in the cell that shows its second, as a heat map has', () => {
    const given = { width: 100, height: 1, steps: 3600, first: 1, cursor: 3589, ascii: false } as const;
    const [bars] = drawStack({ ...given, scale, layers: [] });
    expect(plainText(bars!).indexOf('┃')).toBe(98);
    const counts = new Float64Array(100).fill(gap);
    const [heat] = drawHeat({ ...given, scale, counts, most: 1, lines: [], ink: 'shades' });
    expect(plainText(heat!).indexOf('┃')).toBe(98);
  });

  it('never lose what happened, nor grow beyond the chart', () => {
    const value = fc.oneof(fc.constant(0), fc.constant(gap), fc.double({ min: 0.001, max: 4, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 5, max: 12 }),
        (values, height) => {
          const cells = stackCells(values, scale, height);
          for (const [layer, count] of cells.entries()) {
            if (values[layer]! > 0) expect(count).toBeGreaterThan(0);
            else expect(count).toBe(0);
          }
          expect(cells.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(height);
        },
      ),
    );
  });

  it('have exactly the size that is asked for', () => {
    expect(drawn({ width: 0 })).toEqual(['', '', '', '']);
    expect(drawn({ height: 0 })).toEqual([]);
  });
});
