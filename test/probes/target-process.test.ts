// The target's processes on machines made up in a folder: who listens, who may be seen, what comes and goes.
import { afterEach, describe, expect, test } from 'vitest';
import { localEndpoint } from '../../source/probes/listening-socket.ts';
import type { ProbeResult, Reading } from '../../source/probes/probe.ts';
import { TargetProcessProbe, targetProcessProbe } from '../../source/probes/target-process.ts';
import { FakeProc, removeFakeProcs } from '../helpers/fake-proc.ts';

afterEach(removeFakeProcs);

const never = new AbortController().signal;
const any4 = '00000000';
const any6 = '0'.repeat(32);
const loop6 = `${'0'.repeat(24)}01000000`;

/** A probe of port 3000 of a made-up machine, on a clock that stands still until it is told. */
const made = (origin = 'http://localhost:3000', more: { readonly queueBudgetMs?: number } = {}) => {
  const proc = new FakeProc();
  const groups = new FakeProc();
  const time = { now: 1_000_000 };
  const endpoint = localEndpoint(origin);
  if (!endpoint) throw new Error(`${origin} is not local`);
  const options = { endpoint, proc: proc.root, groups: groups.root, now: () => time.now, ...more };
  const probe = new TargetProcessProbe(options);
  const readAfter = (ms: number): Promise<ProbeResult> => {
    time.now += ms;
    return probe.read(never);
  };
  return { proc, groups, probe, readAfter, time };
};

const rowOf = ({ values }: ProbeResult, metric: string) => values.find((one) => one.metric === metric);
const number = (result: ProbeResult, metric: string): Reading => {
  const value = rowOf(result, metric);
  if (value?.type !== 'value') throw new Error(`no ${metric}: ${JSON.stringify(value)}`);
  return value;
};

describe.runIf(process.platform === 'linux')('which targets are of this machine', () => {
  test.each([
    'http://localhost:3000',
    'http://api.localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.9.9.9',
    'https://[::1]:3000',
    'http://0.0.0.0:3000',
  ])('%s is', (origin) => {
    expect(targetProcessProbe(origin)?.kind).toBe('target process');
  });

  test.each(['http://example.com', 'http://192.0.2.7:3000', 'http://[2001:db8::1]', 'http://localhost.example.com'])(
    '%s is not',
    (origin) => {
      expect(targetProcessProbe(origin)).toBeUndefined();
    },
  );

  test('the port of an origin without one is that of its scheme', () => {
    expect(targetProcessProbe('https://localhost')?.target).toBe('port 443 of this machine');
    expect(targetProcessProbe('http://localhost')?.target).toBe('port 80 of this machine');
  });
});

