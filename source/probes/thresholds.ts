// From which on numbers that many probes have are worth a look, or wrong.

import type { Thresholds } from './signal.ts';

/** A queue, buffer or pool against its limit: at 80 % bursts begin not to fit, at 95 % it is as good as full. */
export const nearItsLimit: Thresholds = { of: 'limit', warn: 0.8, bad: 0.95 };
