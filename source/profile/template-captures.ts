// Templates that are what a step before captured: `{{session_id}}`, or a part of it, `{{item.id}}`. Its value is put in when
// the request is made, escaped for where it stands; what the set-up of the run captured is the same for all requests and stands
// in them as text, once it is known.

import { type JsonPath, readPathSteps, valueAt } from '../common/json-path.ts';
import { placedValue, unfitForHeader } from '../common/placed-value.ts';
import { noRunValues, type TemplateScope } from './data.ts';
import { isEscapedPlace } from './template-escape.ts';
import type { TemplateValue } from './template-value.ts';

/** What was expected in place of a part that cannot be. */
interface CapturedFault {
  readonly expected: string;
  readonly hint: string | undefined;
}

const partsOf = (name: string): readonly [name: string, rest: string] => {
  const end = name.search(/[.[]/);
  return end < 0 ? [name, ''] : [name.slice(0, end), name.slice(end)];
};

/** Whether a word is a captured value, or a part of one. */
export const isCaptured = (name: string, { captured = [], run = noRunValues }: TemplateScope): boolean =>
  [...captured, ...run.names].includes(partsOf(name)[0]);

/** What a captured value stands for, or why it stands for nothing; undefined where the name is not that of one. */
export const readCaptured = (
  name: string,
  words: readonly string[],
  scope: TemplateScope,
): TemplateValue | string | CapturedFault | undefined => {
  if (!isCaptured(name, scope)) return undefined;
  const [captured, rest] = partsOf(name);
  const path = readPathSteps(rest);
  if (!path || words.length > 0) {
    return { expected: `{{${captured}}} or a part of it`, hint: `such as {{${captured}.id}} or {{${captured}[0]}}` };
  }
  return literal(captured, path, scope) ?? { type: 'captured', name: captured, path, place: scope.place };
};

/** What was captured for the whole run, as text; undefined where that is not known, or a step of the scenario captured it anew. */
const literal = (
  name: string,
  path: JsonPath,
  { captured = [], run = noRunValues, place }: TemplateScope,
): string | CapturedFault | undefined => {
  if (captured.includes(name)) return undefined;
  const value = valueAt(run.values.get(name), path);
  if (value === undefined) return undefined;
  // There it is escaped with what stands around it.
  const text = placedValue(value, isEscapedPlace(place) ? 'text' : place);
  const unfit = place === 'header' ? unfitForHeader(text) : undefined;
  return unfit === undefined ? text : { expected: `a value without ${unfit} in a header`, hint: undefined };
};
