// Randomness that is drawn by number, not in turn: draw(seed, n) is always the same, whichever thread asks, so that one
// worker or twelve produce the same run. The only place that asks the machine for a random number.

/**
 * A number in [0, 1), a pure function of its arguments: 53 bits from two rounds of the murmur3 finaliser
 * (Appleby, MurmurHash3 fmix32) over seed, stream and number.
 *
 * `stream` keeps independent uses of one arrival apart (scenario choice, Poisson gap, template values).
 */
export const draw = (seed: number, n: number, stream = 0): number => fractionOf(keyOf(seed, stream), n);

/** What seed and stream come to; who draws for number after number keeps it. */
export const keyOf = (seed: number, stream: number): number => mix((seed ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0);

/** 32 bits for a number, the first half of a draw. With one key, no two numbers below 2^32 have the same. */
export const bitsOf = (key: number, n: number): number => {
  const high = Math.floor(n / 0x1_0000_0000) >>> 0;
  return mix(mix(key ^ (n >>> 0)) ^ Math.imul(high + 0x7f4a7c15, 0x85ebca6b));
};

/** The draw of a number, with a key. */
export const fractionOf = (key: number, n: number): number => {
  const a = bitsOf(key, n);
  const b = mix(a ^ 0x68e31da4);
  return ((a >>> 5) * 0x400_0000 + (b >>> 6)) / 0x20_0000_0000_0000;
};

const mix = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** A seed for a run that was not given one: 31 bits, so that it prints and types easily. */
export const freshSeed = (): number => Math.floor(Math.random() * 0x7fff_ffff);
