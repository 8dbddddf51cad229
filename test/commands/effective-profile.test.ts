import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effectiveProfile, shippedProfiles } from '../../source/commands/effective-profile.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { UserError } from '../../source/common/errors.ts';
import { compile } from '../../source/profile/compile.ts';
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
      probes: { health: ['http://localhost:3000/health'], enabled: true },
    });
  });

  test.each<[readonly string[], Partial<Profile>]>([
    [['-q', '500'], { load: { model: 'constant', rate: 500 }, durationMs: 60_000 }],
    [['-q', 'max'], { load: { model: 'full speed' } }],
    [['--stages', '5s:7'], { load: { model: 'open', stages: [{ lengthMs: 5000, rate: 7 }] } }],
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
    expect(profile.probes.health).toEqual(['http://10.0.0.1:8000/health']);
    expect(profile.probes.metrics).toEqual(['http://10.0.0.1:9464/metrics']);
    expect(profile.probes.mongo).toEqual(['mongodb://localhost']);
  });

  test('-H puts headers over those of each step', async () => {
    const profile = await fileProfile('-H', 'a: flag', '-H', 'C: flag');
    expect(profile.scenarios[0]?.steps[0]?.headers).toEqual([
      ['B', 'profile'],
      ['a', 'flag'],
      ['C', 'flag'],
    ]);
  });

  test('probes are replaced by kind, or switched off', async () => {
    const replaced = await fileProfile('--health', '/up', '--mongo', 'mongodb://other');
    expect(replaced.probes).toEqual({
      health: ['http://localhost:3000/up'],
      metrics: ['http://localhost:9464/metrics'],
      mongo: ['mongodb://other'],
      enabled: true,
    });
    expect((await fileProfile('--no-probe')).probes.enabled).toBe(false);
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
    expect(shippedProfiles()).toEqual(['events-batch', 'events-simple', 'full-speed']);
    expect((await profileOf('run', 'full-speed')).load).toEqual({ model: 'full speed' });
  });

  test('are proposed for a name that is near', async () => {
    await expect(profileOf('run', 'event-simple')).rejects.toMatchObject({ hint: 'did you mean events-simple?' });
    await expect(profileOf('run', 'other')).rejects.toMatchObject({
      hint: 'shipped profiles: events-batch, events-simple, full-speed',
    });
  });

  test.each(['events-batch', 'events-simple', 'full-speed'])('%s loads and compiles', async (name) => {
    const profile = await profileOf('run', name);
    expect(profile).toMatchObject({ name, origin: 'http://localhost:3000' });
    expect(profile.description).toBeTruthy();
    const run = compile(profile, { userAgent: 'loadtop/test' });
    expect(run.scenarios.flatMap(({ steps }) => steps)).toHaveLength(run.series.length);
  });

  test('events-batch sends 1, 10 and 100 events in 1 to 1 to 3', async () => {
    const run = compile(await profileOf('run', 'events-batch'), { userAgent: 'x' });
    const parsed = run.scenarios.map(({ weight, steps }): unknown => [
      weight,
      JSON.parse(new TextDecoder().decode(steps[0]?.body)),
    ]);
    expect(parsed).toMatchObject([
      [1, { type: 'page_view' }],
      [1, { length: 10 }],
      [3, { length: 100 }],
    ]);
    expect(run.scenarios.every(({ steps }) => steps[0]?.templated)).toBe(true);
  });
});
