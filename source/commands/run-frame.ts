// What stands around the load of a run: its set-up before, and after it the clean-up of what it made and its tear-down. All of
// it is sent from the main thread, and counted nowhere.

import { errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { safeText } from '../common/safe-text.ts';
import { capturedOnce, Secrets } from '../common/secrets.ts';
import { formatCount } from '../common/units.ts';
import { type ExchangeView, runOnce } from '../engine/once.ts';
import type { Address, Transport } from '../engine/protocol.ts';
import { type SweepListener, sweep } from '../engine/sweep.ts';
import type { ResourceChange } from '../measure/resources.ts';
import type { CompiledOnce, CompiledRun } from '../profile/compile.ts';
import { wordsOfStatuses } from '../profile/expectation.ts';
import type { Profile } from '../profile/profile.ts';
import { secretTexts } from '../profile/secret-texts.ts';
import type { Afterwards } from '../session/aftermath.ts';
import { ResourceLedger } from '../session/resource-ledger.ts';
import { SetUpStopped } from './coming-run.ts';
import { originOf } from './transport.ts';

/** Of the clean-up after a run: requests in a second, and how long it takes at the most. */
export const cleanUpPerSecond = 50;
const cleanUpMs = 30_000;

/** Phases before it have sent theirs. */
const noLoadText = ({ phase }: Profile): string =>
  phase !== undefined && phase.number > 1 ? `no load of phase ${safeText(phase.name)} was sent` : 'no load was sent';

/** Of work that nobody cuts short. */
const never = new AbortController().signal;

/** What the frame is made of. */
export interface FrameParts {
  readonly profile: Profile;
  /** The profile made ready with what its set-up captured. */
  readonly compiled: (captured?: ReadonlyMap<string, unknown>) => CompiledRun;
  readonly transport: Transport;
  readonly addresses: readonly Address[];
  readonly seed: number;
  /** Is shown each request of the set-up and the tear-down. */
  readonly onlooker?: (part: 'setup' | 'teardown', view: ExchangeView, once: CompiledOnce) => void;
}

export class RunFrame {
  readonly #parts: FrameParts;
  readonly #captured = new Map<string, unknown>();
  readonly #ledger = new ResourceLedger();
  #made: ResourceChange | undefined;
  /** What is undone was begun, and not undone yet. */
  #begun = false;
  #compiled: CompiledRun;

  constructor(parts: FrameParts) {
    this.#parts = parts;
    this.#compiled = parts.compiled();
  }

  /** What is sent, with what the set-up captured once it was run. */
  get compiled(): CompiledRun {
    return this.#compiled;
  }

  /** What must not be shown, with what the set-up captured. */
  get secrets(): readonly string[] {
    return [...secretTexts(this.#parts.profile), ...capturedOnce(this.#captured)];
  }

  /** What the set-up made. */
  get made(): ResourceChange | undefined {
    return this.#made;
  }

  /**
   * Runs the set-up. @param stopped no further step of it begins @param skip nothing is awaited or undone any more
   * @throws UserError that says which step was not as expected, SetUpStopped; what it made is removed, and the tear-down was tried
   */
  async setUp(stopped: AbortSignal, skip: AbortSignal = never): Promise<void> {
    const { setup } = this.#compiled;
    this.#begun = true;
    if (!setup) return;
    const notDone = await this.#once('setup', setup, { stopped, skip });
    const notReady = this.#compileAgain();
    const fault = notDone ?? notReady;
    if (fault === undefined && !stopped.aborted) return;
    const after = await this.undo(skip);
    if (stopped.aborted) throw new SetUpStopped(after);
    throw new UserError(`set-up: ${fault}`, {
      hint: [noLoadText(this.#parts.profile), ...after].join('; '),
      exitCode: exitCodes.failed,
    });
  }

  /** Makes the profile ready with what was captured. @returns why it cannot be */
  #compileAgain(): string | undefined {
    try {
      this.#compiled = this.#parts.compiled(this.#captured);
      return undefined;
    } catch (error) {
      return errorMessage(error);
    }
  }

  /** What is done once the load has ended; undefined: nothing. */
  get afterwards(): Afterwards | undefined {
    const { cleanUp, teardown } = this.#compiled;
    if (!cleanUp && !teardown) return undefined;
    return {
      cleanUp: (resources, listener, skip) => this.cleanUp(resources, listener, skip),
      tearDown: teardown && (() => this.#once('teardown', teardown)),
    };
  }

  /** Something was made beside the load. */
  take(change: ResourceChange): void {
    this.#ledger.take(change);
  }

  /**
   * Ends what was begun, where no load follows: removes what was made, and runs the tear-down where the set-up was run.
   * @param skip none of it is awaited any more
   * @returns what went wrong
   */
  async undo(skip: AbortSignal = never): Promise<readonly string[]> {
    if (!this.#begun) return [];
    this.#begun = false;
    const whyLeft = new Map<string, string>();
    const { held } = this.#ledger;
    const listener: SweepListener = {
      gone: (resource) => this.#ledger.cleanedUp(resource),
      left: (resource, why) => whyLeft.set(resource, why),
    };
    const why = held.size > 0 ? await this.cleanUp(held, listener, skip) : undefined;
    const faults = [...held].map((resource) => {
      const reason = whyLeft.get(resource) ?? why ?? 'it was not tried';
      return `clean-up: ${resource} is left: ${safeText(reason, 200)}`;
    });
    const { unanswered = 0 } = this.#ledger.summary() ?? {};
    if (unanswered > 0) {
      faults.push(`clean-up: it is not known what ${formatCount(unanswered)} of the requests made that make something`);
    }
    const { teardown } = this.#compiled;
    if (!teardown) return faults;
    const fault = skip.aborted ? 'skipped, as was asked for' : await this.#once('teardown', teardown, { skip });
    return fault === undefined ? faults : [...faults, `tear-down: ${fault}`];
  }

  /** Removes resources at the pace of a clean-up. @param mostMs of all of it */
  cleanUp(
    resources: Iterable<string>,
    listener: SweepListener,
    skip: AbortSignal,
    mostMs = cleanUpMs,
  ): Promise<string | undefined> {
    const { profile, transport, addresses, seed } = this.#parts;
    const { cleanUp: headers = [], feeders, code } = this.#compiled;
    const { timeoutMs, connection } = profile;
    const origin = originOf(profile);
    const { connectTimeoutMs } = connection;
    const known = this.#captured;
    const spec = { origin, transport, addresses, feeders, code, seed, connectTimeoutMs, headers, known, timeoutMs };
    const secrets = new Secrets(this.secrets);
    const told: SweepListener = {
      gone: (resource) => listener.gone(resource),
      // A target may send back what it was sent.
      left: (resource, why) => listener.left(resource, secrets.mask(why)),
    };
    return sweep({ ...spec, perSecond: cleanUpPerSecond, mostMs }, resources, told, skip);
  }

  /** @returns what was not as expected */
  async #once(
    part: 'setup' | 'teardown',
    once: CompiledOnce,
    { stopped, skip }: { readonly stopped?: AbortSignal; readonly skip?: AbortSignal } = {},
  ): Promise<string | undefined> {
    const { profile, transport, addresses, seed, onlooker } = this.#parts;
    let fault: string | undefined;
    const exchange = (view: ExchangeView): void => {
      for (const [name, value] of part === 'setup' ? view.captured : []) this.#captured.set(name, value);
      if (view.outcome && !view.outcome.good) fault ??= this.#faultOf(part, view, once);
      onlooker?.(part, view, once);
    };
    const resources = (change: ResourceChange): void => {
      this.#ledger.take(change);
      if (part === 'setup') this.#made = change;
    };
    const spec = {
      origin: originOf(profile),
      transport,
      addresses,
      scenarios: [once.scenario],
      feeders: this.#compiled.feeders,
      code: this.#compiled.code,
      seriesCount: once.series.length,
      metrics: once.metrics,
      seed,
      connectTimeoutMs: profile.connection.connectTimeoutMs,
      timeoutMs: profile.timeoutMs,
      thinks: true,
      stopped,
      skip,
    };
    try {
      const [good] = await runOnce(spec, [0], { exchange, note: () => {}, resources });
      return good ? undefined : (fault ?? 'it did not come to its end');
    } catch (error) {
      return errorMessage(error);
    }
  }

  /** Which step it was, what was expected and what was found; without secrets, and without what was captured. */
  #faultOf(part: 'setup' | 'teardown', { step, outcome, answer }: ExchangeView, { scenario }: CompiledOnce): string {
    const { profile } = this.#parts;
    const { name = '' } = profile[part]?.steps[step] ?? {};
    const { expectStatus } = scenario.steps[step] ?? {};
    const found = outcome?.example ?? outcome?.cause ?? 'no answer';
    const isJudged = /^(expected|nothing at) /.test(found);
    const wanted =
      answer && expectStatus ? wordsOfStatuses(expectStatus) : answer ? 'a status from 200 to 399' : 'an answer';
    const text = isJudged ? found : `expected ${wanted}, found ${found}`;
    return new Secrets(this.secrets).mask(`${safeText(name, 100)}: ${safeText(text, 300)}`);
  }
}
