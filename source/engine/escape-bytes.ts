// Copies bytes of text and escapes them on the way: for a JSON string, or percent-encoded for a path, a query, a form or a name
// in quotes. The tables say how many bytes each byte becomes.

const hexUpper = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
const hexLower = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

const byteOf = (character: string): number => character.charCodeAt(0);

const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Of each byte, what it becomes: itself, or three. */
const keeping = (kept: string): Uint8Array => {
  const bytes = new Set([...`${lettersAndDigits}${kept}`].map(byteOf));
  return Uint8Array.from({ length: 256 }, (_, byte) => (bytes.has(byte) ? 1 : 3));
};

/** The letter behind the backslash, of bytes that have one. */
const letters = new Map(
  Object.entries({ '"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' }).map(
    ([character, letter]) => [byteOf(character), byteOf(letter)],
  ),
);

const letterOf = Uint8Array.from({ length: 256 }, (_, byte) => letters.get(byte) ?? 0);
const jsonSize = Uint8Array.from({ length: 256 }, (_, byte) => (letters.has(byte) ? 2 : byte < 0x20 ? 6 : 1));
/** As encodeURIComponent does. */
const pathSize = keeping("-_.!~*'()");
/** What a query, a form and a name in quotes have; profile/template-escape.ts does the same to strings. */
const querySize = keeping('-_.~');
// A space is a plus.
const formSize = keeping('-_.* ');
const quotedSize = Uint8Array.from({ length: 256 }, (_, byte) => ('"\r\n'.includes(String.fromCharCode(byte)) ? 3 : 1));
const mostSize = Uint8Array.from({ length: 256 }, (_, byte) =>
  Math.max(querySize[byte]!, formSize[byte]!, quotedSize[byte]!),
);

const backslash = 0x5c;
const percent = 0x25;
const quote = 0x22;

/** A way to copy text: returns where the copy ends. @param undouble two quotes in a row are one */
export type Copy = (
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  undouble: boolean,
) => number;

/** As it is. */
export const copyPlain: Copy = (from, start, end, into, at, undouble) => {
  let next = at;
  for (let index = start; index < end; index += 1) {
    const byte = from[index]!;
    into[next] = byte;
    next += 1;
    if (undouble && byte === quote) index += 1;
  }
  return next;
};

/** For the inside of a JSON string. */
export const copyJson: Copy = (from, start, end, into, at, undouble) => {
  let next = at;
  for (let index = start; index < end; index += 1) {
    const byte = from[index]!;
    const size = jsonSize[byte]!;
    if (size === 1) into[next] = byte;
    else {
      into[next] = backslash;
      into[next + 1] = size === 2 ? letterOf[byte]! : byteOf('u');
    }
    if (size === 6) {
      into[next + 2] = byteOf('0');
      into[next + 3] = byteOf('0');
      into[next + 4] = hexLower[byte >> 4]!;
      into[next + 5] = hexLower[byte & 15]!;
    }
    next += size;
    if (undouble && byte === quote) index += 1;
  }
  return next;
};

/** Percent-encoded, where bytes become three. @param space what a byte becomes that is a space and kept */
const percentCopy =
  (sizes: Uint8Array, space = 0x20): Copy =>
  (from, start, end, into, at, undouble) => {
    let next = at;
    for (let index = start; index < end; index += 1) {
      const byte = from[index]!;
      if (sizes[byte] === 1) {
        into[next] = byte === 0x20 ? space : byte;
        next += 1;
      } else {
        into[next] = percent;
        into[next + 1] = hexUpper[byte >> 4]!;
        into[next + 2] = hexUpper[byte & 15]!;
        next += 3;
      }
      if (undouble && byte === quote) index += 1;
    }
    return next;
  };

export const copyPath = percentCopy(pathSize);
export const copyQuery = percentCopy(querySize);
export const copyForm = percentCopy(formSize, byteOf('+'));
export const copyQuoted = percentCopy(quotedSize);

/** What bytes come to at most inside a JSON string, in a path, and in a query, a form or quotes. */
export const roomOf = (
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly json: number; readonly path: number; readonly field: number } => {
  let json = 0;
  let path = 0;
  let field = 0;
  for (let index = start; index < end; index += 1) {
    json += jsonSize[bytes[index]!]!;
    path += pathSize[bytes[index]!]!;
    field += mostSize[bytes[index]!]!;
  }
  return { json, path, field };
};
