// One value of a probe as a row: label with its unit, the number, its course. Used by every panel that shows a probe.

import { formatDuration } from '../../common/units.ts';
import type { ProbeState, RunState } from '../../session/state.ts';
import { gaugeRole } from '../charts/bars.ts';
import { sparkline } from '../charts/sparkline.ts';
import { cut, quantity, spreadLine } from '../format.ts';
import type { Line, Role } from '../theme.ts';
import { dim, run } from './runs.ts';
import { growth, sparkWindow } from './window.ts';

/** What probes tell, as the session's state carries it. */
type ProbeValue = ProbeState['values'][number];
type Reading = Extract<ProbeValue, { type: 'value' }>;
type Gap = Extract<ProbeValue, { type: 'gap' }>;
type Fact = Extract<ProbeValue, { type: 'fact' }>;
type HealthState = NonNullable<Fact['state']>;

const stateRoles: Readonly<Record<HealthState, Role>> = { ok: 'good', degraded: 'warn', down: 'alarm', unknown: 'dim' };

/** `● degraded` for the state itself, `kafka ok` for a check, `version 1.4.0` for any other fact. */
export const factPiece = (fact: Fact): Line => {
  const role = fact.state === undefined ? 'text' : stateRoles[fact.state];
  if (fact.metric === 'status') return [run(`● ${fact.text}`, role)];
  return [dim(`${fact.label} `), run(fact.text, role)];
};

const labelUnits: Partial<Record<Reading['unit'], string>> = { ms: 'ms', '/s': '/s' };

/** The number with its limit, where it has one: `312 of 512 MiB`. */
export const readingText = (reading: Reading): string => {
  const { value, unit, limit } = reading;
  // Networks are spoken of in bits.
  if (unit === 'bytes/s' && /^(net|loopback)/i.test(reading.metric)) {
    const rate = quantity(value * 8, 'bit/s');
    return limit === undefined ? rate : `${rate} of ${quantity(limit * 8, 'bit/s')}`;
  }
  if (unit === 's' && value >= 60) return formatDuration(value * 1000);
  const text = unit === 's' ? `${quantity(value, unit)} s` : quantity(value, unit);
  if (limit === undefined) return text;
  const most = quantity(limit, unit);
  const [number, scale] = [text.split(' ')[0]!, text.split(' ')[1]];
  return scale !== undefined && scale === most.split(' ')[1] ? `${number} of ${most}` : `${text} of ${most}`;
};

interface RowPlace {
  readonly probe: ProbeState;
  readonly state: RunState;
  /** Cells of the whole row. */
  readonly width: number;
  /** Cells of the sparkline; 0 for none. */
  readonly spark: number;
  readonly ascii: boolean;
}

/** ` heap               312 of 512 MiB ▆▄▄▅▇█`. */
export const readingRow = (reading: Reading, place: RowPlace): Line => {
  const { probe, state, width, spark, ascii } = place;
  const unit = labelUnits[reading.unit];
  const label: Line = [run(reading.label), ...(unit === undefined ? [] : [dim(`  ${unit}`)])];
  const near = reading.limit === undefined ? 'text' : gaugeRole(reading.value, reading.limit);
  const number = run(readingText(reading), near === 'alarm' || near === 'warn' ? near : 'text');
  const left = spreadLine(label, [number], width - (spark > 0 ? spark + 1 : 0), ascii);
  if (spark <= 0) return left;
  const series = state.history.reading(probe.id, reading.metric);
  const read = sparkWindow(series, state, spark);
  const values = reading.kind === 'counter' ? growth(read) : read;
  return [...left, run(' '), dim(sparkline({ values, width: spark, limit: reading.limit, ascii }))];
};

/** ` cpu                   n/a  needs a second reading`: the reason takes the places of number and course. */
export const gapRow = (gap: Gap, { width, spark, ascii }: RowPlace): Line => {
  const room = width - gap.label.length - 8;
  const reason = spark > 0 && room >= 10 ? [dim(`  ${cut(gap.reason, room, ascii)}`)] : [];
  return spreadLine([run(gap.label)], [run('n/a'), ...reason], width, ascii);
};