describe('who listens', () => {
  test.each([
    ['http://localhost:3000', 'net/tcp', '0100007F', true],
    ['http://localhost:3000', 'net/tcp6', loop6, true],
    ['http://127.0.0.1:3000', 'net/tcp', any4, true],
    ['http://127.0.0.1:3000', 'net/tcp6', any6, true],
    ['http://127.0.0.1:3000', 'net/tcp6', '0000000000000000FFFF00000100007F', true],
    ['http://127.0.0.1:3000', 'net/tcp', '0200007F', false],
    ['http://127.0.0.1:3000', 'net/tcp6', loop6, false],
    ['http://[::1]:3000', 'net/tcp6', any6, true],
    ['http://[::1]:3000', 'net/tcp', any4, false],
  ])('%s reaches a socket of %s at %s: %s', async (origin, table, address, reached) => {
    const { proc, readAfter } = made(origin);
    proc.sockets([{ port: 3000, inode: '71', address }], table);
    proc.process(40, { sockets: ['71'] });
    const title = await readAfter(0).then(
      ({ title: told }) => told,
      () => undefined,
    );
    expect(title).toBe(reached ? 'pid 40  node' : undefined);
  });

  test('a socket of the very address takes the connections from one of all addresses', async () => {
    const { proc, readAfter } = made('http://127.0.0.1:3000');
    proc.sockets([
      { port: 3000, inode: '71', address: any4 },
      { port: 3000, inode: '72', address: '0100007F' },
    ]);
    proc.process(40, { sockets: ['71'] });
    proc.process(41, { sockets: ['72'], program: '/opt/own server' });
    expect((await readAfter(0)).title).toBe('pid 41  own server');
  });

  test('another port, and a socket that only is connected, are not it', async () => {
    const { proc, readAfter } = made();
    proc.sockets([
      { port: 3001, inode: '71' },
      { port: 3000, inode: '72', state: '01' },
    ]);
    proc.process(40, { sockets: ['71', '72'] });
    await expect(readAfter(0)).rejects.toMatchObject({
      message: 'no process of this machine listens on port 3000',
      hint: expect.stringContaining('--metrics URL'),
    });
  });

  test('listeners are found among hundreds of others, before the connections', async () => {
    const { proc, readAfter } = made();
    const others = Array.from({ length: 400 }, (_, index) => ({ port: 4000 + index, inode: String(5000 + index) }));
    proc.sockets([...others, { port: 3000, inode: '71' }, { port: 3000, inode: '9', state: '01' }]);
    proc.process(40, { sockets: ['71'] });
    expect((await readAfter(0)).title).toBe('pid 40  node');
  });

  test('a socket without a process of ours is in another container', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['70'] });
    await expect(readAfter(0)).rejects.toMatchObject({ message: expect.stringContaining('in another container') });
  });

  test('what hides is not looked for again at once, and is when its time has come', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    await expect(readAfter(0)).rejects.toThrow('another container');
    proc.process(40, { sockets: ['71'] });
    await expect(readAfter(1000)).rejects.toThrow('another container');
    expect((await readAfter(5000)).title).toBe('pid 40  node');
  });

  test('the first process of a machine holds the sockets of its services, and is none of them', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(1, { sockets: ['71'], program: '/usr/lib/systemd/systemd', parent: 0 });
    proc.process(40, { sockets: ['71'] });
    expect((await readAfter(0)).title).toBe('pid 40  node');
  });

  test('a name that carries escapes reaches the title without them', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'], program: '/tmp/\u001b[31mred (deleted)' });
    const { title } = await readAfter(0);
    expect(title).not.toContain('\u001b');
    expect(title).not.toContain('deleted');
  });
});

