// Carries out a run: from a complete profile to an exit code. The one place where engine, probes, session, outputs and
// screen are put together.

import { SystemClock, wallNow } from '../common/clock.ts';
import { type ExitCode, errorMessage, UserError } from '../common/errors.ts';
import { freshSeed } from '../common/random.ts';
import { maskPassword } from '../common/safe-text.ts';
import { ThreadEngine } from '../engine/thread-engine.ts';
import type { Stage } from '../load/arrival-plan.ts';
import { FanOut } from '../outputs/fan-out.ts';
import type { Output } from '../outputs/output.ts';
import { Recording } from '../outputs/recording.ts';
import { defaultRecording, namedRecording } from '../outputs/recording-place.ts';
import { ReportFiles } from '../outputs/report-files.ts';
import { SummaryFile } from '../outputs/summary-file.ts';
import { buildProbes, type ProbeSurroundings, type ProbeTargets } from '../probes/index.ts';
import { Sampler } from '../probes/sampler.ts';
import { compile } from '../profile/compile.ts';
import { type Reached, targetPermission } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { Session } from '../session/session.ts';
import type { ProbeSource } from '../session/session-parts.ts';
import { requireHealth } from './check-health.ts';
import { coreCount, descriptorLimit, programVersion } from './machine.ts';
import { planRun, type RunPlan } from './plan-run.ts';
import { probeTargets } from './probe-targets.ts';
import { reach } from './reach.ts';
import { startPreflight } from './run-preflight.ts';
import { type RunOptions, RunScreen } from './run-screen.ts';
import { ask, canShowTui, type Io } from './terminal.ts';
import { originOf, transportOf } from './transport.ts';

/** Least time between two states that are drawn, ms: 4 a second. */
const drawMs = 250;

/**
 * Runs a profile.
 * @throws UserError where it cannot be carried out as asked
 */
export const run = async (profile: Profile, options: RunOptions, io: Io): Promise<ExitCode> => {
  const tui = options.tui && !options.json && canShowTui(io);
  const version = programVersion();
  const compiled = compile(profile, { userAgent: `loadtop/${version}` });
  const plan = planRun(profile, { cores: coreCount(), descriptorLimit: descriptorLimit(), tui });
  const transport = transportOf(profile, plan.perConnection);
  const targets = probeTargets(profile, transport);
  const { addresses, reached } = await reach(profile, transport);
  const permitted = await permit(profile, reached, options.yes, tui ? io : undefined);
  // Probes go every way of the load's but through a proxy, beyond which the target is not known to be near.
  const local = permitted && transport.via.type !== 'proxy';
  if (options.checkHealth) await requireHealth(targets, { origin: profile.origin, version });
  const recording = await placeRecording(profile, io);
  const seed = profile.seed ?? freshSeed();
  const engine = new ThreadEngine({
    origin: originOf(profile),
    transport,
    addresses,
    family: profile.connection.family,
    scenarios: compiled.scenarios,
    seriesCount: compiled.series.length,
    arrivals: profile.arrivals,
    seed,
    overflow: profile.overflow,
    connectTimeoutMs: profile.connection.connectTimeoutMs,
    limits: { connections: plan.connections, maxInFlight: plan.maxInFlight, timeoutMs: profile.timeoutMs },
    ...engineTotals(plan),
  });
  const files: Output[] = [];
  if (recording.path) files.push(new Recording(recording.path));
  if (options.out) files.push(new SummaryFile(options.out));
  const screen = new RunScreen(io, options, tui);
  files.push(
    new ReportFiles({
      probes: screen.remarks,
      note: (text) => session.note(text),
      raise: (text, hint) => session.raise('report', text, hint),
    }),
  );
  const outputs = new FanOut([...screen.outputs, ...files], (output, error) =>
    session.raise(output, errorMessage(error)),
  );
  const session: Session = new Session({
    run: {
      name: profile.name,
      version,
      target: profile.origin,
      model: plan.model,
      arrivals: profile.arrivals,
      seed,
      workers: plan.workers,
      connections: plan.connections,
      maxInFlight: plan.maxInFlight,
      overflow: profile.overflow,
      timeoutMs: profile.timeoutMs,
      durationMs: plan.durationMs,
      limit: profile.limit,
      stages: stagesOf(profile),
      warmupMs: profile.warmupMs,
      spawnRate: spawnRateOf(profile),
      maxRate: plan.maxRate,
      series: compiled.series,
      severalSteps: compiled.scenarios.some(({ steps }) => steps.length > 1),
      recording: recording.path,
      objectives: profile.objectives,
    },
    endsOnBroken: options.abortOnSlo ?? false,
    segments: plan.segments,
    engine,
    probes: probeSources(targets, { origin: profile.origin, local, version }),
    output: (event) => outputs.take(event),
    graceMs: profile.graceMs,
    publishMs: drawMs,
  });
  const notes = [...plan.notes, ...(recording.reason ? [`no recording: ${recording.reason}`] : [])];
  try {
    await outputs.open();
    await engine.open();
    return await screen.show(session, outputs, notes, () =>
      startPreflight({ profile, compiled, plan, transport, addresses, version }, session),
    );
  } finally {
    await engine.close();
  }
};

const engineTotals = ({ model, limit, burst, workers, mostWorkers }: RunPlan) => ({
  model,
  limit,
  burst,
  workers,
  mostWorkers,
});

const stagesOf = ({ load }: Profile): readonly Stage[] => {
  if (load.model === 'open') return load.stages;
  return load.model === 'closed' && typeof load.users !== 'number' ? load.users : [];
};

/** Users a second; undefined where there are none, or all begin at once (Infinity does not survive JSON). */
const spawnRateOf = ({ load }: Profile): number | undefined =>
  load.model === 'closed' && Number.isFinite(load.spawnRate) ? load.spawnRate : undefined;

/** Whether the target is this machine or a private network. Asks where it is not, or refuses. */
const permit = async (
  profile: Profile,
  reached: readonly Reached[],
  yes: boolean,
  io: Io | undefined,
): Promise<boolean> => {
  const permission = targetPermission(reached, profile.allow, yes);
  if (permission.type === 'allowed') return permission.local;
  if (io) {
    if (await ask(io, `${permission.why}. Send load to ${profile.origin}?`)) return false;
    throw new UserError('not sent: you answered no', { hint: 'nothing was sent to the target' });
  }
  throw new UserError(`${permission.why}: load is not sent there without being asked`, {
    hint: `--yes agrees beforehand; a profile may list the origin under 'allow'`,
  });
};

const placeRecording = async (
  profile: Profile,
  { env }: Io,
): Promise<{ readonly path: string | undefined; readonly reason?: string | undefined }> => {
  if (profile.record === false) return { path: undefined };
  if (profile.record !== undefined) return { path: await namedRecording(profile.record) };
  return defaultRecording({ environment: env, name: profile.name, startedAtWall: wallNow() });
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
