// loadtop demo: the program against a target that it brings along, a process of its own. Shows the main job without
// anything to set up: raise the rate past the target's capacity and look at what happens.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '../common/clock.ts';
import { type ExitCode, exitCodes, UserError } from '../common/errors.ts';
import { completeProfile, mongoAt, type ProbesDraft, type ProfileDraft, probeAt } from '../profile/defaults.ts';
import { ArmedRuns, requireScreen } from './armed-runs.ts';
import { withControl } from './control.ts';
import { withFlags } from './effective-profile.ts';
import type { FlagValues } from './flag-values.ts';
import { run } from './run.ts';
import type { RunOptions } from './run-screen.ts';
import { fixedSource } from './run-source.ts';
import type { Io } from './terminal.ts';

/** The demo's own load: well below the target's capacity of 2,000 events/s, so that there is something to raise. */
const demoRate = 500;

const targetUrl = new URL(import.meta.url.endsWith('.ts') ? '../demo/target.ts' : '../demo/target.js', import.meta.url);

/** How long the target may take to listen, ms. */
const startLimitMs = 15_000;

/** What the target says when it listens. */
interface Listening {
  readonly listening: string;
  readonly mongo: string | null;
}

/**
 * Starts the demo target, runs load against it, and stops it. Ends with 0 where the run could be carried out: its verdict is
 * printed, not judged.
 */
export const demo = async (values: FlagValues, io: Io): Promise<ExitCode> => {
  const [mongo, ...more] = values.mongo ?? [];
  if (more.length > 0) {
    throw new UserError('--mongo: found more than one, expected one', {
      hint: 'the demo target writes to one MongoDB',
    });
  }
  if (values.armed) requireScreen(values, io);
  const target = await startTarget(mongo ?? 'simulated');
  try {
    // What the target says has no password in it: a URI that was given is used as it was given.
    const named = mongo === undefined || mongo === 'auto' ? target.said.mongo : mongo;
    const probed = named === null ? {} : { mongo: [mongoAt(named)] };
    const draft = demoDraft(target.said.listening, probed);
    const flags = { ...values, mongo: undefined };
    const unjudged: RunOptions = { ...values, judged: false };
    if (values.armed) {
      const source = fixedSource(draft, flags, 'the demo has a target of its own');
      return await withControl(values.control, (control) => new ArmedRuns(source, unjudged, io, control).show());
    }
    return await run(completeProfile(withFlags(draft, flags)), unjudged, io);
  } finally {
    await target.stop();
  }
};

const demoDraft = (origin: string, probed: ProbesDraft): ProfileDraft => ({
  name: 'demo',
  description: 'one event a request, to the demo target',
  origin,
  scenarios: [
    {
      name: 'single event',
      weight: 3,
      steps: [eventStep('POST /events', '"type":"page_view","url":"/products"')],
    },
    {
      name: 'purchase',
      weight: 1,
      steps: [eventStep('POST /events  purchase', '"type":"purchase","amount":19.9,"currency":"EUR"')],
    },
  ],
  load: { model: 'constant', rate: demoRate },
  probes: { health: [probeAt('/health')], metrics: [probeAt('/metrics')], ...probed },
});

/** @param fields of its type, as in a JSON object */
const eventStep = (name: string, fields: string) => ({
  name,
  method: 'POST',
  path: '/events',
  headers: [['Content-Type', 'application/json']] as const,
  body: `{"event_id":"{{uuid}}","user_id":"user-{{integer 1 1000}}","timestamp":"{{now iso}}",${fields}}`,
  expectStatus: [202],
});

interface Target {
  readonly said: Listening;
  stop(): Promise<void>;
}

const startTarget = async (mongo: string): Promise<Target> => {
  // Signals of the terminal go to the whole foreground group: a group of its own keeps the target up while the load drains.
  const child = spawn(process.execPath, [fileURLToPath(targetUrl), '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    // Not as a flag: everybody on the machine can read the arguments of a process, and a URI may hold a password.
    env: { ...process.env, LOADTOP_DEMO_MONGO: mongo },
  });
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  const said = await listening(child, complaints);
  return { said, stop: () => stopTarget(child) };
};

const listening = (child: ChildProcess, complaints: readonly string[]): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const cancel = new SystemClock().after(startLimitMs, () => {
      child.kill('SIGKILL');
      reject(new UserError('the demo target did not start in time', { exitCode: exitCodes.failed }));
    });
    child.once('error', (error) => {
      cancel();
      reject(new UserError(`the demo target could not be started: ${error.message}`, { exitCode: exitCodes.failed }));
    });
    child.once('close', (code) => {
      cancel();
      const exitCode = code === exitCodes.usage ? exitCodes.usage : exitCodes.failed;
      const [complaint = 'it said nothing', ...more] = complaints;
      const hint = more.length > 0 ? { hint: more.join('\n') } : {};
      reject(new UserError(`the demo target did not start: ${complaint}`, { exitCode, ...hint }));
    });
    createInterface({ input: child.stdout! }).once('line', (line) => {
      cancel();
      const said: unknown = JSON.parse(line);
      if (isListening(said)) resolve(said);
      else reject(new UserError(`the demo target said "${line}"`, { exitCode: exitCodes.failed }));
    });
  });

const isListening = (said: unknown): said is Listening =>
  typeof said === 'object' &&
  said !== null &&
  'listening' in said &&
  typeof said.listening === 'string' &&
  'mongo' in said;

const stopTarget = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const cancel = new SystemClock().after(8000, () => child.kill('SIGKILL'));
    child.once('exit', () => {
      cancel();
      resolve();
    });
    child.kill('SIGTERM');
  });
