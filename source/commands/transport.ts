// From a profile's connection settings to what the engine is told: where sockets go, and TLS with the certificates read.
// Everything that files and addresses can be wrong in is said here, before the load starts.

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { errorMessage, UserError } from '../common/errors.ts';
import type { Origin, TlsSettings, Transport, Via } from '../engine/protocol.ts';
import { fileTrouble } from '../profile/file-trouble.ts';
import { basicAuthorization } from '../profile/headers.ts';
import type { ConnectionSettings, Profile } from '../profile/profile.ts';
import { endpointOf, parseConnectTo } from '../profile/target.ts';

/** The longest path of a Unix socket, in bytes: 108 on Linux, 104 elsewhere, less the zero at its end. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/** The origin as the engine knows it. */
export const originOf = (profile: Pick<Profile, 'origin'>): Origin => {
  const url = new URL(profile.origin);
  return { secure: url.protocol === 'https:', ...endpointOf(url) };
};

/**
 * How connections are made and used. @param perConnection requests on a connection at once
 * @throws UserError for files that cannot be used, and for settings that do not fit the target
 */
export const transportOf = (
  { connection, origin }: Pick<Profile, 'connection' | 'origin'>,
  perConnection: number,
): Transport => {
  const target = originOf({ origin });
  if (connection.http2 && connection.proxy !== undefined && !target.secure) {
    throw new UserError(`HTTP/2 does not go through a proxy to ${origin}: that takes https`, {
      hint: 'leave --http2 or --proxy out',
    });
  }
  return {
    via: viaOf(connection, target),
    http2: connection.http2,
    perConnection,
    keepAlive: connection.keepAlive,
    tls: tlsOf(connection),
  };
};

const viaOf = ({ connectTo, unixSocket, proxy }: ConnectionSettings, origin: Origin): Via => {
  if (unixSocket !== undefined) {
    const length = new TextEncoder().encode(unixSocket).length;
    if (length <= longestSocketPath) return { type: 'unix', path: unixSocket };
    throw new UserError(
      `Unix socket ${unixSocket}: found a path of ${length} bytes, expected at most ${longestSocketPath}`,
      { hint: 'name it by a shorter path, relative to the working folder' },
    );
  }
  if (proxy !== undefined) return proxyOf(new URL(proxy));
  if (connectTo === undefined) return { type: 'host', hostname: origin.hostname, port: origin.port };
  const { hostname, port, to } = parseConnectTo(connectTo);
  if ((hostname ?? origin.hostname) !== origin.hostname || (port ?? origin.port) !== origin.port) {
    const named = `${hostname ?? ''}:${port ?? ''}`;
    throw new UserError(
      `connect to: found "${named}" to be replaced, expected the target, ${origin.hostname}:${origin.port}`,
      { hint: 'leave the first HOST:PORT out to replace whatever the target is' },
    );
  }
  return { type: 'host', ...to };
};

const proxyOf = (url: URL): Via => {
  const { username, password } = url;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username || password ? basicAuthorization(credentials) : undefined;
  return { type: 'proxy', ...endpointOf(url), authorization };
};

/**
 * Whom to trust and who we are, the PEM files read.
 * @throws UserError for files that cannot be used
 */
export const tlsOf = ({
  verify,
  cacert,
  cert,
  key,
}: Pick<ConnectionSettings, 'verify' | 'cacert' | 'cert' | 'key'>): TlsSettings => {
  if ((cert === undefined) !== (key === undefined)) {
    const [found, missing] = cert === undefined ? ['a key', 'certificate (--cert)'] : ['a certificate', 'key (--key)'];
    throw new UserError(`found ${found} of a client without its ${missing}`, { hint: 'give both, or none' });
  }
  const settings = {
    verify,
    ca: readPem(cacert, 'authorities', 'CERTIFICATE'),
    cert: readPem(cert, 'client certificate', 'CERTIFICATE'),
    key: readPem(key, 'client key', 'PRIVATE KEY'),
  };
  const { ca, cert: certificate, key: privateKey } = settings;
  try {
    createSecureContext({ ...(ca && { ca }), ...(certificate && { cert: certificate, key: privateKey }) });
  } catch (error) {
    const files = [cacert, cert, key].filter((file) => file !== undefined).join(', ');
    throw new UserError(`${files}: found what TLS cannot use (${errorMessage(error)})`, {
      hint: 'expected certificates in PEM, and the key of the client certificate without a passphrase',
      cause: error,
    });
  }
  return settings;
};

const readPem = (file: string | undefined, what: string, label: string): string | undefined => {
  if (file === undefined) return undefined;
  const expected = `expected a file in PEM with -----BEGIN ${label}-----`;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${what} ${file}: ${fileTrouble(error)}, ${expected}`, { cause: error });
  }
  // Keys have their kind before the words: EC PRIVATE KEY.
  if (new RegExp(`-----BEGIN (?:[A-Z0-9]+ )*${label}-----`).test(text)) return text;
  throw new UserError(`${what} ${file}: found no ${label}, ${expected}`);
};
