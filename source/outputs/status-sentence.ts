// How a run is, in sentences that are read aloud: what is wanted and what comes of it, response times, what waits, what is not
// good, the target's health and whether the numbers can be trusted. A pure function of the state.

import { phaseText } from '../common/phase-place.ts';
import { formatCount, formatMs, formatRateNumber } from '../common/units.ts';
import { bandWindowMs } from '../measure/band.ts';
import type { RunState } from '../session/state.ts';
import { counted, inWords, sentence, spanWords } from './in-words.ts';

/** The state in one line. */
export const statusSentence = (state: RunState): string => {
  if (!state.run) return 'The run is about to begin.';
  return [
    ...nextText(state),
    runText(state),
    ...cleanUpText(state),
    ...loadText(state),
    ...latencyText(state),
    stockText(state),
    ...notGoodText(state),
    ...healthText(state),
    ...objectiveText(state),
    ...bandText(state),
    generatorText(state),
  ]
    .map(sentence)
    .join(' ');
};

/** Between two phases what comes is the news. */
const nextText = ({ interlude }: RunState): string[] => {
  if (!interlude) return [];
  const { next, leftMs } = interlude;
  return [leftMs > 0 ? `${phaseText(next)} begins in ${spanWords(leftMs)}` : `${phaseText(next)} is about to begin`];
};

const runText = ({ run, phase, now, plan }: RunState): string => {
  const name = run?.phase ? `${phaseText(run.phase)}, ` : '';
  const left = plan.remainingMs === undefined ? '' : `, ${spanWords(plan.remainingMs)} left`;
  const word = { running: 'running', paused: 'paused', draining: 'ending', closed: 'ended' }[phase];
  return phase === 'running' || phase === 'paused'
    ? `${name}${word} after ${spanWords(now)}${left}`
    : `${name}${word} after ${spanWords(now)}`;
};

const cleanUpText = ({ phase, cleanUp }: RunState): string[] =>
  phase === 'draining' && cleanUp
    ? [`cleaned up ${formatCount(cleanUp.gone)} of ${formatCount(cleanUp.total)} that the run made`]
    : [];

const loadText = ({ run, plan, rates, stocks, rounds }: RunState): string[] => {
  const came = [`achieved ${number(rates.achieved)}`, `good ${number(rates.good)} per second`];
  const lost = [
    ...(rates.dropped > 0 ? [`dropped ${number(rates.dropped)} per second`] : []),
    ...(rates.notSent > 0 ? [`not sent through us ${number(rates.notSent)} per second`] : []),
  ];
  switch (run?.model) {
    case 'closed':
      return [
        `wanted ${counted(Math.round(plan.wanted), 'user')}, active ${formatCount(stocks.users)}`,
        [...came, ...lost].join(', '),
      ];
    case 'full speed':
      return [['full speed', ...came, ...lost].join(', ')];
    case 'burst':
      return [[`${counted(rounds.ended, 'burst')} ended`, ...came, ...lost].join(', ')];
    default:
      return [[`wanted ${number(plan.wanted)}`, `applied ${number(plan.applied)}`, ...came, ...lost].join(', ')];
  }
};

const number = (value: number): string => (Number.isFinite(value) ? formatRateNumber(value) : 'unknown');

const latencyText = ({ latency: { windowMs, good } }: RunState): string[] => {
  if (windowMs === 0) return [];
  const over = `over the last ${spanWords(windowMs)}`;
  if (good.count === 0) return [`no good answer ${over}`];
  const { p50, p95, p99 } = good;
  return [
    `response time of good requests ${over}: median ${formatMs(p50)}, 95 percent within ${formatMs(p95)}, 99 percent within ${formatMs(p99)} milliseconds`,
  ];
};

const stockText = ({ stocks: { inFlight, backlog, oldestBacklogMs }, limits }: RunState): string => {
  const most = limits === undefined ? '' : ` of ${formatCount(limits.maxInFlight)}`;
  const waiting =
    backlog === 0 ? 'nothing waits' : `${formatCount(backlog)} waiting, the oldest for ${spanWords(oldestBacklogMs)}`;
  return `${formatCount(inFlight)}${most} in flight, ${waiting}`;
};

/** Classes of what was not as it should be; which statuses a profile expects is not known here. */
const notGoodText = ({ rates, outcomes }: RunState): string[] => {
  if (!(rates.notGood > 0)) return [];
  const classes = outcomes
    .filter(({ name, perSecond }) => perSecond > 0 && name !== '2xx' && name !== '3xx')
    .toSorted((a, b) => b.perSecond - a.perSecond)
    .map(({ name, perSecond }) => `${name} ${number(perSecond)} per second`);
  return [`not good ${number(rates.notGood)} per second${classes.length > 0 ? `: ${classes.join(', ')}` : ''}`];
};

const healthText = ({ probes }: RunState): string[] =>
  probes.flatMap(({ id, kind, unasked, status, values, reason }) => {
    if (status === 'failing') return unasked ? [] : [`${id} cannot be read: ${reason ?? 'no answer'}`];
    if (kind !== 'health' || status === 'waiting') return [];
    const fact = values.find((value) => value.type === 'fact' && value.state !== undefined);
    return fact?.type === 'fact' ? [`${id} is ${fact.state}`] : [];
  });

const objectiveText = ({ objectives }: RunState): string[] =>
  objectives
    .filter(({ status }) => status === 'broken' || status === 'at risk')
    .map(({ text, status }) => `the objective ${inWords(text)} is ${status}`);

const bandText = ({ bands }: RunState): string[] =>
  bands?.word == null ? [] : [`the last ${spanWords(bandWindowMs)} are in the band ${bands.word}`];

const generatorText = ({ generator: { level, reasons, ownLimit } }: RunState): string => {
  const own = ownLimit ? '; our own ceiling holds requests back' : '';
  if (level === 'good') return `the generator can be trusted${own}`;
  const what =
    level === 'warn'
      ? 'the generator is near its limit'
      : 'the numbers are not to be trusted, the generator is the limit';
  return `${what}: ${reasons.join('; ')}${own}`;
};
