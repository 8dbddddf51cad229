// Looks at the bytes of a head where they lie: names and values of headers in whatever case, without making strings of what
// only has to be compared.

export const tab = 9;
export const lineFeed = 10;
export const carriageReturn = 13;
export const space = 32;
const dash = 45;
const colon = 58;

/** Whether `word` (lower case letters and dashes) stands at `at`, in whatever case; there must be room for it. */
export const standsAt = (bytes: Buffer, at: number, word: string): boolean => {
  for (let index = 0; index < word.length; index += 1) {
    const byte = bytes[at + index]!;
    const wanted = word.charCodeAt(index);
    if (byte !== wanted && (wanted === dash || (byte | 0x20) !== wanted)) return false;
  }
  return true;
};

/** Where the value begins of the header at `at`, if that is `name`; else -1. */
export const valueAt = (bytes: Buffer, at: number, end: number, name: string): number => {
  if (at + name.length >= end || !standsAt(bytes, at, name)) return -1;
  let from = at + name.length;
  while (from < end && isBlank(bytes[from]!)) from += 1;
  if (bytes[from] !== colon) return -1;
  from += 1;
  while (from < end && isBlank(bytes[from]!)) from += 1;
  return from;
};

/** Where a value ends that begins at `from` in a line that ends at `end`: without what is blank. */
export const endOfValue = (bytes: Buffer, from: number, end: number): number => {
  let to = end;
  while (to > from && isBlank(bytes[to - 1]!)) to -= 1;
  return to;
};

/** Line ends are blank as well: a header may go on in the next line. */
const isBlank = (byte: number): boolean =>
  byte === space || byte === tab || byte === carriageReturn || byte === lineFeed;

/** A number of digits alone; -1 where there are others or none. */
export const numberAt = (bytes: Buffer, from: number, to: number): number => {
  if (from >= to) return -1;
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
};

export const isWord = (bytes: Buffer, from: number, to: number, word: string): boolean =>
  to - from === word.length && standsAt(bytes, from, word);

export const textOf = (bytes: Buffer, from: number, to: number): string =>
  bytes.toString('latin1', from, to).toLowerCase();
