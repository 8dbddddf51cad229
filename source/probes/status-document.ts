// Looks into a BSON document of unknown shape without believing anything about it.

/** A decoded document. */
export interface StatusDocument {
  readonly [key: string]: unknown;
}

const isDocument = (value: unknown): value is StatusDocument => typeof value === 'object' && value !== null;

/** Whatever is at a path, of any type. */
export const at = (document: StatusDocument, path: readonly string[]): unknown => {
  let value: unknown = document;
  for (const key of path) {
    if (!isDocument(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
};

/** Whether there is anything at a path. */
export const has = (document: StatusDocument, ...path: string[]): boolean => at(document, path) !== undefined;

/** The number at a path, whatever BSON type it has (int, double, long, decimal); undefined for none and for NaN. */
export const number = (document: StatusDocument, ...path: string[]): number | undefined => {
  const value = at(document, path);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  // Long, Double, Decimal128 of the driver print as their number.
  if (!isDocument(value) || !('_bsontype' in value)) return undefined;
  const converted = Number(String(value));
  return Number.isFinite(converted) ? converted : undefined;
};

/** The text at a path, or undefined. */
export const text = (document: StatusDocument, ...path: string[]): string | undefined => {
  const value = at(document, path);
  return typeof value === 'string' ? value : undefined;
};

/** The part of a document at a path; empty where there is none. */
export const part = (document: StatusDocument, ...path: string[]): StatusDocument => {
  const value = at(document, path);
  return isDocument(value) ? value : {};
};
