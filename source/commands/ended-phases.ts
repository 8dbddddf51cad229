// The phases of a profile that have ended: what is printed of each and of all of them, the file of their summaries, their
// exit code, and what their files are called.

import { statSync } from 'node:fs';
import type { ExitCode } from '../common/errors.ts';
import { jsonLine } from '../common/json-text.ts';
import type { PhasePlace } from '../common/phase-place.ts';
import { type PhasesSummary, summarisePhases } from '../measure/phases-summary.ts';
import { phasesObject } from '../outputs/phases-text.ts';
import type { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { SummaryFile } from '../outputs/summary-file.ts';
import type { Ending } from '../session/session-parts.ts';
import type { Control } from './control.ts';
import { worstCode } from './exit-code.ts';
import type { RunVoices } from './run-voices.ts';

interface EndedPhase {
  readonly ending: Ending;
  readonly remarks: ProbeRemarks;
  readonly code: ExitCode;
  /** What came too late for its log and its summary. */
  readonly untold: readonly string[];
}

export class EndedPhases {
  readonly #names: readonly string[];
  readonly #file: SummaryFile | undefined;
  readonly #voices: RunVoices;
  readonly #control: Control | undefined;
  readonly #ended: EndedPhase[] = [];

  /** @param names of all phases @param out path of the summary file */
  constructor(names: readonly string[], out: string | undefined, voices: RunVoices, control: Control | undefined) {
    this.#names = names;
    this.#file = out === undefined ? undefined : new SummaryFile(out);
    this.#voices = voices;
    this.#control = control;
  }

  /** @throws UserError where the summary cannot be written */
  async open(): Promise<void> {
    await this.#file?.open();
  }

  /** @param drawn a screen is there: nothing can be printed yet */
  add(phase: EndedPhase, drawn: boolean): void {
    this.#ended.push(phase);
    if (!drawn) this.#printOne(phase);
  }

  /** The worst of all phases; fine without one. */
  get code(): ExitCode {
    return worstCode(this.#ended.map(({ code }) => code));
  }

  /** Prints what came of all phases, where there was one. @param drawn there was a screen @param cut why it ended before its time */
  async print(drawn: boolean, cut: string | undefined): Promise<void> {
    const [first, ...others] = this.#ended.map(({ ending }) => ending.summary);
    if (first === undefined) return;
    if (drawn) for (const phase of this.#ended) this.#printOne(phase);
    const summary = summarisePhases([first, ...others], this.#names, cut);
    await this.#write(summary);
    this.#control?.tell(jsonLine(phasesObject(summary)));
    this.#voices.compare(summary);
  }

  #printOne({ ending, remarks, untold }: EndedPhase): void {
    const { printer } = this.#voices;
    printer.summary(ending, remarks);
    printer.separate();
    printer.untold(untold);
  }

  /** What was measured is printed all the same where it cannot be written. */
  async #write(summary: PhasesSummary): Promise<void> {
    this.#file?.keep(summary);
    try {
      await this.#file?.close();
    } catch (error) {
      this.#voices.printer.stderr.write(
        `loadtop: ${this.#file?.name}: ${error instanceof Error ? error.message : error}\n`,
      );
    }
  }
}

/** A file that was named for all phases is, with its number and name, that of one: `run-2-stress.jsonl`. What is no file stays as it is. */
export const pathOfPhase = (path: string, { number, name }: Pick<PhasePlace, 'number' | 'name'>): string => {
  if (isOther(path)) return path;
  const word = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return path.replace(/((?<=[^/\\])\.[^./\\]*)?$/, `-${number}${word === '' ? '' : `-${word}`}$1`);
};

/** Such as /dev/null. */
const isOther = (path: string): boolean => {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && !found.isFile();
  } catch {
    return false;
  }
};
