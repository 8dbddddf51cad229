// JSON that came from the target, as types that make its reader look before it takes. Nothing here throws.

export type Json = string | number | boolean | null | readonly Json[] | JsonRecord;

export interface JsonRecord {
  readonly [key: string]: Json;
}

/** Whether a value is a JSON object (not a list, not null). */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value that `text` holds as JSON, or undefined where it holds none. */
export const parseJson = (text: string): Json | undefined => {
  try {
    // Some services begin with a byte order mark.
    const value: Json = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
    return value;
  } catch {
    return undefined;
  }
};

/** Entries of an object looked at; one that has more is not made for people. */
const mostEntries = 1000;

/** Entries that were listed before: to list 70,000 keys takes 10 ms, and an answer is read by several. */
const listed = new WeakMap<JsonRecord, readonly [string, Json][]>();

/** The first entries of an object; at most 1,000, whatever it holds. */
export const entriesOf = (record: JsonRecord): readonly [string, Json][] => {
  const before = listed.get(record);
  if (before) return before;
  const entries: [string, Json][] = [];
  for (const key in record) {
    if (entries.length >= mostEntries) break;
    if (Object.hasOwn(record, key)) entries.push([key, record[key]!]);
  }
  listed.set(record, entries);
  return entries;
};
