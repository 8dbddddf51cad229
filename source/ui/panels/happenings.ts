// The second line of the header: what was asked and what comes, worded by the load model, in several widths. Pure.

import { formatCount, formatRateNumber, formatShort } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { dim, joined, run } from '../parts/runs.ts';
import type { Line } from '../theme.ts';
import { isBehind } from './whats-wrong.ts';

/** Wordings of the line, longest first; the backlog that is left out in a narrow one is said in the third line. */
export const happenings = (state: RunState, ascii = false): readonly Line[] => {
  const wordings = ofModel(state, ascii);
  const { beside = [] } = state.run ?? {};
  if (beside.length === 0) return wordings;
  // What comes is of all loads; what is asked is of the one that is steered.
  const others: Line = [dim('beside '), run(beside.map(({ name, load }) => `${name} ${load}`).join(', '))];
  return [joined([wordings[0] ?? [], others]), ...wordings];
};

const ofModel = (state: RunState, ascii: boolean): readonly Line[] => {
  const sign = ascii ? '+-' : '±';
  switch (state.run?.model) {
    case 'closed':
      return ofUsers(state, sign);
    case 'full speed':
      return ofRates(state, [[dim('wanted '), run('full speed')], []], sign);
    case 'burst':
      return ofRates(state, [burst(state), []], sign);
    case 'open':
      return ofRates(state, undefined, sign);
    default:
      return [[dim('nothing was sent yet')]];
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
const ofRates = (state: RunState, fixed: readonly [Line, Line] | undefined, sign: string): readonly Line[] => {
  const { plan, rates: now, stocks, limits } = state;
  const padded = padding([plan.wanted, plan.applied, now.achieved, now.good]);
  const rates = [...(fixed ?? asked(plan, padded)), ...came(state, padded)];
  const rateLine = joined(rates);
  const most = limits === undefined ? '' : formatCount(limits.maxInFlight);
  const inFlight = flight(state, most.length);
  const inFlightOf: Line = limits === undefined ? inFlight : [...inFlight, dim(' of '), run(most)];
  const waiting = run(formatCount(stocks.backlog).padStart(5), stocks.backlog > 0 ? 'warn' : 'text');
  const backlog: Line = fixed ? [] : [dim('backlog '), waiting];
  const size = formatRateNumber(plan.step);
  const step: Line = fixed ? [] : [dim('step '), run(`${sign} ${size}`)];
  const tight = joined([flight(state, 3), fixed ? [] : [run(`${sign}${size}`)]]);
  // Applied is what can be missed first, where it is what was asked for.
  const fewer = rates.filter((_, index) => index !== 1 || (fixed === undefined && plan.applied !== plan.wanted));
  // Where something waits, all that may be in flight is: how much waits is the news.
  const held = fixed || stocks.backlog === 0 ? undefined : [dim('backlog '), run(formatCount(stocks.backlog), 'warn')];
  if (held !== undefined) {
    return [
      joined([rateLine, joined([inFlightOf, backlog]), step], '    '),
      joined([rateLine, inFlightOf, backlog, step]),
      joined([rateLine, inFlight, backlog, step]),
      joined([...fewer, flight(state, 3), held]),
      joined([...fewer, held]),
      joined(fewer),
      joined([...rates.slice(0, 1), held]),
    ];
  }
  return [
    joined([rateLine, joined([inFlightOf, backlog]), step], '    '),
    joined([rateLine, inFlightOf, backlog, step]),
    joined([rateLine, inFlight, backlog, step]),
    joined([rateLine, inFlight, step]),
    joined([rateLine, tight]),
    joined([...fewer, tight]),
    joined([...fewer, flight(state, 3)]),
    joined(fewer),
    joined(fewer.slice(0, -1)),
  ];
};

/** `wanted 200  users 187  spawn 20/s    achieved 4,812/s  good 4,790  total 1,914,220    in flight 187    step ± 10`. */
const ofUsers = (state: RunState, sign: string): readonly Line[] => {
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
  const step: Line = [dim('step '), run(`${sign} ${formatCount(plan.step)}`)];
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
