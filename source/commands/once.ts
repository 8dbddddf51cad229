// `--once`: one iteration of each scenario, printed, for those who write a profile. No load, no screen, no recording.

import { type ExitCode, exitCodes } from '../common/errors.ts';
import { freshSeed } from '../common/random.ts';
import { safeText } from '../common/safe-text.ts';
import { Secrets } from '../common/secrets.ts';
import { type ExchangeView, runOnce } from '../engine/once.ts';
import type { Metric } from '../measure/metric.ts';
import { compile } from '../profile/compile.ts';
import { targetPermission } from '../profile/guard.ts';
import type { Profile, Step } from '../profile/profile.ts';
import { secretTexts } from '../profile/secret-texts.ts';
import { SetUpStopped } from './coming-run.ts';
import { unbegunCode } from './exit-code.ts';
import { programVersion } from './machine.ts';
import { exchangeLines } from './once-text.ts';
import { prepareData } from './prepare-data.ts';
import { reach } from './reach.ts';
import { agree } from './run.ts';
import { type FrameParts, RunFrame } from './run-frame.ts';
import { Signals } from './signals.ts';
import { type Io, isAttended, writerTo } from './terminal.ts';
import { originOf, transportOf } from './transport.ts';

export interface OnceOptions {
  /** Each request and its answer are printed as they went over the wire. */
  readonly show: boolean;
  readonly yes: boolean;
}

/**
 * Runs each scenario once.
 * @returns 1 where something was not as expected
 * @throws UserError where it cannot be carried out as asked
 */
export const once = async (profile: Profile, { show, yes }: OnceOptions, io: Io): Promise<ExitCode> => {
  const data = await prepareData(profile, { env: io.env, tell: (text) => io.stderr.write(`${text}\n`) });
  const transport = transportOf(profile, 1);
  const { addresses, reached } = await reach(profile, transport);
  const permission = targetPermission(reached, profile.allow, yes);
  if (permission.type === 'ask') await agree(permission.why, profile.origin, isAttended(io) ? io : undefined, false);
  const seed = profile.seed ?? freshSeed();
  // Whoever reads may have had enough: what was made is removed all the same.
  const out = writerTo(io.stdout, () => {});
  const printer = new OncePrinter(profile, show, (line) => out.write(`${line}\n`));
  const options = { userAgent: `loadtop/${programVersion()}`, data };
  const frame = new RunFrame({
    profile,
    compiled: (captured) => compile(profile, { ...options, ...(captured && { captured }) }),
    transport,
    addresses,
    seed,
    onlooker: (part, view, { metrics }) => printer.frame(part, view, metrics),
  });
  const stopping = new AbortController();
  const skipping = new AbortController();
  const [stopped, skip] = [stopping.signal, skipping.signal];
  // What was made is removed, also where somebody wants no more of it.
  const signals = new Signals({ stop: () => stopping.abort(), abort: () => skipping.abort() });
  let good = false;
  let faults: readonly string[] = [];
  try {
    await frame.setUp(stopped, skip);
    good = await scenariosOnce(profile, { frame, transport, addresses, seed, printer }, { stopped, skip });
  } catch (error) {
    if (!(error instanceof SetUpStopped)) throw error;
    ({ faults } = error);
  } finally {
    faults = [...faults, ...(await frame.undo(skip))];
    for (const fault of faults) printer.line(fault);
    signals.release();
  }
  if (stopped.aborted) return unbegunCode(signals.received, skip.aborted);
  return good && faults.length === 0 ? exitCodes.fine : exitCodes.failed;
};

/** Whether all of them were good. */
const scenariosOnce = async (
  profile: Profile,
  {
    frame,
    printer,
    ...ways
  }: Pick<FrameParts, 'transport' | 'addresses' | 'seed'> & {
    readonly frame: RunFrame;
    readonly printer: OncePrinter;
  },
  ends: { readonly stopped: AbortSignal; readonly skip: AbortSignal },
): Promise<boolean> => {
  const { compiled } = frame;
  const results = await runOnce(
    {
      ...ways,
      ...ends,
      origin: originOf(profile),
      scenarios: compiled.scenarios,
      feeders: compiled.feeders,
      code: compiled.code,
      seriesCount: compiled.series.length,
      metrics: compiled.metrics,
      connectTimeoutMs: profile.connection.connectTimeoutMs,
      timeoutMs: profile.timeoutMs,
    },
    [...profile.scenarios.keys()].filter((index) => profile.scenarios[index]!.weight > 0),
    {
      exchange: (view) => printer.scenario(view, compiled.metrics),
      // What is skipped has a line of its own.
      note: () => {},
      resources: (change) => frame.take(change),
    },
  );
  return results.every((good) => good);
};

/** Prints what is sent and what came of it, under what it belongs to. */
class OncePrinter {
  readonly #profile: Profile;
  readonly #show: boolean;
  readonly #print: (line: string) => void;
  readonly #secrets: Secrets;
  #announced: string | undefined;

  constructor(profile: Profile, show: boolean, print: (line: string) => void) {
    this.#profile = profile;
    this.#show = show;
    this.#print = print;
    this.#secrets = new Secrets(secretTexts(profile));
  }

  line(text: string): void {
    this.#print(this.#secrets.mask(text));
  }

  scenario(view: ExchangeView, metrics: readonly Metric[]): void {
    const { scenarios } = this.#profile;
    const { name, steps } = scenarios[view.scenario]!;
    if (scenarios.length > 1) this.#announce(`scenario ${safeText(name)}`);
    this.#exchange(view, steps, metrics);
  }

  /** Of what is done once before and after. */
  frame(part: 'setup' | 'teardown', view: ExchangeView, metrics: readonly Metric[]): void {
    this.#announce(part === 'setup' ? 'set-up' : 'tear-down');
    if (part === 'setup') this.#secrets.learnAll(view.captured);
    this.#exchange(view, this.#profile[part]?.steps ?? [], metrics);
  }

  #announce(heading: string): void {
    if (heading !== this.#announced) this.#print(heading);
    this.#announced = heading;
  }

  #exchange(view: ExchangeView, steps: readonly Step[], metrics: readonly Metric[]): void {
    const names = {
      origin: this.#profile.origin,
      step: safeText(steps[view.step]!.name),
      metric: (index: number) => safeText(metrics[index]!.name),
    };
    for (const line of exchangeLines(view, names, { secrets: this.#secrets, show: this.#show })) this.#print(line);
  }
}
