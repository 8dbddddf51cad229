// The log: which events deserve a line, and in which words. Lines join cause and effect: what was steered, what the target
// said of itself, what went wrong.

import { failuresText } from '../common/failures-text.ts';
import { probeName } from '../common/instance-names.ts';
import { phaseText } from '../common/phase-place.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount, formatLength, formatMs } from '../common/units.ts';
import { type BurstRound, besideText } from '../measure/burst.ts';
import { objectiveValue } from '../measure/objective.ts';
import type { Second } from '../measure/second.ts';
import { type ChangeEvent, changeText, droppedStays } from './change-text.ts';
import type { RunEvent, RunInfo } from './events.ts';
import type { LogLine, RunState } from './state.ts';

type Line = readonly [level: LogLine['level'], text: string];

/** The lines an event adds. @param before the state before the event */
export const logLines = (before: RunState, event: RunEvent): readonly LogLine[] =>
  lines(before, event).map(([level, text]) => ({
    at: event.at,
    sequence: event.sequence,
    level,
    text: safeText(text, 300),
    effect: undefined,
  }));

/** As the screen calls it. */
const nameOf = ({ probes }: RunState, id: string): string => {
  const probe = probes.find((one) => one.id === id);
  return probe === undefined ? id : probeName(probe, probes);
};

const lines = (before: RunState, event: RunEvent): readonly Line[] => {
  switch (event.type) {
    case 'run/opened':
      return [['info', startText(event.run)]];
    case 'phase/changed':
      return event.phase === 'draining' ? [['info', `ending: ${event.reason}; waiting for what is in flight`]] : [];
    case 'plan/changed':
    case 'limits/changed':
    case 'spawn/changed':
      return [changeLine(before, event)];
    case 'command/asked':
      return [['warn', `asked by ${event.source}: ${event.question}`]];
    case 'question/left':
      return [['info', `left as it is, by ${event.source}`]];
    case 'workers/changed':
      return [['info', `workers: ${event.workers}; ${event.reason}`]];
    case 'round/ended':
      return [['info', roundText(event.round)]];
    case 'round/weighed': {
      const text = besideText(event.size, event.beside);
      return text === undefined ? [] : [['info', text]];
    }
    case 'probe/noticed':
      return [[event.level, `${nameOf(before, event.probe)} ${event.text}`]];
    case 'outcomes/noticed':
      return [[event.level, event.text]];
    case 'generator/troubled': {
      const what =
        event.level === 'bad' ? 'the generator, not the target, is the limit' : 'the generator is near its limit';
      return [[event.level, `${what}: ${event.reasons.join('; ')}`]];
    }
    case 'generator/recovered':
      return [['info', `the generator can be trusted again, after ${formatLength(event.forMs)}`]];
    case 'objective/changed':
      return objectiveLines(event);
    case 'marker/set':
      return [['info', `‖ marker ${event.name}`]];
    case 'note/added':
      return [['info', event.text]];
    case 'problem/raised':
      return [['warn', `${event.source}: ${event.text}${event.hint ? ` (${event.hint})` : ''}`]];
    case 'command/refused':
      return [['warn', `refused: ${event.reason}`]];
    case 'run/closed':
      return [['info', `ended: ${event.reason}; ${formatCount(event.summary.completed)} requests completed`]];
    case 'cleanup/moved':
      return cleanUpLines(before, event);
    case 'resources/changed':
    case 'plan/applied':
    case 'change/settled':
    case 'report/taken':
    case 'probe/read':
    case 'probe/failed':
    case 'slice/closed':
      return [];
    case 'second/closed':
      return failureLines(before, event.second);
  }
};

const startText = ({ name, phase, target, seed }: RunInfo): string =>
  `started: ${name}${phase ? `, ${phaseText(phase)}` : ''} → ${target}, seed ${seed}`;

/** That it begins, and what came of it; between these the counter moves. */
const cleanUpLines = (before: RunState, event: Extract<RunEvent, { type: 'cleanup/moved' }>): readonly Line[] => {
  const { total, gone, over } = event;
  if (over) return [[gone < total ? 'warn' : 'info', `cleaned up ${formatCount(gone)} of ${formatCount(total)}`]];
  return before.cleanUp ? [] : [['info', `cleaning up ${formatCount(total)} that the run made; Ctrl+C skips it`]];
};

const changeLine = (before: RunState, event: Extract<RunEvent, ChangeEvent>): Line => {
  const { source } = event;
  const text = changeText(before, event);
  if (event.undoes !== undefined) {
    // It is the way back: to say what is taken back, too, would be to say it twice.
    const stays = event.undoes.endsWith(droppedStays) ? droppedStays : '';
    return ['info', `${text}${stays}, undo by ${source}`];
  }
  if (event.type === 'plan/changed' && event.command.type === 'run/pause') {
    if (source === 'dead-man') return ['bad', 'paused: this program stood still'];
    return ['info', text.replace('paused', `paused by ${source}`)];
  }
  // After a list, who did it is set off.
  const isList = text.endsWith(', back to the plan') || text.startsWith('limits stay');
  return ['info', `${text}${isList ? ',' : ''} by ${source}`];
};

/** That one is near its bound, or is no longer, is on the screen and in the recording: it may be so every other second. */
const objectiveLines = ({
  objective: { text, metric, counted },
  before,
  status,
  value,
  brokenForMs = 0,
}: Extract<RunEvent, { type: 'objective/changed' }>): readonly Line[] => {
  if (status === 'broken') return [['bad', `objective ${text} broken: ${objectiveValue(metric, value, counted)}`]];
  if (before !== 'broken') return [];
  const length = formatLength(brokenForMs);
  return status === 'not enough data'
    ? [['info', `objective ${text} is not judged for now; it was broken for ${length}`]]
    : [['info', `objective ${text} met again after ${length}`]];
};

/** Lines of a second for expectations that failed for the first time; of very many the later ones are a number. */
const mostFailures = 3;

const failureLines = ({ run, metrics }: RunState, second: Second): readonly Line[] => {
  const fresh = second.metrics.filter(({ metric, count, sum }) => {
    const { count: known = 0, sum: passed = 0 } = metrics[metric] ?? {};
    return run?.metrics?.[metric]?.source === 'expectation' && count > sum && known === passed;
  });
  const lines = fresh.slice(0, mostFailures).map(({ metric, example }): Line => {
    const { name = '', series } = run?.metrics?.[metric] ?? {};
    const of = series === undefined || run === undefined || run.series.length < 2 ? '' : ` of ${run.series[series]}`;
    return ['bad', `expectation ${name}${of} failed${example ? `: ${example}` : ''}`];
  });
  const more = fresh.length - lines.length;
  return more > 0 ? [...lines, ['bad', `${more} more expectations failed for the first time`]] : lines;
};

/** `burst 3: 1,000 at once, sent within 12 ms, all ended after 84 ms, 3 not good`. */
const roundText = ({ round, size, sendSpreadMs, totalMs, notGood, failures }: BurstRound): string => {
  const why = failures.length > 0 ? `: ${failuresText(failures)}` : '';
  const bad = notGood > 0 ? `, ${formatCount(notGood)} not good${why}` : '';
  return `burst ${round + 1}: ${formatCount(size)} at once, sent within ${formatMs(sendSpreadMs)} ms, all ended after ${formatMs(totalMs)} ms${bad}`;
};
