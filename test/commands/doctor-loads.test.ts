// What doctor holds against this machine where a profile has several loads: each of them, and of each check the worst.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lookAtLoad, worstChecks } from '../../source/commands/doctor-loads.ts';
import { effectivePhases } from '../../source/commands/effective-profile.ts';
import { noData } from '../../source/commands/prepare-data.ts';
import { readArguments } from '../../source/commands/read-arguments.ts';
import type { Check, CheckLevel } from '../../source/preflight/check.ts';
import { cpuCheck } from '../../source/preflight/size-checks.ts';

const phases = async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-doctor-loads-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'three.yaml');
  writeFileSync(
    file,
    `target: http://localhost:1
phases:
  - { name: calm, load: { rate: 10, duration: 1s } }
  - { name: flood, load: { rate: 5M, duration: 1s } }
  - { name: crowd, load: { users: 20, duration: 1s } }
steps: [{ get: / }]
`,
  );
  const invocation = readArguments([file], {});
  if (invocation.command !== 'run') throw new Error('expected a run');
  return (await effectivePhases(invocation)).map((profile) => lookAtLoad(profile, noData, '0'));
};

it('each phase is looked at, and the one that is too large is said', async () => {
  const loads = await phases();
  expect(loads.map(({ figures }) => figures.requestRate)).toEqual([10, 5_000_000, undefined]);
  const [cpu, ...others] = worstChecks(loads, (index) => [cpuCheck(2, loads[index]!.figures, 0)]);
  expect(others).toEqual([]);
  expect(cpu).toMatchObject({ name: 'cpu', level: 'bad', found: expect.stringMatching(/^phase flood: 5,000,000\/s/) });
});

it('what is the same for all of them is said once, and one load has no name', async () => {
  const loads = await phases();
  const check = (level: CheckLevel, found: string): Check => ({ name: 'x', level, found });
  const same = worstChecks(loads, () => [check('ok', '26.10')]);
  expect(same).toEqual([check('ok', '26.10')]);
  const levels: readonly CheckLevel[] = ['skipped', 'warn', 'ok'];
  expect(worstChecks(loads, (index) => [check(levels[index]!, String(index))])).toEqual([
    check('warn', 'phase flood: 1'),
  ]);
  expect(worstChecks([], () => [])).toEqual([]);
});
