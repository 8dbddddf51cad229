// The pure judgements before a load: what is found, what is wanted, what to do, by table.

import { describe, expect, it } from 'vitest';
import type { LoadFigures } from '../../source/preflight/load-figures.ts';
import {
  clockCheck,
  connectionRateLimit,
  coresCheck,
  descriptorCheck,
  nodeCheck,
  portCheck,
  reuseCheck,
} from '../../source/preflight/machine-checks.ts';
import { type MachineFacts, parsePortRange, watchClock } from '../../source/preflight/machine-facts.ts';
import { bandwidthCheck, cpuCheck, memoryCheck, newConnectionCheck } from '../../source/preflight/size-checks.ts';
import { type TerminalFacts, terminalCheck } from '../../source/preflight/terminal-checks.ts';

const load = (over: Partial<LoadFigures> = {}): LoadFigures => ({
  model: 'open',
  requestRate: 500,
  connections: 1000,
  needsAll: false,
  maxInFlight: 1000,
  keepAlive: true,
  bodyBytes: 0,
  heldBytes: 0,
  workers: 1,
  mostWorkers: 1,
  ...over,
});

const machine = (over: Partial<MachineFacts> = {}): MachineFacts => ({
  ports: { low: 32_768, high: 60_999 },
  timeWaitReuse: 0,
  availableBytes: 8 * 1024 ** 3,
  link: { name: 'eth0', bytesPerSecond: 125_000_000 },
  ...over,
});

const remote = { addresses: 1, loopback: false };
const loopback = { addresses: 1, loopback: true };

describe('Node', () => {
  it.each([
    ['22.19.0', 'ok'],
    ['26.1.0', 'ok'],
    ['22.18.9', 'bad'],
    ['20.20.2', 'bad'],
  ])('%s is %s', (version, level) => {
    expect(nodeCheck(version)).toMatchObject({ level, found: version });
  });
});

describe('cores', () => {
  it.each([
    [4, 2, 'ok'],
    [2, 2, 'warn'],
    [1, 1, 'warn'],
  ])('%i for %i workers are %s', (cores, workers, level) => {
    expect(coresCheck(cores, load({ workers, mostWorkers: workers })).level).toBe(level);
  });
});

describe('descriptors', () => {
  it('are enough for the connections and what else is open', () => {
    expect(descriptorCheck(1100, load())).toMatchObject({ level: 'ok', found: '1,100 allowed' });
  });

  it('that are too few are told with the command', () => {
    expect(descriptorCheck(1024, load())).toEqual({
      name: 'descriptors',
      level: 'warn',
      found: '1,024 allowed',
      wanted: '1,100: 1,000 connections and 100 to spare',
      todo: 'ulimit -n 65535',
    });
  });

  it('are bad where fewer connections would be another load, and the command names enough of them', () => {
    const check = descriptorCheck(1024, load({ connections: 100_000, needsAll: true }));
    expect(check).toMatchObject({ level: 'bad', todo: 'ulimit -n 100100' });
  });

  it('are not judged where the system does not tell', () => {
    expect(descriptorCheck(undefined, load()).level).toBe('skipped');
  });
});

