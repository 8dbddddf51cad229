import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fieldOfFault, firstTexts, lengthText, profileOf, rateText } from '../../source/commands/armed-fields.ts';
import { effectiveProfile } from '../../source/commands/effective-profile.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { fixedSource, runSource } from '../../source/commands/run-source.ts';
import { sketchRun } from '../../source/commands/sketch-run.ts';
import { parseDuration, parseRate } from '../../source/common/units.ts';
import type { FieldTexts } from '../../source/ui/lobby.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-fields-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sourceOf = async (...argv: string[]) => {
  const invocation = readArguments(argv, {});
  if (invocation.command !== 'run') throw new Error('expected a run');
  const source = await runSource(invocation);
  const profile = await effectiveProfile(invocation);
  return { source, profile, texts: firstTexts(source, profile) };
};

const profileFile = (text: string): string => {
  const file = path.join(folder, 'profile.yaml');
  writeFileSync(file, `target: http://localhost:3000\nsteps: [get: /]\n${text}`);
  return file;
};

/** The profile of the fields at first, with some of them changed. */
const changed = async (argv: readonly string[], texts: Partial<FieldTexts>) => {
  const { source, texts: first } = await sourceOf(...argv);
  const asked = profileOf({ ...first, ...texts }, source);
  return asked.type === 'profile' ? asked.profile : asked.errors;
};

const url = 'http://localhost:3000/a?b=1';

describe('what stands in the fields at first', () => {
  it.each([
    [[url], { target: url, load: 'rate', rate: '50', users: '10', spawn: '', duration: '', connections: '' }],
    [[url, '-q', '2.5k', '-z', '90', '-c', '20'], { rate: '2500', duration: '1m30s', connections: '20' }],
    [[url, '-q', 'max', '-z', '0'], { rate: 'max', duration: '0' }],
    [[url, '-q', '2000/m'], { rate: '2000/m' }],
    [[url, '-u', '200', '--spawn-rate', '10'], { load: 'users', users: '200', spawn: '10', rate: '50' }],
    [[url, '--stages', '30s:500'], { load: 'rate', rate: '' }],
    [[url, '-u', '5', '--stages', '30s:500'], { load: 'users', users: '' }],
    [[url, '--burst', '100x5'], { load: 'rate', rate: '' }],
  ])('of %j', async (argv, texts) => {
    expect((await sourceOf(...argv)).texts).toMatchObject(texts);
  });

  it.each([
    ['load: { rate: 70, duration: 5m }', { target: 'http://localhost:3000', rate: '70', duration: '5m' }],
    ['load: { users: 30, spawnRate: 3, connections: 40 }', { load: 'users', users: '30', connections: '40' }],
    ['load: { stages: [30s: 500] }', { load: 'rate', rate: '', duration: '' }],
  ])('of the profile %j', async (text, texts) => {
    expect((await sourceOf(profileFile(text))).texts).toMatchObject(texts);
  });

  it('leads to the very profile that flags and files describe', async () => {
    for (const argv of [
      [url, '-q', '2000/m', '-z', '1h', '-H', 'a: b', '--health', '/health'],
      [url, '-u', '200', '--spawn-rate', '10', '-n', '500'],
      [url, '-u', '5', '--stages', '30s:500'],
      [url, '--stages', '30s:500,1m:0', '-c', '9'],
      [url, '--burst', '100x5', '--burst-pause', '2s'],
      [url, '-q', 'max', '-d', '{"a":1}'],
      [profileFile('load: { stages: [30s: 500] }'), '--host', 'http://127.0.0.1:81'],
    ]) {
      const { source, profile, texts } = await sourceOf(...argv);
      expect(profileOf(texts, source)).toEqual({ type: 'profile', profile });
    }
  });

  it('is read as the same number again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e8, noNaN: true }), (rate) => {
        expect(Math.abs(parseRate(rateText(rate)) - rate)).toBeLessThanOrEqual(rate * 1e-9);
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: 2_000_000_000 }), (ms) => {
        expect(parseDuration(lengthText(ms))).toBe(ms);
      }),
    );
    expect([3_600_000, 5_400_000, 90_500, 0].map(lengthText)).toEqual(['1h', '1h30m', '1m30s500ms', '0']);
  });
});

