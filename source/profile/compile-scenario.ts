// Turns a scenario of a profile into what a worker walks: its steps, and where they are not simply one after the other, a
// flat program of instructions that names them. Conditions and repetitions become jumps, so that nothing is nested any more.

import { itemName } from '../common/captured-names.ts';
import { didYouMean } from '../common/did-you-mean.ts';
import { UserError } from '../common/errors.ts';
import { type JsonPath, valueAt } from '../common/json-path.ts';
import type { Think } from '../load/think.ts';
import { type Common, type CompiledStep, compileStep, needsTurn, usesFunctions } from './compile-step.ts';
import type { Condition, Flow, FlowNode } from './flow.ts';
import type { Scenario } from './profile.ts';
import { readTemplates, type Text } from './templates.ts';

export interface CompiledScenario {
  readonly weight: number;
  /** Between two iterations of a user; undefined for none. */
  readonly think?: Think | undefined;
  /** All of them, whichever part of the scenario they belong to. */
  readonly steps: readonly CompiledStep[];
  /** Undefined: the steps run one after the other, and nothing is kept between them. */
  readonly program?: Program | undefined;
  /** What a virtual user does before its first iteration, and before it leaves. */
  readonly setup?: Program | undefined;
  readonly teardown?: Program | undefined;
  /** Cookies are kept. */
  readonly cookies?: boolean | undefined;
  /** What the set-up of the run captured, for whoever asks when a request is made: functions, and what may be captured anew. */
  readonly known?: Readonly<Record<string, unknown>> | undefined;
}

/** Instructions by their number; after the last one it is over. */
export type Program = readonly Instruction[];

export type Instruction =
  /** @param step index into the steps @param looped inside a repetition, so that its templates draw for each pass */
  | { readonly type: 'request'; readonly step: number; readonly looped: boolean }
  | { readonly type: 'unless'; readonly condition: CompiledCondition; readonly to: number }
  | { readonly type: 'jump'; readonly to: number }
  /** A repetition begins; `loop` is its depth. An `again` of that depth ends it. */
  | { readonly type: 'repeat'; readonly loop: number; readonly times: number }
  /** The same for each value of a list; without any it goes on at `to`. */
  | { readonly type: 'each'; readonly loop: number; readonly list: CapturedList; readonly to: number }
  /** The next pass, which begins at `to`, where there is one. */
  | { readonly type: 'again'; readonly loop: number; readonly to: number };

export type CompiledCondition =
  | { readonly type: 'there'; readonly text: Text }
  | { readonly type: 'equals'; readonly texts: readonly [Text, Text] };

/** A captured value that is a list, or the part of one that is. */
export interface CapturedList {
  readonly name: string;
  readonly path: JsonPath;
  /** What it is, where the set-up of the run captured it. */
  readonly values?: readonly unknown[];
}

/** Requests of an iteration: both ways of a condition, and each list as if it had one value. */
export const requestsOf = ({ steps, program }: CompiledScenario): number => {
  if (!program) return steps.length;
  const loops: number[] = [];
  let factor = 1;
  let requests = 0;
  for (const instruction of program) {
    if (instruction.type === 'request') requests += factor;
    else if (instruction.type === 'again') factor /= loops.pop() ?? 1;
    else if (instruction.type === 'repeat' || instruction.type === 'each') {
      const times = instruction.type === 'repeat' ? instruction.times : 1;
      loops.push(times);
      factor *= times;
    }
  }
  return requests;
};

const plainFlow = ({ steps }: Scenario): Flow => steps.map((_, step): FlowNode => ({ type: 'step', step }));

/** @param firstSeries the series of its first step; those of the others follow */
export const compileScenario = (scenario: Scenario, firstSeries: number, common: Common): CompiledScenario => {
  const flow = scenario.flow ?? plainFlow(scenario);
  const parts = [scenario.setup ?? [], flow, scenario.teardown ?? []];
  const inLoop = new Set(parts.flatMap((part) => stepsIn(part, true)));
  const inEach = new Set(parts.flatMap((part) => stepsIn(part, false)));
  const capturedBefore = (step: number): readonly string[] => [
    ...new Set(scenario.steps.slice(0, step).flatMap(({ captures = [] }) => captures.map(({ name }) => name))),
  ];
  const steps = scenario.steps.map((step, index) => {
    const captured = [...capturedBefore(index), ...(inEach.has(index) ? [itemName] : [])];
    return compileStep(step, { series: firstSeries + index, captured, looped: inLoop.has(index) }, common);
  });
  const isPlain =
    !scenario.flow &&
    !common.cookies &&
    !scenario.steps.some(keeps) &&
    !steps.some((step) => usesFunctions(step) || needsTurn(step) || isTold(step));
  const program = (part: Flow): Program => new ProgramWriter(scenario.name, capturedBefore, common).write(part);
  return {
    weight: scenario.weight,
    ...(scenario.think && { think: scenario.think }),
    steps,
    ...(!isPlain && { program: program(flow), ...knownTo(common) }),
    ...(scenario.setup && { setup: program(scenario.setup) }),
    ...(scenario.teardown && { teardown: program(scenario.teardown) }),
    ...(common.cookies && { cookies: true }),
  };
};

