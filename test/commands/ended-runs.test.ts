import { expect, it } from 'vitest';
import { pathOfRun } from '../../source/commands/ended-runs.ts';

it.each([
  ['run.jsonl', 1, 'run.jsonl'],
  ['run.jsonl', 2, 'run-2.jsonl'],
  ['a.b/run', 3, 'a.b/run-3'],
  ['a.b/out.v2.json', 3, 'a.b/out.v2-3.json'],
  ['.hidden', 2, '.hidden-2'],
  ['/tmp/.hidden', 2, '/tmp/.hidden-2'],
])('%s belongs to run %i as %s', (path, run, name) => {
  expect(pathOfRun(path, run)).toBe(name);
});
