// From the sketch of a run to one that can be started: the one place where engine, probes, session and outputs are put
// together, once the target's name is known and load may go there.

import { rm } from 'node:fs/promises';
import { type Cancel, SystemClock, wallNow } from '../common/clock.ts';
import { errorMessage, exitCodes, UserError } from '../common/errors.ts';
import { freshSeed } from '../common/random.ts';
import { maskPassword } from '../common/safe-text.ts';
import { Secrets } from '../common/secrets.ts';
import { sharesBeside } from '../engine/engine-group.ts';
import { FanOut } from '../outputs/fan-out.ts';
import type { Output } from '../outputs/output.ts';
import type { ProbeRemarks } from '../outputs/probe-remarks.ts';
import { Recording } from '../outputs/recording.ts';
import { placeRecording } from '../outputs/recording-place.ts';
import { ReportFiles } from '../outputs/report-files.ts';
import { SummaryFile } from '../outputs/summary-file.ts';
import { buildProbes, type ProbeSurroundings, type ProbeTargets } from '../probes/index.ts';
import { Sampler } from '../probes/sampler.ts';
import { type Reached, type TargetPermission, targetPermission } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { Session } from '../session/session.ts';
import type { ProbeSource } from '../session/session-parts.ts';
import { requireHealth } from './check-health.ts';
import { unlessStopped } from './coming-run.ts';
import type { OnHangup } from './flag-values.ts';
import { hangupNotes } from './hangup.ts';
import { tellPrintedHere } from './printed-here.ts';
import { reach } from './reach.ts';
import { engineOf } from './run-engine.ts';
import { RunFrame } from './run-frame.ts';
import { runInfo } from './run-info.ts';
import { startPreflight } from './run-preflight.ts';
import type { RunSketch } from './sketch-run.ts';
import { defaultFps } from './terminal.ts';

/** A set-up that takes longer is told of, ms. */
const longSetUpMs = 1000;

/** What a run depends on beside its profile. */
export interface Preparing {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How often the screen draws, per second. */
  readonly fps?: number | undefined;
  /** Path of the summary file. */
  readonly out: string | undefined;
  /** Targets outside this machine and private networks need no question. */
  readonly yes: boolean;
  /** No load unless the target says that it is well. */
  readonly checkHealth: boolean;
  /** A broken objective ends the run. */
  readonly abortOnSlo?: boolean;
  readonly control: string | undefined;
  readonly onHangup: OnHangup;
  /** What the probes said, for reports of the run so far; one of `outputs`. */
  readonly remarks: ProbeRemarks;
  /** Those that show the run, beside its files. */
  readonly outputs: readonly Output[];
  /** Is asked where load goes outside; returns, or throws where it must not. */
  readonly agree: (why: string, profile: Profile) => Promise<void>;
  /** Fires where the run is not wanted any more: a name, a question or a health that takes long is waited for no longer. */
  readonly stopped: AbortSignal;
  /** Fires, after it, where what the set-up did is not undone any more. */
  readonly skip: AbortSignal;
  /** Is told of a set-up that takes long, where nothing else shows that something goes on. */
  readonly tell?: ((text: string) => void) | undefined;
}

/** A run that can be started. */
export interface PreparedRun {
  readonly session: Session;
  readonly outputs: FanOut;
  /** What the user should know of it. */
  readonly notes: readonly string[];
  /** What its outputs said when it was closed already, so that it stands in no log and no summary; whole once they are closed. */
  readonly untold: readonly string[];
  /** Looks at the way to the target beside the first seconds; call the result to cut it off. */
  readonly preflight: () => Cancel;
  /** Ends what is left of it when it has ended. */
  readonly close: () => Promise<void>;
  /** In place of starting it: ends it, and nothing of it stays but what `untold` says. */
  readonly discard: () => Promise<void>;
}

/**
 * Resolves names, asks for leave and opens everything; nothing is sent but a look at the health where that was asked for.
 * @throws UserError where the run cannot be carried out as asked, the reason of `stopped`; nothing is left open then
 */
