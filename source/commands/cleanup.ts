// loadtop cleanup RECORDING: removes what a run made at its target and did not remove, as its recording has it. Headers and
// logins come from the profile anew: no secret stands in a recording.

import { stat } from 'node:fs/promises';
import { SystemClock, wallNow } from '../common/clock.ts';
import { type ExitCode, errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { freshSeed } from '../common/random.ts';
import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import type { SweepListener } from '../engine/sweep.ts';
import { appendRemoved, type RecordedResources, readResources } from '../outputs/recorded-resources.ts';
import { compile } from '../profile/compile.ts';
import { hangsOnTurn } from '../profile/compile-step.ts';
import { completeProfile } from '../profile/defaults.ts';
import { fileTrouble } from '../profile/file-trouble.ts';
import { targetPermission } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { faultsOf, SetUpStopped } from './coming-run.ts';
import { inputsOf, loadPath, withFlags } from './effective-profile.ts';
import { programVersion } from './machine.ts';
import { prepareData } from './prepare-data.ts';
import { reach } from './reach.ts';
import type { Invocation } from './read-arguments.ts';
import { RunFrame } from './run-frame.ts';
import { Signals } from './signals.ts';
import { ask, type Io, isAttended, writerTo } from './terminal.ts';
import { transportOf } from './transport.ts';

/** How often it is printed how far it is, and what was removed is kept, ms. */
const tellMs = 1000;

/** A run that goes on writes to its recording at least each second. */
const idleMs = 5000;

type CleanupInvocation = Extract<Invocation, { command: 'cleanup' }>;

/**
 * Removes what is left.
 * @returns 1 where something is left even then
 * @throws UserError for a recording or a profile that cannot be used
 */
export const cleanup = async ({ path, values }: CleanupInvocation, io: Io): Promise<ExitCode> => {
  const found = await read(path);
  // Whoever reads may have had enough: it goes on all the same.
  const out = writerTo(io.stdout, () => {});
  const print = (line: string): void => out.write(`${line}\n`);
  const total = found.held.size + found.beyond;
  if (total === 0) {
    print('nothing is left of this run');
    return exitCodes.fine;
  }
  await refuseRunning(path, found);
  const profile = await profileOf(path, found, values, io.env);
  const frame = await frameOf(profile, { yes: values.yes, count: total }, io);
  const [stopping, skipping] = [new AbortController(), new AbortController()];
  const signals = new Signals({ stop: () => stopping.abort(), abort: () => skipping.abort() });
  try {
    // Where the headers need what it captures; a function may look at it.
    if (profile.setup?.steps.some(({ captures }) => captures) && frame.compiled.cleanUp?.some(hangsOnTurn)) {
      await frame.setUp(stopping.signal, skipping.signal);
    }
    return await new Cleanup(path, found, frame, print).run(stopping.signal);
  } catch (error) {
    for (const fault of faultsOf(error)) print(fault);
    if (!(error instanceof SetUpStopped)) throw error;
    return exitCodes.failed;
  } finally {
    for (const fault of await frame.undo(skipping.signal)) print(fault);
    signals.release();
  }
};

/** A recording that is worked off. */
class Cleanup {
  readonly #path: string;
  readonly #frame: RunFrame;
  readonly #print: (line: string) => void;
  readonly #total: number;
  #found: RecordedResources;
  #removed: string[] = [];
  #gone = 0;
  #why: string | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, found: RecordedResources, frame: RunFrame, print: (line: string) => void) {
    this.#path = path;
    this.#found = found;
    this.#frame = frame;
    this.#print = print;
    this.#total = found.held.size + found.beyond;
  }

  async run(skip: AbortSignal): Promise<ExitCode> {
    const cancel = new SystemClock().every(tellMs, () => this.#tell());
    let why: string | undefined;
    let before = -1;
    try {
      // Of very many not all are known at once.
      while (why === undefined && this.#found.held.size > 0 && this.#gone > before) {
        before = this.#gone;
        why = await this.#frame.cleanUp(this.#found.held, this.#listener, skip, Number.POSITIVE_INFINITY);
        this.#save();
        await this.#saving;
        if (this.#found.beyond === 0) break;
        this.#found = await readResources(this.#path);
      }
    } finally {
      cancel();
      this.#save();
      await this.#saving;
    }
    return this.#conclude(why);
  }

  #conclude(why: string | undefined): ExitCode {
    const left = this.#total - this.#gone;
    this.#print(`cleaned up ${formatCount(this.#gone)} of ${formatCount(this.#total)}`);
    if (left === 0) return exitCodes.fine;
    const [example = ''] = [...this.#found.held].filter((resource) => !this.#known.has(resource));
    const reason = why ?? this.#why ?? 'it was not tried';
    this.#print(
      `${formatCount(left)} ${left === 1 ? 'is' : 'are'} left, such as ${safeText(example, 200)}: ${safeText(reason, 200)}`,
    );
    return exitCodes.failed;
  }

  readonly #known = new Set<string>();

  readonly #listener: SweepListener = {
    gone: (resource) => {
      this.#gone += 1;
      this.#removed.push(resource);
      this.#known.add(resource);
    },
    left: (_, why) => {
      this.#why ??= why;
    },
  };

  #tell(): void {
    this.#print(`cleaning up ${formatCount(this.#gone)} of ${formatCount(this.#total)}`);
    this.#save();
  }

  /** Keeps what was removed, so that nobody looks for it again. */
  #save(): void {
    const removed = this.#removed;
    if (removed.length === 0) return;
    this.#removed = [];
    this.#saving = this.#saving.then(async () => {
      try {
        const endsAt = await appendRemoved(this.#path, this.#found, removed);
        this.#found = { ...this.#found, endsAt, sequence: this.#found.sequence + 1 };
      } catch (error) {
        this.#print(`what was removed could not be kept in the recording: ${errorMessage(error)}`);
      }
    });
  }
}

