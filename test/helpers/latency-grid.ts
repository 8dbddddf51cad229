// A grid of response times made by hand: around a median that a curve says, with a tail, the same in every run.
import type { LatencyGrid } from '../../source/session/state.ts';
import type { Curve } from './run-state.ts';

const perDecade = 20;

/** From 1 ms to 10 s, on a logarithmic grid. */
export const gridEdges = Array.from({ length: 4 * perDecade + 1 }, (_, index) => 10 ** (index / perDecade));

/**
 * The requests of each second fall off on both sides of the median, more slowly above it.
 * @param from the first second that is known; those before it are gaps
 */
export const fixtureGrid = (median: Curve, perSecond: number, from = 0, until = 252): LatencyGrid => ({
  edges: gridEdges,
  row: (second) => {
    if (second < from || second >= until) return undefined;
    const middle = Math.log10(median(second)) * perDecade;
    return Uint32Array.from({ length: gridEdges.length - 1 }, (_, row) => {
      const away = row + 0.5 - middle;
      const width = away < 0 ? 2.5 : 4.5;
      return Math.floor((perSecond / 8) * Math.exp(-((away / width) ** 2)));
    });
  },
});
