// From the words of `data` to what they name. Pure: the files are found and read when the run is put together.

import type { DataSource } from './data.ts';
import { jsonText } from './json-text.ts';
import type { ProfileFile } from './schema.ts';

type Columns = readonly (readonly [name: string, value: string])[];

/** Columns of a file that is made, where only their number is said; the rest are values without a meaning. */
const usualColumns: Columns = [
  ['id', '{{sequence 1}}'],
  ['name', '{{name}}'],
  ['email', '{{email}}'],
  ['city', '{{faker location.city}}'],
  ['amount', '{{float 0 9999.99 2}}'],
  ['quantity', '{{integer 1 100}}'],
  ['status', '{{pick new active closed}}'],
  ['reference', '{{uuid}}'],
  ['created', '{{now iso}}'],
  ['note', '{{words 3}}'],
];

const furtherValues = ['{{integer 0 999999}}', '{{word}}', '{{float 0 99.99 2}}', '{{string 12}}'];

const columnsOf = (columns: number | Readonly<Record<string, string>>): Columns => {
  if (typeof columns !== 'number') return Object.entries(columns);
  const further = Array.from({ length: Math.max(0, columns - usualColumns.length) }, (_, index) => {
    const value = furtherValues[index % furtherValues.length]!;
    return [`value_${usualColumns.length + index + 1}`, value] as const;
  });
  return [...usualColumns.slice(0, columns), ...further];
};

/** The data that a profile names. @param pathOf the path of a file that is named in it */
export const dataOfFile = (
  data: ProfileFile['data'],
  pathOf: (file: string) => string,
): readonly DataSource[] | undefined =>
  data &&
  Object.entries(data).map(([name, source]): DataSource => {
    if (source.type === 'file') return { ...source, name, file: pathOf(source.file) };
    if (source.type === 'generated')
      return { ...source, name, columns: columnsOf(source.columns ?? usualColumns.length) };
    return {
      type: 'catalogue',
      name,
      order: source.order,
      items: source.items.map(({ item }) => jsonText(item)),
      weights: source.items.map(({ weight }) => weight),
    };
  });
