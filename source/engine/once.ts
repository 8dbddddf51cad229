// Runs one iteration of each scenario in this thread, one after the other, and tells what went over the wire: for writing a
// profile, and for what is done once before and after a load. Everything takes the way that it takes under load; somebody only
// looks on.

import { type Clock, SystemClock, wallNow } from '../common/clock.ts';
import { causes } from '../measure/cause.ts';
import { type Instants, Recorder } from '../measure/recorder.ts';
import type { ResourceChange } from '../measure/resources.ts';
import { AddressBook } from './address-book.ts';
import type { EngineSpec } from './engine.ts';
import type { Exchange } from './exchange.ts';
import type { Hearing, Judgement } from './hearing.ts';
import { type Ending, Iterations, type Onlooker } from './iteration.ts';
import { Pool } from './pool.ts';
import { type LoadedFunction, loadFunctions, ProfileFunctions } from './profile-functions.ts';
import { type Request, Scratch } from './request.ts';
import { type RequestView, viewRequest } from './request-view.ts';
import { type SharedFile, shareFiles } from './upload-files.ts';
import { connectionSettings, iterationSettings, listenerOf } from './worker-parts.ts';

/** How often limits and think time are looked at, ms. */
const lookMs = 20;
/** Of a body, so much is told (bytes). */
const mostTold = 65_536;

/** An answer, as far as it came. */
export interface AnswerView {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The beginning of the body, as it came. */
  readonly body: Buffer;
  /** Bytes of all of it. */
  readonly size: number;
  /** The pieces it came in, ms since the request began. */
  readonly pieces: readonly { readonly atMs: number; readonly bytes: number }[];
  readonly firstByteMs: number;
  readonly endedMs: number;
}

/** A request and what came of it. */
export interface ExchangeView {
  readonly scenario: number;
  /** Index into the steps of its scenario. */
  readonly step: number;
  /** Undefined where the request could not be made. */
  readonly request: RequestView | undefined;
  readonly answer: AnswerView | undefined;
  /** Expectations that were judged, by the index of their metric. */
  readonly judged: readonly { readonly metric: number; readonly passed: boolean }[];
  readonly captured: readonly (readonly [name: string, value: unknown])[];
  /** Undefined: neither good nor bad, as of a step that the target does not have. */
  readonly outcome:
    | { readonly good: boolean; readonly cause: string; readonly example: string | undefined }
    | undefined;
}

/** A view in the making. */
interface Draft {
  scenario: number;
  step: number;
  request: RequestView | undefined;
  answer: AnswerView | undefined;
  judged: { metric: number; passed: boolean }[];
  captured: (readonly [string, unknown])[];
  outcome: { good: boolean; cause: string; example: string | undefined } | undefined;
}

export type OnceSpec = Pick<
  EngineSpec,
  | 'origin'
  | 'transport'
  | 'addresses'
  | 'scenarios'
  | 'feeders'
  | 'code'
  | 'seriesCount'
  | 'metrics'
  | 'seed'
  | 'connectTimeoutMs'
> & {
  readonly timeoutMs: number;
  /** Users think as the profile says; default: nobody waits for them. */
  readonly thinks?: boolean;
  /** Fires where no further step is to begin. */
  readonly stopped?: AbortSignal | undefined;
  /** Fires, after it, where nothing on its way is awaited either. */
  readonly skip?: AbortSignal | undefined;
};

export interface OnceListener {
  exchange(view: ExchangeView): void;
  note(text: string): void;
  /** What was made and removed, once at the end. */
  resources?(change: ResourceChange): void;
}

/** Runs the scenarios (by their indexes) once each; resolves with whether each iteration was good, of those that began. */
export const runOnce = async (
  spec: OnceSpec,
  scenarios: readonly number[],
  listener: OnceListener,
): Promise<readonly boolean[]> => {
  // What is small is in memory, where it can be looked at.
  const files = await shareFiles(spec.scenarios);
  const functions = await loadFunctions(spec.code);
  const once = new Once(spec, { files, functions }, scenarios, listener);
  const results: boolean[] = [];
  try {
    for (const [n, scenario] of scenarios.entries()) {
      if (spec.stopped?.aborted || spec.skip?.aborted) break;
      results.push((await once.run(n, scenario)) === 'good');
    }
    await once.leave();
  } finally {
    once.close();
  }
  return results;
};

