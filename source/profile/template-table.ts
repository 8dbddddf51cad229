// The functions of templates as a table for the manual.

import { templateFunctions } from './template-functions.ts';

/** A row for each function: how it is written, and what it becomes. */
export const templatesMarkdown = (): string => {
  const rows = Object.values(templateFunctions).map(({ example, forms = [example], gives }) => {
    const written = forms.map((form) => `\`${form}\``).join(', ');
    return `| ${written} | ${gives} |`;
  });
  return ['| template | becomes |', '|---|---|', ...rows].join('\n');
};
