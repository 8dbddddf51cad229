// What must not be shown, taken out of texts: as it is, as it stands in a path, a query, a form and in JSON, and where it was
// cut off. Which texts are secrets is for others to say.

import { isSecretHeader } from './safe-text.ts';
import { encodeForm, encodeQuery } from './url-encoding.ts';

const mask = '***';

/** From so many characters on, the beginning of a secret in front of an ellipsis is taken for one that was cut off. */
const leastCut = 4;

/** A captured value of one or two characters would be found everywhere. */
const leastCaptured = 3;

/** What a value has at least that is taken for a secret because of where it was captured, in characters. */
const shortestCapturedOnce = 8;

/** What is taken for a secret of what the set-up of a run captured. */
export const capturedOnce = (captured: Iterable<readonly [name: string, value: unknown]>): readonly string[] =>
  [...captured].flatMap(([, value]) => textsIn(value)).filter(({ length }) => length >= shortestCapturedOnce);

/** A list of more values is data, not logins. */
const longestList = 100;

/** A captured value may be a mapping, or a list, in which a login is one of several. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) && value.length > longestList ? [] : Object.values(value).flatMap(textsIn);
};

/** Texts that stand under a name that says that they are secret. */
const textsUnder = (name: string, value: unknown): readonly string[] => {
  const isSecret = isSecretHeader(name);
  if (typeof value === 'string' || typeof value === 'number') return isSecret ? [String(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const within = isSecret || Array.isArray(value);
  return Object.entries(value).flatMap(([key, each]) => textsUnder(within ? name : key, each));
};

export class Secrets {
  #texts: readonly string[] = [];

  constructor(texts: readonly string[]) {
    this.#add(texts);
  }

  /** Values that were captured under a name that says that they are secret stay so wherever they turn up. */
  learn(captured: Iterable<readonly [name: string, value: unknown]>): void {
    const texts = [...captured].flatMap(([name, value]) => textsUnder(name, value));
    this.#add(texts.filter(({ length }) => length >= leastCaptured));
  }

  /** Whatever the set-up of a run captured: most often a login, whatever it is called. What is short is left readable. */
  learnAll(captured: Iterable<readonly [name: string, value: unknown]>): void {
    this.#add(capturedOnce(captured));
  }

  mask(text: string): string {
    if (this.#texts.length === 0) return text;
    const masked = this.#texts.reduce((before, secret) => before.replaceAll(secret, mask), text);
    if (!masked.includes('…')) return masked;
    const pieces = masked.split('…');
    return pieces.map((piece, index) => (index < pieces.length - 1 ? this.#withoutCut(piece) : piece)).join('…');
  }

  /** A piece whose end is the beginning of a secret. */
  #withoutCut(piece: string): string {
    for (const secret of this.#texts) {
      for (let length = Math.min(secret.length - 1, piece.length); length >= leastCut; length -= 1) {
        if (piece.endsWith(secret.slice(0, length))) return piece.slice(0, -length) + mask;
      }
    }
    return piece;
  }

  #add(texts: readonly string[]): void {
    const all = new Set([...this.#texts, ...texts.flatMap(forms)]);
    // The longest first: one may be a part of another.
    this.#texts = [...all].sort((one, other) => other.length - one.length);
  }
}

const jsonOf = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A secret as it stands in a text, in a path, a query, a form and in JSON. */
const forms = (secret: string): readonly string[] =>
  secret === ''
    ? []
    : [
        secret,
        encodeURIComponent(secret.toWellFormed()),
        encodeQuery(secret),
        encodeForm(secret),
        jsonOf(secret),
        // A body that is shown as a JSON string.
        jsonOf(jsonOf(secret)),
      ];
