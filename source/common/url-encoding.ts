// Percent-encoding for where a URL, a form or the head of a part has names and values. Pure.

/** Percent-encodes what must not stand in a request line; what is encoded already stays as it is. */
export const encodePath = (path: string): string =>
  path.toWellFormed().replaceAll(/[^\x21-\x7e]+/gu, encodeURIComponent);

/** For a value in a query (RFC 3986, section 3.4). */
export const encodeQuery = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, percent);

/** For a form (URL Standard, application/x-www-form-urlencoded): a space is a plus. */
export const encodeForm = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()~]/g, percent)
    .replaceAll('%20', '+');

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** A name in quotes as browsers write it (HTML Standard, "Multipart form data"). */
export const quoteName = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
