// Whether load may be sent to a target without asking: to this machine and private networks yes, to anything else only
// where the user says so. Asking (in the TUI) and ending (without one) are the caller's.

import { isLocalOrPrivate } from '../common/address.ts';
import type { Profile } from './profile.ts';
import { hostOf } from './target.ts';

export type TargetPermission =
  /** `local`: every address is of this machine or a private network, so well-known probe paths may be tried. */
  { readonly type: 'allowed'; readonly local: boolean } | { readonly type: 'ask'; readonly why: string };

/**
 * May the profile's target be loaded?
 * @param addresses what its name resolves to; these count, not the name. Empty: the name itself is judged.
 * @param yes the user has agreed beforehand (`--yes`)
 */
export const targetPermission = (
  profile: Pick<Profile, 'origin' | 'allow'>,
  addresses: readonly string[],
  yes = false,
): TargetPermission => {
  const host = hostOf(new URL(profile.origin));
  const outside = (addresses.length > 0 ? addresses : [host]).find((address) => !isLocalOrPrivate(address));
  if (outside === undefined) return { type: 'allowed', local: true };
  if (yes || profile.allow.includes(profile.origin)) return { type: 'allowed', local: false };
  const shown = outside === host ? host : `${host} (${outside})`;
  return { type: 'ask', why: `${shown} is neither this machine nor in a private network` };
};