describe('what it uses', () => {
  test('CPU, waits for a core and disks are of the time since the look before', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    const node = { sockets: ['71'], threads: 2 };
    proc.process(40, { ...node, ticks: 100, waited: { 40: 1e9, 41: 5e9 }, disk: { read: 0, written: 4096 } });
    const first = await readAfter(0);
    expect(rowOf(first, 'cpu')).toMatchObject({ type: 'gap', reason: 'needs a second reading' });
    expect(rowOf(first, 'core.wait')).toMatchObject({ type: 'gap', reason: 'needs a second reading' });
    proc.process(40, { ...node, ticks: 250, waited: { 40: 1.1e9, 41: 5.5e9 }, disk: { read: 8192, written: 4096 } });
    const result = await readAfter(2000);
    expect(number(result, 'cpu')).toMatchObject({ value: 0.75, limit: 4, label: 'cpu', unit: 'ratio' });
    expect(number(result, 'core.wait')).toMatchObject({ value: 0.25, level: 'warn', label: 'core wait' });
    expect(number(result, 'disk.read')).toMatchObject({ value: 4096, unit: 'bytes/s', kind: 'rate' });
    expect(number(result, 'disk.write').value).toBe(0);
  });

  test('memory and threads are of now', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'], rssKilobytes: 2048, threads: 11 });
    const result = await readAfter(0);
    expect(number(result, 'rss')).toMatchObject({ value: 2 * 1024 * 1024, unit: 'bytes' });
    expect(number(result, 'threads').value).toBe(11);
  });

  test('a process with many threads is asked for its first alone, and says so', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    const waited = (each: number) => Object.fromEntries(Array.from({ length: 40 }, (_, index) => [40 + index, each]));
    proc.process(40, { sockets: ['71'], waited: waited(0) });
    await readAfter(0);
    proc.process(40, { sockets: ['71'], waited: { ...waited(9e8), 40: 5e7 } });
    expect(number(await readAfter(1000), 'core.wait')).toMatchObject({
      value: 0.05,
      label: 'core wait, thread 1',
      level: 'ok',
    });
  });

  test('a kernel that keeps no waits is a gap with its reason', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'], waited: {} });
    await readAfter(0);
    expect(rowOf(await readAfter(1000), 'core.wait')).toMatchObject({
      type: 'gap',
      reason: expect.stringContaining('kernel'),
    });
  });

  test.each([
    ['of the new kind', '0::/app/web\n', { 'app/web/cpu.max': 'max 100000\n', 'app/cpu.max': '150000 100000\n' }, 1.5],
    [
      'of the old kind',
      '3:cpu,cpuacct:/d/1\n',
      { 'cpu/d/1/cpu.cfs_quota_us': '50000\n', 'cpu/d/1/cpu.cfs_period_us': '100000\n' },
      0.5,
    ],
    ['without a quota', '0::/app\n', { 'app/cpu.max': 'max 100000\n' }, 4],
    ['beyond the cores', '0::/app\n', { 'app/cpu.max': '900000 100000\n' }, 4],
    ['of another namespace', '0::/../app\n', { 'cpu.max': '10000 100000\n' }, 4],
  ])('the limit of CPU under a control group %s', async (_, cgroup, files, cores) => {
    const { proc, groups, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    for (const [name, text] of Object.entries(files)) groups.write(name, text);
    proc.process(40, { sockets: ['71'], cgroup });
    await readAfter(0);
    expect(number(await readAfter(1000), 'cpu').limit).toBe(cores);
  });

  test('several processes are summed, workers that a first one started among them, and listed busiest first', async () => {
    const { proc, probe, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    const family = (busy: number): void => {
      proc.process(40, { sockets: ['71'], rssKilobytes: 1000, cores: '0' });
      proc.process(42, { parent: 40, ticks: busy, rssKilobytes: 3000, cores: '1' });
      proc.process(41, { parent: 40, rssKilobytes: 2000, cores: '1' });
      proc.process(50, { parent: 40, program: '/bin/sh', ticks: 9 * busy });
      proc.process(51, { parent: 2, ticks: 9 * busy });
    };
    family(0);
    const { title } = await readAfter(0);
    family(50);
    const result = await readAfter(1000);
    expect(title).toBe('pid 40  node, 3 processes');
    expect(number(result, 'cpu')).toMatchObject({ value: 0.5, limit: 2 });
    expect(number(result, 'rss').value).toBe(6000 * 1024);
    expect(number(result, 'processes').value).toBe(3);
    expect(probe.tables()[0]?.columns.map(({ label }) => label)).toEqual([
      'pid',
      'name',
      'cpu',
      'rss',
      'threads',
      'open files',
    ]);
    expect(probe.tables()[0]?.rows.map((row) => row.slice(0, 4))).toEqual([
      ['42', 'node', 0.5, 3000 * 1024],
      ['40', 'node', 0, 1000 * 1024],
      ['41', 'node', 0, 2000 * 1024],
    ]);
  });
});

describe('who waits to be accepted', () => {
  test('it is looked at every five seconds, and a queue that lasts is worth a look', async () => {
    const { proc, readAfter } = made();
    proc.process(40, { sockets: ['71'] });
    const queue = (waiting: number): void => proc.sockets([{ port: 3000, inode: '71', waiting }]);
    queue(0);
    expect(number(await readAfter(0), 'accept.queue')).toMatchObject({ value: 0, level: 'ok' });
    queue(6);
    expect(number(await readAfter(1000), 'accept.queue').value).toBe(0);
    expect(number(await readAfter(4000), 'accept.queue')).toMatchObject({ value: 6, level: 'ok' });
    expect(number(await readAfter(5000), 'accept.queue')).toMatchObject({ value: 6, level: 'warn' });
    queue(0);
    expect(number(await readAfter(5000), 'accept.queue')).toMatchObject({ value: 0, level: 'ok' });
  });

  test('it is given up where looking costs too much, twice', async () => {
    const { proc, readAfter } = made('http://localhost:3000', { queueBudgetMs: -1 });
    proc.process(40, { sockets: ['71'] });
    proc.sockets([{ port: 3000, inode: '71', waiting: 3 }]);
    expect(number(await readAfter(0), 'accept.queue').value).toBe(3);
    for (const ms of [5000, 5000]) {
      expect(rowOf(await readAfter(ms), 'accept.queue')).toMatchObject({
        type: 'gap',
        reason: expect.stringContaining('so many sockets'),
      });
    }
  });

  test('a socket that was closed while the process runs on is a gap', async () => {
    const { proc, readAfter } = made();
    proc.process(40, { sockets: ['71'] });
    proc.sockets([{ port: 3000, inode: '71' }]);
    await readAfter(0);
    proc.sockets([]);
    expect(rowOf(await readAfter(5000), 'accept.queue')).toMatchObject({
      type: 'gap',
      reason: expect.stringContaining('port 3000'),
    });
  });
});

