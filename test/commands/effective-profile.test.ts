import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effectiveProfile, shippedProfiles } from '../../source/commands/effective-profile.ts';
import { planRun } from '../../source/commands/plan-run.ts';
import { highestOf } from '../../source/commands/plan-segments.ts';
import { prepareData } from '../../source/commands/prepare-data.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { UserError } from '../../source/common/errors.ts';
import { Template } from '../../source/engine/template.ts';
import { plainSource } from '../../source/engine/template-value.ts';
import { type CompiledRun, compile } from '../../source/profile/compile.ts';
import { mongoAt, probeAt } from '../../source/profile/defaults.ts';
import type { Profile } from '../../source/profile/profile.ts';
import type { TextPart } from '../../source/profile/templates.ts';

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
const compiled = async (profile: Profile): Promise<CompiledRun> => {
  const data = await prepareData(profile, { env: {}, tell: () => {} });
  return compile(profile, { userAgent: 'loadtop/test', data });
};
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
    [
      ['--burst', '10x5'],
      { load: { model: 'burst', sizes: [10, 10, 10, 10, 10], afterMs: 0, pauseMs: 1000, errorLimit: undefined } },
    ],
    [
      ['--burst', '10', '--burst-pause', '3'],
      { load: { model: 'burst', sizes: [10], afterMs: 0, pauseMs: 3000, errorLimit: undefined } },
    ],
    [
      ['--burst', '10..30*2', '--burst-stop', '10%'],
      {
        load: {
          ...{ model: 'burst', sizes: [10, 20], afterMs: 0, pauseMs: 1000 },
          errorLimit: { type: 'share', most: 0.1 },
        },
      },
    ],
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
    expect(await burst('--burst', '7')).toEqual({
      model: 'burst',
      sizes: [7],
      afterMs: 0,
      pauseMs: 2000,
      errorLimit: undefined,
    });
    expect(await burst('--burst-pause', '0')).toEqual({
      ...{ model: 'burst', sizes: [1000, 1000, 1000, 1000, 1000], afterMs: 0, pauseMs: 0 },
      errorLimit: undefined,
    });
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
    const names = ['agents-mixed', 'batch-insert', 'chat-completions', 'events-simple', 'gateway-custom', 'smoke'];
    expect(shippedProfiles()).toEqual(expect.arrayContaining(names));
    expect((await profileOf('run', 'full-speed')).load).toEqual({ model: 'full speed' });
  });

  test('are proposed for a name that is near', async () => {
    await expect(profileOf('run', 'event-simple')).rejects.toMatchObject({ hint: 'did you mean events-simple?' });
    await expect(profileOf('run', 'other')).rejects.toMatchObject({
      hint: `shipped profiles: ${shippedProfiles().join(', ')}`,
    });
  });

  test.each(['burst', 'events-batch', 'events-simple', 'full-speed', 'overload', 'users'])(
    '%s loads and compiles',
    async (name) => {
      const profile = await profileOf('run', name);
      expect(profile).toMatchObject({ name, origin: 'http://localhost:3000' });
      expect(profile.description).toBeTruthy();
      const run = await compiled(profile);
      expect(run.scenarios.flatMap(({ steps }) => steps)).toHaveLength(run.series.length);
    },
  );

  test('events-batch sends 1, 10 and 100 events in 1 to 1 to 3, all ten types', async () => {
    const run = await compiled(await profileOf('run', 'events-batch'));
    expect(run.scenarios.map(({ weight, steps }) => [weight, steps[0]?.items])).toEqual([
      [1, 1],
      [1, 10],
      [3, 100],
    ]);
    const template = new Template(run.scenarios[2]!.steps[0]!.body as TextPart[], plainSource(1, 0));
    const bytes = Buffer.alloc(template.most);
    const events: { type: string }[] = JSON.parse(bytes.toString('utf8', 0, template.write(bytes, 0, false)));
    expect(events).toHaveLength(100);
    expect(new Set(events.map(({ type }) => type)).size).toBe(10);
    expect(run.scenarios.every(({ steps }) => steps[0]?.templated)).toBe(true);
  });
});

