import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellOfStep, stepOfCell } from '../../../source/ui/charts/time-cells.ts';

it('a second is in a cell that shows it, whatever the window and wherever it ends', () => {
  const windows = fc.constantFrom(30, 60, 120, 300, 900, 3600);
  const widths = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(
      windows,
      widths,
      fc.nat(4000),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (steps, width, end, at) => {
        const cells = { width, steps, first: end - steps };
        const step = at * steps;
        const second = Math.floor(cells.first + step);
        const cell = cellOfStep(cells, step)!;
        // What is older than the first cell stands at the left edge.
        if (second < stepOfCell(cells, 0)) expect(cell).toBe(0);
        else {
          const from = stepOfCell(cells, cell);
          expect(from).toBeLessThanOrEqual(second);
          expect(Math.max(stepOfCell(cells, cell + 1), from + 1)).toBeGreaterThan(second);
        }
      },
    ),
  );
});

it('the time cursor of an hour stands where its second is drawn', () => {
  const cells = { width: 100, steps: 3600, first: 1 };
  expect(cellOfStep(cells, 3590 - 1)).toBe(98);
  expect([stepOfCell(cells, 98), stepOfCell(cells, 99)]).toEqual([3564, 3600]);
  expect([cellOfStep(cells, -1), cellOfStep(cells, 3600), cellOfStep({ ...cells, width: 0 }, 5)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
