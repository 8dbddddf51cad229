// The load as the checks judge it: how much of what it needs at its highest. Made from a run's plan by commands/; plain
// numbers, so that judgements are pure.

import type { Model } from '../common/model.ts';

export interface LoadFigures {
  readonly model: Model;
  /** Requests per second at the highest; undefined where the target decides (users, full speed, bursts). */
  readonly requestRate: number | undefined;
  /** Connections that it may open at once, whatever this machine allows. */
  readonly connections: number;
  /** Fewer would be another load: users and bursts have a connection each. */
  readonly needsAll: boolean;
  /** Requests in flight at the most. */
  readonly maxInFlight: number;
  /** False: a new connection for each request. */
  readonly keepAlive: boolean;
  /** Mean size of a request's body. */
  readonly bodyBytes: number;
  /** So much of it is held while it goes out: a file is read block by block. */
  readonly heldBytes: number;
  /** Threads that send: at the start, and at the most. */
  readonly workers: number;
  readonly mostWorkers: number;
}
