// The cookies that the target gave one virtual user (RFC 6265), kept for the one host that a run goes to: cookies for other
// domains are not taken, and nothing is known of public suffixes or of who may read them.

/** Browsers take no more either: a target that gives ever new cookies must not fill the memory. */
const mostCookies = 180;
const longestCookie = 4096;

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  /** Milliseconds since 1970; Infinity for the length of the run. */
  readonly expiresAt: number;
}

/** Where requests go. */
export interface CookieHost {
  readonly hostname: string;
  readonly secure: boolean;
}

export class CookieJar {
  readonly #host: CookieHost;
  /** By path and name. */
  readonly #cookies = new Map<string, Cookie>();

  constructor(host: CookieHost) {
    this.#host = host;
  }

  /** Takes the cookies of an answer. @param path of its request @param now milliseconds since 1970 */
  take(setCookies: readonly string[], path: string, now: number): void {
    for (const text of setCookies) {
      const cookie = readCookie(text, this.#host, path, now);
      if (!cookie) continue;
      const key = `${cookie.path} ${cookie.name}`;
      if (cookie.expiresAt <= now) this.#cookies.delete(key);
      else if (this.#cookies.size < mostCookies || this.#cookies.has(key)) this.#cookies.set(key, cookie);
    }
  }

  /** The value of the header Cookie for a request; undefined where there are none for it. */
  header(path: string, now: number): string | undefined {
    const target = withoutQuery(path);
    const fitting: Cookie[] = [];
    for (const [key, cookie] of this.#cookies) {
      if (cookie.expiresAt <= now) this.#cookies.delete(key);
      else if (isWithin(target, cookie.path) && (this.#host.secure || !cookie.secure)) fitting.push(cookie);
    }
    if (fitting.length === 0) return undefined;
    // The more exact path comes first; of two the elder (RFC 6265, section 5.4).
    const sorted = fitting.sort((one, other) => other.path.length - one.path.length);
    return sorted.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  clear(): void {
    this.#cookies.clear();
  }
}

/** The name and value of a cookie as it was set; undefined where it has none. */
export const cookiePair = (setCookie: string): readonly [name: string, value: string] | undefined => {
  const [pair = ''] = setCookie.split(';', 1);
  const equals = pair.indexOf('=');
  const name = pair.slice(0, equals).trim();
  return equals < 1 || name === '' ? undefined : [name, pair.slice(equals + 1).trim()];
};

const control = /[\u0000-\u001f\u007f]/;

const readCookie = (text: string, host: CookieHost, path: string, now: number): Cookie | undefined => {
  const pair = cookiePair(text);
  if (!pair || text.length > longestCookie || control.test(text)) return undefined;
  const [name, value] = pair;
  const attributes = new Map(text.split(';').slice(1).map(readAttribute));
  if (!isOurDomain(attributes.get('domain') ?? '', host.hostname)) return undefined;
  const secure = attributes.has('secure');
  // A cookie for TLS that came without it might have been put in by anybody.
  if (secure && !host.secure) return undefined;
  const given = attributes.get('path') ?? '';
  return {
    name,
    value,
    secure,
    path: given.startsWith('/') ? given : folderOf(withoutQuery(path)),
    expiresAt: expiryOf(attributes, now),
  };
};

const readAttribute = (text: string): [name: string, value: string] => {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  return [name.trim().toLowerCase(), equals < 0 ? '' : text.slice(equals + 1).trim()];
};

const isOurDomain = (domain: string, hostname: string): boolean => {
  const wanted = domain.replace(/^\./, '').toLowerCase();
  const own = hostname.toLowerCase();
  return wanted === '' || own === wanted || own.endsWith(`.${wanted}`);
};

/** Max-Age counts before Expires (RFC 6265, section 5.3); what cannot be read is no limit. */
const expiryOf = (attributes: ReadonlyMap<string, string>, now: number): number => {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0 ? -Infinity : now + Number(age) * 1000;
  const instant = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(instant) ? Infinity : instant;
};

const withoutQuery = (path: string): string => path.replace(/\?.*$/s, '');

const folderOf = (path: string): string => {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
};

const isWithin = (path: string, folder: string): boolean =>
  path === folder || (path.startsWith(folder) && (folder.endsWith('/') || path[folder.length] === '/'));
