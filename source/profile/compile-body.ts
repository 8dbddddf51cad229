// From the body of a step to what the engine sends: bytes made once, parts that are patched for each request, or pieces
// between which files are read. Pure: of a file only its path and its size are known.

import { UserError } from '../common/errors.ts';
import type { Metric } from '../measure/metric.ts';
import type { NamedFile, Payload, UploadFile } from './body.ts';
import { catalogueOf, compileItems } from './compile-items.ts';
import type { Common } from './compile-step.ts';
import type { TemplateData } from './data.ts';
import { fieldParts, partsOf, type TextReading, textOf } from './field-parts.ts';
import { headerValue } from './headers.ts';
import { isFile, type MultipartPiece, multipartOf } from './multipart.ts';
import type { Step } from './profile.ts';
import { bytesOfText, mapPart, readByteTemplates, readTemplates, type TextPart } from './templates.ts';

/** A body with files in it: never held as a whole, sent piece by piece. */
export interface CompiledUpload {
  /** In order: parts of which each character is a byte, and files. */
  readonly pieces: readonly (readonly TextPart[] | UploadFile)[];
  /** Index of the metric of its send rate. */
  readonly sendRate: number;
}

export interface CompiledBody {
  /** Bytes; with templates parts of which each character is a byte. */
  readonly body: Uint8Array | readonly TextPart[] | undefined;
  readonly pieces?: CompiledUpload['pieces'];
  /** Content-Type, where the body says it and nobody else can. */
  readonly contentType?: string;
}

/** @throws UserError for double braces that are no template, a file that there is not */
export const compileBody = (step: Step, common: Common, scopeAt: TextReading['scopeAt']): CompiledBody => {
  const { body, payload, name, items } = step;
  const { streams, data, sources } = common;
  if (payload) return compilePayload(payload, name, { streams, scopeAt }, (file) => found(file, name, data));
  const where = `body of "${name}"`;
  if (items) {
    const value = compileItems(items, catalogueOf(items, sources, where), { where, streams, data });
    return { body: [asBytes(value)] };
  }
  if (body === undefined) return { body };
  const isJson = /json/i.test(headerValue(step.headers, 'content-type') ?? '');
  const scope = scopeAt(isJson ? 'json value' : 'text');
  if (typeof body !== 'string') {
    return { body: readByteTemplates(body, where, streams, { ...scope, data: inBytes(data) }) };
  }
  return { body: bytesOf(partsOf(readTemplates(body, where, streams, scope))) };
};

const compilePayload = (
  payload: Payload,
  name: string,
  reading: TextReading,
  fileOf: (file: NamedFile) => UploadFile,
): CompiledBody => {
  switch (payload.type) {
    case 'form': {
      const where = (field: string): string => `form field "${field}" of "${name}"`;
      return { body: bytesOf(fieldParts(payload.fields, 'form', where, reading)) };
    }
    case 'multipart': {
      const { contentType, pieces } = multipartOf(payload.parts, name, reading, fileOf);
      const texts = pieces.flatMap((piece) => (isFile(piece) ? [] : [piece]));
      if (texts.length === pieces.length) return { body: bytesOf(texts), contentType };
      return { body: undefined, pieces: grouped(pieces), contentType };
    }
    case 'file':
      return { body: undefined, pieces: [fileOf(payload.file)] };
  }
};

/** The file that is meant. */
const found = (file: NamedFile, step: string, data: TemplateData): UploadFile => {
  if (!('data' in file)) return file;
  const known = data.fileOf(file.data);
  if (known) return known;
  throw new UserError(`file of "${step}": found ${file.data}, expected the name of a file under data`);
};

/** The same data for a text whose characters are bytes already. */
const inBytes = (data: TemplateData): TemplateData => ({
  ...data,
  lists: new Map([...data.lists].map(([name, values]) => [name, values.map(bytesOfText)])),
});

/** How fast the bodies of a series go out. */
export const sendRateMetric = (series: number): Metric => ({
  name: 'send rate',
  kind: 'trend',
  unit: 'bytes/s',
  source: 'upload',
  series,
});

const encoder = new TextEncoder();

/** The bytes of a text, or its parts with each character a byte. */
const bytesOf = (parts: readonly TextPart[]): Uint8Array | readonly TextPart[] => {
  const text = textOf(parts);
  return typeof text === 'string' ? encoder.encode(text) : text.map(asBytes);
};

const asBytes = (part: TextPart): TextPart => mapPart(part, bytesOfText);

/** What stands between two files becomes one piece. */
const grouped = (pieces: readonly MultipartPiece[]): CompiledUpload['pieces'] => {
  const groups: (TextPart[] | UploadFile)[] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if (isFile(piece)) groups.push(piece);
    else if (Array.isArray(last)) last.push(piece);
    else groups.push([piece]);
  }
  return groups.map((group) => (Array.isArray(group) ? partsOf(textOf(group)).map(asBytes) : group));
};
