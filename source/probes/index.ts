// Builds the probes of a run from what was asked for: this machine and this process always; of the target, what was
// named, and its well-known paths only where it is local and nobody named others (README, "Where load may go").

import { HealthProbe } from './health.ts';
import { hostProbe } from './host.ts';
import type { HttpAccess } from './http-access.ts';
import { MongoProbe } from './mongodb.ts';
import { OwnProcessProbe } from './own-process.ts';
import type { Probe } from './probe.ts';
import { PrometheusProbe } from './prometheus.ts';
import { targetProcessProbe } from './target-process.ts';

/** When a probe is asked; undefined: each second, with 2 s for an answer. */
export interface Pace {
  readonly periodMs: number | undefined;
  readonly timeoutMs: number | undefined;
}

/** A health or metrics URL, and how it is asked. */
export interface HttpTarget extends Pace {
  readonly url: string;
  readonly access: HttpAccess;
}

/** What is to be polled. */
export interface ProbeTargets {
  /** Undefined: ORIGIN/health is tried once where that is allowed. */
  readonly health: readonly HttpTarget[] | undefined;
  readonly metrics: readonly HttpTarget[] | undefined;
  readonly mongo: readonly (Pace & { readonly uri: string })[];
  /** How the paths that nobody named are asked. */
  readonly wellKnown: HttpAccess;
  /** Globs of metrics to show whatever else there is. */
  readonly pins: readonly string[];
  /** False: nothing of the target is polled. */
  readonly enabled: boolean;
}

export interface ProbeSurroundings {
  /** Of the target, such as `http://localhost:3000`. */
  readonly origin: string;
  /** Every address of the target is of this machine or a private network. */
  readonly local: boolean;
  /** Of this program. */
  readonly version: string;
}

export interface BuiltProbe extends Pace {
  readonly probe: Probe;
  /** Nobody asked for it: it is given up when its first look fails. */
  readonly tryOnce: boolean;
  /** Nobody asked for it, and it is asked on all the same: what is not there yet may come. */
  readonly unasked?: boolean;
}

const usualPace: Pace = { periodMs: undefined, timeoutMs: undefined };

/**
 * The probes of a run, the target's first.
 * @throws TypeError where a URL is none
 */
export const buildProbes = (targets: ProbeTargets, { origin, local, version }: ProbeSurroundings): BuiltProbe[] => {
  const ownMachine = [hostProbe(local), new OwnProcessProbe()].map(
    (probe): BuiltProbe => ({ probe, tryOnce: false, ...usualPace }),
  );
  if (!targets.enabled) return ownMachine;
  const { pins, mongo, wellKnown } = targets;
  const orWellKnown = (asked: readonly HttpTarget[] | undefined, path: string): readonly Wanted[] =>
    asked?.map((target) => ({ ...target, unasked: false })) ??
    (local ? [{ url: `${origin}${path}`, access: wellKnown, unasked: true, ...usualPace }] : []);
  const health = orWellKnown(targets.health, '/health').map(({ url, access, unasked, ...pace }, index) => {
    const id = numbered('health', index);
    return {
      probe: new HealthProbe({ id, url, version, access, unasked, timeoutMs: pace.timeoutMs }),
      tryOnce: unasked,
      ...pace,
    };
  });
  const metrics = orWellKnown(targets.metrics, '/metrics').map(({ url, access, unasked, ...pace }, index) => {
    const id = numbered('metrics', index);
    return {
      probe: new PrometheusProbe({ id, url, version, access, pins, timeoutMs: pace.timeoutMs }),
      tryOnce: unasked,
      ...pace,
    };
  });
  const stores = mongo.map(({ uri, ...pace }, index) => {
    return { probe: new MongoProbe({ id: numbered('mongodb', index), uri }), tryOnce: false, ...pace };
  });
  return [...health, ...metrics, ...stores, ...ownTarget(origin, local, wellKnown), ...ownMachine];
};

/** The target's process, where the load goes straight to the origin: by another way nobody knows its port. */
const ownTarget = (origin: string, local: boolean, { via }: HttpAccess): BuiltProbe[] => {
  const probe = local && !via ? targetProcessProbe(origin) : undefined;
  return probe ? [{ probe, tryOnce: false, unasked: true, ...usualPace }] : [];
};

interface Wanted extends HttpTarget {
  readonly unasked: boolean;
}

const numbered = (name: string, index: number): string => (index === 0 ? name : `${name} ${index + 1}`);
