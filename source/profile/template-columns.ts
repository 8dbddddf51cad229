// Templates that are a column of a file of rows: `{{people.email}}`. Which row an arrival has is the engine's.

import { didYouMean } from '../common/did-you-mean.ts';
import type { FeederColumn, FeederTable, TemplateData, TemplateScope } from './data.ts';
import type { TemplateValue } from './template-value.ts';

/** What was expected in place of a column that is none. */
interface ColumnFault {
  readonly expected: string;
  readonly hint: string | undefined;
}

/** Columns named in an error. */
const mostShown = 20;

const partsOf = (name: string): readonly [feeder: string, column: string] | undefined => {
  const [, feeder, column = ''] = /^([^.]+)\.(.*)$/s.exec(name) ?? [];
  if (feeder === undefined) return undefined;
  // Backslashes in front of a quote are those of text that went through JSON.
  return [feeder, /^\\*"(.*?)\\*"$/s.exec(column)?.[1] ?? column];
};

/** Whether a word is a column of a file that the profile names. */
export const isColumn = (name: string, { feeders }: TemplateData): boolean => {
  const [feeder] = partsOf(name) ?? [];
  return feeders.some((table) => table.name === feeder);
};

/** What a column stands for, or why it stands for nothing; undefined where the name is not that of a column. */
export const readColumn = (
  name: string,
  words: readonly string[],
  { data: { feeders, sources }, place }: TemplateScope,
): TemplateValue | ColumnFault | undefined => {
  const [said, column] = (name === 'number' || name === 'text' ? partsOf(words[0] ?? '') : partsOf(name)) ?? [];
  if (said === undefined || column === undefined) return undefined;
  const feeder = feeders.findIndex((table) => table.name === said);
  const table = feeders[feeder];
  if (!table) return unknownFeeder(said, column, sources);
  if (words.length > (said === partsOf(name)?.[0] ? 0 : 1))
    return { expected: `{{${said}.${column}}}`, hint: spacedHint(said, table, [column, ...words]) };
  const index = table.columns.findIndex((known) => known.name === column);
  const known = table.columns[index];
  if (!known) return unknownColumn(said, column, table);
  return faultOf(table, known, place) ?? { type: 'column', feeder, column: index, place };
};

/** What to write where the words of a template are the name of a column with spaces in it. */
const spacedHint = (feeder: string, { columns }: FeederTable, words: readonly string[]): string | undefined => {
  const name = words.join(' ');
  return columns.some((known) => known.name === name) ? `did you mean {{${feeder}.${quoted(name)}}}?` : undefined;
};

/** What keeps the values of a column from being put at a place. */
const faultOf = (
  { file }: FeederTable,
  { name, missingAt, controlAt }: FeederColumn,
  place: TemplateScope['place'],
): ColumnFault | undefined => {
  if (missingAt !== undefined) {
    return { expected: `a column that each row has: line ${missingAt} of ${file} has no ${name}`, hint: undefined };
  }
  if (place !== 'header' || controlAt === undefined) return undefined;
  return {
    expected: `values without control characters in a header: line ${controlAt} of ${file} has one in ${name}`,
    hint: undefined,
  };
};

const unknownFeeder = (name: string, column: string, sources: readonly string[]): ColumnFault | undefined => {
  if (sources.length === 0) return undefined;
  const near = didYouMean(name, sources);
  return {
    expected: `a column of ${sources.join(' or ')}, as named under data`,
    hint: near === undefined ? undefined : `did you mean {{${near}.${column}}}?`,
  };
};

const unknownColumn = (feeder: string, column: string, { file, columns }: FeederTable): ColumnFault => {
  const names = columns.map(({ name }) => name);
  const shown = names.slice(0, mostShown).join(', ');
  const near = didYouMean(column, names);
  return {
    expected: `a column of ${file}: ${shown}${names.length > mostShown ? ', …' : ''}`,
    hint: near === undefined ? undefined : `did you mean {{${feeder}.${quoted(near)}}}?`,
  };
};

const quoted = (column: string): string => (/[\s{}]/.test(column) ? `"${column}"` : column);
