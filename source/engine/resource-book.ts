// What the iterations of a worker made and removed since it was last told: kept here, so that no request posts a message. What
// comes and goes between two looks is only counted.

import type { ResourceChange } from '../measure/resources.ts';

/**
 * Whether a status says that something is removed, or was not there: of redirects only See Other does. The others ask for
 * another request, as to a login, and nothing was done yet.
 */
export const isRemoval = (status: number): boolean =>
  (status >= 200 && status < 300) || status === 303 || status === 404 || status === 410;

export class ResourceBook {
  #made = new Set<string>();
  #removed = new Set<string>();
  #madeCount = 0;
  #goneCount = 0;
  #unansweredCount = 0;

  /** @param resource the request that removes it: `DELETE /v1/sessions/7` */
  made(resource: string): void {
    this.#madeCount += 1;
    this.#made.add(resource);
  }

  removed(resource: string): void {
    if (this.#made.delete(resource)) this.#goneCount += 1;
    else this.#removed.add(resource);
  }

  /** A request that makes something had no answer. */
  unanswered(): void {
    this.#unansweredCount += 1;
  }

  /** What is new; undefined where nothing is. */
  take(): ResourceChange | undefined {
    if (this.#madeCount === 0 && this.#removed.size === 0 && this.#unansweredCount === 0) return undefined;
    const change: ResourceChange = {
      made: [...this.#made],
      removed: [...this.#removed],
      madeCount: this.#madeCount,
      goneCount: this.#goneCount,
      unansweredCount: this.#unansweredCount,
    };
    this.#made = new Set();
    this.#removed = new Set();
    this.#madeCount = 0;
    this.#goneCount = 0;
    this.#unansweredCount = 0;
    return change;
  }
}
