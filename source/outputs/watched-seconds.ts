// The seconds of a run for whoever watches it from outside: an object for each, and the summary last. Nothing is made while
// nobody watches. Who watches is the business of the control socket.

import { jsonLine } from '../common/json-text.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';
import { SecondObjects, summaryObject } from './second-object.ts';

/** Those who watch. */
export interface Watchers {
  readonly watched: boolean;
  /** Takes a whole line. @param last nobody may miss it, however slowly he reads */
  show(line: string, last?: boolean): void;
}

export class WatchedSeconds implements Output {
  readonly name = 'control socket';
  readonly #watchers: Watchers;
  readonly #seconds = new SecondObjects();

  constructor(watchers: Watchers) {
    this.#watchers = watchers;
  }

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    this.#seconds.take(event);
    if (!this.#watchers.watched) return;
    if (event.type === 'run/closed') this.#watchers.show(jsonLine(summaryObject(event.summary)), true);
    const second = event.type === 'second/closed' ? this.#seconds.of(event) : undefined;
    if (second !== undefined) this.#watchers.show(jsonLine(second));
  }

  async close(): Promise<void> {}
}
