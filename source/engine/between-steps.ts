// What becomes of iterations between two steps: they go on, wait while the run is paused, think, or are given up because the
// rate is zero or the run ends. Thinking takes no timer of its own: it is looked at now and then.

import { Deadlines, wheelStepMs } from './deadlines.ts';
import type { Exchange } from './exchange.ts';

/** Think time is over when it is looked at: with the steps of the wheel and between two looks of the worker, ms. */
const lateMs = wheelStepMs + 20;

export interface StepTurns {
  /** The next step begins. */
  begin(exchange: Exchange): void;
  /** The iteration is over: nothing more of it begins. */
  giveUp(exchange: Exchange, ending: 'dropped' | 'cutOff'): void;
  /** Its user has thought. */
  thought(exchange: Exchange): void;
  /** Run clock, ms. */
  now(): number;
}

export class BetweenSteps {
  readonly #turns: StepTurns;
  readonly #thinking: Deadlines<Exchange>;
  #rule: 'go' | 'hold' | 'drop' | 'end' = 'go';
  /** Exchanges whose next step is held by a pause. */
  #held: Exchange[] = [];

  constructor(turns: StepTurns) {
    this.#turns = turns;
    this.#thinking = new Deadlines(turns.now());
  }

  /** The next step of an exchange could begin. A user that leaves is not kept from tearing down. */
  next(exchange: Exchange): void {
    const mayEnd = exchange.walk?.leaving === undefined;
    if (this.#rule === 'hold') this.#held.push(exchange);
    else if (this.#rule === 'drop' && mayEnd) this.#turns.giveUp(exchange, 'dropped');
    else if (this.#rule === 'end' && mayEnd) this.#turns.giveUp(exchange, 'cutOff');
    else this.#turns.begin(exchange);
  }

  /** The user of an exchange thinks. @param from run clock, ms */
  think(exchange: Exchange, from: number, ms: number): void {
    exchange.endedAt = from;
    this.#thinking.add(exchange, from + ms);
    // No further step begins once the end has come.
    if (this.#rule === 'end') this.#thinking.drain(this.#wake);
  }

  /** Goes on with those who have thought for long enough. */
  check(now: number): void {
    this.#thinking.advance(now, this.#wake);
  }

  /** @param moveMs added to the ends of the steps before: the length of the pause */
  rule(rule: 'go' | 'hold' | 'drop', moveMs: number): void {
    if (this.#rule === 'end') return;
    this.#rule = rule;
    if (rule === 'hold') return;
    for (const exchange of this.#held.splice(0)) {
      // What ended while the pause lasted did not wait for all of it: its next step is due now, not later.
      exchange.endedAt = Math.min(this.#turns.now(), exchange.endedAt + moveMs);
      this.next(exchange);
    }
    if (rule === 'drop') this.#thinking.drain(this.#wake);
  }

  /** Nothing more begins but what users tear down. */
  end(): void {
    this.#rule = 'end';
    for (const exchange of this.#held.splice(0)) this.next(exchange);
    this.#thinking.drain(this.#wake);
  }

  /** Forgets those that are held. */
  clear(): void {
    this.#held.length = 0;
  }

  readonly #wake = (exchange: Exchange): void => {
    // Being looked at a little late is ours, and must not look like the target's; more than that counts.
    exchange.endedAt = Math.min(this.#turns.now(), exchange.dueAt + lateMs);
    this.#turns.thought(exchange);
  };
}
