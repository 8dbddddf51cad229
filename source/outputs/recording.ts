// Writes a run to a file while it runs, one JSON object a line: a head, then every event but the slices of 100 ms. What
// was taken is handed to the kernel at once, so that a process that is killed leaves it behind. Where the file lies is
// recording-place.ts.

import { promises as files } from 'node:fs';
import { jsonLine, recordingVersion } from '../common/json-text.ts';
import { formatBytes } from '../common/units.ts';
import { readyToEncode } from '../measure/histogram.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';
import { recordedSecond } from './recorded-second.ts';

/** Bytes that may wait for a slow disk before the recording gives up. */
const queueLimitBytes = 16 * 1024 * 1024;

export interface RecordingOptions {
  readonly queueLimitBytes?: number;
}

export class Recording implements Output {
  readonly name = 'recording';
  readonly path: string;
  readonly #limit: number;
  #file: files.FileHandle | undefined;
  /** Lines that are not yet handed to the kernel. */
  #lines: string[] = [];
  /** Bytes of these lines and of the write in flight. */
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #headed = false;
  #complete = false;
  #failure: Error | undefined;

  constructor(path: string, options: RecordingOptions = {}) {
    this.path = path;
    this.#limit = options.queueLimitBytes ?? queueLimitBytes;
  }

  /** Creates the file; one that exists is overwritten. Rejects with the system's error. */
  async open(): Promise<void> {
    await readyToEncode();
    this.#file = await files.open(this.path, 'w', 0o600);
    this.#write();
  }

  /** @throws Error where the disk failed or takes too little; nothing more is written then. */
  take(event: RunEvent): void {
    if (this.#failure) throw this.#failure;
    if (this.#complete || event.type === 'slice/closed') return;
    const line = jsonLine(recorded(event));
    this.#queuedBytes += Buffer.byteLength(line);
    if (this.#queuedBytes > this.#limit) {
      this.#failure = new Error(`the disk is too slow: ${formatBytes(this.#queuedBytes)} wait to be written`);
      this.#lines = [];
      throw this.#failure;
    }
    // The head stands first, even where something happened before the run was opened.
    if (event.type === 'run/opened') {
      this.#headed = true;
      this.#lines.unshift(line);
    } else {
      this.#lines.push(line);
    }
    this.#complete = event.type === 'run/closed';
    this.#write();
  }

  /** Writes what waits and closes the file. Rejects where something taken could not be written. */
  async close(): Promise<void> {
    this.#headed = true;
    this.#write();
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
    if (this.#failure) throw this.#failure;
  }

  /** One write is in flight at a time; what comes meanwhile goes out together with the next one. */
  #write(): void {
    if (!this.#file || !this.#headed || this.#writing || this.#lines.length === 0) return;
    this.#writing = this.#drain(this.#file);
  }

  async #drain(file: files.FileHandle): Promise<void> {
    try {
      while (this.#lines.length > 0) {
        const bytes = Buffer.from(this.#lines.join(''));
        this.#lines = [];
        await file.appendFile(bytes);
        this.#queuedBytes -= bytes.length;
      }
    } catch (error) {
      this.#lines = [];
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#writing = undefined;
    }
  }
}

const recorded = (event: RunEvent): object => {
  if (event.type === 'run/opened') {
    const { type, sequence, at, ...opened } = event;
    const { version, startedAtWall, timeZone } = opened.run;
    // `loadtop` stands first, so that the first bytes of the file say what it is.
    return { loadtop: recordingVersion, version, startedAtWall, timeZone, ...opened };
  }
  // What it sums up stands in the seconds before it.
  if (event.type === 'report/taken') return { ...event, summary: undefined };
  return event.type === 'second/closed' ? { ...event, second: recordedSecond(event.second) } : event;
};
