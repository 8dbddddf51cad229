// The second line of the header: what was asked and what comes, worded by the load model, in several widths. Pure.

import { formatCount, formatRateNumber, formatShort } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { dim, joined, run } from '../parts/runs.ts';
import type { Line } from '../theme.ts';
import { isBehind } from './whats-wrong.ts';

/** Wordings of the line, longest first; the backlog that is left out in a narrow one is said in the third line. */
export const happenings = (state: RunState): readonly Line[] => {
  switch (state.run?.model) {
    case 'closed':
      return ofUsers(state);
    case 'full speed':
      return ofRates(state, [[dim('wanted '), run('full speed')], []]);
    case 'burst':
      return ofRates(state, [burst(state), []]);
    default:
      return ofRates(state, undefined);
  }
};

/** `wanted bursts of 1,000`: how many the newest round had. */
const burst = ({ rounds: { newest } }: RunState): Line => [
  dim('wanted '),
  run(newest === undefined ? 'bursts' : `bursts of ${formatCount(newest.size)}`),
];

/** What came: achieved, good, and requests where they are another number. */
const came = (state: RunState, padded: (rate: number) => string): readonly Line[] => {
  const { rates } = state;
  return [
    [dim('achieved '), run(padded(rates.achieved), isBehind(state) ? 'alarm' : 'text')],
    [dim('good '), run(padded(rates.good), rates.notGood > 0 ? 'warn' : 'text')],
    ...(state.run?.severalSteps ? [[dim('requests '), run(padded(rates.requests))]] : []),
  ];
};

/** All in the width of the widest: they stand still while the rate keeps its magnitude. */
const padding = (rates: readonly number[]): ((rate: number) => string) => {
  const cells = Math.max(...rates.map((rate) => formatRateNumber(rate).length));
  return (rate) => formatRateNumber(rate).padStart(cells);
};

const asked = ({ wanted, applied }: RunState['plan'], padded: (rate: number) => string): readonly [Line, Line] => [
  [dim('wanted '), run(padded(wanted), 'title'), dim('/s')],
  [dim('applied '), run(padded(applied), applied === wanted ? 'text' : 'warn')],
];

/** In flight, of its limit, in `cells` cells. */
const flight = ({ stocks, limits, run: info }: RunState, cells: number): Line => {
  const full = limits !== undefined && stocks.inFlight >= limits.maxInFlight && info?.model === 'open';
  return [dim('in flight '), run(formatCount(stocks.inFlight).padStart(cells), full ? 'warn' : 'text')];
};

/** @param fixed what is asked, where it is no rate */
const ofRates = (state: RunState, fixed: readonly [Line, Line] | undefined): readonly Line[] => {
  const { plan, rates: now, stocks, limits } = state;
  const padded = padding([plan.wanted, plan.applied, now.achieved, now.good]);
  const rates = [...(fixed ?? asked(plan, padded)), ...came(state, padded)];
  const rateLine = joined(rates);
  const most = formatCount(limits?.maxInFlight ?? 0);
  const inFlight = flight(state, most.length);
  const inFlightOf: Line = [...inFlight, dim(' of '), run(most)];
  const waiting = run(formatCount(stocks.backlog).padStart(5), stocks.backlog > 0 ? 'warn' : 'text');
  const backlog: Line = fixed ? [] : [dim('backlog '), waiting];
  const size = formatRateNumber(plan.step);
  const step: Line = fixed ? [] : [dim('step '), run(`± ${size}`)];
  const tight = joined([flight(state, 3), fixed ? [] : [run(`±${size}`)]]);
  // Applied is what can be missed first: it differs from wanted for a moment, or while paused, which is said.
  const fewer = rates.filter((_, index) => index !== 1);
  return [
    joined([rateLine, joined([inFlightOf, backlog]), step], '    '),
    joined([rateLine, inFlightOf, backlog, step]),
    joined([rateLine, inFlight, backlog, step]),
    joined([rateLine, inFlight, step]),
    joined([rateLine, tight]),
    joined([...fewer, tight]),
    joined([...fewer, flight(state, 3)]),
    joined(fewer),
  ];
};

/** `wanted 200  users 187  spawn 20/s    achieved 4,812/s  good 4,790  total 1,914,220    in flight 187    step ± 10`. */
const ofUsers = (state: RunState): readonly Line[] => {
  const { plan, rates: now, stocks, totalRequests } = state;
  const cells = Math.max(formatCount(plan.wanted).length, formatCount(stocks.users).length);
  const count = (users: number): string => formatCount(users).padStart(cells);
  const wanted: Line = [dim('wanted '), run(count(plan.wanted), 'title')];
  const there = stocks.users === Math.round(plan.wanted);
  const users: Line = [dim('users '), run(count(stocks.users), there ? 'text' : 'warn')];
  const spawn: Line = plan.spawnRate === undefined ? [] : [dim('spawn '), run(spawnText(plan.spawnRate))];
  const [achieved = [], ...rest] = came(state, padding([now.achieved, now.good]));
  const rates = [[...achieved, dim('/s')], ...rest];
  const total: Line = [dim('total '), run(formatCount(totalRequests))];
  const shortTotal: Line = [dim('total '), run(formatShort(totalRequests))];
  const inFlight = flight(state, cells);
  const step: Line = [dim('step '), run(`± ${formatCount(plan.step)}`)];
  return [
    joined([joined([wanted, users, spawn]), joined([...rates, total]), inFlight, step], '    '),
    joined([wanted, users, spawn, ...rates, total, inFlight, step]),
    joined([wanted, users, spawn, ...rates, total, step]),
    joined([wanted, users, spawn, ...rates, total]),
    joined([wanted, users, spawn, ...rates, shortTotal]),
    joined([wanted, users, spawn, ...rates]),
    joined([wanted, users, ...rates]),
  ];
};

const spawnText = (perSecond: number): string =>
  Number.isFinite(perSecond) ? `${formatRateNumber(perSecond)}/s` : 'at once';
