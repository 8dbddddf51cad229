import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effectiveProfile, shippedProfiles } from '../../source/commands/effective-profile.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { UserError } from '../../source/common/errors.ts';
import { type CompiledStep, compile } from '../../source/profile/compile.ts';
import { mongoAt, probeAt } from '../../source/profile/defaults.ts';
import type { Profile } from '../../source/profile/profile.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-effective-'));
  writeFileSync(
    join(folder, 'p.yaml'),
    `
target: http://localhost:3000
load: { stages: [10s: 5], duration: 1m, requests: 9, arrivals: poisson, seed: 3, connections: 4, maxInFlight: 4, overflow: drop, workers: 1 }
timeout: 3s
headers: { A: profile, B: profile }
steps: [get: /x]
probes: { health: /health, metrics: [":9464/metrics"], mongo: mongodb://localhost }
record: a.jsonl
`,
  );
  writeFileSync(join(folder, 'event.json'), '{"a":1}');
  writeFileSync(join(folder, 'event.bin'), Uint8Array.from([0, 255]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profileOf = (...argv: string[]): Promise<Profile> => {
  const invocation = readArguments(argv, {});
  if (invocation.command !== 'run') throw new Error('no run');
  return effectiveProfile(invocation);
};
/** A body as text; its templates as their number would be. */
const textOf = (body: CompiledStep['body']): string =>
  body instanceof Uint8Array
    ? new TextDecoder().decode(body)
    : (body ?? []).map((part) => (typeof part === 'string' ? part : '0')).join('');
const fileProfile = (...argv: string[]): Promise<Profile> => profileOf(join(folder, 'p.yaml'), ...argv);

describe('flags over a profile', () => {
  test('change nothing where there are none', async () => {
    expect(await fileProfile()).toMatchObject({
      name: 'p',
      load: { model: 'open', stages: [{ lengthMs: 10_000, rate: 5 }] },
      durationMs: 60_000,
      limit: 9,
      timeoutMs: 3000,
      overflow: 'drop',
      workers: 1,
      record: 'a.jsonl',
      probes: { health: [{ url: 'http://localhost:3000/health' }], enabled: true },
    });
  });

  test.each<[readonly string[], Partial<Profile>]>([
    [['-q', '500'], { load: { model: 'constant', rate: 500 }, durationMs: 60_000 }],
    [['-q', 'max'], { load: { model: 'full speed' } }],
    [['--stages', '5s:7'], { load: { model: 'open', stages: [{ lengthMs: 5000, rate: 7 }] } }],
    [['-u', '200'], { load: { model: 'closed', users: 200, spawnRate: Infinity } }],
    [['-u', '200', '--spawn-rate', '10'], { load: { model: 'closed', users: 200, spawnRate: 10 } }],
    [
      ['-u', '0', '--stages', '5s:7'],
      { load: { model: 'closed', users: [{ lengthMs: 5000, rate: 7 }], spawnRate: Infinity } },
    ],
    [
      ['-u', '3', '--stages', '5s:7'],
      {
        load: {
          model: 'closed',
          users: [
            { lengthMs: 0, rate: 3 },
            { lengthMs: 5000, rate: 7 },
          ],
          spawnRate: Infinity,
        },
      },
    ],
    [['--burst', '10x5'], { load: { model: 'burst', size: 10, rounds: 5, pauseMs: 1000 } }],
    [['--burst', '10', '--burst-pause', '3'], { load: { model: 'burst', size: 10, rounds: 1, pauseMs: 3000 } }],
    [['--max-rate', '10', '--warmup', '2', '--grace', '3'], { maxRate: 10, warmupMs: 2000, graceMs: 3000 }],
    [['-z', '0'], { durationMs: 0 }],
    [['-n', '7'], { limit: 7 }],
    [['-c', '8', '--max-in-flight', '6', '--overflow', 'queue'], { connections: 8, maxInFlight: 6, overflow: 'queue' }],
    [['--arrivals', 'uniform', '--seed', '0'], { arrivals: 'uniform', seed: 0 }],
    [['-t', '1s', '-w', 'auto'], { timeoutMs: 1000, workers: 'auto' }],
    [['--record', 'b.jsonl'], { record: 'b.jsonl' }],
    [['--no-record'], { record: false }],
  ])('%j come first', async (argv, expected) => {
    expect(await fileProfile(...argv)).toMatchObject(expected);
  });

  test('--host moves the target and the probes that are relative to it', async () => {
    const profile = await fileProfile('--host', 'http://10.0.0.1:8000');
    expect(profile.origin).toBe('http://10.0.0.1:8000');
    expect(profile.probes.health).toEqual([probeAt('http://10.0.0.1:8000/health')]);
    expect(profile.probes.metrics).toEqual([probeAt('http://10.0.0.1:9464/metrics')]);
    expect(profile.probes.mongo).toEqual([mongoAt('mongodb://localhost')]);
  });

  test('-H puts headers over those of each step', async () => {
    const profile = await fileProfile('-H', 'a: flag', '-H', 'C: flag');
    expect(profile.scenarios[0]?.steps[0]?.headers).toEqual([
      ['B', 'profile'],
      ['a', 'flag'],
      ['C', 'flag'],
    ]);
  });

  test('-a is a header of each step in place of its own, and not of the probes', async () => {
    const profile = await fileProfile('-a', 'me:hush');
    expect(profile.scenarios[0]?.steps[0]?.headers).toContainEqual(['Authorization', 'Basic bWU6aHVzaA==']);
    expect(JSON.stringify(profile.probes)).not.toContain('hush');
  });

  test.each([
    [['--spawn-rate', '5'], '--spawn-rate: found no users, expected a load of virtual users'],
    [['--stages', '5s:7', '--spawn-rate', '5'], '--spawn-rate: found no users, expected a load of virtual users'],
    [['--burst-pause', '5'], '--burst-pause: found no burst, expected a load of bursts'],
    [['-u', '1', '--stages', '5s:2.5'], /^--stages: found 2\.5, expected whole numbers of users/],
  ])('%j do not fit', async (argv, message) => {
    await expect(fileProfile(...argv)).rejects.toThrow(UserError);
    await expect(fileProfile(...argv)).rejects.toThrow(message);
  });

  test('what they do not speak of stays as the profile has it', async () => {
    const users = (...argv: string[]) => profileOf('run', 'users', ...argv).then(({ load }) => load);
    expect(await users('-u', '25')).toEqual({ model: 'closed', users: 25, spawnRate: 10 });
    expect(await users('--spawn-rate', '5')).toMatchObject({ model: 'closed', spawnRate: 5, users: { length: 6 } });
    const burst = (...argv: string[]) => profileOf('run', 'burst', ...argv).then(({ load }) => load);
    expect(await burst('--burst', '7')).toEqual({ model: 'burst', size: 7, rounds: 1, pauseMs: 2000 });
    expect(await burst('--burst-pause', '0')).toEqual({ model: 'burst', size: 1000, rounds: 5, pauseMs: 0 });
  });

  test('probes are replaced by kind, or switched off', async () => {
    const replaced = await fileProfile('--health', '/up', '--mongo', 'mongodb://other');
    expect(replaced.probes).toEqual({
      health: [probeAt('http://localhost:3000/up')],
      metrics: [probeAt('http://localhost:9464/metrics')],
      mongo: [mongoAt('mongodb://other')],
      headers: [],
      pins: [],
      enabled: true,
    });
    expect((await fileProfile('--no-probe')).probes.enabled).toBe(false);
  });
});

describe('probe flags over those of a profile', () => {
  const probesWith = async (block: string, ...argv: string[]) => {
    const file = join(folder, 'probes.yaml');
    writeFileSync(file, `target: http://localhost:3000\nsteps: [get: /]\nprobes: ${block}\n`);
    return (await profileOf(file, ...argv)).probes;
  };

  test('a header replaces that of all probes and of each; others stay', async () => {
    const block = '{ headers: { X-A: p, X-B: p }, health: [/h, { url: /i, bearer: own, headers: { X-A: own } }] }';
    const probes = await probesWith(block, '--probe-header', 'x-a: flag', '--probe-header', 'Authorization: flag');
    expect(probes.headers).toEqual([
      ['X-B', 'p'],
      ['x-a', 'flag'],
      ['Authorization', 'flag'],
    ]);
    expect(probes.health?.map(({ headers }) => headers)).toEqual([[], []]);
    expect((await probesWith(block)).health?.[1]?.headers).toEqual([
      ['X-A', 'own'],
      ['Authorization', 'Bearer own'],
    ]);
  });

  test('what is pinned is added to what the profile pins, once', async () => {
    const probes = await probesWith('{ pin: [buffer_*, queue_*] }', '--metric', 'queue_*', '--metric', 'pool_*');
    expect(probes.pins).toEqual(['buffer_*', 'queue_*', 'pool_*']);
  });

  test('a URL on the command line is asked with the headers of all, in the usual pace', async () => {
    const probes = await probesWith('{ headers: { X-A: p }, metrics: { url: /m, period: 5s } }', '--metrics', '/n');
    expect(probes).toMatchObject({ headers: [['X-A', 'p']], metrics: [probeAt('http://localhost:3000/n')] });
  });
});

describe('connection flags over those of a profile', () => {
  const base = 'target: http://localhost:3000\nsteps: [get: /]\nconnection: ';
  const connectionWith = async (block: string, ...argv: string[]) => {
    const file = join(folder, 'connection.yaml');
    writeFileSync(file, `${base}${block}\n`);
    return (await profileOf(file, ...argv)).connection;
  };

  test.each<[string, readonly string[], Partial<Profile['connection']>]>([
    ['{ pipelining: 4 }', [], { pipelining: 4, keepAlive: true }],
    ['{ pipelining: 4 }', ['--pipelining', '2'], { pipelining: 2 }],
    ['{ connectTimeout: 1s }', ['--connect-timeout', '2s'], { connectTimeoutMs: 2000 }],
    [
      '{ http2: true, pipelining: 4 }',
      ['--disable-keepalive'],
      { http2: false, pipelining: undefined, keepAlive: false },
    ],
    ['{ keepAlive: false }', ['--http2'], { http2: true, keepAlive: true }],
    ['{ keepAlive: false }', ['--pipelining', '2'], { pipelining: 2, keepAlive: true }],
    ['{ proxy: "http://a" }', ['--unix-socket', 'b'], { proxy: undefined, unixSocket: 'b' }],
    ['{ unixSocket: /a }', ['--connect-to', 'b:1'], { unixSocket: undefined, connectTo: 'b:1' }],
    ['{ cacert: /a }', ['-k'], { cacert: undefined, verify: false }],
    ['{ insecure: true }', ['--cacert', 'b'], { cacert: 'b', verify: true }],
    ['{ ipv4: true }', ['-6'], { family: 6 }],
    ['{ ipv4: true }', [], { family: 4 }],
    ['{ cert: /a, key: /b }', ['--cert', 'c'], { cert: 'c', key: '/b' }],
  ])('%s with %j', async (block, argv, expected) => {
    expect(await connectionWith(block, ...argv)).toMatchObject(expected);
  });
});

describe('a URL with flags', () => {
  test('is a profile of its own', async () => {
    const profile = await profileOf('localhost:3000/events', '-d', '{"a":1}', '-H', 'X: y', '-q', '20', '-n', '5');
    expect(profile).toMatchObject({ origin: 'http://localhost:3000', load: { model: 'constant', rate: 20 }, limit: 5 });
    expect(profile.scenarios[0]?.steps[0]).toMatchObject({
      name: 'POST /events',
      method: 'POST',
      body: '{"a":1}',
      headers: [
        ['X', 'y'],
        ['Content-Type', 'application/json'],
      ],
    });
  });

  test('has the defaults where nothing is said', async () => {
    expect(await profileOf('http://localhost')).toMatchObject({
      load: { model: 'constant', rate: 50 },
      durationMs: undefined,
      timeoutMs: 10_000,
      probes: { health: undefined, metrics: undefined, mongo: [], enabled: true },
    });
  });

  test.each([
    ['event.json', [['Content-Type', 'application/json']]],
    ['event.bin', []],
  ])('takes its body from %s', async (name, headers) => {
    for (const argv of [
      ['-D', join(folder, name)],
      ['-d', `@${join(folder, name)}`],
    ]) {
      const step = (await profileOf('http://localhost', ...argv)).scenarios[0]?.steps[0];
      expect(step).toMatchObject({ method: 'POST', headers });
      expect(step?.body?.length).toBe(name === 'event.bin' ? 2 : 7);
    }
  });

  test('says which body file is missing', async () => {
    const missing = profileOf('http://localhost', '-D', join(folder, 'gone.json'));
    await expect(missing).rejects.toThrow(UserError);
    await expect(missing).rejects.toThrow(/gone\.json: no such file, expected a readable file$/);
  });
});

describe('profiles that come with the program', () => {
  test('are found by name', async () => {
    expect(shippedProfiles()).toEqual(['burst', 'events-batch', 'events-simple', 'full-speed', 'users']);
    expect((await profileOf('run', 'full-speed')).load).toEqual({ model: 'full speed' });
  });

  test('are proposed for a name that is near', async () => {
    await expect(profileOf('run', 'event-simple')).rejects.toMatchObject({ hint: 'did you mean events-simple?' });
    await expect(profileOf('run', 'other')).rejects.toMatchObject({
      hint: 'shipped profiles: burst, events-batch, events-simple, full-speed, users',
    });
  });

  test.each(['burst', 'events-batch', 'events-simple', 'full-speed', 'users'])(
    '%s loads and compiles',
    async (name) => {
      const profile = await profileOf('run', name);
      expect(profile).toMatchObject({ name, origin: 'http://localhost:3000' });
      expect(profile.description).toBeTruthy();
      const run = compile(profile, { userAgent: 'loadtop/test' });
      expect(run.scenarios.flatMap(({ steps }) => steps)).toHaveLength(run.series.length);
    },
  );

  test('events-batch sends 1, 10 and 100 events in 1 to 1 to 3', async () => {
    const run = compile(await profileOf('run', 'events-batch'), { userAgent: 'x' });
    const parsed = run.scenarios.map(({ weight, steps }): unknown => [weight, JSON.parse(textOf(steps[0]?.body))]);
    expect(parsed).toMatchObject([
      [1, { type: 'page_view' }],
      [1, { length: 10 }],
      [3, { length: 100 }],
    ]);
    expect(run.scenarios.every(({ steps }) => steps[0]?.templated)).toBe(true);
  });
});
