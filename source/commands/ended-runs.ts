// The runs of one sitting that have ended: a line for each of them, what is printed of them at the end, which of them the
// exit code is of, and what the files of each are called.

import fs from 'node:fs';
import type { ExitCode } from '../common/errors.ts';
import type { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { summaryLine } from '../outputs/summary-line.ts';
import type { Ending } from '../session/session-parts.ts';
import type { Printer } from './screen-parts.ts';

/** A run that has ended. */
interface Ended {
  readonly ending: Ending;
  readonly remarks: ProbeRemarks;
  readonly code: ExitCode;
  /** As it was asked: `50/s`. */
  readonly load: string;
}

export class EndedRuns {
  readonly #ended: Ended[] = [];

  add(ended: Ended): void {
    this.#ended.push(ended);
  }

  /** One for each run, oldest first: `run 1  50/s  30 s  1,500 requests`. */
  get lines(): readonly string[] {
    return this.#ended.map(({ ending, load }, index) => `run ${index + 1}  ${summaryLine(ending.summary, load)}`);
  }

  /** That of the last run; undefined without one. */
  get code(): ExitCode | undefined {
    return this.#ended.at(-1)?.code;
  }

  /** Prints the runs in two lines each, with their recordings, and the last one whole. */
  print(printer: Printer): void {
    const { lines } = this;
    const last = this.#ended.at(-1);
    if (last === undefined) return;
    for (const [index, { ending }] of this.#ended.slice(0, -1).entries()) {
      const { recording } = ending.summary;
      printer.stdout.write(`${lines[index]}\n${recording === null ? '' : `       ${recording}\n`}`);
    }
    if (lines.length > 1) printer.stdout.write(`${lines.at(-1)}\n\n`);
    printer.summary(last.ending, last.remarks);
  }
}

/**
 * A file that was named belongs to the first run; those after it have a number, the first from theirs on that is free:
 * `out-2.json`. What is no file, such as /dev/null, is taken as it is by all of them.
 */
export const pathOfRun = (path: string, run: number): string => {
  if (run <= 1 || kindOf(path) === 'other') return path;
  let number = run;
  while (kindOf(numbered(path, number)) !== 'none') number += 1;
  return numbered(path, number);
};

const numbered = (path: string, run: number): string => path.replace(/((?<=[^/\\])\.[^./\\]*)?$/, `-${run}$1`);

/** What cannot be looked at counts as none: opening it will say why. */
const kindOf = (path: string): 'none' | 'file' | 'other' => {
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'none';
    return found.isFile() ? 'file' : 'other';
  } catch {
    return 'none';
  }
};
