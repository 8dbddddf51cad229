// Which rows a filter leaves: those that contain every word of it, in any order, whatever the case; `*` stands for
// anything. Pure; where it is typed is typing.ts.

/** Whether a text has every word of the filter in it; an empty filter leaves everything. */
export type Matches = (text: string) => boolean;

/** What `filter` leaves: `buffer`, `http 200`, `buffer_*_bytes`. Linear in the text, however many stars there are. */
export const matcher = (filter: string): Matches => {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.split('*').filter((part) => part !== ''))
    .filter((parts) => parts.length > 0);
  if (words.length === 0) return () => true;
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((parts) => inOrder(lower, parts));
  };
};

/** Whether the parts occur one after the other. */
const inOrder = (text: string, parts: readonly string[]): boolean => {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
};
