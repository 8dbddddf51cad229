// What the service is made of: parts with routes of their own, each with what it counts for tests.
import type { Route } from './routing-table.ts';

export interface Part {
  /** What its counts are called on /counters. */
  readonly name: string;
  readonly routes: readonly Route[];
  counts?(): object;
  /** Counts anew; what is open stays so. */
  reset?(): void;
  /** What /health says of it; undefined where there is nothing to say yet. */
  health?(): object | undefined;
  /** Lets go of what would keep the process. */
  close?(): void;
}
