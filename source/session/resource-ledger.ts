// What a run has made at its target and not removed: known by the requests that remove it. Bounded: of very many, the later ones
// stand in the recording alone.

import type { ResourceChange, ResourceSummary } from '../measure/resources.ts';

/** Resources that are held in memory, about 150 bytes each. */
const mostHeld = 1_000_000;

export class ResourceLedger {
  readonly #most: number;
  readonly #held = new Set<string>();
  /** Those that there was no room for. */
  #beyond = 0;
  #made = 0;
  #removed = 0;
  #cleanedUp = 0;
  #unanswered = 0;
  #reason: string | null = null;

  /** @param most held; default: a million */
  constructor(most = mostHeld) {
    this.#most = most;
  }

  /** What is still there and can be removed; shrinks while it is gone through. */
  get held(): ReadonlySet<string> {
    return this.#held;
  }

  /** How many are still there. */
  get left(): number {
    return this.#held.size + this.#beyond;
  }

  take({ made, removed, madeCount, goneCount, unansweredCount }: ResourceChange): void {
    this.#made += madeCount;
    this.#removed += goneCount;
    this.#unanswered += unansweredCount;
    for (const resource of removed) if (this.#drop(resource)) this.#removed += 1;
    for (const resource of made) {
      if (this.#held.size < this.#most) this.#held.add(resource);
      else this.#beyond += 1;
    }
  }

  /** The clean-up removed it. */
  cleanedUp(resource: string): void {
    if (this.#held.delete(resource)) this.#cleanedUp += 1;
  }

  /** Why some are left. */
  because(reason: string): void {
    this.#reason ??= reason;
  }

  /** Undefined where nothing was made. */
  summary(): ResourceSummary | undefined {
    if (this.#made === 0 && this.#unanswered === 0) return undefined;
    const [example = null] = this.#held;
    return {
      made: this.#made,
      removed: this.#removed,
      cleanedUp: this.#cleanedUp,
      left: this.left,
      example,
      reason: this.left > 0 ? (this.#reason ?? (this.#beyond > 0 ? 'there were too many to be held' : null)) : null,
      unanswered: this.#unanswered,
    };
  }

  /** What is not held was beyond, or was not made by the run. */
  #drop(resource: string): boolean {
    if (this.#held.delete(resource)) return true;
    if (this.#beyond === 0) return false;
    this.#beyond -= 1;
    return true;
  }
}
