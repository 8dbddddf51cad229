// A target's machine from texts as node_exporter writes them, and with parts missing or strange.
import { afterEach, expect, test } from 'vitest';
import { isNodeExporter, type MachineReading, NodeExporterReader } from '../../source/probes/node-exporter.ts';
import { PrometheusProbe } from '../../source/probes/prometheus.ts';
import { line } from './machine.ts';
import { groupFamilies, parsePrometheusText } from './scraped.ts';
import { serve, stopServers } from './servers.ts';

afterEach(stopServers);

const familiesOf = (text: string): ReturnType<typeof groupFamilies> => groupFamilies(parsePrometheusText(text));

const cpu = (core: number, idle: number, user: number, softirq: number): string =>
  [
    ['idle', idle],
    ['iowait', 0],
    ['irq', 0],
    ['nice', 0],
    ['softirq', softirq],
    ['steal', 0],
    ['system', 0],
    ['user', user],
  ]
    .map(([mode, value]) => `node_cpu_seconds_total{cpu="${core}",mode="${mode}"} ${value}\n`)
    .join('');

/** What a machine says at a second of its test; everything grows with it. */
const scrape = (second: number, bootedS = 1.7e9): string => `# TYPE node_cpu_seconds_total counter
${cpu(1, second * 0.5, second * 0.5, 0)}${cpu(0, 0, second * 0.75, second * 0.25)}# TYPE node_boot_time_seconds gauge
node_boot_time_seconds ${bootedS}
# TYPE node_uname_info gauge
node_uname_info{domainname="(none)",machine="x86_64",nodename="db-1",release="6.1",sysname="Linux",version="#1"} 1
# TYPE node_memory_MemTotal_bytes gauge
node_memory_MemTotal_bytes 1000
# TYPE node_memory_MemAvailable_bytes gauge
node_memory_MemAvailable_bytes 50
# TYPE node_memory_SwapTotal_bytes gauge
node_memory_SwapTotal_bytes 0
# TYPE node_memory_SwapFree_bytes gauge
node_memory_SwapFree_bytes 0
# TYPE node_load1 gauge
node_load1 4
node_load5 3
node_load15 2
# TYPE node_network_receive_bytes_total counter
node_network_receive_bytes_total{device="eth0"} ${1000 * second}
node_network_receive_bytes_total{device="veth9"} ${9999 * second}
node_network_receive_bytes_total{device="lo"} ${9999 * second}
# TYPE node_network_transmit_bytes_total counter
node_network_transmit_bytes_total{device="eth0"} ${1.2e9 * second}
node_network_transmit_bytes_total{device="veth9"} 0
node_network_transmit_bytes_total{device="lo"} 0
# TYPE node_network_receive_drop_total counter
node_network_receive_drop_total{device="eth0"} ${second}
# TYPE node_network_transmit_drop_total counter
node_network_transmit_drop_total{device="eth0"} ${second}
# TYPE node_network_speed_bytes gauge
node_network_speed_bytes{device="eth0"} 1.25e+09
node_network_speed_bytes{device="veth9"} -125000
# TYPE node_disk_reads_completed_total counter
node_disk_reads_completed_total{device="nvme0n1"} ${100 * second}
node_disk_reads_completed_total{device="nvme0n1p1"} ${100 * second}
node_disk_writes_completed_total{device="nvme0n1"} ${10 * second}
node_disk_read_bytes_total{device="nvme0n1"} ${4096 * second}
node_disk_written_bytes_total{device="nvme0n1"} 0
node_disk_read_time_seconds_total{device="nvme0n1"} ${0.2 * second}
node_disk_write_time_seconds_total{device="nvme0n1"} ${0.05 * second}
node_disk_io_time_seconds_total{device="nvme0n1"} ${0.5 * second}
node_disk_io_time_weighted_seconds_total{device="nvme0n1"} ${0.25 * second}
# TYPE node_netstat_Tcp_RetransSegs untyped
node_netstat_Tcp_RetransSegs ${3 * second}
# TYPE node_netstat_TcpExt_ListenDrops untyped
node_netstat_TcpExt_ListenDrops ${second}
# TYPE node_sockstat_TCP_inuse gauge
node_sockstat_TCP_inuse 7
node_sockstat_TCP_tw 5
# TYPE node_pressure_cpu_waiting_seconds_total counter
node_pressure_cpu_waiting_seconds_total ${0.3 * second}
`;

const lines = ({ values }: MachineReading): string[] => values.toSorted((a, b) => a.rank - b.rank).map(line);

