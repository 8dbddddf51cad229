// The run as NDJSON for programs (--json): an object for each second, one for each other event, and the summary last.
// Run times (`at`) are in ms since the start of the load.

import { jsonLine, schemaVersion } from '../common/json-text.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';
import { SecondObjects, summaryObject } from './second-object.ts';

export class JsonLines implements Output {
  readonly name = 'JSON lines';
  readonly #write: (text: string) => void;
  readonly #seconds = new SecondObjects();
  #ended = false;

  /** @param write takes whole lines: stdout */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    // The summary is the last object, whatever is raised while outputs are being closed.
    if (this.#ended) return;
    this.#seconds.take(event);
    const line = this.#lineOf(event);
    if (line) this.#write(jsonLine(line));
    this.#ended = event.type === 'run/closed';
  }

  async close(): Promise<void> {}

  #lineOf(event: RunEvent): object | undefined {
    switch (event.type) {
      // Readings stand in each second's object; a slice is for the screen alone.
      case 'slice/closed':
      // For `loadtop cleanup`, which reads the recording.
      case 'resources/changed':
      case 'probe/read':
      case 'probe/failed':
        return undefined;
      case 'second/closed':
        return this.#seconds.of(event);
      case 'run/closed':
        return summaryObject(event.summary);
      default: {
        const { type, ...rest } = event;
        return { type, schema_version: schemaVersion, ...rest };
      }
    }
  }
}
