// Bodies that are values of a catalogue: each value is read once, for each step with templates that draw for themselves.

import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import type { Catalogue, DataSource, ItemsBody, TemplateData } from './data.ts';
import type { Streams } from './streams.ts';
import type { ItemsValue } from './template-value.ts';
import { readTemplates } from './templates.ts';

/**
 * The catalogue that a body is made of.
 * @throws UserError where the profile has none of that name
 */
export const catalogueOf = ({ of }: ItemsBody, sources: readonly DataSource[], where: string): Catalogue => {
  const source = sources.find(({ name }) => name === of);
  if (source?.type === 'catalogue') return source;
  const names = sources.flatMap((known) => (known.type === 'catalogue' ? [known.name] : []));
  const near = didYouMean(of, names);
  const what = source ? 'rows of a file' : 'no catalogue';
  const expected = names.length > 0 ? names.join(' or ') : 'a name under data that has items';
  throw new UserError(
    `${where}: found ${of}, ${what}, expected ${expected}`,
    near ? { hint: `did you mean ${near}?` } : {},
  );
};

/** The body as a value of its own. */
export const compileItems = (
  { count }: ItemsBody,
  { name, items, weights, order }: Catalogue,
  { where, streams, data }: { readonly where: string; readonly streams: Streams; readonly data: TemplateData },
): ItemsValue => ({
  type: 'items',
  count,
  order,
  weights,
  stream: streams.take(),
  items: items.map((item, index) => {
    const place = `${where}, item ${index + 1} of ${name}`;
    const text = readTemplates(item, place, streams, { data, place: 'json value' });
    return typeof text === 'string' ? [text] : text;
  }),
});
