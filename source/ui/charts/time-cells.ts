// Which seconds a cell of a chart shows, where charts fill cells, and in which cell a second is: one formula for what is
// drawn and for the lines that run through it.

/** A window of time on so many cells. */
export interface TimeCells {
  readonly width: number;
  /** Length of the window in steps, and the number of its first one since the beginning of time. */
  readonly steps: number;
  readonly first: number;
}

// A boundary between cells that is a whole step but for rounding errors is that step.
const slack = 1e-9;

/** The window's first cell, counted from the beginning of time. */
const beginOf = ({ width, steps, first }: TimeCells): number =>
  Math.ceil(((first + steps) * width) / steps - slack) - width;

/** The first step of a cell; of the one behind the last, what comes after. Cells begin at fixed times. */
export const stepOfCell = (cells: TimeCells, cell: number): number =>
  Math.floor(((beginOf(cells) + cell) * cells.steps) / cells.width + slack);

/** The cell of a step, counted from the left edge of the window, fractions allowed; undefined outside of the window. */
export const cellOfStep = (cells: TimeCells, step: number): number | undefined => {
  const { width, steps, first } = cells;
  if (!(step >= 0 && step < steps) || width <= 0) return undefined;
  const perCell = steps / width;
  const whole = Math.floor(first + step);
  // Of several cells that show one step, the one of the part of it; of several steps in a cell, the cell.
  const cell =
    perCell < 1
      ? Math.max(Math.floor((first + step) / perCell + slack), Math.ceil(whole / perCell - slack))
      : Math.ceil((whole + 1) / perCell - slack) - 1;
  return Math.max(0, Math.min(width - 1, cell - beginOf(cells)));
};
