// The columns of a file that is made, as one text with templates for each row of CSV.

import type { GeneratedSource, TemplateData } from './data.ts';
import { Streams } from './streams.ts';
import { charactersOf, mapPart, readTemplates, type TextPart } from './templates.ts';

/** What must not stand in a field of CSV without quotes. */
const special = /[",\r\n]/;
const encoder = new TextEncoder();

/** What may be written of a part, digits and the like left out. */
const textsOf = (part: TextPart): readonly string[] => {
  if (typeof part === 'string') return [part];
  return 'choices' in part ? part.choices : [];
};

const inQuotes = (text: string): string => text.replaceAll('"', '""');

/**
 * The header line, and the text of a row: its end included, each character a byte.
 * @throws UserError for double braces that are no function
 */
export const compileColumns = (
  { name, columns }: GeneratedSource,
  data: TemplateData,
): { readonly header: string; readonly row: readonly TextPart[] } => {
  const streams = new Streams();
  const fields = columns.map(([column, value]) => {
    const read = readTemplates(value, `column ${column} of ${name}`, streams, { data, place: 'text' });
    const parts = typeof read === 'string' ? [read] : read;
    if (!parts.flatMap(textsOf).some((text) => special.test(text))) return parts;
    return ['"', ...parts.map((part) => mapPart(part, inQuotes)), '"'];
  });
  const names = columns.map(([column]) => (special.test(column) ? `"${inQuotes(column)}"` : column));
  const row = fields.flatMap((field, index) => [...(index > 0 ? [','] : []), ...field]);
  return {
    header: `${names.join(',')}\n`,
    row: [...row, '\n'].map((part) => mapPart(part, (text) => charactersOf(encoder.encode(text)))),
  };
};
