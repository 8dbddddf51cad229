// What of a screen does not change from second to second: its size, the words of its first lines, where panels begin. Two
// pictures of the same run have the same outline, whenever they were taken.

const steady = (line: string): string => line.replaceAll(/[\d.,:]+|\s+/g, ' ').trim();

export const screenOutline = (lines: readonly string[]): string[] => [
  `${lines.length} lines`,
  // Target, model and phase; the words for what was asked and what happens.
  ...lines.slice(0, 2).map(steady),
  ...lines.flatMap((line, row) =>
    [...line.matchAll(/(?:^| |\d)[─━] ([a-z][a-z /]*[a-z]) /g)].map(
      ({ index, 1: title }) => `${row},${index} ${title}`,
    ),
  ),
  steady(lines.at(-1) ?? ''),
];
