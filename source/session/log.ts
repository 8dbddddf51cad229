// The log: which events deserve a line, and in which words. Lines join cause and effect: what was steered, what the target
// said of itself, what went wrong.

import type { Model } from '../common/model.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount, formatDuration, formatLength, formatLoad, formatMs, formatRate } from '../common/units.ts';
import type { BurstRound } from '../measure/burst.ts';
import type { RunEvent } from './events.ts';
import type { LogLine, RunState } from './state.ts';

type Line = readonly [level: LogLine['level'], text: string];

/** The lines an event adds. @param before the state before the event */
export const logLines = (before: RunState, event: RunEvent): readonly LogLine[] =>
  lines(before, event).map(([level, text]) => ({ at: event.at, level, text: safeText(text, 300) }));

const lines = (before: RunState, event: RunEvent): readonly Line[] => {
  switch (event.type) {
    case 'run/opened':
      return [['info', `started: ${event.run.name} → ${event.run.target}, seed ${event.run.seed}`]];
    case 'phase/changed':
      return event.phase === 'draining' ? [['info', `ending: ${event.reason}; waiting for what is in flight`]] : [];
    case 'plan/changed':
      return [planLine(event, before.run?.model ?? 'open')];
    case 'limits/changed':
      return [limitsLine(before, event)];
    case 'spawn/changed':
      return [
        ['info', `spawn rate ${spawnText(event.perSecondBefore)} → ${spawnText(event.perSecond)} by ${event.source}`],
      ];
    case 'workers/changed':
      return [['info', `workers: ${event.workers}; ${event.reason}`]];
    case 'round/ended':
      return [['info', roundText(event.round)]];
    case 'probe/noticed':
      return [[event.level, `${event.probe} ${event.text}`]];
    case 'generator/troubled': {
      const what =
        event.level === 'bad' ? 'the generator, not the target, is the limit' : 'the generator is near its limit';
      return [[event.level, `${what}: ${event.reasons.join('; ')}`]];
    }
    case 'generator/recovered':
      return [['info', `the generator can be trusted again, after ${formatLength(event.forMs)}`]];
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
    case 'plan/applied':
    case 'probe/read':
    case 'probe/failed':
    case 'slice/closed':
    case 'second/closed':
      return [];
  }
};

const planLine = (event: Extract<RunEvent, { type: 'plan/changed' }>, model: Model): Line => {
  const { command, source, wanted, wantedBefore, overMs } = event;
  const change =
    model === 'closed'
      ? `users ${formatCount(wantedBefore)} → ${formatCount(wanted)}`
      : `rate ${formatRate(wantedBefore)} → ${formatRate(wanted)}`;
  const rates = overMs > 0 ? `${change} over ${formatLength(overMs)}` : change;
  switch (command.type) {
    case 'run/pause':
      if (source === 'dead-man') return ['bad', 'paused: this program stood still'];
      return ['info', `paused by ${source}${command.dropBacklog ? ', what waited was dropped' : ''}`];
    case 'run/resume':
      return ['info', `resumed${resumedAt(model, wanted)} by ${source}`];
    case 'run/extend':
      return ['info', `extended by ${formatLength(command.byMs)} by ${source}`];
    case 'rate/plan':
      return ['info', `${rates}, back to the plan, by ${source}`];
    default:
      return ['info', `${rates} by ${source}`];
  }
};

const resumedAt = (model: Model, wanted: number): string => {
  if (model === 'burst') return '';
  return ` at ${model === 'full speed' ? 'full speed' : formatLoad(model, wanted)}`;
};

const limitsLine = (
  before: RunState,
  { limits, ceiling, source }: Extract<RunEvent, { type: 'limits/changed' }>,
): Line => {
  const model = before.run?.model ?? 'open';
  const was = before.limits;
  const changes = [
    [was?.connections, limits.connections, 'connections', formatCount],
    [was?.maxInFlight, limits.maxInFlight, 'max in flight', formatCount],
    [was?.timeoutMs, limits.timeoutMs, 'timeout', timeoutText],
    [was?.ceiling, ceiling, 'ceiling', (amount: number) => formatLoad(model, amount)],
  ] as const;
  const texts = changes
    .filter(([old, now]) => old !== now)
    .map(([old, now, name, text]) => `${name} ${old === undefined ? '' : `${text(old)} → `}${text(now)}`);
  return ['info', texts.length > 0 ? `${texts.join(', ')} by ${source}` : `limits stay as they are, by ${source}`];
};

const timeoutText = (ms: number): string => (ms < 1000 ? formatDuration(ms) : formatLength(ms));

const spawnText = (perSecond: number): string => (Number.isFinite(perSecond) ? formatRate(perSecond) : 'all at once');

/** `burst 3: 1,000 at once, sent within 12 ms, all ended after 84 ms, 3 not good`. */
const roundText = ({ round, size, sendSpreadMs, totalMs, notGood }: BurstRound): string => {
  const bad = notGood > 0 ? `, ${formatCount(notGood)} not good` : '';
  return `burst ${round + 1}: ${formatCount(size)} at once, sent within ${formatMs(sendSpreadMs)} ms, all ended after ${formatMs(totalMs)} ms${bad}`;
};
