// This process, looked at from within: numbers that the test itself causes.
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { OwnProcessProbe } from '../../source/probes/own-process.ts';
import type { Reading } from '../../source/probes/probe.ts';

const open: OwnProcessProbe[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
});

const made = (): OwnProcessProbe => {
  const probe = new OwnProcessProbe();
  open.push(probe);
  return probe;
};

const reading = async (probe: OwnProcessProbe, metric: string): Promise<Reading> => {
  const { values } = await probe.read();
  const value = values.find((one) => one.metric === metric);
  if (value?.type !== 'value') throw new Error(`no ${metric}: ${JSON.stringify(value)}`);
  return value;
};

/** Uses so much CPU time of this thread, and holds up its loop meanwhile. */
const burn = (ms: number): void => {
  const used = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const until = used() + ms;
  while (used() < until) for (let turn = 0; turn < 10_000; turn += 1) Math.sqrt(turn);
};

test('CPU is the share of one core since the last look', async () => {
  // How large a share this process gets depends on the machine: the same share is measured here.
  const from = { at: performance.now(), cpu: process.cpuUsage() };
  const probe = made();
  burn(150);
  const busy = await reading(probe, 'cpu');
  const { user, system } = process.cpuUsage(from.cpu);
  const share = (user + system) / 1000 / (performance.now() - from.at);
  expect(busy.unit).toBe('ratio');
  expect(busy.value / share).toBeGreaterThan(0.8);
  expect(busy.value / share).toBeLessThan(1.25);
  await sleep(300);
  expect((await reading(probe, 'cpu')).value).toBeLessThan(busy.value);
});

test('a second look at once has no CPU to tell', async () => {
  const { values } = await made().read();
  expect(values.find(({ metric }) => metric === 'cpu')).toMatchObject({ reason: 'needs a second reading' });
});

test('memory is that of the process', async () => {
  expect((await reading(made(), 'rss')).value).toBeGreaterThan(10 * 1024 * 1024);
});

test.runIf(process.platform === 'linux')('open files are counted against their limit', async () => {
  const probe = made();
  const before = await reading(probe, 'descriptors');
  expect(before.limit).toBeGreaterThan(before.value);
  const files = Array.from({ length: 20 }, () => openSync('/dev/null', 'r'));
  const after = await reading(probe, 'descriptors');
  for (const file of files) closeSync(file);
  expect(after.value - before.value).toBeGreaterThanOrEqual(15);
});

test.runIf(process.platform === 'linux')('open files far from their limit are well, threads are counted', async () => {
  const probe = made();
  const { value, limit, level } = await reading(probe, 'descriptors');
  expect(value / limit!).toBeLessThan(0.8);
  expect(level).toBe('ok');
  const before = (await reading(probe, 'threads')).value;
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
  await once(worker, 'online');
  expect((await reading(probe, 'threads')).value).toBeGreaterThan(before);
  await worker.terminate();
});

test('a loop that was held up is late by so much, and an idle one by little', async () => {
  const probe = made();
  await sleep(100);
  burn(200);
  await sleep(60);
  expect((await reading(probe, 'loop.delay')).value).toBeGreaterThan(100);
  // The machine may hold it up as well, but not all the time; what was read once is not told again.
  await expect
    .poll(async () => (await reading(probe, 'loop.delay')).value, { interval: 150, timeout: 1500 })
    .toBeLessThan(100);
});

test('the title names the process', async () => {
  expect((await made().read()).title).toBe(`pid ${process.pid}`);
});
