// The part of the profile language that names data: files of rows, files to be made, catalogues of JSON values.

import { z } from 'zod';
import { readGeneratedRows, readInstant } from './quantities.ts';
import { jsonValue } from './schema-functions.ts';
import { eitherForm, line, quantity, section } from './schema-parts.ts';
import { isTemplateFunction } from './template-functions.ts';

const file = line('the path of a file');
const mostColumns = 1000;
const columnCount = `a number of columns from 1 to ${mostColumns}, or a mapping of names to texts`;

const columns = eitherForm(
  z.int({ error: columnCount }).min(1, { error: columnCount }).max(mostColumns, { error: columnCount }),
  z
    .record(
      line('the name of a column'),
      z.union([z.string(), z.number(), z.boolean()], { error: 'a text such as "{{email}}"' }).transform(String),
      { error: columnCount },
    )
    .refine((map) => Object.keys(map).length > 0, { error: 'at least one column' }),
);

const generate = section(
  { rows: quantity(readGeneratedRows, 'a number of rows such as 400k'), columns: columns.optional() },
  'a mapping such as { rows: 400000, columns: 20 }',
);

const kinds = ['csv', 'json', 'ndjson', 'generate', 'items'] as const;
const rowOrders = ['sequential', 'random', 'unique'] as const;
const itemOrders = ['cycle', 'random', 'weighted'] as const;
const isRowOrder = (order: string): order is (typeof rowOrders)[number] => rowOrders.some((known) => known === order);
const isItemOrder = (order: string): order is (typeof itemOrders)[number] =>
  itemOrders.some((known) => known === order);

const weighted = section(
  {
    weight: z.number({ error: 'a number of at least 0' }).min(0, { error: 'a number of at least 0' }),
    item: z.unknown(),
  },
  'an item with its weight, such as { weight: 3, item: { type: page_view } }',
);

const source = section(
  {
    csv: file.optional(),
    json: file.optional(),
    ndjson: file.optional(),
    generate: generate.optional(),
    items: z.array(jsonValue, { error: 'a list of JSON values' }).min(1, { error: 'at least one value' }).optional(),
    order: z.string({ error: 'a word such as random' }).optional(),
  },
  'a file or a list such as { csv: people.csv } or { items: [{ type: page_view }] }',
).transform((value, context) => {
  const [kind, second] = kinds.filter((key) => value[key] !== undefined);
  if (kind === undefined || second !== undefined) {
    context.addIssue({
      code: 'custom',
      path: second === undefined ? [] : [second],
      message: `one of ${kinds.join(', ')}`,
    });
    return z.NEVER;
  }
  const order = value.order ?? (kind === 'items' ? 'cycle' : 'sequential');
  if (kind === 'items') {
    if (!isItemOrder(order)) return refuseOrder(context, itemOrders);
    return { type: 'catalogue', order, items: itemsOf(value.items ?? [], order === 'weighted', context) } as const;
  }
  if (!isRowOrder(order)) return refuseOrder(context, rowOrders);
  if (kind === 'generate')
    return { type: 'generated', order, rows: value.generate?.rows ?? 0, columns: value.generate?.columns } as const;
  return { type: 'file', format: kind, file: value[kind] ?? '', order } as const;
});

const refuseOrder = (context: z.core.$RefinementCtx, known: readonly string[]): never => {
  context.addIssue({ code: 'custom', path: ['order'], message: known.join(', ') });
  return z.NEVER;
};

export interface Item {
  readonly weight: number;
  readonly item: unknown;
}

const itemsOf = (items: readonly unknown[], isWeighted: boolean, context: z.core.$RefinementCtx): readonly Item[] => {
  if (!isWeighted) return items.map((item) => ({ weight: 1, item }));
  const read = items.flatMap((value, index) => {
    const result = weighted.safeParse(value);
    if (result.success) return [{ weight: result.data.weight, item: result.data.item }];
    const [issue] = result.error.issues;
    const message =
      issue?.code === 'unrecognized_keys' ? 'an item with its weight, { weight: 3, item: … }' : issue?.message;
    context.addIssue({ code: 'custom', path: ['items', index, ...(issue?.path ?? [])], message: message ?? 'an item' });
    return [];
  });
  if (read.length > 0 && read.every(({ weight }) => weight === 0)) {
    context.addIssue({ code: 'custom', path: ['items'], message: 'at least one weight above 0' });
  }
  return read;
};

const isName = (name: string): boolean => /^[A-Za-z_][\w-]*$/.test(name) && !isTemplateFunction(name);

/** The key `data`. */
export const data = z
  .record(z.string(), source, { error: 'a mapping of names to files and lists, such as people: { csv: people.csv }' })
  .superRefine((map, context) => {
    for (const name of Object.keys(map)) {
      if (isName(name)) continue;
      const message = 'a name of letters, digits, - and _ that is no template function';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** The key `items` of a step. */
export const items = section(
  {
    of: line('the name of a catalogue under data'),
    count: z
      .int({ error: 'a whole number from 1 to 100,000' })
      .min(1, { error: 'a whole number from 1 to 100,000' })
      .max(100_000, { error: 'a whole number from 1 to 100,000' })
      .optional(),
  },
  'a mapping such as { of: events, count: 10 }',
);

/** What `{{now}}` is at the beginning of the run. */
export const startInstant = quantity(readInstant, 'an instant such as 2026-01-31T12:00:00Z');
