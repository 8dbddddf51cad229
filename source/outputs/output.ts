// What an output is: a reader of the run's events that writes them somewhere. It is never awaited while the run goes on,
// and a broken output is a problem that is said, not a broken run.

import type { RunEvent } from '../session/events.ts';

export interface Output {
  /** Said in problems: "recording: no space left on device". */
  readonly name: string;
  /** Gets ready to take events. Rejects where it cannot. */
  open(): Promise<void>;
  /** Takes an event; returns at once, buffers at most a bounded amount, throws where it can go on no more. */
  take(event: RunEvent): void;
  /** Writes what is buffered; resolves when everything is out. */
  close(): Promise<void>;
}
