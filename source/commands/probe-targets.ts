// From a profile's probe settings to what the probes are told: headers, certificates read, which way to go. A probe of the
// target goes the load's way and trusts whom the load trusts; the load's own headers are never sent by one.

import type { Transport } from '../engine/protocol.ts';
import type { HttpAccess, TlsAccess } from '../probes/http-access.ts';
import type { HttpTarget, ProbeTargets } from '../probes/index.ts';
import { mergeHeaders } from '../profile/headers.ts';
import type { HttpProbeSettings, Profile } from '../profile/profile.ts';
import { endpointOf } from '../profile/target.ts';
import { tlsOf } from './transport.ts';

/** Node's authorities, no certificate of our own. */
const systemTrust: TlsAccess = { verify: true, ca: undefined, cert: undefined, key: undefined };

/**
 * What is to be polled, and how. @param transport the load's
 * @throws UserError for certificates that cannot be used
 */
export const probeTargets = (
  { probes, origin }: Pick<Profile, 'probes' | 'origin'>,
  transport: Transport,
): ProbeTargets => {
  const target = ({ url, headers, tls, periodMs, timeoutMs }: HttpProbeSettings): HttpTarget => ({
    url,
    access: {
      headers: mergeHeaders(probes.headers, headers),
      tls: tls ? tlsOf(tls) : trustAt(url, origin, transport),
      via: wayTo(url, origin, transport),
    },
    periodMs,
    timeoutMs,
  });
  return {
    health: probes.health?.map(target),
    metrics: probes.metrics?.map(target),
    mongo: probes.mongo,
    wellKnown: { headers: probes.headers, tls: transport.tls, via: wayTo(origin, origin, transport) },
    pins: probes.pins,
    enabled: probes.enabled,
  };
};

const trustAt = (url: string, origin: string, { tls }: Transport): TlsAccess =>
  new URL(url).origin === origin ? tls : systemTrust;

/** Where sockets go in place of the URL's host and port; undefined: there. A proxy is the load's alone. */
const wayTo = (url: string, origin: string, { via }: Transport): HttpAccess['via'] => {
  const [own, target] = [endpointOf(new URL(url)), endpointOf(new URL(origin))];
  if (own.hostname !== target.hostname || own.port !== target.port || via.type === 'proxy') return undefined;
  if (via.type === 'unix') return { socketPath: via.path };
  if (via.hostname === target.hostname && via.port === target.port) return undefined;
  return { hostname: via.hostname, port: via.port };
};
