// Which headers, which trust and which way a probe gets: its own, those of all probes, and at the target the load's.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeTargets } from '../../source/commands/probe-targets.ts';
import { transportOf } from '../../source/commands/transport.ts';
import { UserError } from '../../source/common/errors.ts';
import type { ProbeTargets } from '../../source/probes/index.ts';
import { type ConnectionDraft, completeProfile, type ProbesDraft, probeAt } from '../../source/profile/defaults.ts';
import { certificate } from '../helpers/certificate.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-probe-targets-'));
  writeFileSync(join(folder, 'ca.pem'), certificate);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const targets = (probes: ProbesDraft, connection: ConnectionDraft = {}, origin = 'https://api.test'): ProbeTargets => {
  const profile = completeProfile({ name: 'run', origin, scenarios: [], connection, probes });
  return probeTargets(profile, transportOf(profile, 1));
};

const system = { verify: true, ca: undefined, cert: undefined, key: undefined };

describe('a probe', () => {
  it('sends the headers of all probes and, over them, its own', () => {
    const own = { ...probeAt('/h'), headers: [['x-a', 'own']] as const };
    const { health, metrics } = targets({
      headers: [
        ['X-A', 'all'],
        ['X-B', 'all'],
      ],
      health: [own],
      metrics: [probeAt('http://other.test/m')],
    });
    expect(health?.[0]?.access.headers).toEqual([
      ['X-B', 'all'],
      ['x-a', 'own'],
    ]);
    expect(metrics?.[0]?.access.headers).toEqual([
      ['X-A', 'all'],
      ['X-B', 'all'],
    ]);
  });

  it('trusts whom the load trusts at the origin of the target, elsewhere the system, and always what it says itself', () => {
    const ca = join(folder, 'ca.pem');
    const own = { verify: false, cacert: undefined, cert: undefined, key: undefined };
    const probes = { health: [probeAt('/h'), probeAt(':9464/h'), { ...probeAt('/i'), tls: own }] };
    const { health, wellKnown } = targets(probes, { cacert: ca });
    const load = { ...system, ca: certificate };
    expect(health?.map(({ access }) => access.tls)).toEqual([load, system, { ...system, verify: false }]);
    expect(wellKnown.tls).toEqual(load);
    expect(targets({ health: [probeAt('/h')] }, { verify: false }).health?.[0]?.access.tls.verify).toBe(false);
  });

  it('is refused with a certificate that is none', () => {
    const tls = { verify: true, cacert: join(folder, 'none.pem'), cert: undefined, key: undefined };
    expect(() => targets({ health: [{ ...probeAt('/h'), tls }] })).toThrow(UserError);
  });

  it.each<[string, ConnectionDraft, ProbeTargets['wellKnown']['via']]>([
    ['its own way', {}, undefined],
    ['to the host that the load goes to', { connectTo: '127.0.0.1:8443' }, { hostname: '127.0.0.1', port: 8443 }],
    ['as --connect-to says of its host', { connectTo: 'api.test:443:[::1]:1' }, { hostname: '::1', port: 1 }],
    ['to the Unix socket', { unixSocket: '/run/app.sock' }, { socketPath: '/run/app.sock' }],
    ['past the proxy', { proxy: 'http://proxy.test:8888/' }, undefined],
  ])('of the target goes %s, one of another host straight there', (_, connection, via) => {
    const probes = { health: [probeAt('/h'), probeAt('http://api.test:443/h'), probeAt(':9464/h')] };
    const { health, wellKnown } = targets(probes, connection);
    expect(health?.map(({ access }) => access.via)).toEqual([via, via, undefined]);
    expect(wellKnown.via).toEqual(via);
  });

  it('keeps its pace', () => {
    const { mongo, metrics } = targets({
      metrics: [{ ...probeAt('/m'), periodMs: 5000, timeoutMs: 300 }],
      mongo: [{ uri: 'mongodb://a', periodMs: 10_000, timeoutMs: undefined }],
    });
    expect([metrics?.[0], mongo[0]]).toMatchObject([{ periodMs: 5000, timeoutMs: 300 }, { periodMs: 10_000 }]);
  });
});
