// What may stand in a request's header, and how a profile's, a step's and the command line's headers come together.

import { UnitError } from '../common/units.ts';

export type Header = readonly [name: string, value: string];

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const visible = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that frame the message: the HTTP client writes them, and a second one would make the request invalid. */
const clientsOwn = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'expect']);

/** What was expected in place of this header; undefined where nothing is wrong. */
export const headerFault = (name: string, value: string): string | undefined => {
  if (!token.test(name)) return 'a header name of letters, digits and hyphens';
  if (clientsOwn.has(name.toLowerCase())) return `no ${name} header: the HTTP client writes it`;
  return visible.test(value) ? undefined : 'a header value in one line of Latin characters';
};

/**
 * A header written `Name: value`.
 * @throws UnitError saying what was expected.
 */
export const readHeader = (text: string): Header => {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UnitError("a header such as 'Accept: application/json'");
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  const fault = headerFault(name, value);
  if (fault) throw new UnitError(fault);
  return [name, value];
};

/**
 * The value of an Authorization header from `user:password`.
 * @throws UnitError where there is no colon, or characters that cannot be meant
 */
export const basicAuthorization = (credentials: string): string => {
  if (!credentials.includes(':') || /[\u0000-\u001f\u007f]/.test(credentials)) {
    throw new UnitError('a user and a password such as me:secret');
  }
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(credentials)))}`;
};

/**
 * The value of an Authorization header from a bearer token.
 * @throws UnitError where there are characters that no token has
 */
export const bearerAuthorization = (token: string): string => {
  if (!/^[\x21-\x7e]+$/.test(token.trim())) throw new UnitError('a token in one word');
  return `Bearer ${token.trim()}`;
};

/** The value of a header, whatever the case of its name; undefined where it is not there. */
export const headerValue = (headers: readonly Header[], name: string): string | undefined =>
  headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];

/** `base` with `over` put in: a header of `over` replaces all of the same name. */
export const mergeHeaders = (base: readonly Header[], over: readonly Header[]): readonly Header[] => {
  const replaced = new Set(over.map(([name]) => name.toLowerCase()));
  return [...base.filter(([name]) => !replaced.has(name.toLowerCase())), ...over];
};