export const prepareRun = async (sketch: RunSketch, preparing: Preparing): Promise<PreparedRun> => {
  const { profile, plan, beside, transport, targets, version } = sketch;
  const { stopped, skip } = preparing;
  const { addresses, reached } = await unlessStopped(reach(profile, transport), stopped);
  const permission = await unlessStopped(permit(profile, reached, preparing), stopped);
  // Probes go every way of the load's but through a proxy, beyond which the target is not known to be near.
  const local = permission.type === 'allowed' && permission.local && transport.via.type !== 'proxy';
  if (preparing.checkHealth) {
    await unlessStopped(requireHealth(targets, { origin: profile.origin, version }), stopped);
  }
  // What comes now takes no time that anybody would see, and leaves something: it is not cut off but discarded.
  const recording = await placeRecording(profile.record, {
    environment: preparing.env,
    name: recordingName(profile),
    startedAtWall: wallNow(),
  });
  const seed = profile.seed ?? freshSeed();
  const frame = new RunFrame({ profile, compiled: sketch.compiledWith, transport, addresses, seed });
  const early: string[] = [];
  let note = (text: string): unknown => early.push(text);
  const mask = (text: string): string => new Secrets(frame.secrets).mask(text);
  const letPrint = sketch.compiled.code ? tellPrintedHere(mask, (text) => note(text)) : () => {};
  const forget = async (): Promise<void> => {
    // Nothing happened that it could tell.
    if (recording.path !== undefined && recording.isNew) await removeFile(recording.path);
  };
  const cancel = new SystemClock().after(longSetUpMs, () => preparing.tell?.('the set-up is under way'));
  try {
    await frame.setUp(stopped, skip);
  } catch (error) {
    await forget();
    letPrint();
    throw error;
  } finally {
    cancel();
  }
  const { compiled } = frame;
  const engine = engineOf({ ...sketch, compiled }, { seed, addresses, secrets: frame.secrets });
  const untold: string[] = [];
  const raise = (source: string, text: string, hint?: string): void => {
    if (!session.raise(source, text, hint)) untold.push(`${source}: ${text}`);
  };
  const report = new ReportFiles({
    probes: preparing.remarks,
    note: (text) => {
      if (!session.note(text)) untold.push(text);
    },
    raise: (text, hint) => raise('report', text, hint),
  });
  const files = [...fileOutputs(recording.path, preparing.out), report];
  const outputs = new FanOut([...preparing.outputs, ...files], (output, error) => raise(output, errorMessage(error)));
  const session: Session = new Session({
    run: runInfo({ ...sketch, compiled }, seed, recording.path),
    segments: plan.segments,
    sharesBeside: sharesBeside(beside.map((each) => each.plan.workers)),
    engine,
    probes: probeSources(targets, { origin: profile.origin, local, version }),
    output: (event) => outputs.take(event),
    graceMs: profile.graceMs,
    endsOnBroken: preparing.abortOnSlo ?? false,
    until: profile.until,
    afterwards: frame.afterwards,
    madeBefore: frame.made,
    publishMs: 1000 / (preparing.fps ?? defaultFps),
  });
  note = (text) => session.note(text);
  for (const text of early) session.note(text);
  const discard = async (): Promise<void> => {
    await engine.close();
    await outputs.close();
    untold.push(...(await frame.undo(skip)));
    await forget();
    letPrint();
  };
  try {
    await outputs.open();
    await engine.open();
  } catch (error) {
    await discard();
    if (untold.length === 0) throw error;
    throw new UserError(errorMessage(error), { hint: untold.join('; '), exitCode: exitCodes.failed, cause: error });
  }
  return {
    session,
    outputs,
    notes: [
      ...plan.notes,
      ...hangupNotes(preparing),
      ...(recording.reason ? [`no recording: ${recording.reason}`] : []),
    ],
    untold,
    preflight: () => startPreflight({ profile, compiled, plan, beside, transport, addresses, version }, session),
    close: () => {
      letPrint();
      return engine.close();
    },
    discard,
  };
};

/** Recordings of phases are told apart. */
const recordingName = ({ name, phase }: Profile): string =>
  [name, ...(phase === undefined ? [] : [...(phase.count > 1 ? [phase.number] : []), phase.name])].join(' ');

const removeFile = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {});

const fileOutputs = (recording: string | undefined, out: string | undefined): Output[] => {
  const files: Output[] = [];
  if (recording) files.push(new Recording(recording));
  if (out) files.push(new SummaryFile(out));
  return files;
};

/** Asks where the target is neither this machine nor in a private network. */
const permit = async (
  profile: Profile,
  reached: readonly Reached[],
  { yes, agree }: Preparing,
): Promise<TargetPermission> => {
  const permission = targetPermission(reached, profile.allow, yes);
  if (permission.type === 'ask') await agree(permission.why, profile);
  return permission;
};

const probeSources = (targets: ProbeTargets, surroundings: ProbeSurroundings): ProbeSource[] =>
  buildProbes(targets, surroundings).map(({ probe, tryOnce, unasked = tryOnce, periodMs, timeoutMs }) => ({
    info: { id: probe.id, kind: probe.kind, target: maskPassword(probe.target), unasked, periodMs },
    start: (tell) => {
      const sampler = new Sampler({ probe, clock: new SystemClock(), tell, tryOnce, periodMs, timeoutMs });
      sampler.start();
      return { close: () => sampler.close(), tables: () => probe.tables?.() ?? [] };
    },
  }));