describe('what comes and goes', () => {
  test('a process that comes back under another pid is a restart, with a gap in between', async () => {
    const { proc, readAfter } = made();
    proc.process(40, { sockets: ['71'] });
    proc.sockets([{ port: 3000, inode: '71' }]);
    expect((await readAfter(0)).notices).toEqual([]);
    proc.end(40);
    proc.sockets([]);
    await expect(readAfter(1000)).rejects.toThrow('pid 40 has ended: no process of this machine listens on port 3000');
    proc.process(44, { sockets: ['80'], startedAt: 900 });
    proc.sockets([{ port: 3000, inode: '80' }]);
    const back = await readAfter(1000);
    expect(back.notices).toEqual([{ what: 'restart', level: 'warn', text: 'restarted as pid 44, was pid 40' }]);
    expect(back.title).toBe('pid 44  node');
    expect(rowOf(back, 'cpu')).toMatchObject({ type: 'gap' });
    expect((await readAfter(1000)).notices).toEqual([]);
  });

  test('a pid that was given to another process, and one that only waits to be buried, have ended', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'] });
    await readAfter(0);
    proc.sockets([]);
    proc.process(40, { startedAt: 777 });
    await expect(readAfter(1000)).rejects.toThrow('pid 40 has ended');
    proc.process(40, { sockets: ['71'], state: 'Z' });
    await expect(readAfter(1000)).rejects.toThrow('pid 40 has ended');
  });

  test('one of two processes that share the port ends: the other is looked at on, and its successor is found', async () => {
    const { proc, readAfter } = made();
    proc.sockets([
      { port: 3000, inode: '71' },
      { port: 3000, inode: '72' },
    ]);
    proc.process(40, { sockets: ['71'] });
    proc.process(41, { sockets: ['72'] });
    expect((await readAfter(0)).title).toBe('pid 40  node, 2 processes');
    proc.end(40);
    proc.sockets([{ port: 3000, inode: '72' }]);
    expect((await readAfter(1000)).title).toBe('pid 41  node');
    proc.process(43, { sockets: ['73'] });
    proc.sockets([
      { port: 3000, inode: '72' },
      { port: 3000, inode: '73' },
    ]);
    await readAfter(5000);
    const { title, notices } = await readAfter(5000);
    expect(title).toBe('pid 41  node, 2 processes');
    expect(notices).toEqual([]);
  });

  test('one that comes to share the port is found', async () => {
    const { proc, readAfter } = made();
    const first = { port: 3000, inode: '71' };
    proc.sockets([first]);
    proc.process(40, { sockets: ['71'] });
    await readAfter(0);
    proc.process(41, { sockets: ['72'], parent: 2 });
    proc.sockets([first, { port: 3000, inode: '72' }]);
    await readAfter(5000);
    expect((await readAfter(5000)).title).toBe('pid 40  node, 2 processes');
  });

  test('a worker whose pid was given to another process is none any more', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'] });
    proc.process(41, { parent: 40 });
    expect((await readAfter(0)).title).toBe('pid 40  node, 2 processes');
    proc.process(41, { parent: 2, startedAt: 555, program: '/bin/other' });
    expect((await readAfter(1000)).title).toBe('pid 40  node');
  });

  test('a worker that is started later is found within half a minute', async () => {
    const { proc, readAfter } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'] });
    await readAfter(0);
    proc.process(41, { parent: 40 });
    expect((await readAfter(1000)).title).toBe('pid 40  node');
    expect((await readAfter(30_000)).title).toBe('pid 40  node, 2 processes');
  });

  test('a run that ends does not wait for the walk over all processes', async () => {
    const { proc, probe } = made();
    proc.sockets([{ port: 3000, inode: '71' }]);
    proc.process(40, { sockets: ['71'] });
    await expect(probe.read(AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
