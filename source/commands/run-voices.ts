// What is heard of runs that follow each other, beside a screen: the lines, sentences or objects of each, what lies between
// them, and their comparison at the end.

import type { Cancel } from '../common/clock.ts';
import { jsonLine, schemaVersion } from '../common/json-text.ts';
import { type PhasePlace, phaseText } from '../common/phase-place.ts';
import { safeText } from '../common/safe-text.ts';
import { formatLength } from '../common/units.ts';
import type { PhasesSummary } from '../measure/phases-summary.ts';
import { JsonLines } from '../outputs/json-lines.ts';
import type { Output } from '../outputs/output.ts';
import { phasesObject, phasesSentences, phasesTable } from '../outputs/phases-text.ts';
import { Plain } from '../outputs/plain.ts';
import type { Steerable } from '../session/control-answer.ts';
import { PlainMode } from './plain-mode.ts';
import type { RunOptions } from './run-screen.ts';
import { Printer } from './screen-parts.ts';
import type { Io } from './terminal.ts';

export class RunVoices {
  readonly printer: Printer;
  readonly #options: RunOptions;
  readonly #tui: boolean;
  readonly #plain: PlainMode | undefined;

  /** @param tui a screen is shown: nothing is written before it is off */
  constructor(io: Io, options: RunOptions, tui: boolean) {
    this.#options = options;
    this.#tui = tui;
    this.printer = new Printer(io, options);
    this.#plain = options.plain ? new PlainMode((text) => this.printer.stdout.write(text)) : undefined;
  }

  /** What a run is told to while it goes on; for one run. */
  outputs(): readonly Output[] {
    const write = (text: string): void => this.printer.stdout.write(text);
    if (this.#options.json) return [new JsonLines(write)];
    if (this.#plain) return [this.#plain.output];
    return this.#tui ? [] : [new Plain(write)];
  }

  /** Carries out what is typed, where lines are typed. */
  listen(run: Steerable, stdin: Io['stdin']): Cancel {
    return this.#plain?.begin(run, stdin) ?? (() => {});
  }

  /** The run begins whose log is told from now on. */
  follow(run: Steerable): void {
    this.#plain?.output.follow(() => run.store.newest);
  }

  /** Tells something that is no result. */
  note(text: string): void {
    if (!this.#tui && !this.#plain) this.printer.stderr.write(`loadtop: ${text}\n`);
  }

  /** Tells that it is waited before the next phase. */
  rest(next: PhasePlace, pauseMs: number): void {
    const { json } = this.#options;
    const length = formatLength(pauseMs);
    const name = safeText(phaseText(next));
    if (json)
      this.printer.stdout.write(jsonLine({ type: 'phase/pause', schema_version: schemaVersion, pauseMs, next }));
    else if (this.#plain) this.#plain.output.say(`a pause of ${length}, then ${name}; type next to begin it now`);
    else if (!this.#tui) this.printer.stdout.write(`pause: ${length}, then ${name}\n\n`);
  }

  /** The comparison; with --json the last object, and the table to stderr. */
  compare(summary: PhasesSummary): void {
    const { stdout, stderr } = this.printer;
    if (this.#plain) {
      stdout.write(phasesSentences(summary));
      return;
    }
    const { json } = this.#options;
    const table = phasesTable(summary, { colour: this.printer.colour });
    (json ? stderr : stdout).write(table);
    if (json) stdout.write(jsonLine(phasesObject(summary)));
  }
}
