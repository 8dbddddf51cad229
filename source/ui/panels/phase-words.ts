// How a run is, in one word.

import type { Phase } from '../../session/events.ts';
import type { Role } from '../theme.ts';

export const phaseWords: Readonly<Record<Phase, { readonly word: string; readonly role: Role }>> = {
  running: { word: 'RUNNING', role: 'title' },
  paused: { word: 'PAUSED', role: 'warn' },
  draining: { word: 'ENDING', role: 'warn' },
  closed: { word: 'ENDED', role: 'title' },
};
