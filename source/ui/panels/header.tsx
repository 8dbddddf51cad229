// The three lines on top, at the same place at every size: what runs, what was asked and what happens, what is wrong.

import { formatClock, formatCount, formatRateNumber } from '../../common/units.ts';
import type { Phase } from '../../session/events.ts';
import type { RunState } from '../../session/state.ts';
import { lineWidth, spreadLine } from '../format.ts';
import { Area, type PanelProps } from '../parts/panel.tsx';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import type { Line, Role } from '../theme.ts';
import { useRunState, useTheme } from '../use-session.ts';
import { isBehind, whatsWrong } from './whats-wrong.ts';

export const HeaderPanel = ({ rect }: PanelProps) => {
  const state = useRunState((all) => all);
  const { ascii } = useTheme();
  const lines = [whatRuns(state, rect.width, ascii), whatHappens(state, rect.width), whatIsWrong(state, rect.width)];
  return <Area rect={rect} lines={lines} />;
};

const phaseWords: Readonly<Record<Phase, { readonly word: string; readonly role: Role }>> = {
  running: { word: 'RUNNING', role: 'title' },
  paused: { word: 'PAUSED', role: 'warn' },
  draining: { word: 'ENDING', role: 'warn' },
  closed: { word: 'ENDED', role: 'title' },
};

/** `stage 2 of 3`, `by hand`, or nothing for a constant rate. The plan's clock stands still while paused. */
const planWords = ({ run: info, plan }: RunState): string => {
  if (info === undefined || info.model === 'full speed') return 'full speed';
  if (plan.manual) return 'open · by hand';
  const { stages } = info;
  if (stages.length < 2 || plan.remainingMs === undefined) return 'open';
  const total = stages.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  let left = total - plan.remainingMs;
  const index = stages.findIndex(({ lengthMs }) => {
    left -= lengthMs;
    return left < 0;
  });
  return `open · stage ${index < 0 ? stages.length : index + 1} of ${stages.length}`;
};