const read = async (path: string): Promise<RecordedResources> => {
  let found: RecordedResources;
  try {
    found = await readResources(path);
  } catch (error) {
    throw new UserError(`${path}: ${fileTrouble(error)}, expected a recording`, { cause: error });
  }
  if (found.run) return found;
  throw new UserError(`${path}: found no head of a recording, expected the file that a run wrote`, {
    hint: 'the summary of a run names it under Recording',
  });
};

/** What a run that goes on has made is in use. */
const refuseRunning = async (path: string, { run, isClosed }: RecordedResources): Promise<void> => {
  const processId = run?.cleanUp?.processId;
  if (isClosed || processId === undefined || !isAlive(processId)) return;
  const { mtimeMs } = await stat(path);
  if (wallNow() - mtimeMs > idleMs) return;
  throw new UserError(`${path}: found a run that goes on (process ${processId}), expected one that has ended`, {
    hint: 'end it first: at its end it removes what it made itself',
  });
};

const isAlive = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

/** The profile of the run, for the target that the run had. */
const profileOf = async (
  path: string,
  { run }: RecordedResources,
  values: CleanupInvocation['values'],
  environment: Io['env'],
): Promise<Profile> => {
  const { profile, set = [] } = run?.cleanUp ?? {};
  if (!profile || !run) {
    throw new UserError(`${path}: found no profile in its head, expected the recording of a profile with creates`);
  }
  const all = { ...values, set: [...set, ...values.set], host: values.host ?? run.target };
  const { draft } = await loadPath(profile, inputsOf(all, environment));
  return withoutLoad(completeProfile(withFlags(draft, all)));
};

/** What the load was, of a phase or by a flag, is nothing to what it left: what only some loads can carry out is fine here. */
const withoutLoad = (profile: Profile): Profile => ({
  ...profile,
  load: { model: 'closed', users: 1, spawnRate: Number.POSITIVE_INFINITY },
  scenarios: profile.scenarios.map(({ own: _, ...scenario }) => scenario),
});

/** The way to the target, once it is allowed. */
const frameOf = async (
  profile: Profile,
  { yes, count }: { readonly yes: boolean; readonly count: number },
  io: Io,
): Promise<RunFrame> => {
  const data = await prepareData(profile, { env: io.env, tell: (text) => io.stderr.write(`${text}\n`) });
  const options = { userAgent: `loadtop/${programVersion()}`, data };
  const transport = transportOf(profile, 1);
  const { addresses, reached } = await reach(profile, transport);
  const permission = targetPermission(reached, profile.allow, yes);
  if (permission.type === 'ask') {
    await agree(permission.why, `Remove ${formatCount(count)} there, at ${profile.origin}?`, io);
  }
  const frame = new RunFrame({
    profile,
    compiled: (captured) => compile(profile, { ...options, ...(captured && { captured }) }),
    transport,
    addresses,
    seed: profile.seed ?? freshSeed(),
  });
  const { cleanUp } = frame.compiled;
  if (!cleanUp) {
    throw new UserError(
      `${profile.source?.path}: found no step with creates, expected the profile as it was in the run`,
    );
  }
  return frame;
};

const agree = async (why: string, question: string, io: Io): Promise<void> => {
  if (!isAttended(io)) {
    throw new UserError(`${why}: nothing is removed there without being asked`, {
      hint: `--yes agrees beforehand; a profile may list the origin under 'allow'`,
    });
  }
  if (await ask(io, `${why}. ${question}`)) return;
  throw new UserError('not sent: you answered no', { hint: 'nothing was removed' });
};
