// The bytes around the parts of multipart/form-data (RFC 7578): their heads, and a boundary that occurs in none of their
// texts. The same profile always comes to the same bytes. Sending files between them is the engine's.

import { bitsOf, keyOf } from '../common/random.ts';
import { quoteName } from '../common/url-encoding.ts';
import type { NamedFile, Part, UploadFile } from './body.ts';
import { escapedParts, partsOf, type TextReading } from './field-parts.ts';
import { readTemplates, type TextPart } from './templates.ts';

/** A body in pieces: text whose characters are still characters, and files. */
export type MultipartPiece = TextPart | UploadFile;

export const isFile = (piece: MultipartPiece): piece is UploadFile => typeof piece === 'object' && 'size' in piece;

export interface Multipart {
  /** With the boundary. */
  readonly contentType: string;
  readonly pieces: readonly MultipartPiece[];
}

/**
 * @param fileOf finds a file that the profile names
 * @throws UserError for double braces that are no template
 */
export const multipartOf = (
  parts: readonly Part[],
  stepName: string,
  reading: TextReading,
  fileOf: (file: NamedFile) => UploadFile,
): Multipart => {
  const { streams, scopeAt } = reading;
  const read = parts.map((part) => {
    const where = `part "${part.name}" of "${stepName}"`;
    const disposition = [`Content-Disposition: form-data; name="${quoteName(part.name)}"`];
    const type = part.contentType === undefined ? '' : `\r\nContent-Type: ${part.contentType}`;
    if (part.type === 'value') {
      const scope = scopeAt(/json/i.test(part.contentType ?? '') ? 'json value' : 'text');
      return [...disposition, `${type}\r\n\r\n`, ...partsOf(readTemplates(part.value, where, streams, scope))];
    }
    const filename = escapedParts(part.filename, 'quoted', `filename of ${where}`, reading);
    return [...disposition, '; filename="', ...filename, `"${type}\r\n\r\n`, fileOf(part.file)];
  });
  const boundary = boundaryOutside(read.flat());
  const pieces = read.flatMap((part, index) => [`${index === 0 ? '' : '\r\n'}--${boundary}\r\n`, ...part]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, pieces: [...pieces, `\r\n--${boundary}--\r\n`] };
};

/** A boundary that stands in none of the texts. That it stands in a file by chance is as likely as guessing 96 bits. */
export const boundaryOutside = (pieces: readonly MultipartPiece[]): string => {
  const texts = pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [piece];
    return 'choices' in piece ? piece.choices : [];
  });
  for (let attempt = 0; ; attempt += 1) {
    const words = [0, 1, 2].map((stream) => bitsOf(keyOf(boundarySeed, stream), attempt).toString(16).padStart(8, '0'));
    const boundary = `loadtop-${words.join('')}`;
    if (!texts.some((text) => text.includes(boundary))) return boundary;
  }
};

/** Any number will do. */
const boundarySeed = 7578;
