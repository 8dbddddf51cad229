// Real processes of this machine, looked at from outside: what they are told to do is what the probe says of them.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { localEndpoint } from '../../source/probes/listening-socket.ts';
import type { ProbeResult, Reading } from '../../source/probes/probe.ts';
import { TargetProcessProbe, targetProcessProbe } from '../../source/probes/target-process.ts';
import { endListeningProcesses, ListeningProcess } from '../helpers/listening-process.ts';

const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await endListeningProcesses();
});

const never = new AbortController().signal;
const probeOf = ({ origin }: ListeningProcess) => {
  const probe = targetProcessProbe(origin);
  if (!probe) throw new Error('not local');
  return probe;
};
const number = ({ values }: ProbeResult, metric: string): Reading => {
  const value = values.find((one) => one.metric === metric);
  if (value?.type !== 'value') throw new Error(`no ${metric}: ${JSON.stringify(value)}`);
  return value;
};

describe.runIf(process.platform === 'linux')('a process that listens on this machine', { timeout: 40_000 }, () => {
  test('is found by its port; what it burns, holds and opens shows', async () => {
    const child = await ListeningProcess.start();
    const probe = probeOf(child);
    const idle = await probe.read(never);
    expect(idle.title).toMatch(new RegExp(`^pid ${child.pid}  node`));
    // How long it takes to get so much CPU is the machine's to say; how much it got is not.
    const from = monotonicNow();
    await child.order('burn 600');
    const busy = await probe.read(never);
    const usedMs = number(busy, 'cpu').value * (monotonicNow() - from);
    expect(usedMs).toBeGreaterThan(500);
    expect(usedMs).toBeLessThan(1200);
    expect(number(busy, 'cpu').limit).toBeGreaterThan(0);
    await child.order('open 50');
    await child.order('grow 100');
    const grown = await probe.read(never);
    expect(number(grown, 'rss').value - number(idle, 'rss').value).toBeGreaterThan(80 * 1024 * 1024);
    expect(number(grown, 'descriptors').value - number(idle, 'descriptors').value).toBeGreaterThanOrEqual(50);
    expect(number(grown, 'descriptors')).toMatchObject({ level: 'ok', limit: expect.any(Number) });
    expect(number(grown, 'threads').value).toBeGreaterThan(1);
    await sleep(500);
    expect(number(await probe.read(never), 'cpu').value).toBeLessThan(number(busy, 'cpu').value);
  });

  test('shows the connections that wait while it does not accept any', async () => {
    const child = await ListeningProcess.start({ backlog: 20 });
    const time = { ahead: 0 };
    const endpoint = localEndpoint(child.origin)!;
    const probe = new TargetProcessProbe({ endpoint, now: () => monotonicNow() + time.ahead });
    expect(number(await probe.read(never), 'accept.queue')).toMatchObject({ value: 0, level: 'ok' });
    await child.order('block 3000', 'begun');
    const waiting = Array.from({ length: 12 }, () => connect(child.port, '127.0.0.1'));
    sockets.push(...waiting);
    await Promise.all(waiting.map((socket) => once(socket, 'connect')));
    const seen: (readonly [number, string | undefined])[] = [];
    for (let look = 0; look < 2; look += 1) {
      time.ahead += 5000;
      const { value, level } = number(await probe.read(never), 'accept.queue');
      seen.push([value, level]);
    }
    // One connection may have been taken just before the block began.
    expect(seen[0]![0]).toBeGreaterThanOrEqual(11);
    expect(seen.map(([, level]) => level)).toEqual(['ok', 'warn']);
    await expect
      .poll(
        async () => {
          time.ahead += 5000;
          return number(await probe.read(never), 'accept.queue').value;
        },
        { timeout: 15_000, interval: 200 },
      )
      .toBe(0);
  });

  test('a cluster is its first process and those that do the work', async () => {
    const child = await ListeningProcess.start({ workers: 2 });
    const probe = probeOf(child);
    const idle = await probe.read(never);
    expect(number(idle, 'processes').value).toBe(3);
    child.tell('burn 1500');
    await sleep(1000);
    const busy = await probe.read(never);
    expect(number(busy, 'cpu').value).toBeGreaterThan(0.02);
    const table = probe.tables!()[0]!;
    expect(table.rows).toHaveLength(3);
    // The work is done by one that does not listen itself.
    expect(table.rows[0]![0]).not.toBe(String(child.pid));
    const memory = table.rows.map((row) => Number(row[3]));
    expect(number(busy, 'rss').value).toBe(memory.reduce((sum, one) => sum + one, 0));
    expect(Math.min(...memory)).toBeGreaterThan(10 * 1024 * 1024);
  });

  test('one that ends and comes back has another pid, and is a restart', async () => {
    const first = await ListeningProcess.start();
    const probe = probeOf(first);
    await probe.read(never);
    await first.end();
    await expect(probe.read(never)).rejects.toThrow(
      `pid ${first.pid} has ended: no process of this machine listens on port ${first.port}`,
    );
    const second = await ListeningProcess.start({ port: first.port });
    const { title, notices } = await probe.read(never);
    expect(title).toMatch(new RegExp(`^pid ${second.pid} `));
    expect(notices).toEqual([
      { what: 'restart', level: 'warn', text: `restarted as pid ${second.pid}, was pid ${first.pid}` },
    ]);
  });

  test('a target that is not there yet is found once it is', async () => {
    const first = await ListeningProcess.start();
    await first.end();
    const probe = probeOf(first);
    await expect(probe.read(never)).rejects.toThrow(`no process of this machine listens on port ${first.port}`);
    const second = await ListeningProcess.start({ port: first.port });
    const { title, notices } = await probe.read(never);
    expect(title).toMatch(new RegExp(`^pid ${second.pid} `));
    expect(notices).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)("another user's process is told apart from one that is not there", async () => {
    const child = await ListeningProcess.start();
    const probe = probeOf(child);
    process.seteuid!(65_534);
    try {
      await expect(probe.read(never)).rejects.toMatchObject({
        message: `port ${child.port} is another user's (uid 0): its process may not be looked into`,
        hint: expect.stringContaining('run loadtop as that user or as root'),
      });
    } finally {
      process.seteuid!(0);
    }
  });
});
