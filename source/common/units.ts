// Quantities as people type and read them: '250ms', '2.5k/s', '1.5MiB'. Parsing and printing stand together so that what
// is printed can be typed again. Layout of panels (widths, alignment) is not here but in ui/format.ts.

import type { Model } from './model.ts';

/** Why a quantity could not be read: what was expected, with an example. */
export class UnitError extends Error {
  constructor(expected: string) {
    super(expected);
    this.name = 'UnitError';
  }
}

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A number as people type it and as it is printed here: `12`, `2.5`, `1,204`. */
const amountPattern = String.raw`(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)`;
const amountOf = (text: string): number => Number(text.replaceAll(',', ''));

const bareAmount = new RegExp(`^${amountPattern}$`);
const durationPart = `${amountPattern}\\s*(ms|s|m|h|d)\\s*`;
const wholeDuration = new RegExp(`^(?:${durationPart})+$`);
const durationExpected = 'a duration such as 500ms, 30s, 3m or 1h30m (a bare number is seconds)';

/**
 * Milliseconds of a duration: `500ms`, `30s`, `1h30m`, `1h 30m`, `1.5s`; a bare number is seconds.
 * @throws UnitError saying what was expected.
 */
export const parseDuration = (text: string): number => {
  const trimmed = text.trim().toLowerCase();
  if (bareAmount.test(trimmed)) return amountOf(trimmed) * 1000;
  if (!wholeDuration.test(trimmed)) throw new UnitError(durationExpected);
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(new RegExp(durationPart, 'g'))) {
    total += amountOf(amount ?? '') * (durationUnits[unit ?? ''] ?? 0);
  }
  return total;
};

const ratePattern = new RegExp(`^${amountPattern}([kKmM]?)(?:/(s|sec|m|min|h))?$`);
const rateExpected = "a rate such as 500, 2.5k, 50/s or 3000/m, or 'max' for full speed";

/**
 * Arrivals per second: `500`, `2.5k`, `1M`, `50/s`, `9,400/s`, `3000/m`, `0`.
 * @throws UnitError saying what was expected.
 */
export const parseRate = (text: string): number => {
  const match = ratePattern.exec(text.trim());
  if (!match) throw new UnitError(rateExpected);
  const [, amount, scale, per] = match;
  const factor = { '': 1, k: 1e3, K: 1e3, m: 1e6, M: 1e6 }[scale ?? ''] ?? 1;
  const seconds = { s: 1, sec: 1, m: 60, min: 60, h: 3600 }[per ?? 's'] ?? 1;
  return (amountOf(amount ?? '') * factor) / seconds;
};

const countPattern = /^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d[\d_]*(?:\.\d+)?)([kKM]?)$/;

/**
 * A whole number of things, at least `least`: `50`, `1_000`, `1,000`, `10k`.
 * @throws UnitError saying what was expected.
 */
export const parseCount = (text: string, least = 1): number => {
  const match = countPattern.exec(text.trim());
  const scaled = match
    ? amountOf(match[1]?.replaceAll('_', '') ?? '') * ({ k: 1e3, K: 1e3, M: 1e6 }[match[2] ?? ''] ?? 1)
    : Number.NaN;
  // 1.005k is 1005, though 1.005 × 1000 falls short of it by the last bit.
  const value = Math.abs(scaled - Math.round(scaled)) < 1e-9 * scaled ? Math.round(scaled) : scaled;
  if (!Number.isSafeInteger(value) || value < least) throw new UnitError(`a whole number of at least ${least}`);
  return value;
};

// Kept, as making one takes 30 µs, and a table has thousands of numbers.
const grouped = new Intl.NumberFormat('en-US');

/** `1234567.5` as `1,234,567.5`. */
export const formatGrouped = (value: number): string => grouped.format(value);

/** `1234567` as `1,234,567`; a fraction is rounded away. */
export const formatCount = (value: number): string => (Number.isNaN(value) ? 'n/a' : formatGrouped(Math.round(value)));

/** What is smaller is nothing but for rounding errors. */
const leastShort = 1e-9;

/**
 * A number in 3 significant digits with a scale letter, five characters at the most: `0`, `0.003`, `9.98`, `84`, `812`,
 * `8.11k`, `1.2M`, `4e-5`, `2e+15`.
 */
export const formatShort = (value: number): string => {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return 'n/a';
  if (size < leastShort) return '0';
  if (size < 0.001) return value.toExponential(0);
  if (size < 0.01) return String(Number(value.toFixed(3)));
  for (const [limit, scale, letter] of [
    [1e3, 1, ''],
    [1e6, 1e3, 'k'],
    [1e9, 1e6, 'M'],
    [1e12, 1e9, 'G'],
    [1e15, 1e12, 'T'],
  ] as const) {
    const text = significant(value / scale);
    if (size < limit && Math.abs(Number(text)) < 1000) return `${text}${letter}`;
  }
  return value.toExponential(0);
};

