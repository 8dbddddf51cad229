// How a run is, in one word.

import { formatCount } from '../../common/units.ts';
import type { Phase } from '../../session/events.ts';
import type { RunState } from '../../session/state.ts';
import type { Role } from '../theme.ts';

export const phaseWords: Readonly<Record<Phase, { readonly word: string; readonly role: Role }>> = {
  running: { word: 'RUNNING', role: 'title' },
  paused: { word: 'PAUSED', role: 'warn' },
  draining: { word: 'ENDING', role: 'warn' },
  closed: { word: 'ENDED', role: 'title' },
};

/** `cleaning up 25 of 200`; undefined where nothing is being removed. */
export const cleanUpWords = ({ phase, cleanUp }: Pick<RunState, 'phase' | 'cleanUp'>): string | undefined =>
  phase === 'draining' && cleanUp
    ? `cleaning up ${formatCount(cleanUp.gone)} of ${formatCount(cleanUp.total)}`
    : undefined;
