// What this machine can send, and how many like it a load needs: an estimate from the CPU time of a request. Pure; how long a
// request takes to be made is measured by engine/making-cost.ts.

import { formatBytes, formatCount, formatRate } from '../common/units.ts';

/** CPU time of a request in the open model at 10,000/s: 25.4 µs (README, Benchmarks). */
const sendingUs = 25;
/** What a byte of a body adds: 1 MB cost 184 µs where 300 bytes cost 6.9 (README, Benchmarks). */
const perByteUs = 177 / 1e6;
/** Above this share of the cores, or of a thread that sends, requests begin to be late. */
export const mostCoreShare = 0.7;
const mostWorkerShare = 0.8;

export interface RequestCost {
  /** CPU time of a request in all, µs. */
  readonly us: number;
  /** In words, with its parts: `86 µs a request (25 to send as in README, Benchmarks; 61 to make, measured here)`. */
  readonly text: string;
}

/** @param makingUs as it was measured; 0 for what needs no making */
export const requestCost = (makingUs: number, bodyBytes: number): RequestCost => {
  const bytesUs = bodyBytes * perByteUs;
  const parts = [
    `${sendingUs} to send as in README, Benchmarks`,
    ...(bytesUs >= 1 ? [`${microseconds(bytesUs)} for its ${formatBytes(bodyBytes)}`] : []),
    ...(makingUs >= 0.5 ? [`${microseconds(makingUs)} to make, measured here`] : []),
  ];
  const us = sendingUs + bytesUs + makingUs;
  const sum = `${microseconds(us)} µs a request`;
  return {
    us,
    text: parts.length === 1 ? `${sum} (README, Benchmarks)` : `${sum} (${parts.join('; ')})`,
  };
};

const microseconds = (us: number): string => formatCount(Math.round(us));

/** Cores that the load may use without being late. @param workers threads that may send */
export const usableCores = (cores: number, workers: number): number =>
  Math.min(cores * mostCoreShare, workers * mostWorkerShare);

export interface Demand {
  /** Requests per second at the highest, and what each holds: 62 events. */
  readonly requestRate: number;
  readonly items?: { readonly name: string; readonly perRequest: number } | undefined;
  readonly cost: RequestCost;
  readonly cores: number;
  readonly workers: number;
}

export interface Machines {
  readonly requestRate: number;
  /** What this machine carries. */
  readonly carriedRate: number;
  /** Machines like this one, the one included. */
  readonly count: number;
  readonly text: string;
}

/** How many machines a load needs that this one cannot carry by itself; undefined where it can. */
export const machinesNeeded = ({ requestRate, items, cost, cores, workers }: Demand): Machines | undefined => {
  const usable = usableCores(cores, workers);
  const exact = (usable * 1e6) / cost.us;
  if (!(requestRate > exact)) return undefined;
  const count = Math.ceil(requestRate / exact);
  const carriedRate = Number(exact.toPrecision(2));
  const held = items === undefined ? '' : ` (${formatCount(requestRate * items.perRequest)} ${items.name}/s)`;
  const text =
    `${formatCount(requestRate)} requests/s${held} wanted at the highest; this machine carries about ${formatRate(carriedRate)} ` +
    `by estimate: about ${formatCount(count)} machines like it are needed. ${cost.text} on ` +
    `${usable.toFixed(1)} of ${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'}`;
  return { requestRate, carriedRate, count, text };
};
