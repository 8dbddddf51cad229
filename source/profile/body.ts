// What a step sends beside text and bytes: fields of a form, parts of multipart/form-data, a file. Plain data as the profile
// says it; files are named, never read here. What becomes of them is compile-body.ts.

/** A name and a value with templates; a name may occur several times. */
export type Field = readonly [name: string, value: string];

/** A file whose bytes are sent as they are, as it was found before the run. */
export interface UploadFile {
  readonly path: string;
  /** In bytes; at least 1. */
  readonly size: number;
}

/** A file to send as the profile names it: at a path, or an entry of its `data`, which may have to be made first. */
export type NamedFile = UploadFile | { readonly data: string };

/** A part of multipart/form-data. */
export type Part =
  | {
      readonly type: 'value';
      readonly name: string;
      /** May hold templates. */
      readonly value: string;
      /** Where it is JSON, `value` is a whole JSON text. */
      readonly contentType: string | undefined;
    }
  | {
      readonly type: 'file';
      readonly name: string;
      readonly file: NamedFile;
      /** May hold templates. */
      readonly filename: string;
      readonly contentType: string;
    };

/** A body that is more than text or bytes. */
export type Payload =
  | { readonly type: 'form'; readonly fields: readonly Field[] }
  | { readonly type: 'multipart'; readonly parts: readonly Part[] }
  | { readonly type: 'file'; readonly file: NamedFile };
