// The quantities that a profile and the flags share, read from text with the bounds that this program can keep. Each
// reader throws a UnitError whose message says what was expected; who found what, and where, is the caller's to say.

import { parseCount, parseDuration, parseRate, UnitError } from '../common/units.ts';
import type { Stage } from '../load/arrival-plan.ts';

const minute = 60_000;
const day = 86_400_000;

/** Node's timers hold 31 bits of milliseconds, 24.8 days: what is longer would fire at once. */
const longest = 24 * day;
const mostConnections = 1_000_000;
const highestRate = 1e9;
/** More streams than any server grants, and more pipelined requests than help. */
const mostPerConnection = 10_000;

/** Length of a run or stage in ms, up to 24 days; 0 is allowed. */
export const readLength = (text: string): number => {
  const ms = parseDuration(text);
  if (ms > longest) throw new UnitError('a duration of at most 24d');
  return ms;
};

/** The length of a step, in ms: above 0, up to 24 days. */
export const readPeriod = (text: string): number => {
  const ms = readLength(text);
  if (ms === 0) throw new UnitError('a duration above 0, such as 30s');
  return ms;
};

/** The time limit of a request in ms: above 0, up to 24 hours. */
export const readTimeout = (text: string): number => {
  const ms = parseDuration(text);
  if (ms < 1 || ms > day) throw new UnitError('a duration between 1ms and 24h, such as 10s');
  return ms;
};

/** How often a probe asks, in ms: a period of five in a second is what a small target still bears. */
export const readProbePeriod = (text: string): number => {
  const ms = parseDuration(text);
  if (ms < 200 || ms > minute) throw new UnitError('a duration between 200ms and 1m, such as 5s');
  return ms;
};

/** How long a probe waits for its answer, ms. */
export const readProbeTimeout = (text: string): number => {
  const ms = parseDuration(text);
  if (ms < 100 || ms > minute) throw new UnitError('a duration between 100ms and 1m, such as 2s');
  return ms;
};

/** Arrivals per second, or `max` for full speed. */
export const readRate = (text: string): number | 'max' => {
  if (text.trim().toLowerCase() === 'max') return 'max';
  const rate = parseRate(text);
  if (rate > highestRate) throw new UnitError('a rate of at most 1,000M/s');
  return rate;
};

/** A rate above 0: a ceiling, or users that begin in a second. */
export const readPositiveRate = (text: string): number => {
  const rate = readStageRate(text);
  if (rate === 0) throw new UnitError('a rate above 0, such as 10 or 2.5k');
  return rate;
};

/** The rate at the end of a stage: there is no full speed to ramp to. */
const readStageRate = (text: string): number => {
  const expected = 'a rate such as 500, 2.5k or 3000/m';
  try {
    const rate = readRate(text);
    if (rate !== 'max') return rate;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
  }
  throw new UnitError(expected);
};

/** A number of connections or of iterations in flight, from 1 to a million. */
export const readConnections = (text: string): number => {
  const count = parseCount(text);
  if (count > mostConnections) throw new UnitError('a whole number between 1 and 1,000,000');
  return count;
};

/** A number of virtual users, up to a million; 0 is allowed, as a rate of 0 is. */
export const readUsers = (text: string): number => {
  const count = parseCount(text, 0);
  if (count > mostConnections) throw new UnitError('a whole number of users up to 1,000,000');
  return count;
};

/** Requests on a connection at once, from 1 to 10,000. */
export const readPerConnection = (text: string): number => {
  const count = parseCount(text);
  if (count > mostPerConnection) throw new UnitError('a whole number between 1 and 10,000');
  return count;
};

/** A number of iterations, at least 1. */
export const readRequests = (text: string): number => parseCount(text);

/** A number of worker threads, from 1 to 256, or `auto`. */
export const readWorkers = (text: string): number | 'auto' => {
  if (text.trim().toLowerCase() === 'auto') return 'auto';
  const expected = 'a whole number between 1 and 256, or auto';
  if (!/^\d+$/.test(text.trim())) throw new UnitError(expected);
  const count = Number(text);
  if (count < 1 || count > 256) throw new UnitError(expected);
  return count;
};

/** A seed: a whole number of 32 bits. */
export const readSeed = (text: string): number => {
  const seed = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(seed <= 0xffff_ffff)) throw new UnitError('a whole number from 0 to 4294967295');
  return seed;
};

/** One of a few words, in any case. */
export const readWord =
  <const Words extends readonly string[]>(words: Words) =>
  (text: string): Words[number] => {
    const word = words.find((known) => known === text.trim().toLowerCase());
    if (word === undefined) throw new UnitError(words.join(' or '));
    return word;
  };

export const arrivalKinds = ['uniform', 'poisson'] as const;
/** Who draws a scenario by the weights. */
export const choiceKinds = ['iteration', 'user'] as const;
export const overflowKinds = ['queue', 'drop'] as const;

/** A stage from its two texts: reach `rate` over `length`. */
export const stageOf = (length: string, rate: string, readLevel = readStageRate): Stage => ({
  lengthMs: readLength(length),
  rate: readLevel(rate),
});

/** A stage written `30s:500`. @param readLevel what stands behind the colon; default: a rate */
export const readStage = (text: string, readLevel = readStageRate): Stage => {
  const [length, rate, ...more] = text.split(':');
  if (!length?.trim() || !rate?.trim() || more.length > 0) throw new UnitError('a stage such as 30s:500');
  return stageOf(length, rate, readLevel);
};

/** Stages written `30s:500,2m:500,10s:0`; at least one has a length. */
export const readStages = (text: string): readonly Stage[] => {
  const stages = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => readStage(part));
  const fault = stagesFault(stages);
  if (fault) throw new UnitError(fault);
  return stages;
};

/** What is wrong with stages as a whole, as what was expected; undefined where nothing is. */
export const stagesFault = (stages: readonly Stage[]): string | undefined => {
  const length = stages.reduce((sum, stage) => sum + stage.lengthMs, 0);
  if (length <= 0) return 'at least one stage with a length, such as 30s:500';
  return length > longest ? 'stages of at most 24d together' : undefined;
};

/** Rows of a file that is made. */
export const readGeneratedRows = (text: string): number => {
  const rows = parseCount(text);
  if (rows < 1 || rows > 100_000_000) throw new UnitError('a number of rows from 1 to 100M');
  return rows;
};

/** An instant with its zone, ms since 1970. */
export const readInstant = (text: string): number => {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[-+]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0) throw new UnitError('an instant such as 2026-01-31T12:00:00Z');
  return at;
};
