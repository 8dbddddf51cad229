// Writes the summary of a run to a file (-o out.json), whole or not at all: into a file beside it that then takes its
// name. What is in the summary is measure/summary.ts.

import { constants, promises as files } from 'node:fs';
import { errorCode, errorMessage, UserError } from '../common/errors.ts';
import { jsonText, schemaVersion } from '../common/json-text.ts';
import type { PhasesSummary } from '../measure/phases-summary.ts';
import type { Summary } from '../measure/summary.ts';
import type { RunEvent } from '../session/events.ts';
import type { Output } from './output.ts';

/** Suffixes of the formats that can be written. */
const suffixes = ['.json'];

export class SummaryFile implements Output {
  readonly name: string;
  readonly #path: string;
  #summary: Summary | PhasesSummary | undefined;

  /** @throws UserError for a suffix that no format belongs to. */
  constructor(path: string) {
    if (!suffixes.some((suffix) => path.toLowerCase().endsWith(suffix))) {
      throw new UserError(`Cannot tell the format of '${path}'.`, {
        hint: `The suffix says it; there is: ${suffixes.join(', ')}.`,
      });
    }
    this.name = `summary file ${path}`;
    this.#path = path;
  }

  /**
   * Looks whether the file can be written, so that this is known before the run and not after it.
   * @throws UserError where it cannot.
   */
  async open(): Promise<void> {
    try {
      await checkWritable(this.#path);
    } catch (error) {
      throw new UserError(`The summary cannot be written to '${this.#path}': ${errorMessage(error)}`, {
        hint: 'Name a file in a folder that exists and that you may write to.',
        cause: error,
      });
    }
  }

  take(event: RunEvent): void {
    if (event.type === 'run/closed') this.#summary = event.summary;
  }

  /** What is written in place of the summary of a run. */
  keep(summary: PhasesSummary): void {
    this.#summary = summary;
  }

  /** Writes the file; nothing where the run was never closed. Rejects with the system's error. */
  async close(): Promise<void> {
    const summary = this.#summary;
    if (!summary) return;
    this.#summary = undefined;
    const target = await resolved(this.#path);
    const part = partOf(target);
    try {
      await files.writeFile(part, `${jsonText({ schema_version: schemaVersion, ...summary }, 2)}\n`);
      await files.rename(part, target);
    } catch (error) {
      await files.rm(part, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

const checkWritable = async (path: string): Promise<void> => {
  const target = await resolved(path);
  const status = await files.stat(target).catch(ignoreMissing);
  if (status && !status.isFile()) throw new Error('it exists and is not a file');
  if (status) await files.access(target, constants.W_OK);
  const part = partOf(target);
  await files.writeFile(part, '');
  await files.rm(part);
};

/** The file itself where the path is a symbolic link, which must not be replaced by a file. */
const resolved = async (path: string): Promise<string> => (await files.realpath(path).catch(ignoreMissing)) ?? path;

const partOf = (path: string): string => `${path}.${process.pid}.part`;

const ignoreMissing = (error: unknown): undefined => {
  if (errorCode(error) !== 'ENOENT') throw error;
  return undefined;
};
