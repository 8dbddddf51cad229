// What a health answer says, all of it, as tables for who looks closer; and how its numbers are to be taken. What the panel
// shows of it is health.ts.

import { formatBytes, formatMs } from '../common/units.ts';
import { mostNumbers } from './health-numbers.ts';
import { type HealthCheck, type HealthReading, mostChecks } from './health-shapes.ts';
import type { HealthState, Level, MetricUnit, ProbeTable, TableCell } from './probe.ts';

/** What is not well comes first: of thirty checks the one that is down matters. */
export const worstFirst = (checks: readonly HealthCheck[]): HealthCheck[] =>
  checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));

const order: readonly HealthState[] = ['down', 'degraded', 'unknown', 'ok'];

const levels: Readonly<Record<HealthState, Level | undefined>> = {
  ok: 'ok',
  degraded: 'warn',
  down: 'bad',
  unknown: undefined,
};

/** How full something may be: from 80 % on it is worth a look, from 95 % on there is no room for a burst. */
export const fillLevel = (used: number, limit: number): Level => {
  const ratio = used / limit;
  return ratio >= 0.95 ? 'bad' : ratio >= 0.8 ? 'warn' : 'ok';
};

/** The unit that a number's name gives away. */
export const unitOf = (name: string): MetricUnit => {
  if (/[kmg]i?b$/i.test(name)) return 'count';
  if (/bytes|heap|rss|memory|diskspace/i.test(name)) return 'bytes';
  return /[a-z]Ms$|[_.-](ms|millis|milliseconds)$|Millis$/.test(name) ? 'ms' : 'count';
};

/** Every check and every number of an answer. */
export const healthTables = ({ checks, pairs, numbers }: HealthReading): readonly ProbeTable[] => [
  {
    title: 'checks',
    columns: [{ label: 'name' }, { label: 'state' }, { label: 'says' }],
    rows: worstFirst(checks).map(({ name, state, word }) => [name, leveled(state, levels[state]), word]),
    ...noteOn(checks.length, mostChecks, 'checks'),
  },
  {
    title: 'numbers',
    columns: [{ label: 'name' }, { label: 'value' }, { label: 'limit' }, { label: 'full', unit: 'ratio', bar: true }],
    rows: [
      ...pairs.map(({ name, used, limit }) => {
        const level = fillLevel(used, limit);
        return [name, inUnit(name, used), inUnit(name, limit), leveled(used / limit, level)];
      }),
      ...numbers.map(({ name, value }) => [name, inUnit(name, value), undefined, undefined]),
    ],
    ...noteOn(pairs.length + numbers.length, mostNumbers, 'numbers'),
  },
];

const noteOn = (count: number, most: number, what: string): { note?: string } => {
  if (count === 0) return { note: `the answer has no ${what}` };
  return count < most ? {} : { note: `the first ${most} ${what} of the answer` };
};

const leveled = (value: string | number, level: Level | undefined): TableCell =>
  level === undefined ? value : { value, level };

/** A column has one unit, these have several: bytes and times are written out. */
const inUnit = (name: string, value: number): string | number => {
  const unit = unitOf(name);
  if (unit === 'bytes') return formatBytes(value);
  return unit === 'ms' ? `${formatMs(value)} ms` : value;
};
