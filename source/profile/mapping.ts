// What a mapping of a profile is, for those who look at data before the schema does.

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A mapping that a file could hold, as against an instance of a class. */
export const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (!isMapping(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};
