// Templates that are what a step before captured: `{{session_id}}`, or a part of it, `{{item.id}}`. Its value is put in when
// the request is made, escaped for where it stands.

import { readPathSteps } from '../common/json-path.ts';
import type { TemplateScope } from './data.ts';
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
export const isCaptured = (name: string, { captured = [] }: TemplateScope): boolean =>
  captured.includes(partsOf(name)[0]);

/** What a captured value stands for, or why it stands for nothing; undefined where the name is not that of one. */
export const readCaptured = (
  name: string,
  words: readonly string[],
  scope: TemplateScope,
): TemplateValue | CapturedFault | undefined => {
  if (!isCaptured(name, scope)) return undefined;
  const [captured, rest] = partsOf(name);
  const path = readPathSteps(rest);
  if (!path || words.length > 0) {
    return { expected: `{{${captured}}} or a part of it`, hint: `such as {{${captured}.id}} or {{${captured}[0]}}` };
  }
  return { type: 'captured', name: captured, path, place: scope.place };
};
