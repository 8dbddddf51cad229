// Reading where requests go: URLs and origins as people type them. Whether traffic may go there is guard.ts.

import { isLocalOrPrivate } from '../common/address.ts';
import { UnitError } from '../common/units.ts';

/**
 * The URL in `text`. Without a scheme it is http:// for this machine and private networks, and refused for others: a
 * guess could send the load to the wrong port.
 * @param credentials a user name and a password may stand in it
 * @throws UnitError saying what was expected.
 */
export const readUrl = (text: string, { credentials = false } = {}): URL => {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') throw new UnitError('http:// or https://');
  const url = URL.parse(scheme === undefined ? `http://${trimmed}` : trimmed);
  if (!url || url.port === '0') throw new UnitError('a URL such as http://localhost:3000/health');
  if (!credentials && (url.username || url.password)) {
    throw new UnitError('a URL without user name and password; send them with -a user:password');
  }
  if (scheme === undefined && !isLocalOrPrivate(hostOf(url))) {
    throw new UnitError(
      `http:// or https:// in front (only hosts of this machine or a private network go without), such as https://${url.host}`,
    );
  }
  return url;
};

/**
 * An origin (`http://localhost:3000`) from text that names no more than that.
 * @throws UnitError saying what was expected.
 */
export const readOrigin = (text: string): string => {
  const url = readUrl(text);
  if (url.pathname !== '/' || url.search || url.hash || text.includes('?') || text.includes('#')) {
    throw new UnitError(`an origin without a path, such as ${url.origin}`);
  }
  return url.origin;
};

/** The host name or address of a URL, IPv6 addresses without their brackets. */
export const hostOf = (url: URL): string => url.hostname.replaceAll(/^\[|\]$/g, '');

/** What can be asked in place of a full probe URL: a path or a port of the target. */
const relative = /^(\/|:\d+(\/|$))/;

/** Checks the address of a health or metrics probe: a URL, a path of the target (`/health`) or a port (`:9464/metrics`). */
export const readProbeUrl = (text: string): string => {
  const trimmed = text.trim();
  // -H goes to the load only: a probe that has to log in does so with what stands in its URL, which is never shown.
  if (!relative.test(trimmed)) return readUrl(trimmed, { credentials: true }).href;
  if (!URL.canParse(resolveProbe(trimmed, 'http://localhost'))) throw new UnitError('a path such as /health, or a URL');
  return trimmed;
};

/** The full URL of a probe's address for the target at `origin`. */
export const resolveProbe = (address: string, origin: string): string => {
  if (!relative.test(address)) return address;
  const target = new URL(origin);
  return address.startsWith('/') ? `${target.origin}${address}` : `${target.protocol}//${target.hostname}${address}`;
};

/** Checks a MongoDB connection string. */
export const readMongoUri = (text: string): string => {
  const trimmed = text.trim();
  if (!/^mongodb(\+srv)?:\/\/[^/\s]/.test(trimmed)) throw new UnitError('a URI such as mongodb://localhost:27017');
  return trimmed;
};

/** Checks a glob of names of metrics: in one word, as names have no spaces. */
export const readPin = (text: string): string => {
  const trimmed = text.trim();
  if (!/^[^\s\u0000-\u001f\u007f-\u009f]{1,200}$/.test(trimmed))
    throw new UnitError('a name of metrics such as buffer_*');
  return trimmed;
};

/** A host with its port. IPv6 addresses are without brackets. */
export interface Endpoint {
  readonly hostname: string;
  readonly port: number;
}

/** What `--connect-to` says: where to connect, and the host and port that it stands in for where they are named. */
export interface ConnectTo {
  readonly hostname: string | undefined;
  readonly port: number | undefined;
  readonly to: Endpoint;
}

const host = String.raw`\[[0-9a-fA-F:.]+\]|[^\s:/@?#[\]]+`;
const connectTo = new RegExp(`^(?:(${host})?:(\\d+)?:)?(${host}):(\\d+)$`);

/**
 * `HOST:PORT`, or `HOST:PORT:HOST:PORT` of which the first two may be empty.
 * @throws UnitError saying what was expected.
 */
export const parseConnectTo = (text: string): ConnectTo => {
  const expected = 'HOST:PORT to connect to, such as 127.0.0.1:8443';
  const match = connectTo.exec(text.trim());
  if (!match) throw new UnitError(expected);
  const [, fromHost, fromPort, toHost, toPort] = match;
  return {
    hostname: fromHost === undefined ? undefined : bare(fromHost),
    port: fromPort === undefined ? undefined : readPort(fromPort, expected),
    to: { hostname: bare(toHost!), port: readPort(toPort!, expected) },
  };
};

const bare = (name: string): string => name.replaceAll(/^\[|\]$/g, '').toLowerCase();

const readPort = (text: string, expected: string): number => {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw new UnitError(expected);
  return port;
};

/** Checks what `--connect-to` says; the text stays. */
export const readConnectTo = (text: string): string => {
  parseConnectTo(text);
  return text.trim();
};

/** Checks the URL of a proxy: http, with or without a scheme, with credentials or without, and nothing after the port. */
export const readProxy = (text: string): string => {
  const expected = 'the URL of an HTTP proxy such as http://localhost:8888';
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url?.protocol !== 'http:' || url.port === '0') throw new UnitError(expected);
  if (url.pathname !== '/' || url.search || url.hash || !isDecodable(url)) throw new UnitError(expected);
  return url.href;
};

const isDecodable = ({ username, password }: URL): boolean => {
  try {
    return !/[\u0000-\u001f\u007f]/.test(decodeURIComponent(username + password));
  } catch {
    return false;
  }
};

/** Host and port that a URL goes to. */
export const endpointOf = (url: URL): Endpoint => ({
  hostname: hostOf(url),
  port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
});