class Once implements Onlooker {
  readonly #clock: Clock = new SystemClock();
  readonly #spec: OnceSpec;
  readonly #listener: OnceListener;
  readonly #iterations: Iterations;
  readonly #pool: Pool;
  readonly #cancel: () => void;
  #draft: Draft | undefined;
  #freed: (ending: Ending) => void = () => {};
  #left: () => void = () => {};
  #isCut = false;
  #exchange: Exchange | undefined;

  constructor(
    spec: OnceSpec,
    { files, functions }: { readonly files: readonly SharedFile[]; readonly functions: readonly LoadedFunction[] },
    scenarios: readonly number[],
    listener: OnceListener,
  ) {
    this.#spec = spec;
    this.#listener = listener;
    const now = (): number => this.#clock.now();
    const recorder = new TellingRecorder(spec, this);
    const limits = { connections: 1, maxInFlight: 1, timeoutMs: spec.timeoutMs };
    // Nobody wants to wait for users who think.
    const unhurried = spec.scenarios.map((scenario) => ({
      ...scenario,
      steps: scenario.steps.map(({ think, ...step }) => (spec.thinks ? { think, ...step } : step)),
    }));
    const worker = { ...spec, files, scenarios: unhurried, share: undefined, limits };
    const wallAt = wallNow() - now();
    const code = new ProfileFunctions(functions, { seed: spec.seed, wallAt });
    const note = (text: string): void => listener.note(text);
    const settings = iterationSettings(worker, now, wallAt, note, code);
    this.#iterations = new Iterations(recorder, {
      ...settings,
      choose: (n) => scenarios[n] ?? 0,
      onlooker: this,
    });
    const book = new AddressBook(spec.addresses, 0);
    const counterOf = (address: string) => recorder.address(address);
    const connections = connectionSettings(worker, { book, counterOf, now });
    this.#pool = new Pool(1, spec.transport.http2, connections, listenerOf(spec, this.#iterations));
    this.#iterations.drivenBy({ freed: (_, __, ending) => this.#freed(ending) });
    this.#cancel = this.#clock.every(lookMs, () => this.#iterations.checkDeadlines(now()));
    spec.stopped?.addEventListener('abort', this.#end, { once: true });
    if (spec.stopped?.aborted) this.#end();
    spec.skip?.addEventListener('abort', this.#cut, { once: true });
    if (spec.skip?.aborted) this.#cut();
  }

  /** One iteration. */
  async run(n: number, scenario: number): Promise<Ending> {
    this.#exchange ??= this.#pool.take();
    const exchange = this.#exchange;
    if (!exchange) throw new Error('a new pool has an exchange');
    exchange.user = 0;
    const now = this.#clock.now();
    const ending = await new Promise<Ending>((resolve) => {
      this.#freed = resolve;
      this.#iterations.begin(exchange, n, now, now, now);
    });
    this.#flush();
    if (ending === 'cutOff' && !this.#isCut && !this.#spec.stopped?.aborted)
      throw new Error(`the iteration of scenario ${scenario + 1} was cut off`);
    return ending;
  }

  /** The user leaves. */
  async leave(): Promise<void> {
    const exchange = this.#exchange;
    if (exchange && !this.#isCut) {
      await new Promise<void>((resolve) => {
        this.#left = resolve;
        this.#iterations.leave(exchange, resolve);
      });
    }
    this.#flush();
  }

  close(): void {
    const change = this.#iterations.resources.take();
    if (change) this.#listener.resources?.(change);
    this.#spec.stopped?.removeEventListener('abort', this.#end);
    this.#spec.skip?.removeEventListener('abort', this.#cut);
    this.#cancel();
    this.#pool.destroy();
  }

  begins({ scenario, step }: Exchange): void {
    this.#flush();
    this.#draft = {
      scenario,
      step,
      request: undefined,
      answer: undefined,
      judged: [],
      captured: [],
      outcome: undefined,
    };
  }

  sends(exchange: Exchange, request: Request): void {
    if (!this.#draft) return;
    const scratch = new Scratch();
    scratch.intendedAt = exchange.intendedAt;
    this.#draft.request = viewRequest(request, { n: exchange.arrival, scratch, http2: this.#spec.transport.http2 });
  }

  hears(inner: Hearing | undefined): Hearing {
    return new ShownHearing(inner, (exchange, answer) => this.#answered(exchange, answer));
  }

  judged(metric: number, passed: boolean): void {
    this.#draft?.judged.push({ metric, passed });
  }

  ended(good: boolean, cause: number): void {
    if (this.#draft) this.#draft.outcome = { good, cause: causes[cause]!.name, example: undefined };
  }

  example(text: string): void {
    if (this.#draft?.outcome) this.#draft.outcome.example = text;
  }

  readonly #end = (): void => this.#iterations.end();

  readonly #cut = (): void => {
    this.#isCut = true;
    this.#iterations.cutOff();
    this.#freed('cutOff');
    this.#left();
  };

  #answered(exchange: Exchange, answer: AnswerView | undefined): void {
    if (!this.#draft) return;
    this.#draft.answer = answer;
    const { captures = [] } = this.#spec.scenarios[this.#draft.scenario]!.steps[this.#draft.step]!;
    for (const { name } of answer ? captures : []) {
      const value = exchange.walk?.value(name);
      if (value !== undefined) this.#draft.captured.push([name, value]);
    }
  }

  #flush(): void {
    const draft = this.#draft;
    this.#draft = undefined;
    if (draft) this.#listener.exchange(draft);
  }
}

/** Tells what is counted. */
class TellingRecorder extends Recorder {
  readonly #once: Pick<Once, 'judged' | 'ended' | 'example'>;

  constructor({ seriesCount, metrics }: OnceSpec, once: Pick<Once, 'judged' | 'ended' | 'example'>) {
    super(0, seriesCount, 0, metrics);
    this.#once = once;
  }

  override ended(series: number, cause: number, good: boolean, at: Instants): boolean {
    super.ended(series, cause, good, at);
    this.#once.ended(good, cause);
    return !good;
  }

  override example(_: number, __: number, text: string): void {
    this.#once.example(text);
  }

  override passed(metric: number, passed: boolean): void {
    this.#once.judged(metric, passed);
  }
}

/** Hears for the step, and keeps what came. */
class ShownHearing implements Hearing {
  readonly #inner: Hearing | undefined;
  readonly #tell: (exchange: Exchange, answer: AnswerView | undefined) => void;
  readonly #kept: Buffer[] = [];
  readonly #pieces: { at: number; bytes: number }[] = [];
  #size = 0;

  constructor(inner: Hearing | undefined, tell: (exchange: Exchange, answer: AnswerView | undefined) => void) {
    this.#inner = inner;
    this.#tell = tell;
  }

  get overAt(): number | undefined {
    return this.#inner?.overAt;
  }

  take(bytes: Buffer, from: number, to: number, at: number): void {
    if (this.#size < mostTold) this.#kept.push(Buffer.from(bytes.subarray(from, Math.min(to, from + mostTold))));
    this.#size += to - from;
    this.#pieces.push({ at, bytes: to - from });
    this.#inner?.take(bytes, from, to, at);
  }

  ended(exchange: Exchange): Judgement {
    const judgement = this.#inner?.ended(exchange) ?? { good: true };
    this.#tell(exchange, this.#view(exchange));
    return judgement;
  }

  valueAt(path: string): unknown {
    return this.#inner?.valueAt(path);
  }

  ignored(exchange: Exchange): void {
    this.#inner?.ignored(exchange);
    this.#tell(exchange, exchange.headComplete ? this.#view(exchange) : undefined);
  }

  #view(exchange: Exchange): AnswerView {
    const { startedAt, status, statusText, firstByteAt, endedAt } = exchange;
    return {
      status,
      statusText,
      headers: exchange.headerLines,
      body: Buffer.concat(this.#kept),
      size: this.#size,
      pieces: this.#pieces.map(({ at, bytes }) => ({ atMs: at - startedAt, bytes })),
      firstByteMs: firstByteAt - startedAt,
      endedMs: endedAt - startedAt,
    };
  }
}
