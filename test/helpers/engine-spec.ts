// The load of a test in the words of the engine: plain HTTP/1.1 to a port on loopback, and defaults for everything that
// the test does not care about.

import type { EngineSpec } from '../../source/engine/engine.ts';
import type { Limits, Transport } from '../../source/engine/protocol.ts';

/** Fields of the spec to replace; limits may be given one by one. */
export type SpecPatch = Partial<EngineSpec> & Partial<Limits>;

/** Plain HTTP/1.1 with keep-alive to a port on loopback. */
export const plainTransport = (port: number, patch: Partial<Transport> = {}): Transport => ({
  via: { type: 'host', hostname: '127.0.0.1', port },
  http2: false,
  perConnection: 1,
  keepAlive: true,
  tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
  ...patch,
});

/** GET / at a port on loopback, each request with its number: one worker, up to 1,000 connections, nothing that ends it. */
export const plainSpec = (port: number, overrides: SpecPatch = {}): EngineSpec => {
  const { connections = 1000, maxInFlight = connections, timeoutMs = 10_000, ...rest } = overrides;
  const { workers = 1 } = rest;
  return {
    origin: { secure: false, hostname: '127.0.0.1', port },
    transport: plainTransport(port),
    addresses: [{ address: '127.0.0.1', family: 4 }],
    scenarios: scenariosOf([['/', 1]]),
    feeders: [],
    seriesCount: 1,
    metrics: [],
    model: 'open',
    arrivals: 'uniform',
    seed: 11,
    limit: Infinity,
    workers,
    mostWorkers: workers,
    limits: { connections, maxInFlight, timeoutMs },
    overflow: 'queue',
    connectTimeoutMs: 3000,
    burst: undefined,
    ...rest,
  };
};

/** A scenario of one GET for each path, with its weight; every request carries its number. */
export const scenariosOf = (paths: readonly (readonly [path: string, weight: number])[]): EngineSpec['scenarios'] =>
  paths.map(([path, weight], series) => ({
    weight,
    steps: [
      {
        series,
        method: 'GET',
        path,
        headers: ['x-arrival', [{ type: 'arrival' }]],
        body: undefined,
        expectStatus: undefined,
        templated: true,
      },
    ],
  }));
