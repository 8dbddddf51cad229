// A value under `json` as the text that is sent. A string that is nothing but one template of a number becomes a number:
// "{{integer 1 9}}" is 7, not "7". `{{text integer 1 9}}` keeps it text, `{{number pick 5 10}}` makes numbers of choices.

import { isNumberText } from './templates.ts';

/** The JSON of a value, its templates in place. */
export const jsonText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`)
      .join(',')}}`;
  }
  if (typeof value === 'string' && isNumberText(value)) return value;
  return JSON.stringify(value) ?? 'null';
};
