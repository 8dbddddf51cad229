// Which hosts a run reaches: the one that sockets are connected to, and the target behind it. Who may be reached is
// profile/guard.ts.

import { resolveName } from '../engine/names.ts';
import type { Address, Transport, Via } from '../engine/protocol.ts';
import type { Reached } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { hostOf } from '../profile/target.ts';

export interface Reach {
  /** Of the host that is dialled; none for a Unix socket. */
  readonly addresses: readonly Address[];
  /** The hosts that are asked about. */
  readonly reached: readonly Reached[];
}

type ReachedProfile = Pick<Profile, 'origin' | 'connection'>;

/**
 * Resolves the host that is dialled, and the target's own beside it: a proxy passes everything on.
 * @throws UserError where the dialled host has no address
 */
export const reach = async (profile: ReachedProfile, transport: Transport): Promise<Reach> => {
  const { via } = transport;
  if (via.type === 'unix') return { addresses: [], reached: [] };
  const addresses = await resolveName(via.hostname, profile.connection.family);
  const dialled = { origin: dialledOrigin(profile, via), addresses: addresses.map(({ address }) => address) };
  if (isDirect(profile, transport)) return { addresses, reached: [dialled] };
  // Only a proxy may know the target's name: where it cannot be resolved here, the name itself is judged.
  const own = await resolveName(hostOf(new URL(profile.origin))).catch(() => []);
  const target = { origin: profile.origin, addresses: own.map(({ address }) => address) };
  return { addresses, reached: [target, dialled] };
};

const dialledOrigin = (
  profile: Pick<Profile, 'origin'>,
  { type, hostname, port }: Exclude<Via, { type: 'unix' }>,
): string => {
  const scheme = type === 'proxy' ? 'http:' : new URL(profile.origin).protocol;
  return new URL(`${scheme}//${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`).origin;
};

/** Whether sockets are connected to the target itself. */
export const isDirect = (profile: Pick<Profile, 'origin'>, { via }: Transport): boolean =>
  via.type === 'host' && dialledOrigin(profile, via) === profile.origin;
