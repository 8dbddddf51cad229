// A scenario made ready to run: its steps with their requests and with what is made of their answers, its programs with their
// conditions. Built once in each worker.

import { keyOf } from '../common/random.ts';
import { thinkMs } from '../load/think.ts';
import type { Recorder } from '../measure/recorder.ts';
import type { CompiledCount } from '../profile/compile-counts.ts';
import type { CompiledCondition, CompiledScenario, Program } from '../profile/compile-scenario.ts';
import type { CompiledStep, CompiledThink } from '../profile/compile-step.ts';
import type { Exchange } from './exchange.ts';
import { generalRequest, type MakeRequest } from './general-request.ts';
import { generalText } from './general-text.ts';
import { type Hear, hearOf } from './hearing.ts';
import { type Request, type RequestSettings, requestOf } from './request.ts';
import type { ValueSource } from './template-value.ts';
import type { Programs, ReadyProgram, Walk } from './walk.ts';

export interface ReadyStep {
  readonly series: number;
  readonly request: Request;
  /** Makes the request anew each time, in place of `request`. */
  readonly make: MakeRequest | undefined;
  readonly expected: ReadonlySet<number> | undefined;
  /** The metric that counts the expectation of the status; -1 for none. */
  readonly statusMetric: number;
  /** Values of a catalogue in each request; 0 without one. */
  readonly items: number;
  /** Undefined where the status is all that counts. */
  readonly hear: Hear | undefined;
  /** Index of the metric of its send rate; undefined where its body goes out at once. */
  readonly sendRate: number | undefined;
  /** Undefined where nothing is counted beside the request. */
  readonly counts: readonly CompiledCount[] | undefined;
  /** The head of an answer is of use although its status is below 400. */
  readonly keepsHead: boolean;
  readonly timeoutMs: number | undefined;
  readonly idleMs: number | undefined;
  /** Its name, where it is left out once the target says that it has no such thing. */
  readonly optional: string | undefined;
  /** How long is thought after it, by the number that is drawn with, ms. */
  readonly thinkMs: ((n: number) => number) | undefined;
  /** The request that removes what it made, where the iteration is; undefined where it makes nothing. @throws what isUnmade tells */
  readonly creates: ((walk: Walk) => string) | undefined;
  /** Its method, where it may be the request that removes what a step made. */
  readonly removes: string | undefined;
}

export interface ReadyScenario {
  readonly steps: readonly ReadyStep[];
  /** Undefined: the steps run one after the other. */
  readonly programs: Programs | undefined;
}

/** What scenarios are made ready with. */
export interface ReadySettings {
  readonly request: RequestSettings;
  readonly recorder: Recorder;
  /** A stream came to its end, before its answer did. */
  readonly over: (exchange: Exchange) => void;
}

export const readyScenario = (scenario: CompiledScenario, index: number, settings: ReadySettings): ReadyScenario => {
  const { steps, cookies = false, program, setup, teardown, known = {} } = scenario;
  const { source } = settings.request;
  const ready = (part: Program | undefined): ReadyProgram | undefined => part && readyProgram(part, source);
  const main = ready(program);
  return {
    steps: steps.map((step) => readyStep(step, cookies, settings)),
    programs: main && {
      scenario: index,
      setup: ready(setup),
      main,
      teardown: ready(teardown),
      skipped: new Uint8Array(steps.length),
      keepsCookies: cookies,
      known: new Map(Object.entries(known)),
    },
  };
};

const readyStep = (step: CompiledStep, cookies: boolean, { request, recorder, over }: ReadySettings): ReadyStep => {
  const hear = hearOf(step, { recorder, cookies, over, functions: request.source.functions });
  const { series, expectStatus, statusMetric = -1, items = 0, timeoutMs, idleMs, optional, think } = step;
  return {
    series,
    request: requestOf(step, request),
    make: step.general ? generalRequest(step, request) : undefined,
    expected: expectStatus ? new Set(expectStatus) : undefined,
    statusMetric,
    items,
    hear,
    sendRate: step.upload?.sendRate,
    counts: step.counts,
    keepsHead: expectStatus !== undefined || hear !== undefined,
    timeoutMs,
    idleMs,
    optional,
    thinkMs: think && thinkTime(think, request.source.seed),
    creates: step.creates && removalOf(step.creates, request.source),
    removes: step.removes ? step.method : undefined,
  };
};

const removalOf = (
  { method, path }: NonNullable<CompiledStep['creates']>,
  source: ValueSource,
): ((walk: Walk) => string) => {
  const text = generalText(path, source);
  return (walk) => `${method} ${text(walk)}`;
};

const thinkTime = ({ think, stream }: CompiledThink, seed: number): ((n: number) => number) => {
  const key = keyOf(seed, stream);
  return (n) => thinkMs(think, key, n);
};

const readyProgram = (program: Program, source: ValueSource): ReadyProgram =>
  program.map((instruction) =>
    instruction.type === 'unless'
      ? { type: 'unless', to: instruction.to, holds: condition(instruction.condition, source) }
      : instruction,
  );

/** What counts as nothing in a condition. */
const nothings = new Set(['', 'false', 'null', '0', '[]', '{}']);

const condition = (compiled: CompiledCondition, source: ValueSource): ((walk: Walk) => boolean) => {
  const options = { missing: '' };
  if (compiled.type === 'there') {
    const text = generalText(compiled.text, source, options);
    return (walk) => !nothings.has(text(walk).trim());
  }
  const [one, other] = compiled.texts.map((text) => generalText(text, source, options));
  return (walk) => one!(walk) === other!(walk);
};
