// Where everything that happens in a run is written down: numbers each event, folds it into the state, publishes that, and
// hands the event to the outputs. What happens, and when, is session.ts.

import { type Clock, monotonicNow } from '../common/clock.ts';
import type { EventBody, RunEvent } from './events.ts';
import { beginning, type Folded, reduce } from './reduce.ts';
import { Settling } from './settling.ts';
import type { Details, RunState } from './state.ts';
import { Store } from './store.ts';

/** Problems that the summary names; a run that has more is in the recording. */
const mostProblems = 20;

export class Journal {
  readonly store: Store;
  readonly #output: (event: RunEvent) => void;
  readonly #problems: string[] = [];
  #folded: Folded;
  readonly #settling = new Settling();
  #sequence = 0;
  #closed = false;
  /** Monotonic instant of run time 0, ms. */
  originAt = 0;

  /** @param output takes every event; never throws @param publishMs least time between two publications of the state */
  constructor(clock: Clock, output: (event: RunEvent) => void, publishMs: number, details: Details) {
    this.#output = output;
    this.#folded = beginning(details);
    this.store = new Store(clock, this.#folded.state, publishMs);
  }

  /** Run time, ms. */
  now(): number {
    return monotonicNow() - this.originAt;
  }

  /** The state after all events so far. */
  get state(): RunState {
    return this.#folded.state;
  }

  /** What was raised, for the summary. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /**
   * Writes an event down. Nothing follows the last one: false where it was too late.
   * @param urgent somebody looks for the effect: publish at once
   */
  write(body: EventBody, urgent = false): boolean {
    if (this.#closed) return false;
    this.#closed = body.type === 'run/closed';
    const event: RunEvent = { sequence: this.#sequence, at: this.now(), ...body };
    this.#sequence += 1;
    const before = this.#folded.state;
    this.#folded = reduce(this.#folded, event);
    this.store.set(this.#folded.state, urgent);
    this.#output(event);
    const settled = this.#settling.take(before, event);
    if (settled) this.write(settled);
    return true;
  }

  /** Tells the operator something that is no problem, in the log and the recording; false where it was too late. */
  note(text: string): boolean {
    return this.write({ type: 'note/added', text });
  }

  /** Says that something is wrong, in the log, the recording and the summary; false where it was too late. */
  raise(source: string, text: string, hint?: string): boolean {
    if (this.#problems.length < mostProblems) this.#problems.push(`${source}: ${text}`);
    return this.write({ type: 'problem/raised', source, text, hint }, true);
  }
}
