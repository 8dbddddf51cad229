// Writes the values of templates as bytes, straight into a buffer: digits and hex by hand, without a string between. What
// a template may hold is checked when the profile is compiled (profile/template-functions.ts); values that are one of many
// texts are choice-value.ts.

import { bitsOf, fractionOf, keyOf } from '../common/random.ts';
import type { SingleValue } from '../profile/template-value.ts';
import { cycle, email, pick, weighted, words } from './choice-value.ts';
import { columnValue } from './column-value.ts';
import { powers, writeDigits, writeWhole } from './digits.ts';
import type { ProfileFunctions } from './profile-functions.ts';
import type { RowReader } from './row-reader.ts';

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
  /** Run time 0, in milliseconds since 1970. */
  readonly wallAt: number;
  /** The instant (run clock, ms) that the request in the making is intended for; set before each. */
  readonly moment: { at: number };
  /** The files that columns come from, by their index. */
  readonly rows: readonly RowReader[];
  /** The functions of the profile; undefined where it has none. */
  readonly functions?: ProfileFunctions | undefined;
  /** Numbers that an arrival has: more than one where they are those of its items. */
  readonly perArrival: number;
}

/** The source of a run without files. */
export const plainSource = (seed: number, wallAt: number): ValueSource => ({
  seed,
  wallAt,
  moment: { at: 0 },
  rows: [],
  perArrival: 1,
});

/** The writer of a value. */
export const writerOf = (value: SingleValue, source: ValueSource): Value => {
  const { seed } = source;
  switch (value.type) {
    case 'arrival':
      return { least: 1, most: 16, write: writeWhole };
    case 'sequence':
      return sequence(value.start);
    case 'now':
      return wallClock(source, 1);
    case 'now seconds':
      return wallClock(source, 1000);
    case 'now iso':
      return isoNow(source);
    case 'uuid':
      return uuid(seed, value.stream);
    case 'hex':
      return hex(seed, value.stream, value.digits);
    case 'integer':
      return scaled(seed, value.stream, value.min, value.max, 0);
    case 'float':
      return scaled(seed, value.stream, value.min, value.max, value.digits);
    case 'letters':
      return letters(seed, value.stream, value.count);
    case 'pick':
      return pick(seed, value.stream, value.choices);
    case 'cycle':
      return cycle(value.choices);
    case 'weighted':
      return weighted(seed, value.stream, value);
    case 'words':
      return words(seed, value.stream, value);
    case 'email':
      return email(seed, value.stream, value);
    case 'column':
      return columnValue(value, source);
    case 'captured':
    case 'function':
      // Where nothing was captured or made, as in a look at the request beforehand, it is empty: general-request.ts puts it in.
      return { least: 0, most: 0, write: (_, at) => at };
  }
};

const dash = 0x2d;
const point = 0x2e;

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

const sequence = (start: number): Value => ({
  least: String(start).length,
  most: 16,
  write: (bytes, at, n) => writeWhole(bytes, at, start + n),
});

const letters = (seed: number, stream: number, count: number): Value => {
  const keys = Array.from({ length: Math.ceil(count / lettersPerDraw) }, (_, word) => keyOf(seed, stream + word));
  const write = (bytes: Buffer, at: number, n: number): number => {
    let place = at;
    for (const key of keys) {
      const end = Math.min(place + lettersPerDraw, at + count);
      for (let rest = bitsOf(key, n); place < end; place += 1) {
        const most = Math.floor(rest / alphabet);
        bytes[place] = firstLetter + rest - most * alphabet;
        rest = most;
      }
    }
    return place;
  };
  return { least: count, most: count, write };
};

/** What 32 bits are enough for: 26^6 is below 2^32. */
const lettersPerDraw = 6;
const alphabet = 26;
const firstLetter = 0x61;

/** The instant of the request in units of so many milliseconds. */
const wallClock = ({ wallAt, moment }: ValueSource, unitMs: number): Value => ({
  least: 1,
  most: 16,
  write: (bytes, at) => writeWhole(bytes, at, Math.floor((wallAt + moment.at) / unitMs)),
});

const isoNow = ({ wallAt, moment }: ValueSource): Value => {
  const length = 24;
  let shownSecond = Number.NaN;
  // Only the milliseconds change from request to request.
  const text = Buffer.alloc(length);
  const write = (bytes: Buffer, at: number): number => {
    const now = Math.floor(wallAt + moment.at);
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
