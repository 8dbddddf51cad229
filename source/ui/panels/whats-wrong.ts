// The third line of the header: what is wrong now, worst first, in the words of the state. Pure. It judges nothing that
// the session has not measured; a diagnosis with evidence is not here.

import { probeName } from '../../common/instance-names.ts';
import { isPaced } from '../../common/model.ts';
import { measuredWords } from '../../common/quantity.ts';
import {
  formatCount,
  formatDuration,
  formatLength,
  formatMs,
  formatRateNumber,
  formatShare,
} from '../../common/units.ts';
import type { OutcomeState, ProbeState, RunState } from '../../session/state.ts';
import { gaugeRole } from '../charts/bars.ts';
import { fullest, isUnmissed, isUnwell, statusOf, usedRatio } from '../parts/probe-values.ts';

export interface Trouble {
  readonly level: 'warn' | 'bad';
  readonly text: string;
  /** The same without its reasons, for a place behind something else. */
  readonly brief?: string;
}

/** Share of answers that are not good from which on it is an alarm. */
const notGoodAlarm = 0.01;
/** Below this share of what is offered, what comes back is behind. */
const behindRatio = 0.95;
/** The first answers need their time before anything can be behind, ms. */
const settledMs = 3000;

const trouble = (level: Trouble['level'], text: string): Trouble => ({ level, text });

/** What is wrong in `state`, worst first; empty where nothing is. */
export const whatsWrong = (state: RunState): readonly Trouble[] => [
  // How the target answers comes before what may have measured it late: a dead target must not read as a slow generator.
  ...[
    ...ofEnd(state),
    ...ofAnswers(state),
    ...ofSilence(state),
    ...ofGenerator(state),
    ...ofPace(state),
    ...ofProbes(state),
  ].toSorted((a, b) => Number(a.level === 'warn') - Number(b.level === 'warn')),
  // What a probe reads may be why, and comes after what it does to the load.
  ...ofLevels(state),
];

const ofEnd = ({ phase, summary }: RunState): Trouble[] =>
  phase === 'closed' && summary?.generator.valid === false
    ? [trouble('bad', 'not valid: the generator, not the target, was the limit')]
    : [];

const ofGenerator = ({ generator, stocks, limits, totals, phase }: RunState): Trouble[] => {
  const found: Trouble[] = [];
  const reasons = generator.reasons.length === 0 ? '' : `: ${generator.reasons.join(', ')}`;
  // Of a run that has ended the result says it.
  const level = phase === 'closed' ? 'good' : generator.level;
  if (level === 'bad' || level === 'warn') {
    const brief = `the generator is ${level === 'bad' ? 'the' : 'near its'} limit`;
    found.push({ level, text: `${brief}${reasons}`, brief });
  }
  if (generator.ownLimit) {
    const most = limits?.maxInFlight;
    const full = most === undefined ? '' : `: ${formatCount(stocks.inFlight)} of ${formatCount(most)} in flight`;
    found.push(trouble('bad', `our own limit, not the target's${full}`));
  }
  if (totals.notSent > 0) found.push(trouble('warn', `${formatCount(totals.notSent)} not sent through us`));
  if (totals.lost > 0) found.push(trouble('bad', `${formatCount(totals.lost)} lost with a worker`));
  return found;
};

const ofAnswers = ({ rates, outcomes }: RunState): Trouble[] => {
  const ended = rates.good + rates.notGood;
  if (!(rates.notGood > 0)) return [];
  // Names only: their shares are of requests and of another second, and would not add up beside this one.
  const worst = outcomes
    .flatMap(statusesOf)
    .filter(({ name, perSecond }) => perSecond > 0 && name !== '2xx' && name !== '3xx')
    .toSorted((a, b) => b.perSecond - a.perSecond)
    .slice(0, 2)
    .map(({ name }) => name);
  const ratio = rates.notGood / ended;
  const which = worst.length > 0 ? `: ${worst.join(', ')}` : '';
  return [trouble(ratio >= notGoodAlarm ? 'bad' : 'warn', `${formatShare(ratio)} not good${which}`)];
};

/** Of a class of statuses the status itself, where it is known: people search for 404, not for 4xx. */
const statusesOf = (outcome: OutcomeState): readonly { readonly name: string; readonly perSecond: number }[] => {
  const { name, causes } = outcome;
  const seen = name === '4xx' || name === '5xx' ? causes.filter(({ perSecond }) => perSecond > 0) : [];
  return seen.length === 0 ? [outcome] : seen;
};

