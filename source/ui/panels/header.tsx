// The three lines on top, at the same place at every size: what runs, what was asked and what happens, what is wrong.

import { phaseText } from '../../common/phase-place.ts';
import { formatClock, formatCount } from '../../common/units.ts';
import type { RunState } from '../../session/state.ts';
import { cut, displayWidth, lineWidth, spreadLine } from '../format.ts';
import { Area, type PanelProps } from '../parts/panel.tsx';
import { levelSign } from '../parts/probe-values.ts';
import { dim, firstThatFits, joined, run } from '../parts/runs.ts';
import { isPastCourses } from '../parts/window.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { frozenWords, pastNotice } from './frozen-words.ts';
import { happenings } from './happenings.ts';
import { interludeWords, phaseShort } from './interlude-words.ts';
import { objectiveWordings } from './objective-words.ts';
import { cleanUpWords, phaseWords } from './phase-words.ts';
import { type Trouble, whatsWrong } from './whats-wrong.ts';
import { wholeRunWords } from './whole-run-words.ts';

export const HeaderPanel = ({ rect, state }: PanelProps) => {
  const { ascii } = useTheme();
  const lines = [
    whatRuns(state, rect.width, ascii),
    whatHappens(state, rect.width, ascii),
    whatIsWrong(state, rect.width, ascii),
  ];
  return <Area rect={rect} lines={lines} />;
};

/** `open · stage 2 of 3`, `closed · by hand`, `burst · 3 of 5 done`. The plan's clock stands still while paused. */
const planWords = ({ run: info, plan, rounds }: RunState): string => {
  if (info === undefined || info.model === 'full speed') return 'full speed';
  if (info.model === 'burst') {
    const all = info.rounds === undefined ? '' : ` of ${formatCount(info.rounds)}`;
    return `burst · ${formatCount(rounds.ended)}${all} done`;
  }
  if (plan.manual) return `${info.model} · by hand`;
  const { stages } = info;
  if (stages.length < 2 || plan.remainingMs === undefined) return info.model;
  const total = stages.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  let left = total - plan.remainingMs;
  const index = stages.findIndex(({ lengthMs }) => {
    left -= lengthMs;
    return left < 0;
  });
  return `${info.model} · stage ${index < 0 ? stages.length : index + 1} of ${stages.length}`;
};

/** Cells of a run's name that are left of it where it is too long. */
const leastName = 8;

