// Lists of values from Faker, drawn once and before the run with a seed of their own: requests then pick from them like from
// any other list. Faker is loaded only by who needs it: that takes longer than the rest of the start.

import { didYouMean } from '../common/did-you-mean.ts';
import { errorMessage, UserError } from '../common/errors.ts';

/** Values in a list. */
const listLength = 1000;
const seed = 20_260;

/** Lists by the names of functions, such as `person.fullName`. @throws UserError for a function that there is not */
export const fakerLists = async (names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
  if (names.length === 0) return new Map();
  const { faker } = await import('@faker-js/faker/locale/en');
  // Some functions count back from today.
  faker.setDefaultRefDate('2026-01-01T00:00:00.000Z');
  return new Map(names.map((name) => [name, listOf(faker, name)]));
};

const listOf = (faker: { seed(seed: number): number }, name: string): readonly string[] => {
  const draw = functionAt(faker, name);
  // Each by itself: a list is the same, whichever others there are.
  faker.seed(seed);
  return Array.from({ length: listLength }, () => textOf(name, draw));
};

const textOf = (name: string, draw: () => unknown): string => {
  let value: unknown;
  try {
    value = draw();
  } catch (error) {
    throw new UserError(`{{faker ${name}}}: ${errorMessage(error)}, expected a function that needs no arguments`, {
      cause: error,
    });
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' || value === undefined) {
    throw new UserError(
      `{{faker ${name}}}: found a value that is no text, expected a function such as person.jobTitle`,
    );
  }
  return String(value);
};

const methodsOf = (module: unknown): readonly string[] => {
  const names = new Set<string>();
  for (let at: unknown = module; at !== null && at !== Object.prototype && typeof at === 'object'; ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== 'constructor' && typeof Reflect.get(at, name, module) === 'function') names.add(name);
    }
    at = Object.getPrototypeOf(at);
  }
  return [...names];
};

/** Modules of Faker that make no values. */
const notModules = new Set(['definitions', 'rawDefinitions', 'helpers']);

const functionAt = (faker: object, name: string): (() => unknown) => {
  const [module = '', method = '', ...rest] = name.split('.');
  const modules = Object.keys(faker).filter((key) => !key.startsWith('_') && !notModules.has(key));
  const owner: unknown = modules.includes(module) ? Reflect.get(faker, module) : undefined;
  const found: unknown =
    rest.length === 0 && methodsOf(owner).includes(method) && typeof owner === 'object' && owner !== null
      ? Reflect.get(owner, method)
      : undefined;
  if (typeof found === 'function') return () => Reflect.apply(found, owner, []);
  const known = modules.flatMap((key) => methodsOf(Reflect.get(faker, key)).map((each) => `${key}.${each}`));
  const near = didYouMean(name, known);
  throw new UserError(
    `{{faker ${name}}}: found no such function, expected one of Faker, such as commerce.productName`,
    {
      hint: near ? `did you mean {{faker ${near}}}?` : 'they are listed at https://fakerjs.dev/api/',
    },
  );
};
