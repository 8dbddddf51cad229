// One run, from its first event to its summary: wires the engine's intervals, the probes' samples and the operator's
// commands into events, folds them into the state and hands them to the outputs. It decides when the run ends; how it was
// set up is the business of commands/.

import { type Cancel, type Clock, monotonicNow, SystemClock, wallNow } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { formatClock, formatCount, formatLength } from '../common/units.ts';
import type { EngineListener } from '../engine/engine.ts';
import type { AfterRound, BurstRound } from '../measure/burst.ts';
import { endedOf } from '../measure/interval.ts';
import { objectiveValue } from '../measure/objective.ts';
import type { ResourceChange } from '../measure/resources.ts';
import type { Second } from '../measure/second.ts';
import type { Summary } from '../measure/summary.ts';
import { type Closed, Timeline } from '../measure/timeline.ts';
import { Aftermath } from './aftermath.ts';
import { skipsCleanUp } from './availability.ts';
import type { Command, CommandSource, Reply } from './commands.ts';
import type { EventBody, Phase, RunEvent, RunInfo } from './events.ts';
import { finite, Helm } from './helm.ts';
import { Journal } from './journal.ts';
import { Judge } from './judge.ts';
import { ObjectiveWatch } from './objective-watch.ts';
import { ResourceLedger } from './resource-ledger.ts';
import { Samplers } from './samplers.ts';
import { seriesBesideBursts } from './series-beside.ts';
import type { Ending, SessionParts } from './session-parts.ts';
import type { Store } from './store.ts';
import { notEnded, summaryFrame } from './summary-frame.ts';

/** The workers have begun before run time 0. */
const startAheadMs = 20;
const tickMs = 100;

