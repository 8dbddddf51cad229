// What arrives from the terminal as a list of keys: over a slow line fast keys come as one string, so its characters are
// walked. What a key does is keymap.ts and carry-out.ts.

/** The part of Ink's `Key` that is looked at. */
export interface InputKey {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly tab?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly shift?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly super?: boolean;
  readonly hyper?: boolean;
  readonly eventType?: 'press' | 'repeat' | 'release';
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'return'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof InputKey, string])[];

const controls: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u001b': 'escape',
};

// A whole control sequence, or what a cut-off one leaves: none of its characters was typed.
const sequence = /^\u001b(?:\[[0-?]*[ -/]*[@-~]?|O[0-9;]*[@-~]?)/;
// What a sequence without modifiers stands for; of those that end in a tilde the number says it.
const byEnd: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift+tab',
};
const byNumber: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};

const shifted: Readonly<Record<string, string>> = { '\u001b[1;2C': 'shift+right', '\u001b[1;2D': 'shift+left' };
const withShift = new Set(['tab', 'left', 'right']);

const sequenceToken = (sequence: string): string | undefined => {
  if (shifted[sequence] !== undefined) return shifted[sequence];
  const [, number, end] = /^\u001b[[O](\d?)([A-Z~])$/.exec(sequence) ?? [];
  if (end === undefined || number === undefined) return undefined;
  return end === '~' ? byNumber[number] : number === '' ? byEnd[end] : undefined;
};

/**
 * The keys of one chunk: a printable character stands for itself, others have names (`up`, `return`, `ctrl+c`). Keys with
 * Alt or Super are nobody's and give nothing, nor does the release of a key.
 */
export const inputTokens = (chunk: string, key: InputKey): string[] => {
  if (key.eventType === 'release') return [];
  const name = named.find(([flag]) => key[flag]);
  if (name) return [key.shift && withShift.has(name[1]) ? `shift+${name[1]}` : name[1]];
  if (key.meta || key.super || key.hyper) return [];
  if (key.ctrl) return chunk.length === 1 ? [`ctrl+${chunk.toLowerCase()}`] : [];
  const tokens: string[] = [];
  for (let at = 0; at < chunk.length; ) {
    const rest = chunk.slice(at, at + 32);
    const skipped = sequence.exec(rest)?.[0];
    if (skipped !== undefined) {
      const token = sequenceToken(skipped);
      if (token !== undefined) tokens.push(token);
      at += skipped.length;
      continue;
    }
    const character = String.fromCodePoint(chunk.codePointAt(at)!);
    const token = tokenOf(character);
    if (token !== undefined) tokens.push(token);
    at += character.length;
  }
  return tokens;
};

const tokenOf = (character: string): string | undefined => {
  const control = controls[character];
  if (control !== undefined) return control;
  const code = character.codePointAt(0)!;
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x60)}`;
  // C1 controls and halves of surrogate pairs were not typed.
  return (code >= 0x80 && code < 0xa0) || !character.isWellFormed() ? undefined : character;
};
