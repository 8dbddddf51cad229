// The log: which events deserve a line, and in which words. Lines join cause and effect: what was steered, what the target
// said of itself, what went wrong.

import { safeText } from '../common/safe-text.ts';
import { formatCount, formatLength, formatRate } from '../common/units.ts';
import type { ProbeValue } from '../probes/probe.ts';
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
      return [planLine(event, before.run?.model === 'full speed')];
    case 'probe/read':
      return probeReadLines(before, event);
    case 'probe/failed':
      return probeFailedLines(before, event);
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
    case 'slice/closed':
    case 'second/closed':
      return [];
  }
};

const planLine = (event: Extract<RunEvent, { type: 'plan/changed' }>, fullSpeed: boolean): Line => {
  const { command, source, wanted, wantedBefore } = event;
  const rates = `rate ${formatRate(wantedBefore)} → ${formatRate(wanted)}`;
  switch (command.type) {
    case 'run/pause':
      if (source === 'dead-man') return ['bad', 'paused: this program stood still'];
      return ['info', `paused by ${source}${command.dropBacklog ? ', what waited was dropped' : ''}`];
    case 'run/resume':
      return ['info', `resumed at ${fullSpeed ? 'full speed' : formatRate(wanted)} by ${source}`];
    case 'run/extend':
      return ['info', `extended by ${formatLength(command.byMs)} by ${source}`];
    case 'rate/plan':
      return ['info', `${rates}, back to the plan, by ${source}`];
    default:
      return ['info', `${rates} by ${source}`];
  }
};

const stateOf = (values: readonly ProbeValue[], metric: string): string | undefined => {
  const found = values.find((value) => value.type === 'fact' && value.metric === metric);
  return found?.type === 'fact' ? found.state : undefined;
};

/** A probe that answers again, and every state it tells that changed. */
const probeReadLines = (before: RunState, event: Extract<RunEvent, { type: 'probe/read' }>): Line[] => {
  const probe = before.probes.find(({ id }) => id === event.probe);
  if (!probe) return [];
  const found: Line[] = [];
  if (probe.status === 'failing' && probe.failingSince !== undefined) {
    found.push(['info', `${probe.id} answers again, after ${formatLength(event.at - probe.failingSince)}`]);
  }
  for (const value of event.values) {
    if (value.type !== 'fact' || value.state === undefined) continue;
    const was = stateOf(probe.values, value.metric);
    if (was === undefined || was === value.state) continue;
    const level = value.state === 'ok' ? 'info' : 'warn';
    const name = value.metric === 'status' ? probe.id : `${probe.id} ${value.label}`;
    found.push([level, `${name} ${was} → ${value.state}`]);
  }
  return found;
};

/** Said once, when it begins; not each second. */
const probeFailedLines = (before: RunState, event: Extract<RunEvent, { type: 'probe/failed' }>): Line[] => {
  const probe = before.probes.find(({ id }) => id === event.probe);
  if (probe?.status === 'failing') return [];
  return [['warn', `${event.probe}: ${event.reason}${event.hint ? ` (${event.hint})` : ''}`]];
};
