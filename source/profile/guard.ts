// Whether load may be sent to a target without asking: to this machine and private networks yes, to anything else only
// where the user says so. Asking (in the TUI) and ending (without one) are the caller's.

import { isLocalOrPrivate } from '../common/address.ts';
import { hostOf } from './target.ts';

export type TargetPermission =
  /** `local`: every address is of this machine or a private network, so well-known probe paths may be tried. */
  { readonly type: 'allowed'; readonly local: boolean } | { readonly type: 'ask'; readonly why: string };

/** A host that the load reaches: the target's, and that of a proxy or of what is connected to in its place. */
export interface Reached {
  /** Scheme, host and port; no credentials. */
  readonly origin: string;
  /** What its name resolves to; these count, not the name. Empty: the name itself is judged. */
  readonly addresses: readonly string[];
}

/**
 * May these hosts be loaded? One that may not is enough to ask.
 * @param reached empty for a Unix socket: that is this machine
 * @param allow origins that the profile allows
 * @param yes the user has agreed beforehand (`--yes`)
 */
export const targetPermission = (
  reached: readonly Reached[],
  allow: readonly string[],
  yes = false,
): TargetPermission => {
  const outside = reached.filter((each) => outsideOf(each) !== undefined);
  if (outside.length === 0) return { type: 'allowed', local: true };
  const unasked = outside.filter(({ origin }) => !allow.includes(origin));
  if (yes || unasked.length === 0) return { type: 'allowed', local: false };
  const shown = unasked.map((each) => {
    const host = hostOf(new URL(each.origin));
    const address = outsideOf(each);
    return address === host ? host : `${host} (${address})`;
  });
  return {
    type: 'ask',
    why:
      shown.length === 1
        ? `${shown[0]} is neither this machine nor in a private network`
        : `${shown.join(' and ')} are neither this machine nor in a private network`,
  };
};

/** The address of a host that is neither of this machine nor of a private network. */
const outsideOf = ({ origin, addresses }: Reached): string | undefined =>
  (addresses.length > 0 ? addresses : [hostOf(new URL(origin))]).find((address) => !isLocalOrPrivate(address));
