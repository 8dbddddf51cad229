// What is learnt of the columns of a file while its rows are gone over: what their values come to at most, and the first row
// without one or with a control character in it.

import type { FeederColumn } from '../profile/data.ts';
import { roomOf } from './escape-bytes.ts';
import { keyBytes } from './json-row.ts';
import { fieldKinds, RowFields } from './row-fields.ts';

/** Bytes that a byte between the quotes of a JSON string becomes at most in a path: \\u0800 is six, and three times three. */
const mostOfEscape = 3;

const hasControl = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at += 1) if (bytes[at]! < 0x20 || bytes[at] === 0x7f) return true;
  return false;
};

interface Known {
  text: number;
  path: number;
  field: number;
  json: number;
  missingAt: number | undefined;
  controlAt: number | undefined;
}

export class ColumnBook {
  readonly names: string[] = [];
  /** JSON: the names as they stand in keys, and room for a row of them. */
  readonly keys: Uint8Array[] = [];
  fields = new RowFields(0);
  readonly #known: Known[] = [];
  readonly #columns = new Map<string, number>();
  #rows = 0;
  #firstLine = 1;

  constructor(names: readonly string[]) {
    for (const name of names) this.#add(name, undefined);
  }

  /** Names of a row, some of which may be new: the rows before did not have them. */
  know(names: readonly string[], line: number): void {
    if (this.#rows === 0) this.#firstLine = line;
    const before = this.names.length;
    for (const name of names) {
      if (!this.#columns.has(name)) this.#add(name, this.#rows > 0 ? this.#firstLine : undefined);
    }
    if (this.names.length > before) this.fields = new RowFields(this.names.length);
  }

  /** Enters a row. */
  enter({ bytes, starts, ends, kinds }: RowFields, line: number): void {
    this.#rows += 1;
    for (let column = 0; column < this.#known.length; column += 1) {
      const known = this.#known[column]!;
      const start = starts[column]!;
      const end = ends[column]!;
      if (start < 0) {
        known.missingAt ??= line;
        continue;
      }
      const isEscaped = kinds[column] === fieldKinds.jsonEscaped;
      const room = roomOf(bytes, start, end);
      known.text = Math.max(known.text, end - start);
      known.path = Math.max(known.path, isEscaped ? (end - start) * mostOfEscape : room.path);
      known.field = Math.max(known.field, isEscaped ? (end - start) * mostOfEscape : room.field);
      known.json = Math.max(known.json, room.json);
      // What a backslash stands for may be one.
      if (known.controlAt === undefined && (isEscaped || hasControl(bytes, start, end))) {
        if (!isEscaped || /\\[bfnrt]|\\u00[01]/.test(Buffer.from(bytes.subarray(start, end)).toString('latin1'))) {
          known.controlAt = line;
        }
      }
    }
  }

  columns(): readonly FeederColumn[] {
    return this.#known.map(({ text, path, field, json, missingAt, controlAt }, index) => ({
      name: this.names[index]!,
      most: { text, path, field, json },
      missingAt,
      controlAt,
    }));
  }

  #add(name: string, missingAt: number | undefined): void {
    this.#columns.set(name, this.names.length);
    this.names.push(name);
    this.keys.push(keyBytes(name));
    this.#known.push({ text: 0, path: 0, field: 0, json: 0, missingAt, controlAt: undefined });
  }
}
