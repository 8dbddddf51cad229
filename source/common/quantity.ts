// Numbers with their unit in words, for the screen and for printed lines alike. How a single unit is worded is units.ts.

import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatRateNumber,
  formatShare,
  formatShort,
} from './units.ts';

/** Units of a number; those of a probe's readings among them. */
export type Unit = 'count' | 'bytes' | 'bytes/s' | 'bit/s' | 'ms' | 's' | 'ratio' | '/s';

/** A number with its unit where the unit is not in the label: `9,400`, `312 MiB`, `296`, `86.3 %`; `n/a` for a gap. */
export const quantity = (value: number, unit: Unit): string => {
  if (!Number.isFinite(value)) return 'n/a';
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'bytes/s':
      return `${formatBytes(value)}/s`;
    case 'bit/s':
      return formatBitRate(value / 8);
    case 'ms':
      return formatMs(value);
    case 's':
      return formatMs(value);
    case 'ratio':
      return formatShare(value);
    case '/s':
      return formatRateNumber(value);
    case 'count':
      return Number.isInteger(value) || Math.abs(value) >= 100 ? formatCount(value) : formatShort(value);
  }
};

/** A value of a metric that a profile counts, with its unit: `1.2 KiB`, `84 ms`, `12 items`, `9,400`; `n/a` for none. */
export const metricValue = (value: number, unit: string | undefined): string => {
  if (!Number.isFinite(value)) return 'n/a';
  if (unit === 'bytes' || unit === 'bytes/s') return quantity(value, unit);
  if (unit === 'ms') return formatDuration(value);
  const number = quantity(value, 'count');
  return unit === undefined ? number : `${number} ${unit}`;
};

/** A share that passed: `86.3 %`, near the whole with what is missing of it, `99.98 %`; 100 % is only the whole. */
export const passedShare = (ratio: number): string => {
  if (!(ratio >= 0.99 && ratio < 1)) return formatShare(ratio);
  // Rounded down, but for the last bit of the multiplication.
  return `${(Math.floor(ratio * 1e4 + 1e-9) / 100).toFixed(2)} %`;
};

/** A number as a probe read it. */
interface Measured {
  readonly metric: string;
  readonly unit: Unit;
  readonly value: number;
  readonly limit?: number | undefined;
}

/** The number with its limit, where it has one: `312 of 512 MiB`; `ms` and `/s` are left to the label. */
export const measuredText = ({ metric, unit, value, limit }: Measured): string => {
  // Networks are spoken of in bits.
  if (unit === 'bytes/s' && /^(net|loopback)/i.test(metric)) {
    const rate = quantity(value * 8, 'bit/s');
    return limit === undefined ? rate : `${rate} of ${quantity(limit * 8, 'bit/s')}`;
  }
  // Of several cores a percentage does not say whether it is of one of them or of all.
  if (metric === 'cpu' && unit === 'ratio' && limit !== undefined) {
    return `${formatShort(value)} of ${formatShort(limit)} ${limit === 1 ? 'core' : 'cores'}`;
  }
  if (unit === 's' && value >= 60) return formatDuration(value * 1000);
  const text = unit === 's' ? `${quantity(value, unit)} s` : quantity(value, unit);
  if (limit === undefined) return text;
  const most = quantity(limit, unit);
  const [number, scale] = [text.split(' ')[0]!, text.split(' ')[1]];
  return scale !== undefined && scale === most.split(' ')[1] ? `${number} of ${most}` : `${text} of ${most}`;
};

/** As `measuredText`, with the units that a label would carry: `31.2 ms`, `9,397/s`. */
export const measuredWords = (measured: Measured): string => {
  const { unit } = measured;
  return `${measuredText(measured)}${unit === 'ms' ? ' ms' : unit === '/s' ? '/s' : ''}`;
};
