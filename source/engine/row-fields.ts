// Where the fields of a row lie in its bytes, and how each is written there. Filled again for each row; nothing is copied.

/** How a field stands in the bytes. */
export const fieldKinds = {
  /** As it is. */
  plain: 0,
  /** CSV, with quotes that are written twice. */
  doubled: 1,
  /** Between the quotes of a JSON string: without, and with backslashes. */
  jsonText: 2,
  jsonEscaped: 3,
  /** JSON that is no string. */
  json: 4,
} as const;

/** The fields of one row, by column. */
export class RowFields {
  bytes: Uint8Array = new Uint8Array();
  /** From here up to there; -1 where the row has no such field. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  /** Fields that were there, more than there is room for included. */
  count = 0;
  /** Ends of lines in the row, its own included. */
  lines = 0;
  /** What is wrong with the row. */
  fault: string | undefined;

  constructor(columns: number) {
    this.starts = new Int32Array(columns).fill(-1);
    this.ends = new Int32Array(columns);
    this.kinds = new Uint8Array(columns);
  }

  /** Forgets the row before. */
  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.starts.fill(-1);
    this.count = 0;
    this.lines = 0;
    this.fault = undefined;
  }

  /** Enters the next field. */
  add(start: number, end: number, kind: number): void {
    if (this.count < this.starts.length) this.set(this.count, start, end, kind);
    this.count += 1;
  }

  /** Enters the field of a column. */
  set(column: number, start: number, end: number, kind: number): void {
    this.starts[column] = start;
    this.ends[column] = end;
    this.kinds[column] = kind;
  }
}