describe('the flags that people type by habit over a profile of each load', () => {
  const loads = {
    rate: 'rate: 50, duration: 1m',
    stages: 'stages: [10s: 5, 20s: 5]',
    users: 'users: 10, spawnRate: 2, duration: 1m',
    'stages of users': 'users: [10s: 5, 20s: 5], spawnRate: 2',
    burst: 'burst: { size: 10, rounds: 2, pause: 2s }',
    'full speed': 'rate: max, duration: 1m',
  };
  type Name = keyof typeof loads;
  const over = async (name: Name, argv: readonly string[], environment: Record<string, string> = {}) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
    writeFileSync(
      file,
      `target: http://localhost:3000\nload: { ${loads[name]} }\nconnection: { keepAlive: true }\nsteps: [get: /]\n`,
    );
    const invocation = readArguments(['run', file, ...argv], environment);
    if (invocation.command !== 'run') throw new Error('no run');
    const profile = await effectiveProfile(invocation, { environment });
    return { profile, plan: planRun(profile, { cores: 3, descriptorLimit: 65_536, tui: false }) };
  };
  const names: readonly Name[] = ['rate', 'stages', 'users', 'stages of users', 'burst', 'full speed'];
  const everywhere = names.map((name) => [name] as const);

  test.each(everywhere)('%s: -q is a rate in its place', async (name) => {
    const { profile, plan } = await over(name, ['-q', '70']);
    expect(profile.load).toEqual({ model: 'constant', rate: 70 });
    expect([plan.model, highestOf(plan.segments)]).toEqual(['open', 70]);
  });

  test.each(everywhere)('%s: -u and --spawn-rate are users in its place', async (name) => {
    const { profile, plan } = await over(name, ['--users', '25', '--spawn-rate', '5', '--run-time', '180']);
    expect(profile.load).toEqual({ model: 'closed', users: 25, spawnRate: 5 });
    expect([plan.durationMs, plan.connections]).toEqual([180_000, 25]);
  });

  test.each(everywhere)('%s: --host, -n and -z replace its own, by flag or by environment', async (name) => {
    const expected = { origin: 'http://10.0.0.1:8000', limit: 7, durationMs: 5000 };
    const flags = ['--host', 'http://10.0.0.1:8000', '-n', '7', '-z', '5'];
    const environment = { LOADTOP_HOST: '10.0.0.1:8000', LOADTOP_REQUESTS: '7', LOADTOP_DURATION: '5' };
    expect((await over(name, flags)).profile).toMatchObject(expected);
    expect((await over(name, [], environment)).profile).toMatchObject(expected);
    expect((await over(name, ['-n', '8'], environment)).profile.limit).toBe(8);
    expect((await over(name, flags)).plan).toMatchObject({ durationMs: 5000 });
  });

  test.each(everywhere)('%s: -c is its connections', async (name) => {
    expect((await over(name, ['-c', '20'])).plan.connections).toBe(20);
    expect((await over(name, [], { LOADTOP_CONNECTIONS: '20' })).plan.connections).toBe(20);
  });

  test.each(everywhere)('%s: LOADTOP_USERS and LOADTOP_SPAWN_RATE are users, unless a rate is typed', async (name) => {
    const environment = { LOADTOP_USERS: '25', LOADTOP_SPAWN_RATE: '5' };
    expect((await over(name, [], environment)).profile.load).toEqual({ model: 'closed', users: 25, spawnRate: 5 });
    expect((await over(name, ['-q', '9'], environment)).profile.load).toEqual({ model: 'constant', rate: 9 });
  });

  test.each<[Name, boolean]>([
    ['users', true],
    ['stages of users', true],
    ['rate', false],
    ['stages', false],
    ['burst', false],
    ['full speed', false],
  ])('%s: --spawn-rate alone fits: %s', async (name, fits) => {
    if (fits) expect((await over(name, ['--spawn-rate', '4'])).profile.load).toMatchObject({ spawnRate: 4 });
    else await expect(over(name, ['--spawn-rate', '4'])).rejects.toThrow('expected a load of virtual users');
  });

  test('users take the place of pipelining, which they cannot have', async () => {
    const file = join(folder, 'pipelined.yaml');
    writeFileSync(file, 'target: http://localhost:3000\nconnection: { pipelining: 10 }\nsteps: [get: /]\n');
    expect((await profileOf(file, '-u', '5')).connection.pipelining).toBeUndefined();
    expect((await profileOf(file, '-q', '5')).connection.pipelining).toBe(10);
  });

  test('flags come before variables, and those before the environment', async () => {
    const file = join(folder, 'variables.yaml');
    writeFileSync(file, 'target: ${ORIGIN}\nload: { rate: "${RATE:-5}" }\nsteps: [get: /]\n');
    const profile = async (argv: readonly string[], environment: Record<string, string>) => {
      const invocation = readArguments([file, ...argv], environment);
      if (invocation.command !== 'run') throw new Error('no run');
      const { origin, load } = await effectiveProfile(invocation, { environment });
      return [origin, load.model === 'constant' && load.rate];
    };
    const environment = { ORIGIN: 'http://localhost:1', RATE: '6' };
    expect(await profile([], environment)).toEqual(['http://localhost:1', 6]);
    expect(await profile(['--set', 'RATE=7', '--set', 'RATE=8'], environment)).toEqual(['http://localhost:1', 8]);
    expect(await profile(['--set', 'RATE=7', '-q', '9'], environment)).toEqual(['http://localhost:1', 9]);
    expect(await profile(['--host', 'http://localhost:2'], {})).toEqual(['http://localhost:2', 5]);
  });
});