const hostOf = (target: string): string => target.replace(/^https?:\/\//, '');

const whatRuns = (state: Seen, width: number, ascii: boolean): Line => {
  const { run: info, now, plan, phase } = state;
  if (info === undefined) {
    const { interlude } = state.live;
    return [run(' loadtop', 'title'), dim(`  ${interlude ? interludeWords(interlude) : 'the run has not begun yet'}`)];
  }
  const { word, role } = phaseWords[phase];
  const total = plan.remainingMs === undefined || phase === 'closed' ? undefined : formatClock(now + plan.remainingMs);
  const elapsed = formatClock(now);
  const long = run(total === undefined ? elapsed : `${elapsed} of ${total}`);
  const short = run(total === undefined ? elapsed : `${elapsed}/${total}`);
  const clock = dim(timeOfDay(info.startedAtWall + now, info.timeZone));
  const [title, brief] = info.phase ? [`${phaseText(info.phase)} · `, `${phaseShort(info.phase)} · `] : ['', ''];
  const words = run(`${title}${planWords(state)} · `);
  const name: Line = [run(' loadtop', 'title'), run(` ${info.name} → ${info.target}`)];
  const host = hostOf(info.target);
  // A run without a profile has its host in its name.
  const bare: Line = [
    run(' loadtop', 'title'),
    run(` ${info.name.includes(host) ? info.name : `${info.name} → ${host}`}`),
  ];
  const frozen = frozenWords(state);
  if (frozen.length > 0) {
    // Which second it is must not be what gives way.
    const right = firstThatFits(frozen, width - lineWidth(bare) - 2);
    return spreadLine(bare, [...right, run(' ')], width, ascii);
  }
  const said = state.whole ? `${word} · whole run` : word;
  const right = (time: Line): Line => [words, run(said, role), run('  '), ...time, run(' ')];
  const wordings = [
    [name, right([long, run('   '), clock])],
    [name, right([long])],
    [bare, right([short])],
    // Which target it is must not be what gives way, nor which phase.
    [bare, [run(title), run(word, role), run('  '), short, run(' ')]],
    [bare, [run(brief), run(word, role), run('  '), short, run(' ')]],
  ] as const;
  const fits = wordings.find(([left, rest]) => lineWidth(left) + lineWidth(rest) + 2 <= width);
  if (fits) return spreadLine(fits[0], fits[1], width, ascii);
  const rest = wordings[4][1];
  const over = lineWidth(bare) + lineWidth(rest) + 2 - width;
  const least = cut(info.name, Math.max(leastName, displayWidth(info.name) - over), ascii);
  return spreadLine([run(' loadtop', 'title'), run(` ${least} → ${hostOf(info.target)}`)], rest, width, ascii);
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

const whatHappens = (state: Seen, width: number, ascii: boolean): Line => {
  const wordings = state.whole && state.summary ? wholeRunWords(state, state.summary) : happenings(state, ascii);
  return [run(' '), ...firstThatFits(wordings, width - 1)];
};

/** Cells between what is wrong and the objectives. */
const objectivesGap = 2;

const whatIsWrong = (state: Seen, width: number, ascii: boolean): Line => {
  const left = wrongWordings(state);
  // The first of what is wrong is said whole before an objective is; and one objective that is broken before more of that.
  const first = lineWidth(left.at(-1) ?? []);
  // Of a second that is not kept the notice says so for all of them.
  const isKept = state.look.frozen === undefined || state.numbersOf !== undefined;
  const rights = objectiveWordings(isKept ? state.objectives : []);
  const fits = rights.find((right) => 1 + first + objectivesGap + lineWidth(right) + 1 <= width);
  // What must not be forgotten goes before all of them.
  const right = fits ?? (noticeOf(state).length > 0 ? [] : (rights.at(-1) ?? []));
  const room = width - 1 - (right.length === 0 ? 0 : lineWidth(right) + 1 + objectivesGap);
  const wrong: Line = [run(' '), ...firstThatFits(left, room)];
  return right.length === 0 ? wrong : spreadLine(wrong, [...right, run(' ')], width, ascii);
};

/** What is wrong, longest first: whole pieces, as many as fit; of the first one what fits. */
const wrongWordings = (state: Seen): readonly Line[] => {
  const troubles = whatsWrong(state);
  const notices = [noticeOf(state), keptNotice(state)].filter((notice) => notice.length > 0);
  if (troubles.length === 0 && notices.length === 0) {
    const seen = state.now >= 1000 || Number.isFinite(state.rates.achieved);
    return [[dim(seen ? 'nothing wrong seen' : 'nothing measured yet')]];
  }
  const piece = ({ level }: Trouble, text: string, index: number): Line => [
    run(`${index === 0 ? levelSign(level) : ''}${text}`, level === 'bad' ? 'alarm' : 'warn'),
  ];
  const all = [...notices, ...troubles.map((one, index) => piece(one, one.text, index))];
  // What stands behind the first may come without its reasons.
  const brief = [
    ...notices,
    ...troubles.map((one, index) => piece(one, index === 0 ? one.text : (one.brief ?? one.text), index)),
  ];
  return all.flatMap((_, index) => [all, brief].map((pieces) => joined(pieces.slice(0, pieces.length - index), '   ')));
};

/** Why panels are blank where charts are not. */
const keptNotice = (state: Seen): Line =>
  isPastCourses(state) ? [dim('courses, outcomes and heat map: kept for an hour')] : [];

/** What the operator asked for and should not forget, or how the run ended. */
const noticeOf = (state: Seen): Line => {
  const { phase, summary, run: info, now, look } = state;
  if (look.frozen !== undefined) return pastNotice(state);
  if (phase === 'paused') return [run('‖ paused: nothing is started; p goes on', 'warn')];
  const cleaning = cleanUpWords(state);
  if (cleaning !== undefined) return [run(`${cleaning}; Ctrl+C skips it`, 'warn')];
  if (phase === 'draining') return [run('ending: waiting for what is in flight; Ctrl+C ends at once', 'warn')];
  const ended = `ended: ${summary?.endReason ?? 'no result'}`;
  const { interlude } = state.live;
  if (interlude !== undefined && info !== undefined)
    return [run(`${interludeWords(interlude)}   `, 'warn'), run(ended)];
  if (phase === 'closed') return [run(ended)];
  const warmupMs = info?.warmupMs ?? 0;
  return now < warmupMs ? [dim(`warm-up until ${formatClock(warmupMs)}: kept out of the summary`)] : [];
};