const knownTo = ({ run }: Common): Pick<CompiledScenario, 'known'> =>
  run.values.size === 0 ? {} : { known: Object.fromEntries(run.values) };

/** Whether a step leaves something for what comes after it. */
const keeps = ({ captures, optional, think }: Scenario['steps'][number]): boolean =>
  captures !== undefined || optional === true || think !== undefined;

/** Whether it is told what a step made, or removed. */
const isTold = ({ creates, removes }: CompiledStep): boolean => creates !== undefined || removes === true;

/** The steps inside of repetitions; or, without `any`, of those over a list. */
const stepsIn = (flow: Flow, any: boolean, inside = false): readonly number[] =>
  flow.flatMap((node) => stepsOf(node, any, inside));

const stepsOf = (node: FlowNode, any: boolean, inside: boolean): readonly number[] => {
  switch (node.type) {
    case 'step':
      return inside ? [node.step] : [];
    case 'if':
      return [...stepsIn(node.body, any, inside), ...stepsIn(node.otherwise, any, inside)];
    case 'repeat':
      return stepsIn(node.body, any, inside || any);
    case 'each':
      return stepsIn(node.body, any, true);
  }
};

class ProgramWriter {
  readonly #instructions: Instruction[] = [];
  readonly #scenario: string;
  readonly #capturedBefore: (step: number) => readonly string[];
  readonly #common: Common;
  /** Repetitions around what is written, and those of them over a list. */
  #depth = 0;
  #eachDepth = 0;

  constructor(scenario: string, capturedBefore: (step: number) => readonly string[], common: Common) {
    this.#scenario = scenario;
    this.#capturedBefore = capturedBefore;
    this.#common = common;
  }

  write(flow: Flow): Program {
    for (const node of flow) this.#write(node);
    return this.#instructions;
  }

  #write(node: FlowNode): void {
    switch (node.type) {
      case 'step':
        this.#instructions.push({ type: 'request', step: node.step, looped: this.#depth > 0 });
        break;
      case 'if':
        this.#writeIf(node);
        break;
      case 'repeat':
        this.#instructions.push({ type: 'repeat', loop: this.#depth, times: node.times });
        this.#writeBody(node.body);
        break;
      case 'each':
        this.#writeEach(node);
        break;
    }
  }

  #writeIf({ condition, body, otherwise }: Extract<FlowNode, { type: 'if' }>): void {
    const compiled = this.#condition(condition, this.#captured(body));
    const from = this.#hold();
    this.write(body);
    const middle = otherwise.length > 0 ? this.#hold() : undefined;
    this.#instructions[from] = { type: 'unless', condition: compiled, to: this.#next };
    this.write(otherwise);
    if (middle !== undefined) this.#instructions[middle] = { type: 'jump', to: this.#next };
  }

  #writeEach({ list, body }: Extract<FlowNode, { type: 'each' }>): void {
    const captured = this.#list(list, this.#captured(body));
    const from = this.#hold();
    const loop = this.#depth;
    this.#eachDepth += 1;
    this.#writeBody(body);
    this.#eachDepth -= 1;
    this.#instructions[from] = { type: 'each', loop, list: captured, to: this.#next };
  }

  #writeBody(body: Flow): void {
    const to = this.#next;
    this.#depth += 1;
    this.write(body);
    this.#depth -= 1;
    this.#instructions.push({ type: 'again', loop: this.#depth, to });
  }

  get #next(): number {
    return this.#instructions.length;
  }

  /** Keeps a place for an instruction that is known later. */
  #hold(): number {
    return this.#instructions.push({ type: 'jump', to: this.#next + 1 }) - 1;
  }

  /** Names that are captured where a part of the flow begins. */
  #captured(part: Flow): readonly string[] {
    const [first] = stepsIn(part, true, true);
    return [...this.#capturedBefore(first ?? 0), ...(this.#eachDepth > 0 ? [itemName] : [])];
  }

  #condition(condition: Condition, captured: readonly string[]): CompiledCondition {
    const { data, run, streams } = this.#common;
    const where = `if of scenario "${this.#scenario}"`;
    const read = (text: string): Text => readTemplates(text, where, streams, { data, captured, run, place: 'text' });
    if (condition.type === 'there') return { type: 'there', text: read(condition.text) };
    const [first, second] = condition.texts;
    return { type: 'equals', texts: [read(first), read(second)] };
  }

  #list(list: string, captured: readonly string[]): CapturedList {
    const { data, run, streams } = this.#common;
    const where = `each of scenario "${this.#scenario}"`;
    const names = [...captured, ...run.names];
    const name = list.split(/[.[]/)[0]!;
    if (names.includes(name)) {
      const text = readTemplates(`{{${list}}}`, where, streams, { data, captured: names, place: 'text' });
      const part = typeof text === 'string' ? text : text[0];
      if (typeof part === 'object' && part.type === 'captured') {
        const known = captured.includes(name) ? undefined : valueAt(run.values.get(name), part.path);
        return { name: part.name, path: part.path, ...(Array.isArray(known) && { values: known }) };
      }
    }
    const near = didYouMean(list, names);
    const known = names.length > 0 ? names.join(' or ') : 'a name that a step before captures';
    throw new UserError(`${where}: found ${list}, expected ${known}`, near ? { hint: `did you mean ${near}?` } : {});
  }
}
