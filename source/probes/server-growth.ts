// Growth of the counters in MongoDB's serverStatus between two documents, and the reason wherever there is none. Pure.
// Which rows are made of it is server-status.ts.

import { has, number, part, type StatusDocument } from './status-document.ts';

/** A number, or in words why there is none. */
export type Value = number | string;

/** Two documents of one server; after a restart its counters began again at 0. */
export interface Look {
  readonly now: StatusDocument;
  readonly before: StatusDocument | undefined;
  readonly restarted: boolean;
  /** ms between them. */
  readonly dtMs: number;
}

const first = 'needs a second reading';

/** The reason for a number whose last part is missing. */
const missing = (path: readonly string[]): string => `no ${path.join('.')} in its serverStatus`;

/** The reason for numbers of which a whole section is missing. */
export const missingSection = (...path: string[]): string => `no ${path.join('.')} section in its serverStatus`;

/** The reason for a number that is not there names the outermost part that is missing: a section, or a field in it. */
export const missingIn = (document: StatusDocument, path: readonly string[]): string => {
  for (let depth = 1; depth < path.length; depth += 1) {
    const outer = path.slice(0, depth);
    if (!has(document, ...outer)) return missingSection(...outer);
  }
  return missing(path);
};

/** A number as it is, or the reason why it is not there. */
export const gauge = (document: StatusDocument, ...path: string[]): Value =>
  number(document, ...path) ?? missingIn(document, path);

/** Growth of a counter since the document before; after a restart, all it shows. */
export const growth = ({ now, before, restarted }: Look, ...path: string[]): Value => {
  const value = number(now, ...path);
  if (value === undefined) return missingIn(now, path);
  if (restarted) return value;
  const old = before && number(before, ...path);
  if (old === undefined) return first;
  return value < old ? value : value - old;
};

/** Growth of a counter per second. */
export const rate = (look: Look, ...path: string[]): Value => perSecond(look, growth(look, ...path));

const perSecond = ({ dtMs }: Look, amount: Value): Value => {
  if (typeof amount === 'string') return amount;
  return dtMs > 0 ? (amount / dtMs) * 1000 : first;
};

const kinds = ['insert', 'query', 'update', 'delete', 'getmore', 'command'] as const;
type Kind = (typeof kinds)[number];

export type OperationRates = Readonly<Record<Kind | 'total', Value>>;

/** The commands that opcounters counts under another name. */
const commandKinds = new Map<string, Kind>([
  ['insert', 'insert'],
  ['find', 'query'],
  ['update', 'update'],
  ['delete', 'delete'],
  ['getMore', 'getmore'],
]);

/** Operations per second, from opcounters or, where they are absent, from metrics.commands. */
export const operationRates = (look: Look): OperationRates => {
  const amounts = has(look.now, 'opcounters') ? fromCounters(look) : fromCommands(look);
  const known = kinds.map((kind) => amounts[kind]);
  const numbers = known.filter((value) => typeof value === 'number');
  const total = numbers.length === 0 ? known[0]! : numbers.reduce((sum, value) => sum + value, 0);
  const rates: Record<Kind | 'total', Value> = { ...amounts, total };
  for (const kind of [...kinds, 'total'] as const) rates[kind] = perSecond(look, rates[kind]);
  return rates;
};

const fromCounters = (look: Look): Record<Kind, Value> => everyKind((kind) => growth(look, 'opcounters', kind));

const everyKind = (value: (kind: Kind) => Value): Record<Kind, Value> => ({
  insert: value('insert'),
  query: value('query'),
  update: value('update'),
  delete: value('delete'),
  getmore: value('getmore'),
  command: value('command'),
});

const fromCommands = (look: Look): Record<Kind, Value> => {
  const named = part(look.now, 'metrics', 'commands');
  if (Object.keys(named).length === 0) {
    const reason = `${missingSection('opcounters')}, and no metrics.commands`;
    return everyKind(() => reason);
  }
  const old = part(look.before ?? {}, 'metrics', 'commands');
  if (!look.restarted && Object.keys(old).length === 0) return everyKind(() => first);
  const sums = new Map<Kind, number>(kinds.map((kind) => [kind, 0]));
  for (const name of Object.keys(named)) {
    const count = number(named, name, 'total') ?? 0;
    // A command that was not listed before had not been called.
    const earlier = look.restarted ? 0 : (number(old, name, 'total') ?? 0);
    const kind = commandKinds.get(name) ?? 'command';
    sums.set(kind, sums.get(kind)! + Math.max(0, count - earlier));
  }
  return everyKind((kind) => sums.get(kind)!);
};
