// `--once`: one iteration of each scenario, printed, for those who write a profile. No load, no screen, no recording.

import { type ExitCode, exitCodes } from '../common/errors.ts';
import { freshSeed } from '../common/random.ts';
import { safeText } from '../common/safe-text.ts';
import { runOnce } from '../engine/once.ts';
import { compile } from '../profile/compile.ts';
import { targetPermission } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { programVersion } from './machine.ts';
import { exchangeLines, Secrets } from './once-text.ts';
import { prepareData } from './prepare-data.ts';
import { reach } from './reach.ts';
import { agree } from './run.ts';
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
  const compiled = compile(profile, { userAgent: `loadtop/${programVersion()}`, data });
  const transport = transportOf(profile, 1);
  const { addresses, reached } = await reach(profile, transport);
  const permission = targetPermission(reached, profile.allow, yes);
  if (permission.type === 'ask') await agree(permission.why, profile.origin, isAttended(io) ? io : undefined, false);
  const secrets = new Secrets(profile.secrets);
  const print = (line: string): void => void io.stdout.write(`${line}\n`);
  const chosen = [...profile.scenarios.keys()].filter((index) => profile.scenarios[index]!.weight > 0);
  let announced = -1;
  const results = await runOnce(
    {
      origin: originOf(profile),
      transport,
      addresses,
      scenarios: compiled.scenarios,
      feeders: compiled.feeders,
      seriesCount: compiled.series.length,
      metrics: compiled.metrics,
      seed: profile.seed ?? freshSeed(),
      connectTimeoutMs: profile.connection.connectTimeoutMs,
      timeoutMs: profile.timeoutMs,
    },
    chosen,
    {
      exchange: (view) => {
        const scenario = profile.scenarios[view.scenario]!;
        if (view.scenario !== announced && profile.scenarios.length > 1) print(`scenario ${safeText(scenario.name)}`);
        announced = view.scenario;
        const names = {
          origin: profile.origin,
          step: safeText(scenario.steps[view.step]!.name),
          metric: (index: number) => safeText(compiled.metrics[index]!.name),
        };
        for (const line of exchangeLines(view, names, { secrets, show })) print(line);
      },
      // What is skipped has a line of its own.
      note: () => {},
    },
  );
  return results.every((good) => good) ? exitCodes.fine : exitCodes.failed;
};