const whatRuns = (state: RunState, width: number, ascii: boolean): Line => {
  const { run: info, now, plan, phase } = state;
  if (info === undefined) return [run(' loadtop', 'title'), dim('  the run has not begun yet')];
  const { word, role } = phaseWords[phase];
  const total = plan.remainingMs === undefined || phase === 'closed' ? undefined : formatClock(now + plan.remainingMs);
  const elapsed = formatClock(now);
  const long = run(total === undefined ? elapsed : `${elapsed} of ${total}`);
  const short = run(total === undefined ? elapsed : `${elapsed}/${total}`);
  const clock = dim(timeOfDay(info.startedAtWall + now, info.timeZone));
  const words = run(`${planWords(state)} · `);
  const name: Line = [run(' loadtop', 'title'), run(` ${info.name} → ${info.target}`)];
  const bare: Line = [run(' loadtop', 'title'), run(` ${info.name} → ${info.target.replace(/^https?:\/\//, '')}`)];
  const right = (time: Line): Line => [words, run(word, role), run('  '), ...time, run(' ')];
  const wordings = [
    [name, right([long, run('   '), clock])],
    [name, right([long])],
    [bare, right([short])],
    // Which target it is must not be what gives way.
    [bare, [run(word, role), run('  '), short, run(' ')]],
  ] as const;
  const fits = wordings.find(([left, rest]) => lineWidth(left) + lineWidth(rest) + 2 <= width) ?? wordings[3];
  return spreadLine(fits[0], fits[1], width, ascii);
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock at the place of the run, `12:04:31`. */
const timeOfDay = (wallMs: number, timeZone: string): string => {
  let format = formats.get(timeZone);
  if (!format) {
    const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    try {
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
    } catch {
      // A recording may come from a machine that knows more time zones than this one.
      format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(timeZone, format);
  }
  return format.format(wallMs);
};

/** What was asked and what came: wanted, applied, achieved, good. */
const ratePieces = (state: RunState): readonly Line[] => {
  const { plan, rates, run: info } = state;
  const { wanted, applied } = plan;
  const { achieved, good } = rates;
  // All in the width of the widest: they stand still while the rate keeps its magnitude.
  const cells = Math.max(...[wanted, applied, achieved, good].map((rate) => formatRateNumber(rate).length));
  const padded = (rate: number): string => formatRateNumber(rate).padStart(cells);
  const asked: Line[] =
    info?.model === 'full speed'
      ? [[dim('wanted '), run('full speed')], []]
      : [
          [dim('wanted '), run(padded(wanted), 'title'), dim('/s')],
          [dim('applied '), run(padded(applied), plan.applied === plan.wanted ? 'text' : 'warn')],
        ];
  return [
    ...asked,
    [dim('achieved '), run(padded(achieved), isBehind(state) ? 'alarm' : 'text')],
    [dim('good '), run(padded(good), rates.notGood > 0 ? 'warn' : 'text')],
    ...(info?.severalSteps ? [[dim('requests '), run(padded(rates.requests))]] : []),
  ];
};

/** Wordings of the second line, longest first; the backlog that is left out in a narrow one is said in the third. */
const happenings = (state: RunState): readonly Line[] => {
  const { plan, stocks, run: info } = state;
  const fullSpeed = info?.model === 'full speed';
  const rates = ratePieces(state);
  const rateLine = joined(rates);
  const most = formatCount(info?.maxInFlight ?? 0);
  const full = info !== undefined && stocks.inFlight >= info.maxInFlight && !fullSpeed;
  const flight = (cells: number): Line => [
    dim('in flight '),
    run(formatCount(stocks.inFlight).padStart(cells), full ? 'warn' : 'text'),
  ];
  const inFlight = flight(most.length);
  const inFlightOf: Line = [...inFlight, dim(' of '), run(most)];
  const waiting = run(formatCount(stocks.backlog).padStart(5), stocks.backlog > 0 ? 'warn' : 'text');
  const backlog: Line = fullSpeed ? [] : [dim('backlog '), waiting];
  const size = formatRateNumber(plan.step);
  const step: Line = fullSpeed ? [] : [dim('step '), run(`± ${size}`)];
  const tight = joined([flight(3), fullSpeed ? [] : [run(`±${size}`)]]);
  return [
    joined([rateLine, joined([inFlightOf, backlog]), step], '    '),
    joined([rateLine, inFlightOf, backlog, step]),
    joined([rateLine, inFlight, backlog, step]),
    joined([rateLine, inFlight, step]),
    joined([rateLine, tight]),
    // Applied is what can be missed first: it differs from wanted for a moment, or while paused, which is said.
    joined([...rates.filter((_, index) => index !== 1), tight]),
    joined([...rates.filter((_, index) => index !== 1), flight(3)]),
    joined(rates.filter((_, index) => index !== 1)),
  ];
};

const whatHappens = (state: RunState, width: number): Line => [
  run(' '),
  ...firstThatFits(happenings(state), width - 1),
];

const whatIsWrong = (state: RunState, width: number): Line => {
  const troubles = whatsWrong(state);
  const notice: Line = noticeOf(state);
  if (troubles.length === 0) return notice.length > 0 ? [run(' '), ...notice] : [dim(' nothing wrong seen')];
  const pieces = troubles.map(
    ({ level, text }, index): Line => [run(`${index === 0 ? '▲ ' : ''}${text}`, level === 'bad' ? 'alarm' : 'warn')],
  );
  // Whole pieces, as many as fit; of the first one what fits.
  const all = notice.length > 0 ? [notice, ...pieces] : pieces;
  const wordings = all.map((_, index) => joined(all.slice(0, all.length - index), '   '));
  return [run(' '), ...firstThatFits(wordings, width - 1)];
};

/** What the operator asked for and should not forget, or how the run ended. */
const noticeOf = ({ phase, summary }: RunState): Line => {
  if (phase === 'paused') return [run('‖ paused: nothing is started; p goes on', 'warn')];
  if (phase === 'draining') return [run('ending: waiting for what is in flight; Ctrl+C ends at once', 'warn')];
  if (phase === 'closed') return [run(`ended: ${summary?.endReason ?? 'no result'}`)];
  return [];
};