describe('ports', () => {
  it('are read as the kernel writes them', () => {
    expect(parsePortRange('32768\t60999\n')).toEqual({ low: 32_768, high: 60_999 });
    expect(parsePortRange('')).toBeUndefined();
    expect(parsePortRange('9 8\n')).toBeUndefined();
  });

  it('are enough for connections that are kept', () => {
    expect(portCheck(machine(), remote, load())).toMatchObject({
      level: 'ok',
      found: '32768 to 60999: 28,232 ports',
      wanted: '1,000 for 1,000 connections',
    });
  });

  it('that are too few are told with the command', () => {
    expect(portCheck(machine(), remote, load({ connections: 30_000 }))).toMatchObject({
      level: 'warn',
      todo: 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
    });
  });

  it('count for each address of the target', () => {
    expect(portCheck(machine(), { addresses: 2, loopback: false }, load({ connections: 30_000 })).level).toBe('ok');
  });

  it('of closed connections are kept for 60 s, or 1 s where they are reused', () => {
    const each = load({ keepAlive: false, requestRate: 500 });
    expect(portCheck(machine(), remote, each)).toMatchObject({
      level: 'warn',
      wanted: expect.stringContaining('31,000'),
    });
    expect(portCheck(machine({ timeWaitReuse: 1 }), remote, each).level).toBe('ok');
    expect(portCheck(machine({ timeWaitReuse: 2 }), remote, each).level).toBe('warn');
    expect(portCheck(machine({ timeWaitReuse: 2 }), loopback, each).level).toBe('ok');
  });

  it('are no matter of a Unix socket', () => {
    expect(portCheck(machine(), { addresses: 0, loopback: true }, load()).level).toBe('skipped');
  });

  it('cannot be more than there are: no command then', () => {
    const wide = machine({ ports: { low: 1024, high: 65_535 } });
    expect(portCheck(wide, remote, load({ connections: 70_000 })).todo).not.toContain('sysctl');
  });

  it('allow some 470 new connections a second to one address', () => {
    expect(connectionRateLimit(machine(), remote)).toBeCloseTo(470.5, 1);
    expect(connectionRateLimit(machine({ timeWaitReuse: 1 }), remote)).toBe(28_232);
    expect(connectionRateLimit(machine({ ports: undefined }), remote)).toBeUndefined();
  });
});

describe('tcp_tw_reuse', () => {
  it('is of no matter where connections are kept', () => {
    expect(reuseCheck(machine(), remote, load())).toMatchObject({
      level: 'ok',
      found: expect.stringContaining('0, off'),
    });
  });

  it('is wanted where more are closed than the ports allow', () => {
    expect(reuseCheck(machine(), remote, load({ keepAlive: false, requestRate: 400 })).level).toBe('ok');
    expect(reuseCheck(machine(), remote, load({ keepAlive: false, requestRate: 600 }))).toMatchObject({
      level: 'warn',
      todo: 'sysctl -w net.ipv4.tcp_tw_reuse=1',
    });
  });
});

describe('the clock', () => {
  const watch = async (wall: (at: number) => number) => {
    let at = 0;
    const clock = {
      sleep: async (ms: number) => {
        at += ms;
      },
    };
    return watchClock(clock, 1000, { monotonic: () => at, wall: () => wall(at) });
  };

  it('is steady where both clocks run alike', async () => {
    expect(clockCheck(await watch((at) => 5000 + Math.floor(at)))).toMatchObject({
      level: 'ok',
      found: 'steady over 1 s',
    });
  });

  it('that was set back is told', async () => {
    const check = clockCheck(await watch((at) => (at > 500 ? at - 40 : at)));
    expect(check).toMatchObject({ level: 'warn', found: 'moved back by 40 ms within 1 s' });
  });

  it('that was set and set back is told as well', async () => {
    expect(clockCheck(await watch((at) => (at === 500 ? at + 90 : at))).level).toBe('warn');
  });
});