describe('what the fields ask for', () => {
  it('goes before flags and profile', async () => {
    const argv = [url, '-q', '10', '-z', '1m', '-c', '5', '-m', 'PUT'];
    const typed = { target: 'http://127.0.0.1:81/c', rate: '3k', duration: '10s', connections: '7' };
    expect(await changed(argv, typed)).toMatchObject({
      origin: 'http://127.0.0.1:81',
      load: { model: 'constant', rate: 3000 },
      durationMs: 10_000,
      connections: 7,
      scenarios: [{ steps: [{ method: 'PUT', path: '/c' }] }],
    });
  });

  it('is users where they are chosen, with what was said of spawning', async () => {
    expect(await changed([url], { load: 'users', users: '20', spawn: '4' })).toMatchObject({
      load: { model: 'closed', users: 20, spawnRate: 4 },
    });
    const profile = profileFile('load: { users: 30, spawnRate: 3 }');
    expect(await changed([profile], { spawn: '' })).toMatchObject({ load: { users: 30, spawnRate: Infinity } });
    expect(await changed([url, '-u', '9', '--spawn-rate', '2'], { load: 'rate', rate: '9' })).toMatchObject({
      load: { model: 'constant', rate: 9 },
    });
  });

  it.each([
    [['--stages', '30s:500'], { rate: '9' }, { model: 'constant', rate: 9 }],
    [['--stages', '30s:500'], { load: 'users', users: '3' }, { model: 'closed', users: 3 }],
    [['--burst', '100x5'], { rate: '9' }, { model: 'constant', rate: 9 }],
    [['-u', '5', '--stages', '30s:500'], { users: '7' }, { model: 'closed', users: 7 }],
    [['-u', '5', '--stages', '30s:500'], { load: 'rate', rate: '7' }, { model: 'constant', rate: 7 }],
  ] as const)('replaces the load of %j where %j is typed', async (argv, texts, load) => {
    expect(await changed([url, ...argv], texts)).toMatchObject({ load });
  });

  it('says at each field what was expected, by the parsers of the flags', async () => {
    const typed = { target: 'nothing', rate: 'fast', duration: '1x', connections: '0' };
    expect(await changed([url], typed)).toEqual({
      target: expect.stringMatching(/^expected http:\/\/ or https:\/\/ in front/),
      rate: "expected a rate such as 500, 2.5k, 50/s or 3000/m, or 'max' for full speed",
      duration: 'expected a duration such as 500ms, 30s, 3m or 1h30m (a bare number is seconds)',
      connections: 'expected a whole number of at least 1',
    });
    expect(await changed([url], { load: 'users', users: '', spawn: '0' })).toEqual({
      users: 'expected a whole number of at least 0',
      spawn: 'expected a rate above 0, such as 10 or 2.5k',
    });
    // What belongs to the other model is not read.
    expect(await changed([url], { users: 'x', spawn: 'x' })).toMatchObject({ load: { model: 'constant' } });
  });

  it('wants an origin where a profile says the paths', async () => {
    const file = profileFile('');
    expect(await changed([file], { target: 'localhost:81' })).toMatchObject({ origin: 'http://localhost:81' });
    expect(await changed([file], { target: 'localhost:81/a' })).toMatchObject({
      target: expect.stringMatching(/expected an origin without a path/),
    });
  });

  it('keeps a target that is fixed', async () => {
    const { source, texts } = await sourceOf(url);
    const fixed = fixedSource(source.draft(url, source.values), source.values, 'the demo has a target of its own');
    expect(profileOf({ ...texts, target: 'x' }, fixed)).toMatchObject({
      profile: { origin: 'http://localhost:3000' },
    });
  });

  it('knows the field that a fault of the whole speaks of', async () => {
    const { texts } = await sourceOf(url);
    const fault = async (argv: readonly string[], typed: Partial<FieldTexts>): Promise<unknown> => {
      const profile = await changed(argv, typed);
      try {
        return 'origin' in profile ? sketchRun(profile, true) : profile;
      } catch (error) {
        return error;
      }
    };
    const users: FieldTexts = { ...texts, load: 'users' };
    expect(fieldOfFault(await fault([url, '-u', '20'], { connections: '5' }), users)).toBe('connections');
    expect(fieldOfFault(await fault([url, '--max-rate', '10'], { rate: '50' }), texts)).toBe('rate');
    expect(fieldOfFault(new Error('connections: x'), texts)).toBeUndefined();
  });
});
