// A step made ready to send: options for undici's dispatch that are built once. Static steps hand out the same object each
// time; templated steps patch it, so that only the strings and the view that differ are new.

import type { Dispatcher } from 'undici';
import type { CompiledStep } from '../profile/compile.ts';
import { type BytesTemplate, bytesTemplate, type TextTemplate, textTemplate } from './template.ts';

/** Something a connection can send. */
export interface Request {
  /** The options for arrival `n`; valid until the next call. */
  options(n: number): Dispatcher.DispatchOptions;
}

/** The request of a step. */
export const requestOf = (step: CompiledStep): Request => (step.templated ? templated(step) : fixed(step));

const fixedOptions = (step: CompiledStep): Dispatcher.DispatchOptions => ({
  path: step.path,
  method: step.method,
  headers: [...step.headers],
  body: step.body ? Buffer.from(step.body) : null,
  blocking: false,
  // undici closes the connection after each HEAD, for the sake of servers that send a body all the same.
  ...(step.method === 'HEAD' ? { reset: false } : {}),
});

const fixed = (step: CompiledStep): Request => {
  const options = fixedOptions(step);
  return { options: () => options };
};

const templated = (step: CompiledStep): Request => {
  const options = fixedOptions(step);
  const path: TextTemplate = textTemplate(step.path);
  const headers = step.headers.map((text) => textTemplate(text));
  const values = [...step.headers];
  options.headers = values;
  const body: BytesTemplate | undefined = step.body ? bytesTemplate(step.body) : undefined;
  return {
    options: (n) => {
      options.path = path(n);
      for (let index = 1; index < values.length; index += 2) values[index] = headers[index]!(n);
      if (body) options.body = body(n);
      return options;
    },
  };
};
