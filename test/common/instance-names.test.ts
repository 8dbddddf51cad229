import { expect, test } from 'vitest';
import { probeName } from '../../source/common/instance-names.ts';

const probe = (id: string, kind: string, target: string) => ({ id, kind, target });

const one = probe('health', 'health', 'http://localhost:3001/health');
const two = probe('health 2', 'health', 'http://localhost:3002/health');
const far = probe('health 3', 'health', 'http://db-1:3002/health');
const same = probe('health 4', 'health', 'http://localhost:3002/live');

test.each([
  ['the only one of its kind', one, [one], 'health'],
  ['one of several on a host', two, [one, two], 'health :3002'],
  ['one of several on several hosts', far, [one, two, far], 'health db-1:3002'],
  ['one of two at the same place', same, [two, same], 'health 4'],
  ['this machine', probe('host', 'host', 'this machine'), [], 'this machine'],
  ['the generator', probe('process', 'process', 'this process'), [], 'this process'],
])('%s has one name', (_, named, all, name) => {
  expect(probeName(named, all)).toBe(name);
});