describe('the size of a load', () => {
  it.each([
    [500, 2, 'ok'],
    [70_000, 2, 'warn'],
    [5_000_000, 2, 'bad'],
  ])('of %i/s on %i cores is %s', (requestRate, cores, level) => {
    expect(cpuCheck(cores, load({ requestRate })).level).toBe(level);
  });

  it('names where its figure comes from, and how many machines it takes', () => {
    const check = cpuCheck(2, load({ requestRate: 5_000_000 }));
    expect(check.found).toBe('5,000,000/s × 25 µs a request (README, Benchmarks) = 125 cores of 2');
    expect(check.wanted).toBe('at most 0.8, so that none is late');
    expect(check.todo).toBe('lower the rate to 32,000/s, or share it among 157 such machines');
    const large = cpuCheck(8, load({ requestRate: 60_000, bodyBytes: 100_000, mostWorkers: 7 }), 60.4);
    expect(large).toMatchObject({
      level: 'warn',
      found:
        '60,000/s × 103 µs a request (25 to send as in README, Benchmarks; 18 for its 97.7 KiB; 60 to make, measured here) = 6.2 cores of 8',
    });
    expect(cpuCheck(8, load({ requestRate: 50_000, mostWorkers: 7 }), 60).level).toBe('ok');
  });

  it('is the target’s matter for users, and the workers’ at full speed', () => {
    expect(cpuCheck(2, load({ model: 'closed', requestRate: undefined })).level).toBe('skipped');
    expect(cpuCheck(2, load({ model: 'full speed', requestRate: undefined })).found).toContain('full speed');
  });

  it.each([
    [1000, 1000, 'ok'],
    [1000, 90_000, 'warn'],
    [1000, 200_000, 'bad'],
  ])('of %i/s with %i bytes on 1 Gbit/s is %s', (requestRate, bodyBytes, level) => {
    expect(bandwidthCheck(machine(), remote, load({ requestRate, bodyBytes })).level).toBe(level);
  });

  it('is held against no link on loopback, and against none whose speed is not known', () => {
    const heavy = load({ requestRate: 10_000, bodyBytes: 1_000_000 });
    expect(bandwidthCheck(machine(), loopback, heavy).level).toBe('ok');
    const unknown = machine({ link: { name: 'eth0', bytesPerSecond: undefined } });
    expect(bandwidthCheck(unknown, remote, heavy)).toMatchObject({
      level: 'skipped',
      found: expect.stringContaining('eth0'),
    });
    expect(bandwidthCheck(machine({ link: undefined }), remote, heavy).level).toBe('skipped');
  });

  it('of users with bodies is held against the memory', () => {
    const users = load({ model: 'closed', connections: 1000, maxInFlight: 1000, heldBytes: 10 * 1024 ** 2 });
    expect(memoryCheck(machine(), load()).level).toBe('ok');
    expect(memoryCheck(machine(), users)).toMatchObject({ level: 'bad', found: expect.stringContaining('10 MiB') });
  });

  it('without keep-alive is held against the ports', () => {
    expect(newConnectionCheck(machine(), remote, load())).toBeUndefined();
    const each = (requestRate: number | undefined) =>
      newConnectionCheck(machine(), remote, load({ keepAlive: false, requestRate }));
    expect(each(400)?.level).toBe('ok');
    expect(each(500)).toMatchObject({ level: 'bad', wanted: expect.stringContaining('470/s') });
    expect(each(undefined)?.level).toBe('ok');
  });
});

describe('the terminal', () => {
  const facts = (over: Partial<TerminalFacts> = {}): TerminalFacts => ({
    isTerminal: true,
    columns: 120,
    rows: 40,
    colourBits: 8,
    env: { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' },
    wantsScreen: true,
    wantsColour: true,
    ascii: false,
    ...over,
  });

  it('is told with its size, colours and characters', () => {
    expect(terminalCheck(facts())).toEqual({
      name: 'terminal',
      level: 'ok',
      found: 'xterm-256color, 120x40, 256 colours, UTF-8',
    });
  });

  it.each([
    ['is too small', { columns: 70, rows: 20 }, 'warn', '80x24'],
    ['knows no UTF-8', { env: { TERM: 'vt100', LANG: 'C' } }, 'warn', '--ascii'],
    ['knows no UTF-8 and needs none', { env: { TERM: 'vt100', LANG: 'C' }, ascii: true }, 'ok', undefined],
    ['is overruled by LC_ALL', { env: { TERM: 'x', LANG: 'C.UTF-8', LC_ALL: 'POSIX' } }, 'warn', '--ascii'],
    ['is dumb', { env: { TERM: 'dumb' } }, 'skipped', undefined],
    ['is none', { isTerminal: false }, 'skipped', undefined],
    ['is not wanted', { wantsScreen: false }, 'skipped', undefined],
  ] as const)('that %s is %s', (_, over, level, todo) => {
    const check = terminalCheck(facts(over));
    expect(check.level).toBe(level);
    if (todo === undefined) expect(check.todo).toBeUndefined();
    else expect(check.todo).toContain(todo);
  });

  it('without colour says why', () => {
    expect(terminalCheck(facts({ env: { TERM: 'x', LANG: 'C.UTF-8', NO_COLOR: '1' } })).found).toContain('NO_COLOR');
    expect(terminalCheck(facts({ colourBits: 1 })).found).toContain('no colour');
  });
});