test('two scrapes: the rows of a machine, with levels', () => {
  const reader = new NodeExporterReader();
  reader.read(0, familiesOf(scrape(0)));
  const reading = reader.read(2000, familiesOf(scrape(2)));
  expect(reading.title).toBe('db-1, 2 cores  eth0 10 Gbit/s');
  const tcp = 'not told by node_exporter (its netstat collector)';
  expect(lines(reading)).toEqual([
    'cpu: 0.75 ratio, ok',
    'net out: 1200000000 of 1250000000 bytes/s, bad',
    'net in: 1000 of 1250000000 bytes/s, ok',
    'retransmits: 3 /s',
    'ports in use: 12 count',
    'listen drops: 1 /s, warn',
    'cpu steal: 0 ratio, ok',
    'memory: 950 of 1000 bytes, warn',
    'load average: 4 of 2 count',
    'cpu pressure: 0.3 ratio, warn',
    'net drops: 2 /s',
    'net errors: (not told by node_exporter (its netdev collector))',
    'time wait: 5 count',
    'swap: none',
    'io pressure: (not told by node_exporter (its pressure collector))',
    'memory pressure: (not told by node_exporter (its pressure collector))',
    'cpu user: 0.625 ratio',
    'cpu system: 0 ratio',
    'cpu interrupts: 0.125 ratio',
    'cpu waiting for io: 0 ratio',
    `accept queue full: (${tcp})`,
    `failed connects: (${tcp})`,
    'load, 5 min: 3 of 2 count',
    'load, 15 min: 2 of 2 count',
  ]);
});

test('the tables of two scrapes: cores in their order, whole disks, real interfaces', () => {
  const reader = new NodeExporterReader();
  expect(reader.tables()).toEqual([]);
  reader.read(0, familiesOf(scrape(0)));
  reader.read(1000, familiesOf(scrape(1)));
  const [cores, disks, interfaces] = reader.tables();
  expect(cores?.rows.map(([name, busy]) => [name, busy])).toEqual([
    ['all', { value: 0.75, level: 'ok' }],
    ['0', { value: 1, level: 'bad' }],
    ['1', { value: 0.5, level: 'ok' }],
  ]);
  expect(disks?.rows).toEqual([['nvme0n1', 100, 10, 4096, 0, 2, 5, 0.25, { value: 0.5, level: 'ok' }]]);
  expect(interfaces?.rows.map(([name]) => name)).toEqual(['eth0']);
});

test('a machine that was booted says so, and its counters are not compared with those before', () => {
  const reader = new NodeExporterReader();
  reader.read(0, familiesOf(scrape(100)));
  expect(reader.read(1000, familiesOf(scrape(101, 1.7e9 + 2))).notices).toEqual([]);
  const reading = reader.read(2000, familiesOf(scrape(200, 1.7e9 + 500)));
  expect(reading.notices).toEqual([{ what: 'restart', level: 'warn', text: 'restarted: the machine was booted' }]);
  expect(lines(reading)).toContain('retransmits: (needs a second reading)');
});

test('only the CPU, and numbers that are none: gaps with reasons, nothing thrown', () => {
  const odd = `${cpu(0, 1, Number.NaN, 1)}node_cpu_seconds_total{cpu="0",mode="constructor"} 5
node_cpu_seconds_total{mode="user"} 5
node_uname_info{nodename="evil\u001b[2J"} 1
node_memory_MemTotal_bytes NaN
node_network_receive_bytes_total{device="eth0"} +Inf
node_disk_reads_completed_total{device="sda"} 5
`;
  const reader = new NodeExporterReader();
  reader.read(0, familiesOf(odd));
  const reading = reader.read(1000, familiesOf(odd));
  expect(reading.title).not.toContain('\u001b');
  expect(reading.title).toMatch(/^evil.*, 1 core$/);
  expect(reading.values.filter(({ type }) => type !== 'gap')).toEqual([]);
  expect(reader.tables()).toHaveLength(5);
});

test('what has no CPU times is no node_exporter', () => {
  expect(isNodeExporter(familiesOf('node_load1 1\nhttp_requests_total 5\n'))).toBe(false);
  expect(isNodeExporter(familiesOf(scrape(1)))).toBe(true);
});

test('a metrics URL that turns out to be a node_exporter is of the kind of a target host', async () => {
  let second = 0;
  const origin = await serve((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(scrape(second++));
  });
  const probe = new PrometheusProbe({ id: 'metrics', url: `${origin}/metrics`, version: '1.0.0' });
  expect(probe.tables()).toEqual([]);
  const first = await probe.read(AbortSignal.timeout(2000));
  expect(first).toMatchObject({ kind: 'target host', title: 'db-1, 2 cores  eth0 10 Gbit/s', notices: [] });
  const { values } = await probe.read(AbortSignal.timeout(2000));
  expect(values.find(({ metric }) => metric === 'cpu')).toMatchObject({ type: 'value', value: 0.75 });
  expect(probe.tables()[0]?.rows).toHaveLength(3);
  await probe.close();
});
