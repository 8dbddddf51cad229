// The rest between two phases in words, for the header, the footer and a terminal that is too small for either.

import { type PhasePlace, phaseText } from '../../common/phase-place.ts';
import { formatClock } from '../../common/units.ts';
import type { Interlude } from '../../session/state.ts';

/** `2/3 stress`. */
export const phaseShort = ({ name, number, count }: PhasePlace): string =>
  count === 1 ? name : `${number}/${count} ${name}`;

/** `phase 2 of 3: stress begins in 0:07`. */
export const interludeWords = ({ next, leftMs }: Interlude): string =>
  leftMs > 0 ? `${phaseText(next)} begins in ${formatClock(leftMs)}` : `${phaseText(next)} is about to begin`;
