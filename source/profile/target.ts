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
    throw new UnitError("a URL without user name and password; send them with -H 'Authorization: …'");
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
