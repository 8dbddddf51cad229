// The run as lines for people and grep, where there is no screen: one a second, and one for each thing that happened.
// The summary after the run is summary-text.ts.

import { failuresText } from '../common/failures-text.ts';
import type { Model } from '../common/model.ts';
import { phaseText } from '../common/phase-place.ts';
import { safeText } from '../common/safe-text.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatLength,
  formatLoad,
  formatMs,
  formatRate,
  formatRateNumber,
} from '../common/units.ts';
import { type BurstRound, besideText } from '../measure/burst.ts';
import { effectText } from '../measure/effect.ts';
import { objectiveValue } from '../measure/objective.ts';
import type { Command } from '../session/commands.ts';
import type { RunEvent, RunInfo } from '../session/events.ts';
import { LevelWatch } from './level-watch.ts';
import { modelText, waitingUnseen } from './model-text.ts';
import { type NewestProbe, NewestProbes } from './newest-probes.ts';
import type { Output } from './output.ts';
import { secondOutcomes, secondRates } from './second-counts.ts';
import { Failures, failedText } from './second-metrics.ts';

export class Plain implements Output {
  readonly name = 'plain lines';
  readonly #write: (text: string) => void;
  readonly #probes = new NewestProbes();
  readonly #levels = new LevelWatch();
  readonly #failures = new Failures();
  #run: RunInfo | undefined;

  /** @param write takes whole lines: stdout */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    const before = 'probe' in event ? this.#probes.get(event.probe) : undefined;
    this.#probes.take(event);
    if (event.type === 'run/opened') this.#run = event.run;
    if (event.type === 'second/closed') {
      const { second, late, lengthMs } = event.second;
      for (const text of this.#failures.take(event.second, this.#run)) this.#line(event.at, `expectation: ${text}`);
      // What was late, and the rest of a second after the end, is in the summary: a line is a whole second.
      if (!late && lengthMs === 1000) this.#line((second + 1) * 1000, secondText(event, this.#health(), this.#run));
      return;
    }
    const text =
      event.type === 'probe/read'
        ? this.#firstAnswer(before, event.probe)
        : eventText(event, this.#run?.model ?? 'open');
    if (text !== undefined) this.#line(event.at, text);
    if (event.type === 'probe/read') {
      for (const bad of this.#levels.take(event)) this.#line(event.at, `probe: bad: ${bad}`);
    }
  }

  async close(): Promise<void> {}

  #line(at: number, text: string): void {
    this.#write(`${formatClock(at).padStart(6)}  ${text}\n`);
  }

  /** What follows the first answer is noticed by the session. */
  #firstAnswer(before: NewestProbe | undefined, id: string): string | undefined {
    const now = this.#probes.get(id);
    if (before?.status !== 'waiting' || !now) return undefined;
    const title = now.title === undefined ? '' : `, ${safeText(now.title, 80)}`;
    return `probe: ${safeText(id, 60)} ${stateWord(now)} (was waiting)${title}`;
  }

  #health(): string {
    return this.#probes.all
      .filter(({ kind }) => kind === 'health')
      .map((probe) => `${safeText(probe.id, 30)} ${stateWord(probe)}`)
      .join('  ');
  }
}

type SecondClosed = Extract<RunEvent, { readonly type: 'second/closed' }>;

