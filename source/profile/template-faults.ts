// What is wrong with the templates of a profile as far as the file alone tells, each with its place: names that are no function,
// wrong arguments, braces that do not end. What needs rows, or the order of steps, is said when the run is put together.

import { itemName } from '../common/captured-names.ts';
import { noTemplateData, type TemplateScope } from './data.ts';
import { isMapping } from './mapping.ts';
import type { KeyPath } from './source.ts';
import { listOf, readFunction, Streams } from './template-functions.ts';
import { callsIn, unclosedIn } from './templates.ts';

/** A template that is none, where it stands. */
export interface TemplateFinding {
  readonly path: KeyPath;
  readonly found: string;
  readonly expected: string;
}

/** Keys whose values are sent, and so may hold templates, as may all that is below them. */
const sent = new Set([
  ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'query', 'headers'],
  ...['json', 'body', 'form', 'value', 'filename', 'items', 'columns', 'if'],
]);
/** Below these, such keys mean something else. */
const other = new Set(['expect', 'capture', 'count', 'variables', 'metrics', 'probes', 'objectives', 'load']);

/** @param data of a file, its variables filled in */
export const templateFaults = (data: unknown): readonly TemplateFinding[] => {
  const captured = new Set<string>([itemName]);
  eachMapping(data, [], (mapping) => {
    if (isMapping(mapping.capture)) for (const name of Object.keys(mapping.capture)) captured.add(name);
  });
  const findings: TemplateFinding[] = [];
  const look = (text: string, path: KeyPath): void => {
    findings.push(...faultsOf(text, captured).map((fault) => ({ path, ...fault })));
  };
  const walk = (value: unknown, path: KeyPath, isSent: boolean): void => {
    if (typeof value === 'string') {
      if (isSent) look(value, path);
    } else if (Array.isArray(value)) value.forEach((each, index) => void walk(each, [...path, index], isSent));
    else if (isMapping(value)) {
      for (const [key, each] of Object.entries(value)) {
        if (isSent) look(key, [...path, key]);
        else if (other.has(key)) continue;
        walk(each, [...path, key], isSent || sent.has(key));
      }
    }
  };
  walk(data, [], false);
  return findings;
};

const eachMapping = (
  value: unknown,
  path: KeyPath,
  tell: (mapping: Readonly<Record<string, unknown>>) => void,
): void => {
  if (isMapping(value)) tell(value);
  const children = Array.isArray(value) || isMapping(value) ? Object.entries(value) : [];
  for (const [key, child] of children) eachMapping(child, [...path, key], tell);
};

const faultsOf = (text: string, captured: ReadonlySet<string>): readonly Omit<TemplateFinding, 'path'>[] => {
  if (!text.includes('{{')) return [];
  const unclosed = unclosedIn(text);
  if (unclosed) {
    const expected = `${unclosed.expected} (an argument with spaces or braces stands in quotes)`;
    return [{ found: unclosed.found, expected }];
  }
  return callsIn(text).flatMap(({ name, words, source }) => {
    // A captured value or a column: what they are is not known here.
    if (/[.[]/.test(name) || captured.has(name)) return [];
    const value = readFunction(name, words, new Streams(), scopeWith(listOf(name, words), captured));
    if (typeof value === 'string' || 'type' in value) return [];
    const hint = value.hint === undefined ? '' : ` (${value.hint})`;
    return [{ found: source, expected: `${value.expected}${hint}` }];
  });
};

/** Values of a list are made before the run; what stands for them is enough to look at the rest. */
const scopeWith = (list: string | undefined, captured: ReadonlySet<string>): TemplateScope => ({
  ...noTemplateData,
  captured: [...captured].filter((name) => name !== itemName),
  data: { ...noTemplateData.data, lists: new Map(list === undefined ? [] : [[list, ['value']]]) },
});
