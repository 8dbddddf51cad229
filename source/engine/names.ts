// Resolves the target's name: before the run and now and then during it, never for a connection, so that a slow resolver
// is not mistaken for a slow target.

import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { errorCode, UserError } from '../common/errors.ts';
import type { Address } from './protocol.ts';

/** How often names are resolved again (ms). */
export const resolveEveryMs = 30_000;

/**
 * All addresses of a host name; of an address, itself.
 * @param family only addresses of it
 * @throws UserError (exit code 1) where the name cannot be resolved, or has no address of the family
 */
export const resolveName = async (hostname: string, family?: 4 | 6): Promise<readonly Address[]> => {
  const all = await addressesOf(hostname);
  if (family === undefined) return all;
  const found = all.filter((each) => each.family === family);
  if (found.length > 0) return found;
  throw new UserError(`"${hostname}" has no IPv${family} address`, {
    hint: `leave -${family} out, or name a host that has one`,
    exitCode: 1,
  });
};

const addressesOf = async (hostname: string): Promise<readonly Address[]> => {
  const literal = net.isIP(hostname);
  if (literal !== 0) return [{ address: hostname, family: literal === 4 ? 4 : 6 }];
  try {
    const found = await lookup(hostname, { all: true, order: 'ipv4first' });
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  } catch (error) {
    throw new UserError(`cannot resolve the name "${hostname}" (${errorCode(error) ?? 'unknown error'})`, {
      hint: 'check the spelling and that this machine can resolve names, or give an address',
      exitCode: 1,
      cause: error,
    });
  }
};

/** Whether two resolutions brought the same addresses, in whatever order. */
export const sameAddresses = (a: readonly Address[], b: readonly Address[]): boolean => {
  const names = (list: readonly Address[]): string =>
    list
      .map(({ address }) => address)
      .sort()
      .join(' ');
  return names(a) === names(b);
};
