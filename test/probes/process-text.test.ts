// What /proc says of one process, and of sockets that listen: real texts, and broken ones.
import { expect, test } from 'vitest';
import {
  parseCoreWait,
  parseCpuGroup,
  parseCpuMax,
  parseDiskBytes,
  parseProcessStat,
  parseProcessStatus,
  parseSocketRow,
} from '../../source/probes/process-text.ts';

const rest = (state: string): string =>
  `${state} 812 4121 812 34816 4121 4194304 23871 0 12 0 830 170 0 0 20 0 11 0 98231 1234567168 18211 18446744073709551615`;

test('a process has a name, a parent, CPU time and a start', () => {
  expect(parseProcessStat(`4121 (node) ${rest('S')}\n`)).toEqual({
    name: 'node',
    parent: 812,
    ended: false,
    cpuMs: 10_000,
    startedAt: 98_231,
  });
});

test.each(['a) S 1 (b', '((', 'two words', ''])('the name %j of a process does not shift its fields', (name) => {
  expect(parseProcessStat(`7 (${name}) ${rest('R')}`)).toMatchObject({ name, parent: 812, startedAt: 98_231 });
});

test.each([
  ['Z', true],
  ['X', true],
  ['D', false],
  ['R', false],
])('a process in state %s has ended: %s', (state, ended) => {
  expect(parseProcessStat(`7 (x) ${rest(state)}`)?.ended).toBe(ended);
});

test.each(['', 'nothing', '7 (x', '7 (x) S 1 2', '7 (x) S a b c d e f g h i j k l m n o p q r s t'])(
  '%j is no process',
  (text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  },
);

test('memory, threads and cores come from the status', () => {
  const text = 'Name:\tnode\nVmRSS:\t   72844 kB\nThreads:\t11\nCpus_allowed:\t109\nCpus_allowed_list:\t0,3-5,8\n';
  expect(parseProcessStatus(text)).toEqual({ rssBytes: 72_844 * 1024, threads: 11, cores: [0, 3, 4, 5, 8] });
});

test.each(['', 'Cpus_allowed_list:\t\n', 'Cpus_allowed_list:\t9-1,x,0-99999999\n'])('%j tells nothing', (text) => {
  expect(parseProcessStatus(text)).toEqual({ rssBytes: undefined, threads: undefined, cores: [] });
});

test('the wait for a core is the second figure, in ns; a kernel that keeps none writes zeros', () => {
  expect(parseCoreWait('1262644000 2314406 2\n')).toBeCloseTo(2.314, 3);
  expect(parseCoreWait('0 0 0\n')).toBeUndefined();
  expect(parseCoreWait('')).toBeUndefined();
});

test('disk bytes are those that reached the disk', () => {
  const text =
    'rchar: 6976\nwchar: 9\nsyscr: 10\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n';
  expect(parseDiskBytes(text)).toEqual({ read: 4096, written: 8192 });
  expect(parseDiskBytes('rchar: 1\n')).toBeUndefined();
});

test.each([
  ['0::/system.slice/app.service\n', { version: 2, path: '/system.slice/app.service' }],
  ['4:memory:/m\n3:cpu,cpuacct:/docker/ab\n0::/\n', { version: 1, path: '/docker/ab' }],
  ['4:cpuset:/m\n0::/x\n', { version: 2, path: '/x' }],
  ['4:memory:/m\n', undefined],
  ['', undefined],
])('%j limits the CPU by %j', (text, group) => {
  expect(parseCpuGroup(text)).toEqual(group);
});

test.each([
  ['150000 100000\n', 1.5],
  ['max 100000\n', undefined],
  ['-1 100000', undefined],
  ['', undefined],
])('%j is a quota of %s cores', (text, cores) => {
  expect(parseCpuMax(text)).toBe(cores);
});

test('a row of the table of sockets is a listener, another socket or nothing', () => {
  const tail = '00:00000000 00000000  1000        0 48211 1 0000000053841fd7 100 0 0 10 0';
  expect(parseSocketRow(`   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000006 ${tail}`)).toEqual({
    address: '0100007F',
    port: 3000,
    waiting: 6,
    uid: 1000,
    inode: '48211',
  });
  const six = '00000000000000000000000000000000';
  expect(parseSocketRow(`  12: ${six}:1F90 ${six}:0000 0A 00000000:00000000 ${tail}`)).toMatchObject({ port: 8080 });
  expect(parseSocketRow(`   1: 0100007F:0BB8 0100007F:A0F2 01 00000000:00000006 ${tail}`)).toBe('other');
  expect(parseSocketRow('  sl  local_address rem_address   st tx_queue rx_queue')).toBeUndefined();
  expect(parseSocketRow('   0: 0100007F:0BB8 00000000:0000 0A')).toBeUndefined();
});
