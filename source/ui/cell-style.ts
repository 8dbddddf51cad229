// How a cell of the terminal looks: colours and attributes, read from SGR sequences (ECMA-48 §8.3.117) and written back
// with as few bytes as possible. Knows nothing of positions.

/** Equal looks are one object, so that cells can be compared by identity. */
export interface CellStyle {
  /** Attributes as bits, in the order of `attributes`. */
  readonly flags: number;
  /** SGR parameters of the foreground and background: `31`, `38;5;120`; empty for the terminal's own. */
  readonly foreground: string;
  readonly background: string;
  /** A space in this style looks like a space in none. */
  readonly blank: boolean;
}

// SGR codes that set and unset an attribute.
const attributes: readonly (readonly [on: number, off: number])[] = [
  [1, 22],
  [2, 22],
  [3, 23],
  [4, 24],
  [5, 25],
  [7, 27],
  [8, 28],
  [9, 29],
  [53, 55],
];
// Underline, inverse, strike-through and overline are seen on a space; blinking and the others are not.
const seenOnBlank = (1 << 3) | (1 << 5) | (1 << 7) | (1 << 8);

const known = new Map<string, CellStyle>();
// A heat map in true colour makes many styles; an object that was forgotten costs one cell written twice.
const knownLimit = 4096;

const styleOf = (flags: number, foreground: string, background: string): CellStyle => {
  const key = `${flags}|${foreground}|${background}`;
  const existing = known.get(key);
  if (existing) return existing;
  const blank = background === '' && (flags & seenOnBlank) === 0;
  const style: CellStyle = { flags, foreground, background, blank };
  if (known.size >= knownLimit) known.clear();
  // Kept apart from the map, so that it stays the one object for "no style".
  if (key !== '0||') known.set(key, style);
  return style;
};

/** The terminal's own colours, no attribute. */
export const plainStyle: CellStyle = { flags: 0, foreground: '', background: '', blank: true };

const looks = (flags: number, foreground: string, background: string): CellStyle =>
  flags === 0 && foreground === '' && background === '' ? plainStyle : styleOf(flags, foreground, background);

/** The style that erased cells take: the background, and nothing else. */
export const backgroundOf = (style: CellStyle): CellStyle => looks(0, '', style.background);

/** The style after an SGR sequence with these parameters (`1;31`); unknown codes change nothing. */
export const applySgr = (style: CellStyle, parameters: string): CellStyle => {
  let { flags, foreground, background } = style;
  const codes = parameters.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const text = codes[index]!;
    const code = Number.parseInt(text || '0', 10);
    const extended = code === 38 || code === 48 || code === 58;
    const taken = extended && !text.includes(':') ? extendedLength(codes, index) : 1;
    const value = codes.slice(index, index + taken).join(';');
    index += taken - 1;
    if (code === 0) [flags, foreground, background] = [0, '', ''];
    else if (code === 39) foreground = '';
    else if (code === 49) background = '';
    else if (code === 38 || (code >= 30 && code <= 37) || (code >= 90 && code <= 97)) foreground = value;
    else if (code === 48 || (code >= 40 && code <= 47) || (code >= 100 && code <= 107)) background = value;
    else flags = withAttribute(flags, text === '4:0' ? 24 : code);
  }
  return looks(flags, foreground, background);
};

/** How many parameters `38;5;n` or `38;2;r;g;b` takes. */
const extendedLength = (codes: readonly string[], index: number): number => {
  const type = codes[index + 1];
  return type === '5' ? 3 : type === '2' ? 5 : 1;
};

const withAttribute = (flags: number, code: number): number => {
  let result = flags;
  for (const [bit, [on, off]] of attributes.entries()) {
    if (code === on) result |= 1 << bit;
    if (code === off) result &= ~(1 << bit);
  }
  return result;
};

const attributeCodes = (flags: number): number[] =>
  attributes.filter((_, bit) => (flags & (1 << bit)) !== 0).map(([on]) => on);

/** The SGR sequence that leads from one style to another; empty between equal ones. */
export const sgrBetween = (from: CellStyle, to: CellStyle): string => {
  if (from === to) return '';
  const whole = [...(from === plainStyle ? [] : [0]), ...attributeCodes(to.flags), to.foreground, to.background];
  const reset = sgr(whole);
  // An attribute can only be added; taking one away may take another with it (22 ends both bold and dim).
  if ((from.flags & ~to.flags) !== 0) return reset;
  const step = sgr([
    ...attributeCodes(to.flags & ~from.flags),
    from.foreground === to.foreground ? '' : to.foreground || '39',
    from.background === to.background ? '' : to.background || '49',
  ]);
  return step.length < reset.length ? step : reset;
};

const sgr = (codes: readonly (number | string)[]): string => {
  const parameters = codes.filter((code) => code !== '').join(';');
  return `\u001b[${parameters === '0' ? '' : parameters}m`;
};
