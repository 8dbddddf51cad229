// Writes a report of the run so far when somebody asks for one: the printed summary and the JSON summary, numbered, beside
// the recording. A disk that refuses is told, and the run goes on; the summary at the end is none of its business.

import { promises as files } from 'node:fs';
import path from 'node:path';
import { errorCode, errorMessage } from '../common/errors.ts';
import { jsonText, schemaVersion } from '../common/json-text.ts';
import type { Summary } from '../measure/summary.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';
import type { ProbeRemarks } from './probe-remarks.ts';
import { summaryText } from './summary-text.ts';

/** Reports of one run, or in one folder, that are told apart. */
const mostReports = 10_000;

export interface ReportFilesOptions {
  /** What the probes said so far. */
  readonly probes: ProbeRemarks;
  /** Told where a report was written. */
  readonly note: (text: string) => void;
  /** Told that one could not be. */
  readonly raise: (text: string, hint: string) => void;
  /** Folder of reports where there is no recording. */
  readonly folder?: string;
}

export class ReportFiles implements Output {
  readonly name = 'report';
  readonly #options: ReportFilesOptions;
  #base: string;
  /** One after the other: each takes the next number. */
  #writing: Promise<void> = Promise.resolve();
  #next = 1;

  constructor(options: ReportFilesOptions) {
    this.#options = options;
    this.#base = path.join(options.folder ?? '', 'loadtop');
  }

  async open(): Promise<void> {}

  take(event: RunEvent): void {
    if (event.type === 'run/opened') this.#base = withoutSuffix(event.run.recording) ?? this.#base;
    if (event.type !== 'report/taken') return;
    // Made at once: the probes say more by the time it is written.
    const text = summaryText(event.summary, { probes: this.#options.probes, soFar: true });
    this.#writing = this.#writing.then(() => this.#write(text, event.summary));
  }

  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(text: string, summary: Summary): Promise<void> {
    try {
      const base = await this.#claim(text, `${jsonText({ schema_version: schemaVersion, ...summary }, 2)}\n`);
      this.#options.note(`report so far: ${base}.txt and .json`);
    } catch (error) {
      const hint = 'the run goes on; make room, or let its folder be written to, and ask again';
      this.#options.raise(`the report could not be written: ${errorMessage(error)}`, hint);
    }
  }

  /** Writes both under the first number that neither has taken. */
  async #claim(text: string, json: string): Promise<string> {
    for (; ; this.#next += 1) {
      const base = `${this.#base}-report-${this.#next}`;
      try {
        await writeNew(`${base}.txt`, text);
        await writeNew(`${base}.json`, json).catch(async (error: unknown) => {
          await files.rm(`${base}.txt`, { force: true });
          throw error;
        });
        this.#next += 1;
        return base;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST' || this.#next >= mostReports) throw error;
      }
    }
  }
}

/** Writes a file that must not be there yet. */
const writeNew = (file: string, text: string): Promise<void> =>
  files.writeFile(file, text, { flag: 'wx', mode: 0o600 });

/** A path without the suffix of its file. */
const withoutSuffix = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : file.slice(0, file.length - path.extname(file).length);
