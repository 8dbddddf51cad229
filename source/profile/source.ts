// A profile as it was read, whatever it is written in: its data, and where each part stands. YAML and JSON are
// yaml-source.ts, TypeScript and JavaScript module-source.ts.

/** Keys and indexes from the top of the file. */
export type KeyPath = readonly (string | number)[];

export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** URL of the module that it is, whose data may hold functions. */
  readonly module?: string;
  /** `x.yaml:3:5`, of the innermost part of the path that is there; a module knows only its name. */
  placeOf(path: KeyPath): string;
  /** Whether the scalar there is written in quotes, and so is text whatever stands in it. */
  isQuoted(path: KeyPath): boolean;
}

/** One level down; a scalar is its own child, so that a list of one may be written without brackets. */
export const childOf = (value: unknown, part: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === String(part))?.[1]
    : value;
