// Writes the values of templates as bytes, straight into a buffer: digits and hex by hand, without a string between. What
// a template may hold is checked when the profile is compiled (profile/template-functions.ts).

import { bitsOf, fractionOf, keyOf } from '../common/random.ts';
import type { TemplateValue } from '../profile/template-functions.ts';

/** What a template puts into a request. */
export interface Value {
  /** Its length in bytes, at least and at most. */
  readonly least: number;
  readonly most: number;
  /** Writes it for arrival `n`; returns where it ends. There must be room for `most` bytes. */
  write(bytes: Buffer, at: number, n: number): number;
}

/** What values are made of, beside the number of the arrival. */
export interface ValueSource {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** The writer of a value. */
export const writerOf = (value: TemplateValue, { seed, wallNow }: ValueSource): Value => {
  switch (value.type) {
    case 'arrival':
      return { least: 1, most: 16, write: writeWhole };
    case 'now':
      return { least: 1, most: 16, write: (bytes, at) => writeWhole(bytes, at, wallNow()) };
    case 'now iso':
      return isoNow(wallNow);
    case 'uuid':
      return uuid(seed, value.stream);
    case 'hex':
      return hex(seed, value.stream, value.digits);
    case 'integer':
      return scaled(seed, value.stream, value.min, value.max, 0);
    case 'float':
      return scaled(seed, value.stream, value.min, value.max, value.digits);
    case 'pick':
      return pick(seed, value.stream, value.choices);
  }
};

const zero = 0x30;
const dash = 0x2d;
const point = 0x2e;
const billion = 1e9;

const powers = Array.from({ length: 10 }, (_, digits) => 10 ** digits);

const digitCount = (value: number): number => {
  let count = 1;
  while (count < powers.length && value >= powers[count]!) count += 1;
  return count;
};

/** Writes exactly `count` digits of a number below 2^31. */
const writeDigits = (bytes: Buffer, at: number, value: number, count: number): number => {
  let rest = value;
  for (let place = at + count - 1; place >= at; place -= 1) {
    const tenth = (rest / 10) | 0;
    bytes[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return at + count;
};

/** Writes a whole number of at least 0, up to 2^53. */
const writeWhole = (bytes: Buffer, at: number, value: number): number => {
  if (value < billion) return writeDigits(bytes, at, value, digitCount(value));
  const high = Math.floor(value / billion);
  return writeDigits(bytes, writeDigits(bytes, at, high, digitCount(high)), value - high * billion, 9);
};

/** A number between bounds that are in units of its last digit, both included. */
const scaled = (seed: number, stream: number, min: number, max: number, digits: number): Value => {
  const key = keyOf(seed, stream);
  const span = max - min + 1;
  const unit = powers[digits]!;
  const write = (bytes: Buffer, at: number, n: number): number => {
    const drawn = min + Math.floor(fractionOf(key, n) * span);
    if (drawn < 0) bytes[at] = dash;
    const from = drawn < 0 ? at + 1 : at;
    const size = Math.abs(drawn);
    if (digits === 0) return writeWhole(bytes, from, size);
    const whole = Math.floor(size / unit);
    const middle = writeWhole(bytes, from, whole);
    bytes[middle] = point;
    return writeDigits(bytes, middle + 1, size - whole * unit, digits);
  };
  const lengths = [min, max].map((bound) => (bound / unit).toFixed(digits).length);
  const shortest = min < 0 && max > 0 ? (0).toFixed(digits).length : Math.min(...lengths);
  return { least: shortest, most: Math.max(...lengths), write };
};

const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Writes the lowest `count` hex digits of 32 bits. */
const writeHex = (bytes: Buffer, at: number, bits: number, count: number): number => {
  for (let place = 0, shift = (count - 1) * 4; place < count; place += 1, shift -= 4) {
    bytes[at + place] = hexDigits[(bits >>> shift) & 15]!;
  }
  return at + count;
};

/** A UUID of version 4 (RFC 9562): 122 drawn bits. Each of its words has a stream of its own, lest two ever be the same. */
const uuid = (seed: number, stream: number): Value => {
  const first = keyOf(seed, stream);
  const second = keyOf(seed, stream + 1);
  const third = keyOf(seed, stream + 2);
  const fourth = keyOf(seed, stream + 3);
  const write = (bytes: Buffer, at: number, n: number): number => {
    const versioned = (bitsOf(second, n) & 0xffff_0fff) | 0x4000;
    const variant = (bitsOf(third, n) & 0x3fff_ffff) | 0x8000_0000;
    writeHex(bytes, at, bitsOf(first, n), 8);
    bytes[at + 8] = dash;
    writeHex(bytes, at + 9, versioned >>> 16, 4);
    bytes[at + 13] = dash;
    writeHex(bytes, at + 14, versioned, 4);
    bytes[at + 18] = dash;
    writeHex(bytes, at + 19, variant >>> 16, 4);
    bytes[at + 23] = dash;
    writeHex(bytes, at + 24, variant, 4);
    return writeHex(bytes, at + 28, bitsOf(fourth, n), 8);
  };
  return { least: 36, most: 36, write };
};

const hex = (seed: number, stream: number, digits: number): Value => {
  const keys = Array.from({ length: Math.ceil(digits / 8) }, (_, word) => keyOf(seed, stream + word));
  const write = (bytes: Buffer, at: number, n: number): number => {
    let left = digits;
    let end = at;
    for (const key of keys) {
      end = writeHex(bytes, end, bitsOf(key, n), Math.min(8, left));
      left -= 8;
    }
    return end;
  };
  return { least: digits, most: digits, write };
};

const pick = (seed: number, stream: number, choices: readonly string[]): Value => {
  const key = keyOf(seed, stream);
  const pieces = choices.map((choice) => Buffer.from(choice, 'latin1'));
  const lengths = pieces.map(({ length }) => length);
  const write = (bytes: Buffer, at: number, n: number): number => {
    const piece = pieces[Math.floor(fractionOf(key, n) * pieces.length)]!;
    bytes.set(piece, at);
    return at + piece.length;
  };
  return { least: Math.min(...lengths), most: Math.max(...lengths), write };
};

const isoNow = (wallNow: () => number): Value => {
  const length = 24;
  let shownSecond = Number.NaN;
  // Only the milliseconds change from request to request.
  const text = Buffer.alloc(length);
  const write = (bytes: Buffer, at: number): number => {
    const now = wallNow();
    const second = Math.floor(now / 1000);
    if (second !== shownSecond) {
      text.write(new Date(second * 1000).toISOString(), 'latin1');
      shownSecond = second;
    }
    writeDigits(text, 20, now - second * 1000, 3);
    bytes.set(text, at);
    return at + length;
  };
  return { least: length, most: length, write };
};
