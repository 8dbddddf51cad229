// Writes numbers as digits into a buffer, without a string between.

const zero = 0x30;
const billion = 1e9;

/** Powers of ten, from 10^0 to 10^9. */
export const powers = Array.from({ length: 10 }, (_, digits) => 10 ** digits);

const digitCount = (value: number): number => {
  let count = 1;
  while (count < powers.length && value >= powers[count]!) count += 1;
  return count;
};

/** Writes exactly `count` digits of a number below 2^31. */
export const writeDigits = (bytes: Buffer, at: number, value: number, count: number): number => {
  let rest = value;
  for (let place = at + count - 1; place >= at; place -= 1) {
    const tenth = (rest / 10) | 0;
    bytes[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return at + count;
};

/** Writes a whole number of at least 0, up to 2^53. */
export const writeWhole = (bytes: Buffer, at: number, value: number): number => {
  if (value < billion) return writeDigits(bytes, at, value, digitCount(value));
  const high = Math.floor(value / billion);
  return writeDigits(bytes, writeDigits(bytes, at, high, digitCount(high)), value - high * billion, 9);
};
