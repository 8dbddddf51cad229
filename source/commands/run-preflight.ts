// A run's own preflight: looks at the way to the target and at this machine beside the first seconds of the load, never
// before them, and says only what is wrong and what neither the plan of the run nor its outcomes tell.

import { type Cancel, SystemClock, wallNow } from '../common/clock.ts';
import type { Address, Transport } from '../engine/protocol.ts';
import { type Check, needsAttention } from '../preflight/check.ts';
import { clockCheck, portCheck, reuseCheck } from '../preflight/machine-checks.ts';
import { readMachineFacts, watchClock } from '../preflight/machine-facts.ts';
import { connectChecks, keptCheck, nameCheck, tlsChecks } from '../preflight/reach-checks.ts';
import { lookAt, lookUp } from '../preflight/reach-look.ts';
import { isLoopback } from '../preflight/route.ts';
import { bandwidthCheck, memoryCheck, newConnectionCheck } from '../preflight/size-checks.ts';
import type { CompiledRun } from '../profile/compile.ts';
import type { Profile } from '../profile/profile.ts';
import type { Session } from '../session/session.ts';
import { figuresOf, firstPath, portUseOf, routeOf } from './load-figures.ts';
import type { BesidePlan } from './plan-beside.ts';
import type { RunPlan } from './plan-run.ts';

export interface PreflightParts {
  readonly profile: Profile;
  readonly compiled: CompiledRun;
  readonly plan: RunPlan;
  /** Loads beside it. */
  readonly beside: readonly BesidePlan[];
  readonly transport: Transport;
  /** Of what is connected to. */
  readonly addresses: readonly Address[];
  /** Of this program. */
  readonly version: string;
}

/** Starts it; what it finds wrong is raised as a problem. Call the result to cut it off. */
export const startPreflight = (parts: PreflightParts, session: Pick<Session, 'raise'>): Cancel => {
  const controller = new AbortController();
  const tell = (checks: readonly Check[]): void => {
    if (controller.signal.aborted) return;
    for (const { name, found, wanted, todo } of checks.filter(needsAttention)) {
      session.raise('preflight', `${name}: ${found}${wanted === undefined ? '' : ` (wanted: ${wanted})`}`, todo);
    }
  };
  const silent = (): void => {};
  // Looks tell their faults themselves; one that breaks down has nothing to say of the run.
  machineChecks(parts).then(tell, silent);
  if (parts.profile.probes.enabled) wayChecks(parts, controller.signal).then(tell, silent);
  return () => controller.abort();
};

/** Not the limit on descriptors, which the plan of the run keeps to and tells, nor the CPU that it takes, of which it tells too. */
const machineChecks = async ({ profile, compiled, plan, beside, addresses }: PreflightParts): Promise<Check[]> => {
  const facts = readMachineFacts();
  const figures = figuresOf(profile, compiled, plan, beside);
  const use = portUseOf(addresses.map(({ address }) => address));
  const checks = [
    portCheck(facts, use, figures),
    reuseCheck(facts, use, figures),
    memoryCheck(facts, figures),
    bandwidthCheck(facts, use, figures),
    newConnectionCheck(facts, use, figures),
    clockCheck(await watchClock(new SystemClock())),
  ];
  return checks.filter((check) => check !== undefined);
};

const wayChecks = async (parts: PreflightParts, signal: AbortSignal): Promise<Check[]> => {
  const { profile, compiled, transport, version } = parts;
  const route = routeOf(profile, transport, version);
  const name = await lookUp(route, signal);
  if (name.type === 'fault') return [nameCheck(name, route)];
  const look = await lookAt(route, name.addresses, { path: firstPath(compiled), heads: 2 }, signal);
  // What fails altogether is in the outcomes within a second, with its cause; an address that is set aside is not.
  const connects = connectChecks(look, isLoopback).filter(({ level }) => level !== 'bad');
  const tls = route.tls.verify ? tlsChecks(look, route, wallNow()) : [];
  const kept = keptCheck(look, profile.connection.keepAlive);
  return [nameCheck(name, route), ...connects, ...tls, ...(kept ? [kept] : [])];
};
