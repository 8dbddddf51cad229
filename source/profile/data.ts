// Data that requests are made of: catalogues of JSON values, rows of files, lists of names and words. What the profile says
// of it, and what it comes to once the files are found and read; plain data that crosses into worker threads.

import type { UploadFile } from './body.ts';
import type { ValuePlace } from './template-value.ts';

/** In which order rows are taken: by the number of the arrival in each case. */
export type RowOrder = 'sequential' | 'random' | 'unique';
export type ItemOrder = 'cycle' | 'random' | 'weighted';

/** What a profile has under a name of `data`. */
export type DataSource = FileSource | GeneratedSource | Catalogue;

/** A file of rows. */
export interface FileSource {
  readonly type: 'file';
  readonly name: string;
  readonly format: 'csv' | 'json' | 'ndjson';
  /** Absolute. */
  readonly file: string;
  readonly order: RowOrder;
}

/** A CSV that is made once and kept. */
export interface GeneratedSource {
  readonly type: 'generated';
  readonly name: string;
  readonly rows: number;
  /** Names of the columns, and their values as texts with templates. */
  readonly columns: readonly (readonly [name: string, value: string])[];
  readonly order: RowOrder;
}

/** JSON values with templates in their strings. */
export interface Catalogue {
  readonly type: 'catalogue';
  readonly name: string;
  /** Each as JSON, in which templates that are numbers stand without quotes. */
  readonly items: readonly string[];
  /** As many as there are items. */
  readonly weights: readonly number[];
  readonly order: ItemOrder;
}

/** A body made of a catalogue. */
export interface ItemsBody {
  /** Name of the catalogue. */
  readonly of: string;
  /** Values in a JSON array; undefined: one value by itself. */
  readonly count: number | undefined;
}

/** What a column's values come to at most, in bytes, as they are written at a place. */
export interface ColumnRoom {
  readonly text: number;
  readonly path: number;
  /** In a query, a form, or a name in quotes. */
  readonly field: number;
  readonly json: number;
}

/** A column of a file of rows. */
export interface FeederColumn {
  readonly name: string;
  readonly most: ColumnRoom;
  /** The line of the first row without it; undefined: each has it. */
  readonly missingAt: number | undefined;
  /** The line of the first row whose value holds a control character. */
  readonly controlAt: number | undefined;
}

/** A file of rows that was read through once: where each of them begins. */
export interface FeederTable {
  readonly name: string;
  readonly file: string;
  readonly format: 'csv' | 'json' | 'ndjson';
  readonly order: RowOrder;
  /** CSV: the byte between two fields. */
  readonly delimiter: number;
  readonly columns: readonly FeederColumn[];
  readonly rows: number;
  /** As 64-bit floats, where each row begins, and last where the last one ends. */
  readonly offsets: SharedArrayBuffer;
  /** The whole file, where it is small; one copy for all threads. */
  readonly bytes: SharedArrayBuffer | undefined;
}

/** The same with the stream of randomness it draws from. */
export interface Feeder extends FeederTable {
  readonly stream: number;
}

/** What templates may draw from. */
export interface TemplateData {
  /** Values by the function of Faker that made them. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** The files that templates name, gone over. */
  readonly feeders: readonly FeederTable[];
  /** Names of all files of rows, also of those that no template names. */
  readonly sources: readonly string[];
  /** A file to send by its name under `data`; undefined where it names none. @throws UserError where it cannot be read */
  readonly fileOf: (name: string) => UploadFile | undefined;
}

/** What reading a template depends on, beside its text. */
export interface TemplateScope {
  readonly data: TemplateData;
  /** Where its value is put. */
  readonly place: ValuePlace;
  /** Names that steps before captured values for; default: none. */
  readonly captured?: readonly string[];
  /** How many functions the profile has; default: none. */
  readonly functions?: number;
  /** What the run's set-up captures; default: nothing. */
  readonly run?: RunValues;
}

/** What the set-up of a run captures: the same for all users. */
export interface RunValues {
  readonly names: readonly string[];
  /** Empty before the set-up was run. */
  readonly values: ReadonlyMap<string, unknown>;
}

export const noRunValues: RunValues = { names: [], values: new Map() };

export const noTemplateData: TemplateScope = {
  data: { lists: new Map(), feeders: [], sources: [], fileOf: () => undefined },
  place: 'text',
};
