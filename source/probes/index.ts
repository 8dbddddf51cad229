// Builds the probes of a run from what was asked for: this machine and this process always; of the target, what was
// named, and its well-known paths only where it is local and nobody named others (README, "Where load may go").

import { UserError } from '../common/errors.ts';
import { HealthProbe } from './health.ts';
import { hostProbe } from './host.ts';
import { MongoProbe } from './mongodb.ts';
import { OwnProcessProbe } from './own-process.ts';
import type { Probe } from './probe.ts';
import { PrometheusProbe } from './prometheus.ts';

/** What is to be polled; the shape of a profile's `probes`. */
export interface ProbeTargets {
  /** URLs, or paths of the target; undefined: ORIGIN/health is tried once where that is allowed. */
  readonly health: readonly string[] | undefined;
  readonly metrics: readonly string[] | undefined;
  readonly mongo: readonly string[];
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

export interface BuiltProbe {
  readonly probe: Probe;
  /** Nobody asked for it: it is given up when its first look fails. */
  readonly tryOnce: boolean;
}

/**
 * The probes of a run, the target's first.
 * @throws UserError where a URL is none
 */
export const buildProbes = (targets: ProbeTargets, { origin, local, version }: ProbeSurroundings): BuiltProbe[] => {
  const ownMachine = [hostProbe(local), new OwnProcessProbe()].map((probe) => ({ probe, tryOnce: false }));
  if (!targets.enabled) return ownMachine;
  const health = wanted(targets.health, '/health', origin, local, 'health').map(({ url, id, unasked }) => {
    return { probe: new HealthProbe({ id, url, version, unasked }), tryOnce: unasked };
  });
  const metrics = wanted(targets.metrics, '/metrics', origin, local, 'metrics').map(({ url, id, unasked }) => {
    return { probe: new PrometheusProbe({ id, url, version }), tryOnce: unasked };
  });
  const mongo = targets.mongo.map((uri, index) => {
    return { probe: new MongoProbe({ id: numbered('mongodb', index), uri }), tryOnce: false };
  });
  return [...health, ...metrics, ...mongo, ...ownMachine];
};

interface Wanted {
  readonly url: string;
  readonly id: string;
  readonly unasked: boolean;
}

const wanted = (
  asked: readonly string[] | undefined,
  wellKnown: string,
  origin: string,
  local: boolean,
  name: string,
): Wanted[] => {
  if (asked)
    return asked.map((url, index) => ({ url: probeUrl(url, origin, name), id: numbered(name, index), unasked: false }));
  return local ? [{ url: probeUrl(wellKnown, origin, name), id: name, unasked: true }] : [];
};

const numbered = (name: string, index: number): string => (index === 0 ? name : `${name} ${index + 1}`);

/**
 * The URL that a user means: a path is one of the target's; without a scheme it is http.
 * @throws UserError where it is none
 */
export const probeUrl = (asked: string, origin: string, name: string): string => {
  const full = asked.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(asked) ? asked : `http://${asked}`;
  const url = URL.canParse(full, origin) ? new URL(full, origin) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw new UserError(`--${name}: not an http or https URL`, {
    hint: `such as --${name} http://localhost:3000/${name}`,
  });
};
