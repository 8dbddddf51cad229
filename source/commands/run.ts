// Carries out a run: from a complete profile to an exit code. What a run is made of is prepare-run.ts; runs that are started
// from fields, one after the other, are armed-runs.ts.

import { type ExitCode, UserError } from '../common/errors.ts';
import type { Profile } from '../profile/profile.ts';
import { outputsOf, withControl } from './control.ts';
import { prepareData } from './prepare-data.ts';
import { prepareRun } from './prepare-run.ts';
import { type RunOptions, RunScreen } from './run-screen.ts';
import { sketchRun } from './sketch-run.ts';
import { ask, canShowTui, type Io, isAttended } from './terminal.ts';

/**
 * Runs a profile.
 * @throws UserError where it cannot be carried out as asked
 */
export const run = async (profile: Profile, options: RunOptions, io: Io): Promise<ExitCode> => {
  const tui = options.tui && !options.json && !options.plain && canShowTui(io);
  // Who listens sits before it as who looks does.
  const listens = options.plain && isAttended(io);
  const data = await prepareData(profile, { env: io.env, tell: (text) => io.stderr.write(`${text}\n`) });
  const sketch = sketchRun(profile, tui || listens, data);
  const screen = new RunScreen(io, options, tui);
  return withControl(options.control, async (control) => {
    return screen.show((coming) => {
      control?.attach(coming);
      return prepareRun(sketch, {
        ...options,
        env: io.env,
        remarks: screen.remarks,
        outputs: [...screen.outputs, ...outputsOf(control)],
        agree: (why, { origin }) => agree(why, origin, tui || listens ? io : undefined, listens),
        stopped: coming.stopped,
        skip: coming.skip,
        tell: (text) => io.stderr.write(`${text}\n`),
      });
    });
  });
};

/** Asks whether load may go outside, or refuses. @param io where somebody can be asked @param plain in words alone */
export const agree = async (why: string, origin: string, io: Io | undefined, plain: boolean): Promise<void> => {
  if (io) {
    if (await ask(io, sendQuestion(why, origin), plain)) return;
    throw new UserError('not sent: you answered no', { hint: 'nothing was sent to the target' });
  }
  throw new UserError(`${why}: load is not sent there without being asked`, {
    hint: `--yes agrees beforehand; a profile may list the origin under 'allow'`,
  });
};

/** What is asked before load goes outside. */
export const sendQuestion = (why: string, origin: string): string => `${why}. Send load to ${origin}?`;
