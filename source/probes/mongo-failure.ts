// Why a MongoDB server gave no answer, in words that say what to do. Pure. Knows the driver's error names and the server's
// codes; a URI's password is in no message.

import { errorMessage } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { mongoHosts, withoutPassword } from './mongo-address.ts';
import { ProbeError } from './probe.ts';

export const createUser =
  'on the server: db.getSiblingDB("admin").createUser({user: "loadtop", pwd: passwordPrompt(), roles: [{role: "clusterMonitor", db: "admin"}]})';

const unauthorized = 13;
const authenticationFailed = 18;
const atlas = 8000;
/** FailedToParse, CommandNotFound, CommandNotSupported, NotImplemented, and an unknown stage of a pipeline. */
const unknownToServer: ReadonlySet<unknown> = new Set([9, 59, 115, 238, 40_324]);

/** The server's code of an error, or undefined for one that is not the server's. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** What became of serverStatus. */
export const explainFailure = (error: unknown, uri: string): ProbeError => {
  const name = error instanceof Error ? error.name : '';
  const said = saidBy(error, uri);
  if (isOfTier(error)) {
    return new ProbeError(
      `serverStatus is not to be had on this tier (${said})`,
      'Atlas tells it from M10 on, to a user with the role clusterMonitor',
    );
  }
  const code = codeOf(error);
  if (code === unauthorized) return new ProbeError('this user may not run serverStatus (Unauthorized)', createUser);
  if (code === authenticationFailed)
    return new ProbeError('the server refused user name or password', 'check the URI given with --mongo', {
      lasting: true,
    });
  if (unknownToServer.has(code)) return new ProbeError('this server has no serverStatus');
  if (name === 'MongoServerSelectionError') {
    if (/wire version/.test(said)) return new ProbeError(`the server is too old for the driver: ${said}`);
    return new ProbeError(`no MongoDB server answers at ${mongoHosts(uri)} (${said})`);
  }
  if (/^Mongo(Parse|InvalidArgument|API|MissingCredentials)/.test(name)) {
    return new ProbeError(`the MongoDB URI cannot be used: ${said}`, 'such as --mongo mongodb://localhost:27017');
  }
  return new ProbeError(`serverStatus failed: ${said}`);
};

/** Why another command brought nothing, and whether asking again soon is of any use. */
export const explainRefusal = (
  error: unknown,
  command: string,
  uri: string,
): { readonly reason: string; readonly lasting: boolean } => {
  const code = codeOf(error);
  if (unknownToServer.has(code)) return { reason: `this server has no ${command}`, lasting: true };
  if (isOfTier(error)) return { reason: `${command} is not to be had on this tier`, lasting: true };
  if (code === unauthorized) return { reason: `needs the role clusterMonitor; ${createUser}`, lasting: true };
  return { reason: `${command} failed: ${saidBy(error, uri)}`, lasting: false };
};

/** What a server says may be megabytes long: cut before it is searched for passwords. */
const saidBy = (error: unknown, uri: string): string =>
  safeText(withoutPassword(errorMessage(error).slice(0, 2000), uri), 160);

const isOfTier = (error: unknown): boolean =>
  codeOf(error) === atlas || /\batlas tier\b|not allowed in this atlas/i.test(errorMessage(error));
