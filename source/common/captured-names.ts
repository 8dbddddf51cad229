// Names of captured values that the language has itself.

/** The value that `each` is at. */
export const itemName = 'item';
