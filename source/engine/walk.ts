// The way of one iteration through the program of its scenario, and what is kept meanwhile: captured values, cookies, the
// state of its repetitions. A virtual user has one for all its iterations, so that what its set-up captured stays.

import { itemName } from '../common/captured-names.ts';
import { valueAt } from '../common/json-path.ts';
import type { CapturedList, Instruction } from '../profile/compile-scenario.ts';
import { type CookieHost, CookieJar } from './cookie-jar.ts';

/** A repetition that has begun. */
interface Loop {
  pass: number;
  readonly times: number;
  /** Undefined where it is not over a list. */
  readonly list: readonly unknown[] | undefined;
  /** `{{item}}` before it began. */
  readonly outerItem: unknown;
}

/** An instruction with what it depends on made ready. */
export type ReadyInstruction =
  | Exclude<Instruction, { type: 'unless' }>
  | { readonly type: 'unless'; readonly to: number; readonly holds: (walk: Walk) => boolean };

export type ReadyProgram = readonly ReadyInstruction[];

/** The parts of a scenario that an iteration goes through. */
export interface Programs {
  readonly scenario: number;
  readonly setup: ReadyProgram | undefined;
  readonly main: ReadyProgram;
  readonly teardown: ReadyProgram | undefined;
  /** Steps (by their index) that are left out: 1. */
  readonly skipped: Uint8Array;
  readonly keepsCookies: boolean;
  /** What the set-up of the run captured. */
  readonly known: ReadonlyMap<string, unknown>;
}

type Part = 'setup' | 'main' | 'teardown';

/** Draws of a pass through a repetition lie so far from those of other passes: arrivals never come this far. */
const passStride = 2 ** 33;

const nobody = -1;

export class Walk {
  /** The virtual user whose it is; -1: nobody's, so that nothing outlives an iteration. */
  readonly user: number;
  /** Whose iteration it is in the whole run, and which of its iterations: see Exchange. */
  person = nobody;
  turn = -1;
  /** Of the request that was made last, with its query: cookies go by it. */
  path = '';
  /** The same of the request that may remove something, whatever it was redirected to. */
  removing = '';
  /** Its user leaves, and what is called when it has; undefined: it stays. */
  leaving: (() => void) | undefined;
  readonly #jar: CookieJar;
  /** What set-up captured, by the scenario. */
  readonly #kept = new Map<number, Map<string, unknown>>();
  readonly #values = new Map<string, unknown>();
  /** Scenarios that were begun. */
  readonly #seen = new Set<number>();
  readonly #loops: Loop[] = [];
  #programs: Programs | undefined;
  #program: ReadyProgram = [];
  #part: Part = 'main';
  #at = 0;
  /** Passes through repetitions so far, the first of each not counted. */
  #passes = 0;
  #looped = false;
  #arrival = 0;

  constructor(user: number, host: CookieHost) {
    this.user = user;
    this.#jar = new CookieJar(host);
  }

  /** Number of the arrival. */
  get arrival(): number {
    return this.#arrival;
  }

  /** The number that templates are drawn with: that of the arrival, or another for each pass of a repetition. */
  get draw(): number {
    return this.#looped ? this.#arrival + this.#passes * passStride : this.#arrival;
  }

  /** The cookies, where the scenario keeps them. */
  get jar(): CookieJar | undefined {
    return this.#programs?.keepsCookies ? this.#jar : undefined;
  }

  /** Begins an iteration of a scenario, for a user who is new to it with its set-up. */
  begin(
    programs: Programs,
    arrival: number,
    { person, turn }: { readonly person: number; readonly turn: number },
  ): void {
    this.person = person;
    this.turn = turn;
    if (this.user === nobody) this.#jar.clear();
    const isNew = programs.setup !== undefined && !this.#kept.has(programs.scenario);
    this.#start(programs, arrival, isNew ? 'setup' : 'main');
    this.#seen.add(programs.scenario);
    if (isNew) this.#kept.set(programs.scenario, new Map());
  }

