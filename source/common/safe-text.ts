// Text that came from the target is stripped of control characters before it reaches a terminal, and secrets are masked
// before anything is shown or stored. Escaping for HTML is not here: it belongs to the writer of HTML.

/**
 * What can steer a terminal or what it shows, beyond C0: DEL and C1 controls; bidirectional marks, overrides and isolates;
 * zero-width characters and separators of lines. Stands between the brackets of a regular expression.
 */
export const steeringCharacters =
  '\\u007f-\\u009f\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff';

const unsafe = new RegExp(`[\\u0000-\\u001f${steeringCharacters}]`, 'g');

/** `text` without anything that could steer a terminal, cut to `limit` UTF-16 units (an ellipsis marks the cut). */
export const safeText = (text: string, limit = 200): string => {
  // A hostile body can be megabytes long: cut before cleaning, with room for what cleaning removes.
  const clean = text
    .slice(0, limit * 8)
    .replaceAll(unsafe, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .toWellFormed();
  return clean.length > limit || text.length > limit * 8
    ? `${clean.slice(0, Math.max(0, limit - 1)).toWellFormed()}…`
    : clean;
};

/** The longest that stays in front of a name that is cut: a method. */
const longestMethod = 8;

/**
 * `safeText` of a name such as `POST /v1/sessions/{id}`, of which the end tells most: what stands before the first space, as
 * the method does, stays, and the rest is cut at its left.
 */
export const safeName = (name: string, limit: number): string => {
  const clean = safeText(name, longestName);
  if (clean.length <= limit) return clean;
  const space = clean.indexOf(' ') + 1;
  const first = space > 1 && space <= Math.min(longestMethod + 1, limit / 2) ? clean.slice(0, space) : '';
  const room = limit - first.length - 1;
  return room <= 0 ? safeText(clean, limit) : `${first}…${clean.slice(-room).toWellFormed()}`;
};

/** A series is no longer than this (UTF-16 units). */
const longestName = 400;

// A password may hold '@', ':' and '/' although it should not: it reaches to the last '@' of its word. Digits that end like
// a port are one, and '[' begins an address.
const passwordOfUri = /(\/\/(?!\[)[^/?#@\s:]*):(?!\d+(?:[/?#,]|$|\s))\S*@/g;
const passwordWithoutScheme = /^([^/?#@\s:[]+):(?!\/\/|\d+(?:[/?#,]|$|\s))\S*@/;

/**
 * A URL or connection string with its password replaced by `***`, whether or not a scheme stands before it. Text that has
 * none is returned as it is. Where it is not clear how far a password reaches, rather too much is masked.
 */
export const maskPassword = (uri: string): string =>
  uri.replaceAll(passwordOfUri, '$1:***@').replace(passwordWithoutScheme, '$1:***@');

/** Where a redirect points, safe to show: without query, fragment and password. */
export const safeLocation = (location: string): string =>
  safeText(maskPassword(location.slice(0, 2000).replace(/[?#].*$/s, '')), 100);

/** Header names whose values never reach a screen, a recording or a report. */
const secretHeaders =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-auth-token|.*(api-?key|secret|token|password).*)$/i;

/** Whether a header's name says that its value is a secret. */
export const isSecretHeader = (name: string): boolean => secretHeaders.test(name);

/** The header's value, or `***` where its name says that it is a secret. */
export const maskHeader = (name: string, value: string): string => (isSecretHeader(name) ? '***' : value);
