// The sizes of a burst's rounds, as they are written: all alike, or stepped up from one to the next until a largest. How many
// errors end it is here too.

import { formatCount, parseCount, UnitError } from '../common/units.ts';
import type { ErrorLimit } from '../measure/burst.ts';
import { readConnections } from './quantities.ts';

export const mostRounds = 10_000;

const expected = 'a number of requests such as 1000, with rounds 1000x5, stepped up 10..1000+10, or doubled 25..800*2';

/** What a burst is written as, in parts. */
export interface BurstShape {
  readonly size: number;
  /** How many; undefined: up to `most`, or one. */
  readonly rounds?: number | undefined;
  /** Each round is larger by so many; or so many times as large. */
  readonly step?: number | undefined;
  readonly factor?: number | undefined;
  /** No round is larger. */
  readonly most?: number | undefined;
}

/** `1000`, `1000x5`, `10..1000+10` or `25..800*2`. @throws UnitError */
export const readBurst = (text: string): readonly number[] => {
  const written = text.trim().toLowerCase();
  const range = /^([^.]+)\.\.([^+*]+)([+*])(.+)$/.exec(written);
  if (range) {
    const [, from = '', to = '', sign, by = ''] = range;
    const shape = { size: readConnections(from), most: readConnections(to) };
    return burstSizes(sign === '+' ? { ...shape, step: readConnections(by) } : { ...shape, factor: readFactor(by) });
  }
  const [size, rounds, ...more] = written.split(/[x×]/);
  if (!size?.trim() || rounds?.trim() === '' || more.length > 0) throw new UnitError(expected);
  return burstSizes({ size: readConnections(size), rounds: rounds === undefined ? 1 : readRounds(rounds) });
};

/** Rounds of a burst, from 1 to 10,000. */
export const readRounds = (text: string): number => {
  const rounds = parseCount(text);
  if (rounds > mostRounds) throw new UnitError('at most 10,000 rounds');
  return rounds;
};

/** How many times as large the next round is: above 1, up to 100. */
export const readFactor = (text: string): number => {
  const factor = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(factor > 1 && factor <= 100)) throw new UnitError('a number above 1 and up to 100, such as 2');
  return factor;
};

/** `0` or `25` requests, or a share such as `10%`. */
export const readErrorLimit = (text: string): ErrorLimit => {
  const [, percent] = /^(\d+(?:\.\d+)?) ?%$/.exec(text.trim()) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return { type: 'share', most: Number(percent) / 100 };
  if (/^\d{1,9}$/.test(text.trim())) return { type: 'count', most: Number(text) };
  throw new UnitError('a number of errors such as 0, or a share such as 10%');
};

/**
 * The sizes of the rounds, in order.
 * @throws UnitError where they never end, or the first is above the largest
 */
export const burstSizes = ({ size, rounds, step, factor, most }: BurstShape): readonly number[] => {
  const grows = step !== undefined || factor !== undefined;
  if (!grows) return new Array<number>(rounds ?? 1).fill(size);
  if (rounds === undefined && most === undefined) throw new UnitError('the largest round beside the step (most: 1000)');
  if (most !== undefined && size > most) throw new UnitError(`a first round of at most ${most}, the largest`);
  const sizes: number[] = [];
  let next = size;
  while (sizes.length < (rounds ?? mostRounds) && next <= (most ?? Infinity)) {
    sizes.push(next);
    // Of a small round a factor may leave nothing: it still grows.
    next = step === undefined ? Math.max(next + 1, Math.floor(next * factor!)) : next + step;
  }
  if (sizes.length === mostRounds && rounds === undefined) throw new UnitError('at most 10,000 rounds');
  return sizes.map((each) => readConnections(String(each)));
};

/** `5 bursts of 1,000`, `100 bursts of 10, 20 … 1,000`: at most three sizes are named. */
export const burstWords = (sizes: readonly number[]): string => {
  const count = sizes.length === 1 ? 'one burst' : `${formatCount(sizes.length)} bursts`;
  const [first = 0, second] = sizes;
  const last = sizes.at(-1) ?? 0;
  if (second === undefined || sizes.every((size) => size === first)) return `${count} of ${formatCount(first)}`;
  const named = sizes.length === 2 ? [first] : [first, second];
  const dots = sizes.length > 3 ? ' … ' : ', ';
  return `${count} of ${named.map(formatCount).join(', ')}${dots}${formatCount(last)}`;
};
