// The lines of several probes of a kind: one for each instance, and what the panel's title says of all. Pure. How their
// values become one is instances.ts.

import { instanceNames } from '../../common/instance-names.ts';
import { measuredWords } from '../../common/quantity.ts';
import { formatLength, formatMs } from '../../common/units.ts';
import type { ProbeState } from '../../session/state.ts';
import { cut, cutWords, displayWidth, fitLine, lineWidth, spreadLine } from '../format.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { mostTelling, severityOf } from './instances.ts';
import { fullest, isUnmissed, levelSign, readingRole, statusOf } from './probe-values.ts';
import { courseOf, factPiece, readingRow } from './reading-row.ts';
import { dim, firstThatFits, joined, run } from './runs.ts';

/** `3 instances, 1 silent`; the silent ones stand out. */
export const instancesTitle = (probes: readonly ProbeState[]): Line => {
  const count = (status: ProbeState['status']): number => probes.filter((probe) => probe.status === status).length;
  const [silent, late, waiting] = [count('failing'), count('late'), count('waiting')];
  return [
    dim(`${probes.length} instances`),
    ...(silent > 0 ? [run(`, ${silent} silent`, 'alarm')] : []),
    ...(late > 0 ? [run(`, ${late} late`, 'warn')] : []),
    ...(waiting > 0 ? [dim(`, ${waiting} waiting`)] : []),
  ];
};

/** How long ago the last answer came: `no answer for 2 s`. */
export const silenceText = ({ lastAt, failingSince }: ProbeState, now: number): string => {
  const since = lastAt ?? failingSince;
  return since === undefined ? 'no answer' : `no answer for ${formatLength(wholeSeconds(now - since))}`;
};

/** `no answer: connection refused`, of a reason that does not say so itself. @param since behind it, ` since 4:00` */
export const noAnswer = (reason = 'unknown reason', since = ''): string =>
  reason.startsWith('no answer') ? `${reason}${since}` : `no answer${since}: ${reason}`;

const wholeSeconds = (ms: number): number => Math.max(0, Math.round(ms / 1000)) * 1000;

interface Place {
  readonly width: number;
  readonly spark: number;
  readonly ascii: boolean;
}

interface Instance {
  readonly probe: ProbeState;
  readonly name: string;
}

/** The instances with their names, worst first; of equals in the order they were asked for. */
export const instancesOf = (probes: readonly ProbeState[]): readonly Instance[] => {
  const names = instanceNames(probes);
  return probes
    .map((probe, index) => ({ probe, name: names[index]! }))
    .toSorted((a, b) => severityOf(b.probe) - severityOf(a.probe));
};

/** A line for each instance, worst first. */
export const instanceLines = (probes: readonly ProbeState[], state: Seen, place: Place): Line[] => {
  const instances = instancesOf(probes);
  const nameCells = Math.min(Math.floor(place.width / 3), Math.max(...instances.map(({ name }) => displayWidth(name))));
  const isHealth = probes[0]?.kind === 'health';
  return instances.map((instance) => {
    const name: Line = [run(cut(instance.name, nameCells, place.ascii).padEnd(nameCells)), run('  ')];
    const rest = { ...place, width: place.width - nameCells - 2 };
    const said = notOkLine(instance.probe, state, rest);
    if (said !== undefined) return [...name, ...said];
    return isHealth ? healthLine(instance, state, rest, name) : tellingLine(instance, state, rest, name);
  });
};

const notOkLine = (probe: ProbeState, state: Seen, { width, ascii }: Place): Line | undefined => {
  if (probe.status === 'waiting') return [dim('waiting for the first answer')];
  if (probe.status !== 'failing') return undefined;
  const since =
    probe.failingSince === undefined ? '' : ` ${formatLength(wholeSeconds(state.now - probe.failingSince))}`;
  return [
    run(
      cutWords(`▲ silent${since}: ${probe.reason ?? 'unknown reason'}`, width, ascii),
      isUnmissed(probe) ? 'dim' : 'alarm',
    ),
  ];
};

/** `:3001  ● degraded  buffer 99.0 %      3.1 ms`. */
const healthLine = ({ probe }: Instance, state: Seen, { width, ascii }: Place, name: Line): Line => {
  const late = probe.status === 'late';
  const status = statusOf(probe);
  const right: Line = late
    ? [run(silenceText(probe, state.now), 'warn')]
    : [run(formatMs(probe.tookMs).padStart(4)), dim(' ms')];
  const room = width - lineWidth(right) - 1;
  const is = status === undefined ? [dim('answers')] : fitLine(factPiece(status, late), Math.min(room, 10), ascii);
  return [...name, ...spreadLine(firstThatFits([...fullestPieces(probe, is, late), is], room), right, width, ascii)];
};

const fullestPieces = (probe: ProbeState, is: Line, late: boolean): Line[] => {
  const found = fullest(probe.values);
  if (found === undefined) return [];
  const role = late ? 'dim' : readingRole(found);
  const share = { ...found, unit: 'ratio' as const, value: found.value / (found.limit ?? 1), limit: undefined };
  return [found, share].map((reading) =>
    joined([is, [dim(`${found.label} `), run(`${levelSign(found.level)}${measuredWords(reading)}`, role)]]),
  );
};

/** `:9464  buffer   9,990 of 10,000 ▃▄▅▇██`. */
const tellingLine = ({ probe }: Instance, state: Seen, place: Place, name: Line): Line => {
  const late = probe.status === 'late';
  const found = mostTelling(probe);
  if (found === undefined) return [...name, late ? run(silenceText(probe, state.now), 'warn') : dim('no values')];
  return [...name, ...readingRow(found, courseOf(state, probe, found), { ...place, dimmed: late })];
};
