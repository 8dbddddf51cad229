// What polling must not do to the machine it runs on: start programs, or keep more and more.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { startDemoTarget } from '../helpers/demo-target.ts';
import { sleep } from '../helpers/drive.ts';

const helper = (name: string): string => path.join(import.meta.dirname, '../helpers', name);

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Starts a helper, whose lines come one by one. */
const start = (args: readonly string[]) => {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  return { pid: child.pid!, next };
};

const startInstance = (series: number, churning: number): Promise<string> =>
  start([helper('instance-process.ts'), `${series}`, `${churning}`]).next();

/** Page faults of children that the process waited for: above 0 as soon as it has started any program. */
const faultsOfChildren = (pid: number): number => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11 - 3]);
};

const childrenOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );

describe.skipIf(process.platform !== 'linux')('all probes together', () => {
  it('start no program', async () => {
    const demo = await startDemoTarget(['--mongo', 'simulated']);
    cleanUps.push(() => demo.stop());
    const polling = start([helper('polling-process.ts'), 'each second', demo.origin, demo.mongo!]);
    expect(await polling.next()).toBe('begun');
    for (let second = 0; second < 12; second += 1) {
      await sleep(1000);
      expect(childrenOf(polling.pid)).toEqual([]);
    }
    expect(faultsOfChildren(polling.pid)).toBe(0);
  });

  it('keep no more after an hour of looks than after six minutes, though labels come and go', async () => {
    const origin = await startInstance(500, 20);
    const demo = await startDemoTarget(['--mongo', 'simulated']);
    cleanUps.push(() => demo.stop());
    const polling = start(['--expose-gc', helper('polling-process.ts'), '3600', origin, demo.mongo!]);
    expect(await polling.next()).toBe('begun');
    const heaps: number[] = [];
    for (let line = await polling.next(); line.includes('heapBytes'); line = await polling.next()) {
      heaps.push((JSON.parse(line) as { heapBytes: number }).heapBytes);
      if (heaps.length === 10) break;
    }
    expect(JSON.parse(await polling.next())).toMatchObject({ done: true, failures: 0 });
    expect(heaps).toHaveLength(10);
    expect(heaps.at(-1)! - heaps[0]!).toBeLessThan(2_000_000);
  });
});
