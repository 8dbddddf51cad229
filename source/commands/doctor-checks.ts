// What doctor looks at of a target and its probes, all at once and each with a limit of its own. How single things are
// looked at and judged is preflight/; printing is doctor-text.ts.

import { SystemClock, wallNow } from '../common/clock.ts';
import type { Transport } from '../engine/protocol.ts';
import { type Check, skipped } from '../preflight/check.ts';
import { late, limited } from '../preflight/limited.ts';
import type { PortUse } from '../preflight/machine-checks.ts';
import { probeChecks } from '../preflight/probe-checks.ts';
import {
  connectChecks,
  headCheck,
  keptCheck,
  keptName,
  nameCheck,
  targetClockCheck,
  tlsChecks,
} from '../preflight/reach-checks.ts';
import { lookAt, lookUp } from '../preflight/reach-look.ts';
import { isLoopback, type Route } from '../preflight/route.ts';
import { checkStep, type StepRequest } from '../preflight/step-check.ts';
import { buildProbes, type ProbeTargets } from '../probes/index.ts';
import { type Reached, targetPermission } from '../profile/guard.ts';
import type { Profile } from '../profile/profile.ts';
import { portUseOf, whyNoneIsSent } from './load-figures.ts';
import { reach } from './reach.ts';

/** Shares of the five seconds, after the name is known, ms. */
const stepLimitMs = 2500;
const probeLimitMs = 2500;
const nameLimitMs = 1500;
/** What the way to the target has for itself before the probes begin, ms. */
const headStartMs = 300;

export interface TargetOptions {
  readonly profile: Profile;
  readonly transport: Transport;
  readonly targets: ProbeTargets;
  readonly route: Route;
  /** For HEAD. */
  readonly path: string;
  /** What may be sent of the load. */
  readonly steps: readonly StepRequest[];
  /** The user has agreed to load it, wherever it is. */
  readonly yes: boolean;
  /** A run would be refused unless the health is ok. */
  readonly checkHealth: boolean;
}

export interface TargetLook {
  readonly target: readonly Check[];
  readonly probes: readonly Check[];
  readonly use: PortUse;
  /** The target closes connections that the load would keep. */
  readonly closes: boolean;
}

/** Looks at the target and its probes; never rejects, and is over soon after the signal is aborted. */
export const lookAtTarget = async (options: TargetOptions, signal: AbortSignal): Promise<TargetLook> => {
  const { profile, transport, route } = options;
  const [names, hosts] = await Promise.all([lookUp(route, signal), hostsOf(options, signal)]);
  const permission = targetPermission(hosts, profile.allow, options.yes);
  // Without an address nobody knows where the target is.
  const near = names.type !== 'fault' && targetPermission(hosts, []).type === 'allowed';
  const addresses = names.type === 'fault' ? [] : names.addresses;
  const looking = wayChecks(options, addresses, near, signal);
  // Loading the drivers of probes would lengthen the times that are told of the way.
  await Promise.race([looking, new SystemClock().sleep(headStartMs)]);
  const [way, probes] = await Promise.all([
    looking,
    lookAtProbes(options, near && transport.via.type !== 'proxy', signal),
  ]);
  const asks: Check[] =
    permission.type === 'allowed' || names.type === 'fault'
      ? []
      : [
          {
            name: 'permission',
            level: 'warn',
            found: permission.why,
            todo: 'a run asks before it loads it; --yes agrees beforehand',
          },
        ];
  return {
    target: [...asks, ...(names.type === 'needless' ? [] : [nameCheck(names, route)]), ...way],
    closes: way.some(({ name, level }) => name === keptName && level === 'warn'),
    probes,
    use:
      names.type === 'fault'
        ? { addresses: 1, loopback: false }
        : portUseOf(addresses.filter((one) => one !== undefined)),
  };
};

/** The hosts that a run would reach. What cannot be resolved is judged by its name. */
const hostsOf = async ({ profile, transport }: TargetOptions, signal: AbortSignal): Promise<readonly Reached[]> => {
  const found = await limited(nameLimitMs, signal, () => reach(profile, transport)).catch((): typeof late => late);
  return found === late ? [{ origin: profile.origin, addresses: [] }] : found.reached;
};

/** From TCP to the answer of a step. A target that is not near is asked once: its step where there is one, else HEAD. */
const wayChecks = async (
  options: TargetOptions,
  addresses: readonly (string | undefined)[],
  near: boolean,
  signal: AbortSignal,
): Promise<Check[]> => {
  if (addresses.length === 0) return [];
  const { route, path, profile } = options;
  const steps = near ? options.steps : options.steps.slice(0, 1);
  const heads = near ? 2 : steps.length > 0 ? 0 : 1;
  const look = await lookAt(route, addresses, { path, heads }, signal);
  const at = wallNow();
  const address = look.connects.find(({ fault }) => !fault)?.address;
  const stands = look.connects.some(({ fault }) => !fault);
  const tls = tlsChecks(look, route, at);
  const isSound = stands && !tls.some(({ level }) => level === 'bad');
  const unsent = skipped('request', whyNoneIsSent(profile));
  const requests = isSound && steps.length > 0 ? await send(steps, route, address, signal) : isSound ? [unsent] : [];
  const others = [
    headCheck(look, path),
    keptCheck(look, profile.connection.keepAlive),
    targetClockCheck(look, at),
  ].filter((check) => check !== undefined);
  return [...connectChecks(look, isLoopback), ...tls, ...others, ...requests];
};

const send = (
  steps: readonly StepRequest[],
  route: Route,
  address: string | undefined,
  signal: AbortSignal,
): Promise<readonly Check[]> => Promise.all(steps.map((step) => checkStep(step, route, address, stepLimitMs, signal)));

const lookAtProbes = async (
  { profile, targets, route, checkHealth }: TargetOptions,
  local: boolean,
  signal: AbortSignal,
): Promise<readonly Check[]> => {
  if (!targets.enabled) return [skipped('probes', 'turned off (--no-probe)')];
  // With --check-health the user asked for the health of a target that is not near as well.
  const built = buildProbes(targets, { origin: profile.origin, local: local || checkHealth, version: route.version });
  const wanted = built.filter(({ probe, tryOnce }) => local || !tryOnce || probe.kind === 'health');
  await Promise.all(built.filter((each) => !wanted.includes(each)).map(({ probe }) => probe.close()));
  const checks = await probeChecks(wanted, probeLimitMs, signal);
  const first = checks.findIndex(({ name }) => name === 'health');
  if (!checkHealth || first < 0 || checks[first]!.level === 'ok') return checks;
  return checks.with(first, { ...checks[first]!, level: 'bad', wanted: 'ok: a run with --check-health is refused' });
};

/** For a program that ends before the looks do. */
export const deadline = (ms: number): { readonly signal: AbortSignal; readonly end: () => void } => {
  const controller = new AbortController();
  const cancel = new SystemClock().after(ms, () => controller.abort());
  return {
    signal: controller.signal,
    end: () => {
      cancel();
      controller.abort();
    },
  };
};
