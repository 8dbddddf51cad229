// Holds a value against a JSON Schema, as an editor would: the part of draft 07 that the published schema uses. A keyword
// that is not known here is a fault of the schema, so that nothing passes by not being looked at.

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const matchesType = (type: unknown, value: unknown): boolean =>
  listOf(type).some((each) => (each === 'integer' ? Number.isInteger(value) : each === typeOf(value)));

const size = (value: unknown): number =>
  Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : Number.NaN;

type Check = (given: unknown, value: unknown, schema: Json, root: Json, path: string) => readonly string[];

const failing = (isFine: boolean, text: string): readonly string[] => (isFine ? [] : [text]);

const count = (schemas: unknown, value: unknown, root: Json, path: string): number =>
  listOf(schemas).filter((each) => schemaFaults(each, value, root, path).length === 0).length;

const checks: Readonly<Record<string, Check>> = {
  type: (type, value, _, __, path) => failing(matchesType(type, value), `${path}: no ${JSON.stringify(type)}`),
  enum: (list, value, _, __, path) => failing(listOf(list).includes(value), `${path}: none of ${JSON.stringify(list)}`),
  const: (only, value, _, __, path) => failing(only === value, `${path}: not ${JSON.stringify(only)}`),
  pattern: (pattern, value, _, __, path) =>
    failing(typeof value !== 'string' || new RegExp(String(pattern), 'u').test(value), `${path}: not like ${pattern}`),
  minLength: (least, value, _, __, path) =>
    failing(typeof value !== 'string' || value.length >= Number(least), `${path}: shorter than ${least}`),
  maxLength: (most, value, _, __, path) =>
    failing(typeof value !== 'string' || value.length <= Number(most), `${path}: longer than ${most}`),
  minimum: (least, value, _, __, path) =>
    failing(typeof value !== 'number' || value >= Number(least), `${path}: below ${least}`),
  maximum: (most, value, _, __, path) =>
    failing(typeof value !== 'number' || value <= Number(most), `${path}: above ${most}`),
  exclusiveMinimum: (least, value, _, __, path) =>
    failing(typeof value !== 'number' || value > Number(least), `${path}: not above ${least}`),
  minItems: (least, value, _, __, path) => failing(!(size(value) < Number(least)), `${path}: fewer than ${least}`),
  maxItems: (most, value, _, __, path) => failing(!(size(value) > Number(most)), `${path}: more than ${most}`),
  minProperties: (least, value, _, __, path) => failing(!(size(value) < Number(least)), `${path}: fewer than ${least}`),
  maxProperties: (most, value, _, __, path) => failing(!(size(value) > Number(most)), `${path}: more than ${most}`),
  required: (names, value, _, __, path) =>
    listOf(names).flatMap((name) => failing(!isObject(value) || String(name) in value, `${path}: without ${name}`)),
  propertyNames: (names, value, _, root, path) =>
    isObject(value) ? Object.keys(value).flatMap((key) => schemaFaults(names, key, root, `${path} ${key}`)) : [],
  properties: (properties, value, _, root, path) =>
    isObject(value) && isObject(properties)
      ? Object.entries(value).flatMap(([key, each]) =>
          Object.hasOwn(properties, key) ? schemaFaults(properties[key], each, root, `${path}.${key}`) : [],
        )
      : [],
  additionalProperties: (others, value, schema, root, path) => {
    const known = isObject(schema.properties) ? schema.properties : {};
    return isObject(value)
      ? Object.entries(value).flatMap(([key, each]) =>
          Object.hasOwn(known, key) ? [] : schemaFaults(others, each, root, `${path}.${key}`),
        )
      : [];
  },
  items: (items, value, _, root, path) =>
    Array.isArray(value) ? value.flatMap((each, index) => schemaFaults(items, each, root, `${path}[${index}]`)) : [],
  anyOf: (schemas, value, _, root, path) => failing(count(schemas, value, root, path) > 0, `${path}: fits no form`),
  oneOf: (schemas, value, _, root, path) => failing(count(schemas, value, root, path) === 1, `${path}: not one form`),
  allOf: (schemas, value, _, root, path) => listOf(schemas).flatMap((each) => schemaFaults(each, value, root, path)),
  not: (schema, value, _, root, path) =>
    failing(count(schema, value, root, path) === 0, `${path}: fits what it must not`),
  $ref: (reference, value, _, root, path) => {
    const target = String(reference)
      .replace(/^#\/?/, '')
      .split('/')
      .filter((part) => part !== '')
      .reduce<unknown>((at, part) => (isObject(at) ? at[part] : undefined), root);
    return target === undefined ? [`${path}: ${reference} leads nowhere`] : schemaFaults(target, value, root, path);
  },
};

const remarks = new Set(['$schema', 'title', 'description', 'definitions', 'default', 'examples']);

/** What keeps the value from fitting, each with its place. */
export const schemaFaults = (schema: unknown, value: unknown, root: Json, path = ''): readonly string[] => {
  if (schema === false) return [`${path}: not known`];
  if (!isObject(schema)) return schema === true ? [] : [`${path}: ${JSON.stringify(schema)} is no schema`];
  return Object.entries(schema).flatMap(([keyword, given]) => {
    if (remarks.has(keyword)) return [];
    const check = checks[keyword];
    return check ? check(given, value, schema, root, path) : [`${path}: the keyword ${keyword} is not known here`];
  });
};
