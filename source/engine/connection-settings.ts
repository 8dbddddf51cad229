// What a connection of either protocol needs to know of the worker it belongs to.

import type { AddressCounter } from '../measure/recorder.ts';
import type { Dialler } from './dial.ts';
import type { Origin } from './protocol.ts';

export interface ConnectionSettings {
  readonly origin: Origin;
  readonly dialler: Dialler;
  /** The counter of an address. */
  readonly counterOf: (address: string) => AddressCounter;
  /** Requests on a connection at once. */
  readonly perConnection: number;
  readonly keepAlive: boolean;
  /** Run clock, ms. */
  readonly now: () => number;
}
