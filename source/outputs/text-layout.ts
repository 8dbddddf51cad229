// Columns, folding and colour of text for a terminal of 80 columns. What is written is summary-text.ts.

/** Widest line of what is printed. */
export const textWidth = 80;

export type Tone = 'heading' | 'good' | 'warn' | 'bad';

const codes: Readonly<Record<Tone, string>> = { heading: '1', good: '32', warn: '33', bad: '31' };

/** Colours text; `plain` leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Colour by the terminal's own palette, or none. */
export const painter = (colour: boolean): Paint =>
  colour ? (tone, text) => `\u001B[${codes[tone]}m${text}\u001B[0m` : (_, text) => text;

/** How a column is aligned; its width is that of its widest cell. */
export type Align = 'left' | 'right';

/** Rows as lines: columns of equal width, two spaces apart, behind `indent` spaces. */
export const columns = (rows: readonly (readonly string[])[], aligns: readonly Align[], indent = 2): string[] => {
  const widths = aligns.map((_, index) => Math.max(0, ...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, index) => {
      const width = widths[index] ?? 0;
      return aligns[index] === 'right' ? cell.padStart(width) : cell.padEnd(width);
    });
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd();
  });
};

/** A space at which a line may end: not between a number and its unit. */
const breaks = / +(?!(?:%|ms|s|[KMGT]iB|B)(?:[^a-z]|$))/;

/**
 * Text folded at spaces to the width of the terminal: `indent` spaces and `lead` before the first line, two more spaces
 * than the first has before the others. A word that is longer than a line is cut into pieces.
 */
export const folded = (text: string, indent = 2, lead = ''): string[] => {
  const lines: string[] = [];
  let line = ' '.repeat(indent) + lead;
  let empty = true;
  const next = (): void => {
    lines.push(line);
    line = ' '.repeat(indent + 2);
    empty = true;
  };
  for (const whole of text.split(breaks).filter((part) => part !== '')) {
    let word = whole;
    if (!empty && line.length + 1 + word.length > textWidth) next();
    while (line.length + word.length > textWidth) {
      const room = textWidth - line.length;
      line += word.slice(0, room);
      word = word.slice(room);
      next();
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return empty ? lines : [...lines, line];
};