  /** Begins the tear-down of a scenario; false: there is none, or its set-up did not come to its end. */
  beginTeardown(programs: Programs): boolean {
    const isSetUp = (programs.setup ? this.#kept : this.#seen).has(programs.scenario);
    if (!programs.teardown || !isSetUp) return false;
    this.#start(programs, this.#arrival, 'teardown');
    return true;
  }

  /** Goes on to the next request; returns its step, or -1 where the iteration is over. */
  next(): number {
    for (;;) {
      const instruction = this.#program[this.#at];
      if (!instruction) {
        if (this.#part !== 'setup') return -1;
        this.#start(this.#programs!, this.#arrival, 'main');
        continue;
      }
      this.#at += 1;
      if (instruction.type !== 'request') this.#follow(instruction);
      else if (this.#programs!.skipped[instruction.step] === 0) {
        this.#looped = instruction.looped;
        return instruction.step;
      }
    }
  }

  /** The iteration ends before its time: set-up that did not come to its end is begun anew with the next. */
  abandon(): void {
    if (this.#part === 'setup') this.#kept.delete(this.#programs!.scenario);
  }

  /** Keeps a captured value: in set-up for the user, else for the iteration. */
  keep(name: string, value: unknown): void {
    const kept = this.#part === 'setup' ? this.#kept.get(this.#programs!.scenario) : undefined;
    (kept ?? this.#values).set(name, value);
  }

  /** A captured value, that of the iteration before that of the user and of the run; undefined where there is none. */
  value(name: string): unknown {
    if (this.#values.has(name)) return this.#values.get(name);
    const { scenario, known } = this.#programs!;
    const kept = this.#kept.get(scenario);
    return kept?.has(name) ? kept.get(name) : known.get(name);
  }

  /** All captured values, by their names, those of the run too. */
  captured(): Record<string, unknown> {
    const { scenario, known } = this.#programs!;
    return Object.fromEntries([...known, ...(this.#kept.get(scenario) ?? []), ...this.#values]);
  }

  #start(programs: Programs, arrival: number, part: Part): void {
    this.#programs = programs;
    this.#arrival = arrival;
    this.#part = part;
    this.#program = programs[part] ?? [];
    this.#at = 0;
    this.#passes = 0;
    this.#looped = false;
    this.#loops.length = 0;
    this.#values.clear();
  }

  #follow(instruction: Exclude<ReadyInstruction, { type: 'request' }>): void {
    switch (instruction.type) {
      case 'jump':
        this.#at = instruction.to;
        break;
      case 'unless':
        if (!instruction.holds(this)) this.#at = instruction.to;
        break;
      case 'repeat':
        this.#enter(instruction.loop, instruction.times, undefined);
        break;
      case 'each': {
        const list = this.#listOf(instruction.list);
        if (list.length === 0) this.#at = instruction.to;
        else this.#enter(instruction.loop, list.length, list);
        break;
      }
      case 'again':
        this.#repeat(instruction.loop, instruction.to);
    }
  }

  #enter(depth: number, times: number, list: readonly unknown[] | undefined): void {
    this.#loops[depth] = { pass: 0, times, list, outerItem: this.#values.get(itemName) };
    if (list) this.#values.set(itemName, list[0]);
  }

  #repeat(depth: number, to: number): void {
    const loop = this.#loops[depth]!;
    loop.pass += 1;
    if (loop.pass < loop.times) {
      this.#passes += 1;
      if (loop.list) this.#values.set(itemName, loop.list[loop.pass]);
      this.#at = to;
    } else if (loop.list) this.#values.set(itemName, loop.outerItem);
  }

  /** What was captured may be no list: then there is nothing to go through. */
  #listOf({ name, path, values }: CapturedList): readonly unknown[] {
    const value = values ?? valueAt(this.value(name), path);
    return Array.isArray(value) ? value : [];
  }
}
