// What a class of outcomes means, and so in which colour it stands, in every list of them.

import type { OutcomeState } from '../../session/state.ts';
import type { Role } from '../theme.ts';

export const isFine = ({ name }: OutcomeState): boolean => name === '2xx' || name === '3xx';

/** What did not happen is dim; what goes wrong now has the one alarm colour. */
export const roleOf = (outcome: Pick<OutcomeState, 'total' | 'perSecond'> & { readonly fine: boolean }): Role => {
  if (outcome.total === 0) return 'dim';
  if (outcome.fine) return 'text';
  return outcome.perSecond > 0 ? 'alarm' : 'text';
};
