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
import { programVersion } from './machine.ts';
import { exchangeLines } from './once-text.ts';
import { prepareData } from './prepare-data.ts';
import { reach } from './reach.ts';
import { agree } from './run.ts';
import { RunFrame } from './run-frame.ts';
import { type Io, isAttended } from './terminal.ts';
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
  const printer = new OncePrinter(profile, show, (line) => void io.stdout.write(`${line}\n`));
  const options = { userAgent: `loadtop/${programVersion()}`, data };
  const frame = new RunFrame({
    profile,
    compiled: (captured) => compile(profile, { ...options, ...(captured && { captured }) }),
    transport,
    addresses,
    seed,
    onlooker: (part, view, { metrics }) => printer.frame(part, view, metrics),
  });
  await frame.setUp(new AbortController().signal);
  const { compiled } = frame;
  const results = await runOnce(
    {
      origin: originOf(profile),
      transport,
      addresses,
      scenarios: compiled.scenarios,
      feeders: compiled.feeders,
      code: compiled.code,
      seriesCount: compiled.series.length,
      metrics: compiled.metrics,
      seed,
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
  const faults = await frame.undo();
  for (const fault of faults) printer.line(fault);
  return results.every((good) => good) && faults.length === 0 ? exitCodes.fine : exitCodes.failed;
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