const secondText = (
  { second, verdict, objectives = [] }: SecondClosed,
  health: string,
  run: RunInfo | undefined,
): string => {
  const broken = (run?.objectives ?? []).filter((_, index) => objectives[index]?.status === 'broken');
  const rates = secondRates(second);
  const rate = (name: string, value: number): string => `${name} ${formatRateNumber(value).padStart(6)}/s`;
  const span = (name: string, ms: number): string => `${name} ${formatMs(ms).padStart(6)}`;
  const stock = (name: string, value: number): string => `${name} ${formatCount(value).padStart(4)}`;
  const outcomes = secondOutcomes(second);
  const count = (name: string, value: number): string => `${name} ${formatCount(value)}`;
  const named = ['429', '503', '524', 'refused'] as const;
  // Not derived as "other not good": which statuses the profile expects is not known here, and 404 may well be good.
  const others = [...outcomes].filter(([name]) => !['2xx', '3xx', ...named].includes(name));
  const { p50, p95, p99 } = second.good;
  return [
    rate('offered', rates.offered),
    rate('achieved', rates.achieved),
    rate('good', rates.good),
    ...(run?.severalSteps ? [rate('requests', rates.requests)] : []),
    `${span('p50', p50)}  ${span('p95', p95)}  ${span('p99', p99)} ms`,
    ...(run?.model === 'closed' ? [stock('users', second.stocks.users)] : []),
    stock('in flight', second.stocks.inFlight),
    stock('backlog', second.stocks.backlog),
    ...(second.stocks.stuck > 0 ? [count('stuck', second.stocks.stuck)] : []),
    ...named.map((name) => count(name, outcomes.get(name) ?? 0)),
    count('not good', rates.notGood),
    ...(health === '' ? [] : [health]),
    ...others.map(([name, value]) => count(name, value)),
    ...(rates.dropped > 0 ? [count('dropped', rates.dropped)] : []),
    ...(rates.notSent > 0 ? [count('not sent', rates.notSent)] : []),
    ...(verdict && verdict.level !== 'good' ? [`generator ${verdict.level}`] : []),
    ...(verdict?.ownLimit ? ['own limit'] : []),
    ...(broken.length > 0 ? [`broken ${broken.map(({ text }) => safeText(text)).join(', ')}`] : []),
    ...failedText(second, run),
    ...(second.partial ? ['(partial)'] : []),
  ].join('  ');
};

/** What a probe's state is called; also for those that know no health. */
const stateWord = ({ status, state }: NewestProbe): string => {
  if (status === 'failing') return 'no answer';
  return status === 'ok' ? (state ?? 'answers') : status;
};

type OtherEvent = Exclude<RunEvent, { readonly type: 'second/closed' | 'probe/read' }>;

const eventText = (event: OtherEvent, model: Model): string | undefined => {
  switch (event.type) {
    case 'run/opened':
      return runText(event.run);
    case 'phase/changed':
      return `phase: ${event.phase} (${safeText(event.reason)})`;
    case 'plan/changed':
      return planText(event, model);
    case 'limits/changed':
      return limitsText(event, model);
    case 'spawn/changed':
      return `spawn rate: ${formatRate(event.perSecond)} (by ${event.source}${undoneText(event.undoes)})`;
    case 'change/settled':
      return `effect: ${safeText(event.name)}: ${effectText(event.before, event.after)}`;
    case 'command/asked':
      return `question: ${safeText(event.question)} (asked by ${event.source})`;
    case 'question/left':
      return `question: answered with no (by ${event.source})`;
    case 'report/taken':
      return undefined;
    case 'workers/changed':
      return `workers: ${event.workers}; ${event.reason}`;
    case 'probe/noticed':
      return `probe: ${safeText(event.probe, 60)} ${safeText(event.text)}`;
    case 'outcomes/noticed':
      return `outcomes: ${safeText(event.text)}`;
    case 'round/ended':
      return roundText(event.round);
    case 'round/weighed':
      return besideText(event.size, event.beside);
    case 'generator/troubled':
      return `generator: ${event.level}: ${event.reasons.map((reason) => safeText(reason)).join('; ')}`;
    case 'generator/recovered':
      return `generator: good again after ${formatLength(event.forMs)}`;
    case 'objective/changed':
      return objectiveText(event);
    case 'marker/set':
      return `marker: ${safeText(event.name)}`;
    case 'note/added':
      return `note: ${safeText(event.text)}`;
    case 'problem/raised':
      return `problem: ${safeText(event.source, 60)}: ${safeText(event.text)}${hintText(event.hint)}`;
    case 'command/refused':
      return `command refused: ${commandText(event.command)}: ${safeText(event.reason)}`;
    case 'run/closed':
      return `run: closed (${safeText(event.reason)})`;
    case 'cleanup/moved':
      return cleanUpText(event);
    case 'resources/changed':
    case 'plan/applied':
    case 'probe/failed':
    case 'slice/closed':
      return undefined;
  }
};

const runText = (run: RunInfo): string => {
  const load = {
    open: `${modelText('open')}, ${run.arrivals} arrivals`,
    closed: modelText('closed'),
    'full speed': `full speed (${waitingUnseen})`,
    burst: modelText('burst'),
  }[run.model];
  const ends = [
    ...(run.durationMs === undefined ? [] : [formatLength(run.durationMs)]),
    ...(run.limit === undefined ? [] : [`${formatCount(run.limit)} iterations`]),
  ];
  const warmup = run.warmupMs > 0 ? `, warm-up of ${formatLength(run.warmupMs)}` : '';
  const length = ends.length === 0 ? 'until stopped' : ends.join(' or ');
  const phase = run.phase ? `, ${safeText(phaseText(run.phase), 80)},` : '';
  return `run: ${safeText(run.name, 60)}${phase} against ${safeText(run.target)}, ${load}, ${length}${warmup}, seed ${run.seed}`;
};

