// The command line as a whole: reads what is asked, carries it out, and turns what goes wrong into a sentence and an exit
// code. A stack trace in front of a user is a bug: one that happens all the same names itself as such.

import { type ExitCode, errorMessage, exitCodes, UserError } from '../common/errors.ts';
import type { Profile } from '../profile/profile.ts';
import { ArmedRuns, requireScreen } from './armed-runs.ts';
import { withControl } from './control.ts';
import { demo } from './demo.ts';
import { effectivePhases, effectiveProfile } from './effective-profile.ts';
import { helpText } from './help.ts';
import { programVersion } from './machine.ts';
import { processTitle } from './process-title.ts';
import { readArguments } from './read-arguments.ts';
import { run } from './run.ts';
import type { RunOptions } from './run-screen.ts';
import { runSource } from './run-source.ts';
import type { Io } from './terminal.ts';

/** Carries out a command line; never rejects. @param argv without the program's own two entries */
export const main = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  try {
    return await carryOut(argv, io);
  } catch (error) {
    io.stderr.write(faultText(error));
    return error instanceof UserError ? error.exitCode : exitCodes.failed;
  }
};

const carryOut = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  const invocation = readArguments(argv, io.env);
  process.title = processTitle(invocation);
  switch (invocation.command) {
    case 'help':
      io.stdout.write(helpText());
      return exitCodes.fine;
    case 'version':
      io.stdout.write(`${programVersion()}\n`);
      return exitCodes.fine;
    case 'demo':
      return demo(invocation.values, io);
    case 'check': {
      const { check } = await import('./check.ts');
      return check(invocation, io);
    }
    case 'profiles': {
      const { profiles } = await import('./profiles.ts');
      return profiles(invocation.values, io);
    }
    case 'cleanup': {
      const { cleanup } = await import('./cleanup.ts');
      return cleanup(invocation, io);
    }
    case 'doctor': {
      const { doctor } = await import('./doctor.ts');
      return doctor(invocation, io);
    }
    case 'ctl': {
      const { ctl } = await import('./ctl.ts');
      return ctl(invocation, io);
    }
    case 'run': {
      const { values } = invocation;
      if (values.once) {
        const { once } = await import('./once.ts');
        return once(await effectiveProfile(invocation, { environment: io.env }), values, io);
      }
      if (!values.armed) return runAll(await effectivePhases(invocation, { environment: io.env }), values, io);
      requireScreen(values, io);
      const source = await runSource(invocation, io.env);
      return withControl(values.control, (control) => new ArmedRuns(source, values, io, control).show());
    }
  }
};

/** One profile, or the phases of one. */
const runAll = async (profiles: readonly Profile[], options: RunOptions, io: Io): Promise<ExitCode> => {
  const [profile, ...others] = profiles;
  if (profile && others.length === 0) return run(profile, options, io);
  const { runPhases } = await import('./phase-runs.ts');
  return runPhases(profiles, options, io);
};

/** What is printed of a fault. */
export const faultText = (error: unknown): string => {
  if (!(error instanceof UserError)) {
    return `loadtop: a fault in loadtop itself: ${errorMessage(error)}\n  please report it, with the command (without its passwords) and the recording\n`;
  }
  const hint = error.hint === undefined ? '' : `${error.hint.replaceAll(/^/gm, '  ')}\n`;
  return `loadtop: ${error.message}\n${hint}`;
};
