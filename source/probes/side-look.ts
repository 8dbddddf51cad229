// A question to a MongoDB server that is asked every few seconds beside the serverStatus of each second, and whose answer or
// refusal holds until the next one. It has little time, so that it cannot hold up the other. What is asked is the caller's.

import { type Milliseconds, SystemClock } from '../common/clock.ts';
import type { StatusDocument } from './status-document.ts';

/** What came of asking: a document, a reason why there is none, or that this server is not one to be asked. */
export type SideAnswer =
  | { readonly document: StatusDocument }
  | { readonly reason: string; readonly lasting: boolean }
  | 'does not apply';

export interface SideLookOptions {
  readonly ask: (signal: AbortSignal) => Promise<StatusDocument>;
  /** What a thrown value means. */
  readonly explain: (error: unknown) => SideAnswer;
}

/** From an answer to the next question; after one in vain; where the server said that it never will answer. */
const periodMs = 5000;
const failedPeriodMs = 15_000;
const lastingPeriodMs = 60_000;
/** Two of them must fit between two looks of the sampler, 1 s apart. */
const limitMs = 450;
/** Looks are a second apart, give or take. */
const slackMs = 200;

export class SideLook {
  readonly #options: SideLookOptions;
  readonly #clock = new SystemClock();
  #answer: SideAnswer | undefined;
  #before: StatusDocument | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;
  #asking: AbortController | undefined;
  #closed = false;

  constructor(options: SideLookOptions) {
    this.#options = options;
  }

  /** The newest answer; undefined before the first. */
  get answer(): SideAnswer | undefined {
    return this.#answer;
  }

  get document(): StatusDocument | undefined {
    return typeof this.#answer === 'object' && 'document' in this.#answer ? this.#answer.document : undefined;
  }

  /** Why there is no document, where there is a reason. */
  get reason(): string | undefined {
    return typeof this.#answer === 'object' && 'reason' in this.#answer ? this.#answer.reason : undefined;
  }

  /** The two newest documents, once for each new one: for what happened between them. */
  takeChange(): { readonly before: StatusDocument | undefined; readonly now: StatusDocument } | undefined {
    const now = this.document;
    if (!now || now === this.#before) return undefined;
    const change = { before: this.#before, now };
    this.#before = now;
    return change;
  }

  /** Forgets what another server answered, and asks at the next turn. */
  reset(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#answer = undefined;
    this.#before = undefined;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  /** Asks where it is time to. Never rejects; takes 450 ms at the most. */
  async turn(): Promise<void> {
    const now = this.#clock.now();
    if (this.#closed || this.#asking || now < this.#nextAt - slackMs) return;
    const asking = new AbortController();
    this.#asking = asking;
    const cancel = this.#clock.after(limitMs, () => asking.abort());
    const answer = await this.#options.ask(asking.signal).then(
      (document): SideAnswer => ({ document }),
      (error: unknown): SideAnswer =>
        asking.signal.aborted
          ? { reason: `no answer within ${limitMs / 1000} s`, lasting: false }
          : this.#options.explain(error),
    );
    cancel();
    // Another server answers by now, whose turn it is.
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#answer = answer;
    this.#nextAt = now + pauseAfter(answer);
  }

  /** Cuts off a question under way, and asks no more. */
  close(): void {
    this.#closed = true;
    this.#asking?.abort();
  }
}

const pauseAfter = (answer: SideAnswer): Milliseconds => {
  if (answer === 'does not apply') return lastingPeriodMs;
  if ('document' in answer) return periodMs;
  return answer.lasting ? lastingPeriodMs : failedPeriodMs;
};