const cleanUpText = ({ total, gone, failed, over }: Extract<RunEvent, { readonly type: 'cleanup/moved' }>): string => {
  const inVain = failed > 0 ? `, ${formatCount(failed)} in vain` : '';
  return `clean-up: ${over ? 'cleaned up' : 'cleaning up'} ${formatCount(gone)} of ${formatCount(total)}${inVain}`;
};

const planText = (event: Extract<RunEvent, { readonly type: 'plan/changed' }>, model: Model): string => {
  const { wantedBefore, wanted, overMs, endsAt } = event;
  const rates = [wantedBefore, wanted].filter((rate) => Number.isFinite(rate)).map((rate) => formatLoad(model, rate));
  const over = overMs > 0 ? ` over ${formatLength(overMs)}` : '';
  const change = rates[0] === rates[1] ? (rates[0] ?? model) : `${rates.join(' to ')}${over}`;
  const end = endsAt === null ? 'no planned end' : `ends at ${formatClock(endsAt)}`;
  return `plan: ${change}, ${end} (${commandText(event.command)} by ${event.source}${undoneText(event.undoes)})`;
};

const limitsText = (
  { limits, ceiling, command, source, undoes }: Extract<RunEvent, { readonly type: 'limits/changed' }>,
  model: Model,
): string => {
  const { connections, maxInFlight, timeoutMs } = limits;
  const all = [
    `${formatCount(connections)} connections`,
    `${formatCount(maxInFlight)} in flight`,
    `timeout ${formatDuration(timeoutMs)}`,
    `ceiling ${formatLoad(model, ceiling)}`,
  ];
  return `limits: ${all.join(', ')} (${commandText(command)} by ${source}${undoneText(undoes)})`;
};

const roundText = ({ round, size, sendSpreadMs, totalMs, good, notGood, failures, response }: BurstRound): string => {
  const { p50, p95, max } = response;
  const parts = [
    `burst ${round + 1}: ${formatCount(size)} at once`,
    `sent within ${formatMs(sendSpreadMs)} ms`,
    `all ended after ${formatMs(totalMs)} ms`,
    `${formatCount(good)} good`,
    `${formatCount(notGood)} not good${failures.length > 0 ? ` (${failuresText(failures)})` : ''}`,
    ...(good > 0 ? [`p50 ${formatMs(p50)} p95 ${formatMs(p95)} max ${formatMs(max)} ms`] : []),
  ];
  return parts.join(', ');
};

const commandText = (command: Command): string => {
  switch (command.type) {
    case 'rate/set':
      return `rate/set ${formatRate(command.rate)}`;
    case 'rate/step':
      return `rate/step ${command.steps}`;
    case 'rate/scale':
      return `rate/scale ${command.factor}`;
    case 'rate/ramp':
      return `rate/ramp ${formatRateNumber(command.rate)} over ${formatLength(command.overMs)}`;
    case 'users/set':
      return `users/set ${formatCount(command.users)}`;
    case 'spawn/set':
      return `spawn/set ${formatRate(command.perSecond)}`;
    case 'limit/set':
      return `limit/set ${command.limit} ${command.value}`;
    case 'run/extend':
      return `run/extend ${formatLength(command.byMs)}`;
    default:
      return command.type;
  }
};

/** Broken, and met again; that one is near its bound is not worth a line every other second. */
const objectiveText = ({
  objective: { text, metric, counted },
  before,
  status,
  value,
  brokenForMs = 0,
}: Extract<RunEvent, { readonly type: 'objective/changed' }>): string | undefined => {
  if (status === 'broken') return `objective: ${safeText(text)} broken: ${objectiveValue(metric, value, counted)}`;
  if (before !== 'broken') return undefined;
  const word = status === 'not enough data' ? 'not judged for now' : 'met again';
  return `objective: ${safeText(text)} ${word} after ${formatLength(brokenForMs)}`;
};
const undoneText = (undoes: string | undefined): string =>
  undoes === undefined ? '' : `, undoing ${safeText(undoes)}`;

const hintText = (hint: string | undefined): string => (hint === undefined ? '' : ` (${safeText(hint)})`);
