// Which probes a run gets: what was asked for, and of what was not only what is harmless.
import { afterEach, expect, test } from 'vitest';
import { SystemClock } from '../../source/common/clock.ts';
import type { HttpAccess } from '../../source/probes/http-access.ts';
import { type BuiltProbe, buildProbes, type HttpTarget, type ProbeTargets } from '../../source/probes/index.ts';
import { type ProbeSample, Sampler } from '../../source/probes/sampler.ts';
import { serve, stopServers } from './servers.ts';

const built: BuiltProbe[] = [];
afterEach(async () => {
  await Promise.all(built.splice(0).map(({ probe }) => probe.close()));
  await stopServers();
});

const plain: HttpAccess = {
  headers: [],
  tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
  via: undefined,
};
const usual = { periodMs: undefined, timeoutMs: undefined };
const at = (url: string): HttpTarget => ({ url, access: plain, ...usual });

const nothing: ProbeTargets = {
  health: undefined,
  metrics: undefined,
  mongo: [],
  wellKnown: plain,
  pins: [],
  enabled: true,
};

const build = (targets: Partial<ProbeTargets>, local = true, origin = 'http://localhost:3000'): BuiltProbe[] => {
  const probes = buildProbes({ ...nothing, ...targets }, { origin, local, version: '1.0.0' });
  built.push(...probes);
  return probes;
};

const list = (probes: readonly BuiltProbe[]): string[] =>
  probes.map(({ probe, tryOnce }) => `${probe.id} ${probe.target}${tryOnce ? ' once' : ''}`);

/** Only Linux tells of other processes. */
const ownTarget = process.platform === 'linux' ? ['target port 3000 of this machine'] : [];
const always = ['host this machine', 'process this process'];

test('nothing asked: a local target is tried once, a public one is left alone', () => {
  expect(list(build({}))).toEqual([
    'health http://localhost:3000/health once',
    'metrics http://localhost:3000/metrics once',
    ...ownTarget,
    ...always,
  ]);
  expect(list(build({}, false, 'https://example.com'))).toEqual(always);
});

test('what is asked for is polled anywhere, numbered where there are several', () => {
  const targets = {
    health: [at('https://example.com/ready'), at('https://b.example:8443/h?token=x')],
    metrics: [at('http://b:9464/m')],
    mongo: [
      { uri: 'mongodb://u:p@a,b/', ...usual },
      { uri: 'mongodb://c', ...usual },
    ],
  };
  expect(list(build(targets, false, 'https://example.com'))).toEqual([
    'health https://example.com/ready',
    'health 2 https://b.example:8443/h',
    'metrics http://b:9464/m',
    'mongodb a,b',
    'mongodb 2 c',
    ...always,
  ]);
});

test('an empty list means none, and turning probes off means none of the target', () => {
  expect(list(build({ health: [], metrics: [] }))).toEqual([...ownTarget, ...always]);
  expect(
    list(build({ health: [at('http://a/h')], mongo: [{ uri: 'mongodb://a', ...usual }], enabled: false })),
  ).toEqual(always);
});

test.runIf(process.platform === 'linux')(
  'the own process of a target is looked at where the load goes straight to it',
  () => {
    const ids = (wellKnown: HttpAccess, origin = 'http://localhost:3000', local = true): (string | undefined)[] =>
      build({ health: [], metrics: [], wellKnown }, local, origin)
        .filter(({ probe }) => probe.kind === 'target process')
        .map(({ tryOnce, unasked }) => `${tryOnce ? 'once' : 'on'}${unasked ? ', unasked' : ''}`);
    expect(ids(plain)).toEqual(['on, unasked']);
    expect(ids(plain, 'http://10.255.254.253:3000')).toEqual([]);
    expect(ids(plain, 'http://localhost:3000', false)).toEqual([]);
    expect(ids({ ...plain, via: { socketPath: '/tmp/a.sock' } })).toEqual([]);
    expect(ids({ ...plain, via: { hostname: 'elsewhere', port: 3000 } })).toEqual([]);
  },
);

test('the whole way: a local server without /health is asked once, its /metrics again and again', async () => {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (request.url !== '/metrics') response.writeHead(404).end();
    else
      response
        .setHeader('content-type', 'text/plain')
        .end(`# TYPE http_requests_total counter\nhttp_requests_total ${asked.length * 100}\n`);
  });
  const samples: ProbeSample[] = [];
  const samplers = build({}, true, origin).map(({ probe, tryOnce }) => {
    const sampler = new Sampler({
      probe,
      tryOnce,
      clock: new SystemClock(),
      periodMs: 50,
      tell: (one) => samples.push(one),
    });
    sampler.start();
    return sampler;
  });
  await expect
    .poll(() => samples.filter(({ probe }) => probe === 'metrics').length, { timeout: 10_000 })
    .toBeGreaterThan(3);
  await Promise.all(samplers.map((sampler) => sampler.close()));
  expect(asked.filter((url) => url === '/health')).toHaveLength(1);
  expect(samples.filter(({ probe }) => probe === 'health')).toMatchObject([
    { failure: { reason: 'not found (404)', hint: expect.stringContaining('--health') } },
  ]);
  const last = samples.findLast(({ probe }) => probe === 'metrics');
  expect(last?.result?.values[0]).toMatchObject({ metric: 'requests', type: 'value', kind: 'rate' });
  expect(samples.some(({ probe, result }) => probe === 'process' && result)).toBe(true);
});
