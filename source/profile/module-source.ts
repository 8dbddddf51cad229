// Reads a profile that is written in TypeScript or JavaScript: what the module exports by default is the same data as a
// file in YAML would give, with functions in it where the language has them. Node takes the types off by itself.

import { pathToFileURL } from 'node:url';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import type { Source } from './source.ts';

const endings = /\.[cm]?[jt]s$/i;

/** Whether a file is a module by its name. */
export const isModule = (file: string): boolean => endings.test(file);

/** How often modules were read: Node keeps what it imported once under an address. */
let reads = 0;

/**
 * The data of a module.
 * @param file absolute
 * @param name as the user named it
 * @throws UserError for a module that cannot be loaded, or exports no profile
 */
export const moduleSource = async (file: string, name: string): Promise<Source> => {
  const address = pathToFileURL(file);
  reads += 1;
  if (reads > 1) address.searchParams.set('read', String(reads));
  const data = await importDefault(address.href, name);
  return { file: name, data, module: address.href, placeOf: () => name, isQuoted: () => false };
};

const importDefault = async (address: string, name: string): Promise<unknown> => {
  let module: unknown;
  try {
    module = await import(address);
  } catch (error) {
    throw new UserError(`${name}: could not be loaded: ${troubleOf(error, address)}`, {
      cause: error,
      ...hintOf(error),
    });
  }
  if (typeof module === 'object' && module !== null && 'default' in module && module.default !== undefined) {
    return module.default;
  }
  throw new UserError(`${name}: found no default export, expected a profile`, {
    hint: 'for example: export default { target: "http://localhost:3000", steps: [{ get: "/" }] }',
  });
};

const hintOf = (error: unknown): { readonly hint?: string } => {
  const code = errorCode(error) ?? '';
  if (/TYPESCRIPT_SYNTAX/.test(code))
    return { hint: 'Node only takes types off: enums, namespaces and decorators stay out' };
  if (code !== 'ERR_MODULE_NOT_FOUND') return {};
  const [, missing] = /package '([^']+)'/.exec(errorMessage(error)) ?? [];
  return missing === undefined
    ? { hint: 'files are imported with their endings, such as ./steps.ts' }
    : { hint: `install it beside the profile: npm install ${safeText(missing, 60)}` };
};

/** What went wrong, with the line where it is known: on top of Node's stack for what cannot be read, else within it. */
const troubleOf = (error: unknown, address: string): string => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [first = '', ...frames] = stack.split('\n');
  const plain = address.replace(/\?.*$/, '');
  const isOnTop = first.startsWith(plain) || first.startsWith(plain.replace('file://', ''));
  const frame = frames.find((each) => each.includes(plain));
  const line = isOnTop ? /:(\d+)$/.exec(first)?.[1] : /:(\d+):\d+\)?$/.exec(frame ?? '')?.[1];
  const where = line === undefined ? '' : `line ${line}: `;
  return safeText(`${where}${errorMessage(error)}`.replaceAll(plain, 'it'), 300);
};
