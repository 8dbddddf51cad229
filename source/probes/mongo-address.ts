// What may be shown of a MongoDB connection string, and what of it must never be: its hosts, and its password. Pure.

import { maskPassword } from '../common/safe-text.ts';

/** The hosts of a connection string: no user, no password, no options. */
export const mongoHosts = (uri: string): string => {
  const rest = uri.replace(/^[a-z+]+:\/\//i, '').replace(/\?.*$/s, '');
  // A password that was not percent-encoded may hold any character: only what follows the last @ is no secret.
  const hosts = rest.slice(rest.lastIndexOf('@') + 1).replace(/\/.*$/s, '');
  return hosts.split(',').every((host) => /^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host)) ? hosts : 'mongodb';
};

/** Whether to speak to the one host that is named, and not to the replica set that it may be part of. */
export const isSingleHost = (uri: string): boolean =>
  /^mongodb:\/\//i.test(uri) &&
  !mongoHosts(uri).includes(',') &&
  !/[?&](directConnection|loadBalanced|srvServiceName)=/i.test(uri);

/** A message about a connection string without the password that it may quote. */
export const withoutPassword = (message: string, uri: string): string => {
  const password = /:\/\/[^:/?#]*:(.*)@/s.exec(uri)?.[1];
  let clean = maskPassword(message);
  if (!password) return clean;
  for (const form of [password, decoded(password)]) clean = clean.replaceAll(form, '***');
  return clean;
};

const decoded = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
};
