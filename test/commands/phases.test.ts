// A profile with phases becomes a whole profile for each of them, and flags come before what they say.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { effectivePhases, effectiveProfile } from '../../source/commands/effective-profile.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import { runSource } from '../../source/commands/run-source.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-phases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = path.join(folder, 'three.yaml');
writeFileSync(
  file,
  `
name: three
target: http://localhost:3000
auth: { bearer: "\${TOKEN}" }
variables: { TOKEN: { default: hush-hush, secret: true } }
objectives: errors<5%
phases:
  - name: validate
    load: { rate: 20, duration: 3s }
    scenarios: single
    pause: 2s
  - name: crowd
    load: { users: 5, duration: 3s, think: 1s }
    warmup: 1s
    pause: 3s
  - load: { rate: 50, grow: { factor: 2, every: 2s, most: 400 } }
    until: errors>10% over 2s
    objectives: []
scenarios:
  - name: single
    steps: [ { get: / } ]
  - name: double
    think: 2s
    steps: [ { get: /health }, { get: / } ]
`,
);

const invocationOf = (argv: readonly string[]) => {
  const invocation = readArguments(['run', file, ...argv], {});
  if (invocation.command !== 'run') throw new Error('expected a run');
  return invocation;
};
const phasesOf = (...argv: readonly string[]) => effectivePhases(invocationOf(argv));

describe('the phases of a profile', () => {
  it('are whole profiles, each with its load, its end and its scenarios', async () => {
    const phases = await phasesOf();
    expect(phases.map(({ phase }) => phase)).toEqual([
      { name: 'validate', number: 1, count: 3, pauseMs: 2000 },
      { name: 'crowd', number: 2, count: 3, pauseMs: 3000 },
      { name: 'phase 3', number: 3, count: 3, pauseMs: 0 },
    ]);
    expect(phases.map(({ load, durationMs }) => [load.model, durationMs])).toEqual([
      ['constant', 3000],
      ['closed', 3000],
      ['open', undefined],
    ]);
    expect(phases.map(({ scenarios }) => scenarios.map(({ name }) => name))).toEqual([
      ['single'],
      ['single', 'double'],
      ['single', 'double'],
    ]);
    expect(phases.map(({ warmupMs }) => warmupMs)).toEqual([0, 1000, 0]);
    expect(phases.map(({ until, objectives }) => [until.length, objectives.length])).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(new Set(phases.map(({ name, origin, secrets }) => JSON.stringify([name, origin, secrets]))).size).toBe(1);
    expect(phases[0]!.secrets).toEqual(['hush-hush']);
  });

  it('think as the load of the phase says, but for scenarios that say so themselves', async () => {
    const [validate, crowd] = await phasesOf();
    const second = (ms: number) => ({ type: 'fixed', ms });
    expect(validate!.scenarios[0]!.think).toBeUndefined();
    expect(crowd!.scenarios.map(({ think }) => think)).toMatchObject([second(1000), second(2000)]);
  });

  it('are chosen by their names, and counted anew', async () => {
    const phases = await phasesOf('--phase', 'phase 3', '--phase', 'crowd');
    expect(phases.map(({ phase }) => phase)).toEqual([
      { name: 'crowd', number: 1, count: 2, pauseMs: 3000 },
      { name: 'phase 3', number: 2, count: 2, pauseMs: 0 },
    ]);
    await expect(phasesOf('--phase', 'crwod')).rejects.toThrow(
      /found "crwod", expected one of validate, crowd, phase 3/,
    );
    await expect(phasesOf('--phase', 'crwod')).rejects.toMatchObject({ hint: 'did you mean --phase crowd?' });
  });

  it('are each bounded by -z, -n, -c, --warmup and --slo', async () => {
    const phases = await phasesOf('-z', '1s', '-n', '7', '-c', '9', '--warmup', '500ms', '--slo', 'p99<1s');
    const figures = phases.map((each) => [each.durationMs, each.limit, each.connections, each.warmupMs]);
    expect(figures).toEqual(Array.from({ length: 3 }, () => [1000, 7, 9, 500]));
    expect(phases.map(({ objectives }) => objectives.map(({ text }) => text))).toEqual([
      ['errors<5%', 'p99<1s'],
      ['errors<5%', 'p99<1s'],
      ['p99<1s'],
    ]);
  });

  it.each([['-q'], ['-u'], ['--stages'], ['--burst']])(
    'have no one load that %s could take the place of',
    async (flag) => {
      const value = flag === '--stages' ? '1s:5' : '5';
      await expect(phasesOf(flag, value)).rejects.toThrow(/found a profile of 3 phases, .* expected one load/);
      expect(await phasesOf(flag, value, '--phase', 'validate')).toHaveLength(1);
    },
  );

  it('take a flag that fits some of them, and none that fits none', async () => {
    const phases = await phasesOf('--spawn-rate', '2');
    expect(phases.map(({ load }) => load.model === 'closed' && load.spawnRate)).toEqual([false, 2, false]);
    await expect(phasesOf('--burst-pause', '2s')).rejects.toThrow(/found no burst/);
    await expect(phasesOf('--phase', 'validate', '--phase', 'phase 3', '--spawn-rate', '2')).rejects.toThrow(
      /found no users/,
    );
    expect(await phasesOf('--abort-on-slo')).toHaveLength(3);
  });

  it('are one look at all requests for --once', async () => {
    const profile = await effectiveProfile(invocationOf([]));
    expect(profile.scenarios.map(({ name }) => name)).toEqual(['single', 'double']);
    expect(profile.load.model).toBe('closed');
    expect((await effectiveProfile(invocationOf(['--spawn-rate', '2']))).load).toMatchObject({ spawnRate: 2 });
    const only = await effectiveProfile(invocationOf(['--phase', 'validate']));
    expect(only.scenarios.map(({ name }) => name)).toEqual(['single']);
  });

  it('have no fields of one load', async () => {
    await expect(runSource(invocationOf([]))).rejects.toThrow(/--armed: found a profile of 3 phases/);
    const source = await runSource(invocationOf(['--phase', 'crowd']));
    expect(source.draft(source.target, source.values).load).toMatchObject({ model: 'closed', users: 5 });
  });
});

describe('--phase', () => {
  it('is for profiles with phases', async () => {
    const plain = path.join(folder, 'plain.yaml');
    writeFileSync(plain, 'target: http://localhost:3000\nsteps: [ { get: / } ]\n');
    const invocation = readArguments(['run', plain, '--phase', 'stress'], {});
    if (invocation.command !== 'run') throw new Error('expected a run');
    await expect(effectivePhases(invocation)).rejects.toThrow(/--phase stress: found a profile without phases/);
    expect(() => readArguments(['http://localhost:3000/', '--phase', 'stress'], {})).toThrow(
      /only a profile has phases/,
    );
  });
});
