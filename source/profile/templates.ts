// The names that may stand in double braces in a path, a header or a body. Filling them in for each request is the
// engine's; here they are only checked and brought to one spelling.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';

/** Known names; `arrival` is the number of the arrival, from 0. */
export const templateNames = ['arrival'] as const;

const braces = /\{\{([^{}]*)\}\}/g;

/**
 * The text with its templates written `{{name}}`, without spaces.
 * @param where said in the error: `body of "POST /events"`
 * @throws UserError for a name that is not known.
 */
export const normaliseTemplates = (text: string, where: string): string =>
  text.replaceAll(braces, (_, inside: string) => {
    const name = inside.trim();
    if (!templateNames.some((known) => known === name)) throw unknownName(name, where);
    return `{{${name}}}`;
  });

const unknownName = (name: string, where: string): UserError => {
  const near = didYouMean(name, templateNames);
  const known = templateNames.map((word) => `{{${word}}}`).join(', ');
  return new UserError(`${where}: found {{${name}}}, expected one of ${known}`, {
    hint: near ? `did you mean {{${near}}}?` : 'text with other double braces can be sent as it is from a bodyFile',
  });
};

/** Whether anything is to be filled in. */
export const isTemplated = (text: string): boolean => templateNames.some((name) => text.includes(`{{${name}}}`));

/** Whether anything is to be filled in, for bytes. */
export const bytesAreTemplated = (bytes: Uint8Array): boolean => {
  // In Latin-1 each byte is one character, so that any bytes can be searched as text.
  const decoder = new TextDecoder('latin1');
  const piece = 65_536;
  const overlap = 64;
  for (let at = 0; at < bytes.length; at += piece) {
    if (isTemplated(decoder.decode(bytes.subarray(at, at + piece + overlap)))) return true;
  }
  return false;
};
