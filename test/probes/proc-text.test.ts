// Texts of /proc as kernels write them, and with parts missing.
import { expect, test } from 'vitest';
import {
  parseCores,
  parseCpu,
  parseDefaultInterface,
  parseDisks,
  parseLoad,
  parseMemory,
  parseOpenFileLimit,
  parsePortCount,
  parsePressure,
  parseProtocolField,
  parseSockets,
  parseSwap,
  parseTraffic,
} from '../../source/probes/proc-text.ts';

test('cpu: interrupts together, guest time not counted twice', () => {
  expect(parseCpu('cpu  100 5 50 800 20 3 7 15 40 0\ncpu0 1 2 3 4 5\nintr 5\n')).toEqual({
    user: 105,
    system: 50,
    idle: 800,
    iowait: 20,
    irq: 10,
    steal: 15,
  });
  expect(parseCpu('cpu  1 2 3 4\n')).toMatchObject({ idle: 4, steal: 0 });
});

test('cores: each by its number, those that are offline left out', () => {
  const cores = parseCores('cpu  9 9 9 9\ncpu0 1 1 2 3 4 5 6 7\ncpu2 x\ncpu11 1 0 0 8\nctxt 5\n');
  expect([...cores]).toEqual([
    ['0', { user: 2, system: 2, idle: 3, iowait: 4, irq: 11, steal: 7 }],
    ['11', { user: 1, system: 0, idle: 8, iowait: 0, irq: 0, steal: 0 }],
  ]);
});

test('disks: sectors are of 512 bytes, lines of old kernels and of new ones are the same', () => {
  const text = `   8       0 sda 10 1 16 20 30 2 64 40 1 50 60
 254       0 vda 540807 47985 14679594 515783 60715 189457 13256096 39794 0 39112 562520 81206 40 5451664 6760 3287 181
   8       1 sda1 short
`;
  expect([...parseDisks(text)]).toMatchObject([
    [
      'sda',
      {
        reads: 10,
        writes: 30,
        readBytes: 8192,
        writtenBytes: 32_768,
        readMs: 20,
        writeMs: 40,
        busyMs: 50,
        queueMs: 60,
      },
    ],
    ['vda', { reads: 540_807, readBytes: 7_515_952_128, writeMs: 39_794, busyMs: 39_112, queueMs: 562_520 }],
  ]);
});

test('memory: in use is what is not available', () => {
  const text = 'MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     400 kB\n';
  expect(parseMemory(text)).toEqual({ used: 600 * 1024, total: 1000 * 1024 });
  expect(parseSwap('SwapTotal: 500 kB\nSwapFree: 200 kB\n')).toEqual({ used: 300 * 1024, total: 500 * 1024 });
});

test('traffic: names with digits, a counter glued to its colon, headers left out', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    3193      29    1    0    0     0          0         0     3193      29    2    0    0     0       0          0
  eth0:422360399   17328    0    2    0     0          0         0  1246528   12007    0    5    0     0       0          0
`;
  expect([...parseTraffic(text)]).toEqual([
    ['lo', { bytesIn: 3193, bytesOut: 3193, drops: 0, errors: 3 }],
    ['eth0', { bytesIn: 422360399, bytesOut: 1246528, drops: 7, errors: 0 }],
  ]);
});

test('default interface: the default route with the lowest metric', () => {
  const text = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
`;
  expect(parseDefaultInterface(text)).toBe('eth0');
  expect(parseDefaultInterface(text.split('\n').slice(0, 2).join('\n'))).toBeUndefined();
});

test('protocol fields: by name, whatever their place', () => {
  const text = 'Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm RtoMin RetransSegs\nTcp: 1 200 7\n';
  expect(parseProtocolField(text, 'Tcp', 'RetransSegs')).toBe(7);
  expect(parseProtocolField(text, 'Tcp', 'Nothing')).toBeUndefined();
  expect(parseProtocolField(text, 'TcpExt', 'ListenOverflows')).toBeUndefined();
});

test('sockets, ports, load, pressure, open files', () => {
  expect(parseSockets('sockets: used 14\nTCP: inuse 12 orphan 0 tw 30 alloc 1 mem 225\nUDP: inuse 9 mem 0\n')).toEqual({
    inUse: 12,
    timeWait: 30,
  });
  expect(parsePortCount('32768\t60999\n')).toBe(28_232);
  expect(parseLoad('2.36 0.74 0.25 5/107 11416\n')).toEqual([2.36, 0.74, 0.25]);
  expect(parsePressure('some avg10=12.50 avg60=1 avg300=0 total=5000\nfull avg10=0.00\n')).toEqual({
    averageRatio: 0.125,
    waitedMs: 5,
  });
  expect(
    parseOpenFileLimit(
      'Limit  Soft Limit\nMax open files            1024                 4096                 files\n',
    ),
  ).toBe(1024);
  expect(
    parseOpenFileLimit('Max open files            unlimited            unlimited            files\n'),
  ).toBeUndefined();
});

test.each([
  ['parseCpu', parseCpu],
  ['parseMemory', parseMemory],
  ['parseSwap', parseSwap],
  ['parseDefaultInterface', parseDefaultInterface],
  ['parseSockets', parseSockets],
  ['parsePortCount', parsePortCount],
  ['parseLoad', parseLoad],
  ['parsePressure', parsePressure],
  ['parseOpenFileLimit', parseOpenFileLimit],
])('%s gives nothing for a file that is not there or not as expected', (_, parse: (text: string) => unknown) => {
  expect([parse(''), parse('cpu x y z a\nMemTotal: ?\nhello\n')]).toEqual([undefined, undefined]);
});
