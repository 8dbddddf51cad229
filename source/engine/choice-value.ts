// Writes values that are one of several texts, encoded once: picked, in turn, by weight, several with spaces between.

import { fractionOf, keyOf } from '../common/random.ts';
import { writeWhole } from './digits.ts';
import type { Value } from './template-value.ts';

const piecesOf = (choices: readonly string[]): readonly Buffer[] =>
  choices.map((choice) => Buffer.from(choice, 'latin1'));

const lengthsOf = (pieces: readonly Buffer[]): Pick<Value, 'least' | 'most'> => {
  const lengths = pieces.map(({ length }) => length);
  return { least: Math.min(...lengths), most: Math.max(...lengths) };
};

const put = (bytes: Buffer, at: number, piece: Buffer): number => {
  bytes.set(piece, at);
  return at + piece.length;
};

/** One of the choices, each as likely as the others. */
export const pick = (seed: number, stream: number, choices: readonly string[]): Value => {
  const key = keyOf(seed, stream);
  const pieces = piecesOf(choices);
  const write = (bytes: Buffer, at: number, n: number): number =>
    put(bytes, at, pieces[Math.floor(fractionOf(key, n) * pieces.length)]!);
  return { ...lengthsOf(pieces), write };
};

/** The choices in turn. */
export const cycle = (choices: readonly string[]): Value => {
  const pieces = piecesOf(choices);
  return { ...lengthsOf(pieces), write: (bytes, at, n) => put(bytes, at, pieces[n % pieces.length]!) };
};

/** Draws an index by weight. */
export const weightedIndex = (seed: number, stream: number, weights: readonly number[]): ((n: number) => number) => {
  const key = keyOf(seed, stream);
  let sum = 0;
  const bounds = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  // A fraction just below 1 may round up to the sum; what has no weight is never drawn.
  const last = weights.findLastIndex((weight) => weight > 0);
  return (n) => {
    const drawn = fractionOf(key, n) * sum;
    for (let index = 0; index < last; index += 1) if (drawn < bounds[index]!) return index;
    return last;
  };
};

/** One of the choices, as likely as its weight. */
export const weighted = (
  seed: number,
  stream: number,
  { choices, weights }: { readonly choices: readonly string[]; readonly weights: readonly number[] },
): Value => {
  const pieces = piecesOf(choices);
  const indexOf = weightedIndex(seed, stream, weights);
  return { ...lengthsOf(pieces), write: (bytes, at, n) => put(bytes, at, pieces[indexOf(n)]!) };
};

/** So many of the choices with something between. */
export const words = (
  seed: number,
  stream: number,
  {
    choices,
    count,
    between,
  }: { readonly choices: readonly string[]; readonly count: number; readonly between: string },
): Value => {
  const drawn = Array.from({ length: count }, (_, index) => pick(seed, stream + index, choices));
  const gap = Buffer.from(between, 'latin1');
  const write = (bytes: Buffer, at: number, n: number): number => {
    let end = at;
    for (let index = 0; index < drawn.length; index += 1) {
      if (index > 0) end = put(bytes, end, gap);
      end = drawn[index]!.write(bytes, end, n);
    }
    return end;
  };
  const room = (length: number): number => count * (length + gap.length) - gap.length;
  return { least: room(drawn[0]!.least), most: room(drawn[0]!.most), write };
};

/** One of the names, the number of the arrival behind it, and what stands behind both. */
export const email = (
  seed: number,
  stream: number,
  { choices, domain }: { readonly choices: readonly string[]; readonly domain: string },
): Value => {
  const name = pick(seed, stream, choices);
  const end = Buffer.from(domain, 'latin1');
  const write = (bytes: Buffer, at: number, n: number): number =>
    put(bytes, writeWhole(bytes, name.write(bytes, at, n), n), end);
  return { least: name.least + 1 + end.length, most: name.most + 16 + end.length, write };
};
