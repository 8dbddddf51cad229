// What the files of each run of a sitting are called.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { pathOfPhase } from '../../source/commands/ended-phases.ts';
import { pathOfRun } from '../../source/commands/ended-runs.ts';

it.each([
  ['run.jsonl', 1, 'run.jsonl'],
  ['run.jsonl', 2, 'run-2.jsonl'],
  ['a.b/run', 3, 'a.b/run-3'],
  ['a.b/out.v2.json', 3, 'a.b/out.v2-3.json'],
  ['.hidden', 2, '.hidden-2'],
  ['/tmp/.hidden', 2, '/tmp/.hidden-2'],
])('%s belongs to run %i as %s', (file, run, name) => {
  expect(pathOfRun(file, run)).toBe(name);
});

it.each([
  ['run.jsonl', 1, 'validate', 'run-1-validate.jsonl'],
  ['a.b/run', 2, 'Full mix!', 'a.b/run-2-full-mix'],
  ['run.jsonl', 3, 'Überlast', 'run-3-berlast.jsonl'],
  ['run.jsonl', 4, '…', 'run-4.jsonl'],
  ['/dev/null', 1, 'validate', '/dev/null'],
])('%s belongs to phase %i, %s, as %s', (file, number, name, path) => {
  expect(pathOfPhase(file, { number, name })).toBe(path);
});

it('a number whose file is there already is passed over', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-ended-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'run.jsonl');
  for (const taken of ['run.jsonl', 'run-2.jsonl', 'run-3.jsonl']) writeFileSync(path.join(folder, taken), 'mine');
  expect(pathOfRun(file, 1)).toBe(file);
  expect(pathOfRun(file, 2)).toBe(path.join(folder, 'run-4.jsonl'));
});

it.each(['/dev/null', os.tmpdir()])('what is no file is taken as it is: %s', (file) => {
  expect(pathOfRun(file, 2)).toBe(file);
});