/** Whether less comes back than is offered, by more than chance. */
export const isBehind = ({ rates: { offered, achieved }, now, phase, run }: RunState): boolean => {
  // In the other models the target's answers make the arrivals, or all come due at once.
  if (!isPaced(run?.model ?? 'open')) return false;
  // What comes back in a second wavers by about the square root of its number.
  const allowed = Math.max((1 - behindRatio) * offered, 3 * Math.sqrt(offered));
  return phase === 'running' && now >= settledMs && offered - achieved > allowed;
};

const ofPace = (state: RunState): Trouble[] => {
  const found: Trouble[] = [];
  const { rates, stocks } = state;
  if (isBehind(state)) {
    found.push(trouble('bad', `${formatRateNumber(rates.achieved)} of ${formatRateNumber(rates.offered)}/s come back`));
  }
  if (stocks.backlog > 0) {
    const late = stocks.oldestBacklogMs >= 1000;
    const age = late ? formatDuration(stocks.oldestBacklogMs) : `${formatMs(stocks.oldestBacklogMs)} ms`;
    found.push(trouble(late ? 'bad' : 'warn', `${formatCount(stocks.backlog)} waiting, the oldest for ${age}`));
  }
  if (rates.dropped > 0) found.push(trouble('warn', `${formatRateNumber(rates.dropped)}/s dropped`));
  return found;
};

/** `stuck 12: no byte for seconds, the oldest is 8.1 s old`. */
const ofSilence = ({ stocks: { stuck, oldestInFlightMs } }: RunState): Trouble[] => {
  const text = `stuck ${formatCount(stuck)}: no byte for seconds, the oldest is ${formatLength(oldestInFlightMs)} old`;
  return stuck > 0 ? [trouble('bad', text)] : [];
};

const ofProbes = ({ probes }: RunState): Trouble[] => {
  const found: Trouble[] = [];
  for (const probe of probes) {
    const name = probeName(probe, probes);
    // One that never answered was perhaps asked for wrongly; one that fell silent is perhaps down.
    if (probe.status === 'failing' && !isUnmissed(probe))
      found.push(
        trouble(
          probe.lastAt === undefined ? 'warn' : 'bad',
          `${name} does not answer: ${probe.reason ?? 'unknown reason'}`,
        ),
      );
    const status = statusOf(probe);
    if (status === undefined || !isToldUnwell(probe)) continue;
    const text = status.state === 'unknown' ? `unknown: ${status.text}` : status.text;
    found.push(trouble(status.state === 'down' ? 'bad' : 'warn', `${name} ${text}${becauseOf(probe)}`));
  }
  return found;
};

/** Whether its own word on how it is, newly said, is not that it is well. */
const isToldUnwell = (probe: ProbeState): boolean => probe.status === 'ok' && (statusOf(probe)?.state ?? 'ok') !== 'ok';

/** How many causes a health is told with. */
const mostCauses = 2;

/** `: kafka down, buffer 100 %`: the checks that fail, then what is at its limit. */
const becauseOf = ({ values }: ProbeState): string => {
  const checks = values.filter((value) => isUnwell(value) && value.metric !== 'status');
  const full = fullest(values);
  const causes = [
    ...checks.map((check) => (check.type === 'fact' ? `${check.label} ${check.text}` : check.label)),
    ...(full !== undefined && gaugeRole(full.value, full.limit ?? Number.NaN) === 'alarm'
      ? [`${full.label} ${formatShare(usedRatio(full) ?? Number.NaN)}`]
      : []),
  ];
  return causes.length === 0 ? '' : `: ${causes.slice(0, mostCauses).join(', ')}`;
};

/** What the probes judge to be wrong, but for what is said already: one of it, that which ranks first. */
const ofLevels = ({ probes }: RunState): Trouble[] => {
  const found = probes
    // Of ourselves the generator's verdict speaks, and a health that is not well was said with its causes.
    .filter((probe) => probe.status === 'ok' && probe.kind !== 'process' && !isToldUnwell(probe))
    .flatMap((probe) =>
      probe.values.flatMap((value) => {
        if (value.type === 'gap' || value.level !== 'bad') return [];
        if (value.type === 'fact' && value.metric === 'status') return [];
        const words = value.type === 'fact' ? value.text : measuredWords(value);
        return [{ rank: value.rank, text: `${probeName(probe, probes)}: ${value.label} ${words}` }];
      }),
    )
    .toSorted((a, b) => a.rank - b.rank);
  return found.slice(0, 1).map(({ text }) => trouble('bad', text));
};