const significant = (value: number): string => {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
};

/** A rate for people: `9,400/s`, `0.5/s`. */
export const formatRate = (perSecond: number): string => `${formatRateNumber(perSecond)}/s`;

/** The figure of a plan for people: a rate, in the closed model a number of users: `9,400/s`, `200 users`, `1 user`. */
export const formatLoad = (model: Model, amount: number): string => {
  if (model !== 'closed') return formatRate(amount);
  return Number.isFinite(amount) ? `${formatCount(amount)} ${Math.round(amount) === 1 ? 'user' : 'users'}` : 'n/a';
};

/** A rate without its unit: whole from 100 on, one decimal below, two below 1; less than a hundredth with one digit. */
export const formatRateNumber = (perSecond: number): string => {
  if (!Number.isFinite(perSecond)) return 'n/a';
  const size = Math.abs(perSecond);
  // The borders are those of the printed number: 99.97 is 100, not 100.0.
  if (size >= 99.95 || Number.isInteger(perSecond)) return formatCount(perSecond);
  if (size >= 0.995) return perSecond.toFixed(1);
  // A rate that was asked for is not 0, which drops what waits.
  return size >= 0.005 || size < 1e-6 ? perSecond.toFixed(2) : String(Number(perSecond.toPrecision(1)));
};

/** A span for people, in the unit that suits it: `0.6 ms`, `84 ms`, `1,204 ms`, `12.3 s`, `1h 30m`. */
export const formatDuration = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'n/a';
  // The borders are those of the printed number: 59,999 ms is 1m, not 60.0 s.
  if (Math.round(ms) < 10_000) return `${formatMs(ms)} ms`;
  if (Math.round(ms / 100) < 600) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
};

/** How long something lasted, for people who care about seconds: `0.4 s`, `30 s`, `1m 30s`. */
export const formatLength = (ms: number): string =>
  ms < 60_000 ? `${Number((ms / 1000).toFixed(1))} s` : formatDuration(ms);

/** Milliseconds without a unit, 3 significant digits below 1,000: `0.06`, `0.6`, `9.98`, `84.2`, `312`, `1,204`. */
export const formatMs = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'n/a';
  return Math.round(ms) >= 1000 ? formatCount(ms) : significant(ms);
};

/** Run time or remaining time as a clock: `4:12`, `60:00`, `2:05:00`. Negative times print as `0:00`. */
export const formatClock = (ms: number): string => {
  if (!Number.isFinite(ms)) return 'n/a';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes <= 90) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

/** A span that may be short: `12 ms` below a second, from there as `formatLength` has it. */
export const formatSpan = (ms: number): string => (ms < 1000 ? `${formatMs(ms)} ms` : formatLength(ms));

/** Bytes in binary units: `0 B`, `812 B`, `1.5 KiB`, `312 MiB`. */
export const formatBytes = (bytes: number): string => {
  if (!Number.isFinite(bytes)) return 'n/a';
  let value = bytes;
  let unit = 'B';
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (Math.round(Math.abs(value)) < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === 'B' ? `${Math.round(value)} B` : `${significant(value)} ${unit}`;
};

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * A number of bytes: `512`, `1.5KiB`, `1MiB`, `2 MB`.
 * @throws UnitError saying what was expected.
 */
export const parseBytes = (text: string): number => {
  const [, amount, unit] = new RegExp(`^${amountPattern}\\s*([kmg]?i?b)?$`, 'i').exec(text.trim()) ?? [];
  const factor = byteUnits[(unit ?? '').toLowerCase()];
  if (amount === undefined || factor === undefined) throw new UnitError('a size such as 512, 1.5KiB or 1MiB');
  return Math.round(amountOf(amount) * factor);
};

/** Bytes per second as network people say it: `1.5 Gbit/s`, `210 Mbit/s`, `8 kbit/s`. */
export const formatBitRate = (bytesPerSecond: number): string => {
  if (!Number.isFinite(bytesPerSecond)) return 'n/a';
  let value = bytesPerSecond * 8;
  let unit = 'bit/s';
  for (const next of ['kbit/s', 'Mbit/s', 'Gbit/s']) {
    if (Math.round(Math.abs(value)) < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${significant(value)} ${unit}`;
};

/** A share as a percentage: `86.3 %`, `0.1 %`, `100 %`; `n/a` for no data. */
export const formatShare = (ratio: number): string => {
  if (!Number.isFinite(ratio)) return 'n/a';
  return ratio === 1 ? '100 %' : `${(ratio * 100).toFixed(1)} %`;
};