export class Session implements EngineListener {
  readonly #parts: SessionParts;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #helm: Helm;
  readonly #timeline: Timeline;
  readonly #judge: Judge;
  /** What has to hold for the load to go on. */
  readonly #ends: ObjectiveWatch;
  readonly #samplers: Samplers;
  /** What they do counts for no limit of iterations. */
  readonly #sharesBeside: ReadonlySet<number>;
  readonly #ended = Promise.withResolvers<Ending>();
  #cancelTick: Cancel = () => {};
  /** What was asked and said before the run began, to be made up for; undefined from then on. */
  #early: (() => void)[] | undefined = [];
  #phase: Phase = 'running';
  #finished = 0;
  #mutedAt = Number.NEGATIVE_INFINITY;
  #loadEndedAt: number | undefined;
  #endReason = '';
  #broken = false;
  #aborted = false;
  /** What the run made and has not removed. */
  readonly #resources = new ResourceLedger();
  /** Fires where what is done after the load is skipped. */
  readonly #skip = new AbortController();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#clock = new SystemClock();
    this.#timeline = new Timeline(parts.run.workers, parts.sharesBeside);
    const { model, warmupMs, objectives, metrics, bands } = parts.run;
    this.#judge = new Judge(model, warmupMs, objectives, metrics, seriesBesideBursts(parts.run), bands);
    this.#sharesBeside = new Set(parts.sharesBeside);
    this.#ends = new ObjectiveWatch(parts.until ?? [], warmupMs, metrics);
    const output = (event: RunEvent): void => {
      parts.output(event);
      this.#judge.follow(event, event.at);
      this.#ends.follow(event, event.at);
    };
    this.#journal = new Journal(this.#clock, output, parts.publishMs, {
      tables: (probe) => this.#samplers.tables(probe),
    });
    this.#samplers = new Samplers(this.#journal);
    this.#helm = new Helm(parts, this.#journal);
  }

  /** Monotonic instant of run time 0, ms. */
  get originAt(): number {
    return this.#journal.originAt;
  }

  /** The state of the run, as it is published. */
  get store(): Store {
    return this.#journal.store;
  }

  /** Resolves when the run has ended and everything in it is closed, but for the outputs. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  /** Starts the load and the probes. The engine must be open. */
  start(): void {
    const { probes, engine } = this.#parts;
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#journal.originAt = monotonicNow() + startAheadMs;
    this.#journal.write({
      type: 'run/opened',
      run: this.#opened(),
      plan: this.#helm.plan,
      endsAt: finite(this.#helm.endsAt),
    });
    if (this.#parts.madeBefore) this.resources(this.#parts.madeBefore);
    engine.start(this.#journal.originAt, this.#helm.plan, this);
    this.#cancelTick = this.#clock.every(tickMs, () => this.#tick());
    this.#samplers.start(probes);
    for (const makeUp of early) makeUp();
  }

  #opened(): RunInfo {
    const { run, probes } = this.#parts;
    return {
      ...run,
      startedAtWall: Math.round(wallNow() + startAheadMs),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      probes: probes.map(({ info }) => info),
    };
  }

  /**
   * Asks for something; what cannot be is refused with a reason, as an event. Before the run has begun it can only be
   * ended, which then is the first that happens to it.
   */
  dispatch(command: Command, source: CommandSource): Reply {
    if (this.#early) {
      // A signal while the screen is loaded: an event before the first would leave the recording without a head.
      if (command.type !== 'run/stop' && command.type !== 'run/abort')
        return { type: 'refused', text: 'the run has not begun yet' };
      this.#early.push(() => this.dispatch(command, source));
      return { type: 'done', text: 'ending as soon as it has begun' };
    }
    if (command.type === 'run/stop' && skipsCleanUp(this.#journal.state, source)) {
      this.#skip.abort();
      return { type: 'done', text: 'the rest of the clean-up is skipped' };
    }
    const told = this.#journal.state.log.at(-1)?.sequence ?? -1;
    const decision = this.#helm.take(command, source, this.#phase);
    switch (decision.type) {
      case 'refuse':
        return this.#refuse(command, decision.reason);
      case 'ask': {
        const { command: asked, text } = decision;
        this.#journal.write({ type: 'command/asked', command: asked, question: text, source }, true);
        return { type: 'asked', text };
      }
      case 'leave':
        this.#journal.write({ type: 'question/left', source }, true);
        break;
      case 'report':
        return this.#report(command, source);
      case 'mark':
        this.#journal.write({ type: 'marker/set', name: decision.name }, true);
        break;
      case 'stop':
        this.#end(`stopped by ${source}`, this.#parts.graceMs);
        break;
      case 'next':
        this.#end(`the next phase was asked for by ${source}`, this.#parts.graceMs);
        break;
      case 'abort':
        this.#aborted = true;
        this.#skip.abort();
        this.#end(`stopped at once by ${source}`, 0, true);
        break;
      case 'steer': {
        const phase = this.#helm.isPaused ? 'paused' : 'running';
        if (phase !== this.#phase) this.#setPhase(phase, phase === 'paused' ? `by ${source}` : 'resumed');
      }
    }
    const lines = this.#journal.state.log.filter(({ sequence }) => sequence > told);
    return { type: 'done', text: lines.map(({ text }) => text).join('; ') || 'ending at once' };
  }

  #refuse(command: Command, reason: string): Reply {
    this.#journal.write({ type: 'command/refused', command, reason }, true);
    return { type: 'refused', text: reason };
  }

  /** Hands out what is known so far. Whole seconds only, so that what was due is accounted for. */
  #report(command: Command, source: CommandSource): Reply {
    const durationMs = (this.#journal.state.history.column('offered', 1000).newest + 1) * 1000;
    if (durationMs === 0) return this.#refuse(command, 'nothing is measured yet: a report needs a whole second');
    const summary = this.#summary(notEnded, durationMs);
    this.#journal.write({ type: 'report/taken', summary, source });
    return { type: 'done', text: `writing a report of the first ${formatLength(durationMs)}` };
  }

  /** Tells the operator something that is no problem; false where the run is closed, and nobody is told any more. */
  note(text: string): boolean {
    if (!this.#early) return this.#journal.note(text);
    this.#early.push(() => this.note(text));
    return true;
  }

  /** Says that something is wrong; false where the run is closed, and nobody is told any more. */
  raise(source: string, text: string, hint?: string): boolean {
    if (!this.#early) return this.#journal.raise(source, text, hint);
    this.#early.push(() => this.raise(source, text, hint));
    return true;
  }

  // What the engine tells.

  interval(interval: Parameters<EngineListener['interval']>[0]): void {
    this.#timeline.take(interval);
    if (!this.#sharesBeside.has(interval.share)) this.#finished += endedOf(interval.flows);
    this.#advance();
    const { limit } = this.#parts.run;
    if (limit !== undefined && this.#finished >= limit)
      this.#end(`${formatCount(limit)} iterations done`, this.#parts.graceMs);
  }

  applied(revision: number): void {
    this.#journal.write({ type: 'plan/applied', revision, wanted: this.#helm.wanted }, true);
  }

  muted(at: number): void {
    // Every worker says it; the first is enough.
    if (at - this.#mutedAt < 1000 || this.#phase === 'draining' || this.#phase === 'closed') return;
    this.#mutedAt = at;
    this.raise(
      'load',
      `this program stood still for more than 3 s; sending stopped at ${formatClock(at)}, and what waited was not sent`,
      'the run is paused; p resumes it',
    );
    if (this.#phase === 'running') this.dispatch({ type: 'run/pause' }, 'dead-man');
  }

  lost(share: number, reason: string): void {
    this.#judge.lost(share);
    this.#timeline.forget(share);
    // It told of what it made some times a second, and of what was on its way not at all.
    const made = this.#parts.run.cleanUp ? '; what it had just made may be left at the target' : '';
    this.raise('load', `worker ${share + 1} died: ${reason}`, `a new one takes over its share${made}`);
  }

  takenOver(share: number): void {
    this.#judge.takenOver(share);
    this.note(`worker ${share + 1} was replaced`);
  }

  joined(share: number, workers: number): void {
    this.#timeline.join(share);
    this.#journal.write({ type: 'workers/changed', workers, reason: 'one was added' });
  }

  left(share: number, workers: number): void {
    this.#timeline.leave(share);
    this.#journal.write({ type: 'workers/changed', workers, reason: 'one has no arrivals any more' });
  }

  round(round: BurstRound, after: AfterRound): void {
    const { newest: before } = this.#journal.state.rounds;
    this.#judge.round(round);
    this.#journal.write({ type: 'round/ended', round, after });
    if (after === 'done') this.#end('all bursts done', this.#parts.graceMs);
    else if (after === 'errors') this.#end(tooManyErrors(round, before), this.#parts.graceMs);
  }

  resources(change: ResourceChange): void {
    this.#resources.take(change);
    const { made, removed } = change;
    if (made.length + removed.length > 0) this.#journal.write({ type: 'resources/changed', made, removed });
  }

  problem(text: string, hint?: string): void {
    this.raise('load', text, hint);
  }

  broken(reason: string): void {
    this.#broken = true;
    this.raise('load', reason);
    this.#end('the load broke down', 0, true);
  }

  #setPhase(phase: Phase, reason: string): void {
    this.#phase = phase;
    this.#journal.write({ type: 'phase/changed', phase, reason }, true);
  }

  #tick(): void {
    this.#advance();
    const left = this.#helm.endsAt - this.#journal.now();
    // The end is met to a few milliseconds, not to the tick, and never early: timers may be.
    if (this.#phase === 'running' && left < tickMs)
      this.#clock.after(Math.max(0, left) + 2, () => this.#endAsPlanned());
  }

  #endAsPlanned(): void {
    // It may have been paused or extended since.
    if (this.#phase === 'running' && this.#journal.now() >= this.#helm.endsAt) {
      this.#end('the planned end', this.#parts.graceMs);
    }
  }

  #advance(): void {
    this.#emitClosed(this.#timeline.advance(this.#journal.now()));
  }

  #emitClosed({ slices, seconds }: Closed): void {
    for (const slice of slices) {
      this.#journal.write({ type: 'slice/closed', slice });
      for (const event of this.#judge.takeSlice(slice)) this.#journal.write(event);
    }
    // Screens keep the state of each second: of several that close together, as at the end, none may go unseen.
    const together = seconds.filter(({ late }) => !late).length > 1;
    for (const second of seconds) {
      for (const event of this.#judge.take(second)) this.#tell(event, together);
      this.#endWhereReached(second);
    }
  }

  /** Ends the load where a condition of the profile has come about. */
  #endWhereReached(second: Second): void {
    for (const change of this.#ends.take(second).changes) {
      if (change.type !== 'objective/changed' || change.status !== 'broken' || this.#loadEndedAt !== undefined)
        continue;
      const { metric, counted, text } = change.objective;
      this.#end(`${text}: ${objectiveValue(metric, change.value, counted)}`, this.#parts.graceMs);
    }
  }

  /** Writes down what was judged; a broken objective may be the end. */
  #tell(event: EventBody, urgent = false): void {
    this.#journal.write(event, urgent && event.type === 'second/closed');
    const broken = event.type === 'objective/changed' && event.status === 'broken';
    if (!broken || !this.#parts.endsOnBroken || this.#loadEndedAt !== undefined) return;
    this.#end(`objective ${event.objective.text} broken`, this.#parts.graceMs);
  }

  /** @param atOnce what makes something is awaited for a moment only */
  #end(reason: string, graceMs: number, atOnce = false): void {
    if (this.#phase === 'closed') return;
    if (this.#loadEndedAt === undefined) {
      this.#endReason = reason;
      this.#loadEndedAt = this.#journal.now();
      this.#setPhase('draining', reason);
      this.#parts.engine.stop(graceMs, atOnce).then(
        (stopped) => {
          if (stopped.backlog > 0) {
            const oldest = formatLength(stopped.oldestBacklogMs);
            this.note(`${formatCount(stopped.backlog)} arrivals were waiting at the end, the oldest for ${oldest}`);
          }
          void this.#close(stopped.backlog);
        },
        (error: unknown) => this.#ended.reject(error),
      );
    } else if (atOnce) {
      this.#endReason = reason;
      // Whether it can be stopped is told by the first call.
      this.#parts.engine.stop(0, true).catch(() => {});
    }
  }

  async #close(backlogCut: number): Promise<void> {
    try {
      this.#cancelTick();
      this.#emitClosed(this.#timeline.finish());
      for (const event of this.#judge.finish()) this.#tell(event);
      const { afterwards, run } = this.#parts;
      const isRecorded = run.recording !== undefined;
      if (afterwards)
        await new Aftermath(this.#resources, this.#journal, afterwards, isRecorded).run(this.#skip.signal);
      await this.#samplers.close();
      const summary = this.#summary(this.#endReason, this.#loadEndedAt ?? 0);
      this.#phase = 'closed';
      this.#journal.write({ type: 'run/closed', reason: this.#endReason, summary }, true);
      await this.#parts.engine.close();
      this.store.close();
      const cutInFlight = summary.iterations.cutOff - backlogCut;
      this.#ended.resolve({ summary, broken: this.#broken, aborted: this.#aborted, cutInFlight });
    } catch (error) {
      this.#ended.reject(new Error(`the run could not be closed: ${errorMessage(error)}`, { cause: error }));
    }
  }

  #summary(endReason: string, durationMs: number): Summary {
    const run = this.#journal.state.run ?? this.#opened();
    const problems = [...this.#journal.problems];
    const resources = this.#resources.summary();
    const frame = summaryFrame(run, { endReason, durationMs, problems, ...(resources && { resources }) });
    return this.#judge.summary(frame, run.series, run.items);
  }
}

/** Why there is no further burst, and the one before, which was good enough. */
const tooManyErrors = ({ size, notGood }: BurstRound, before: BurstRound | undefined): string => {
  const good = before ? `the last good burst was ${formatCount(before.size)}` : 'it was the first';
  return `${formatCount(notGood)} errors in a burst of ${formatCount(size)}; ${good}`;
};
