// The real node_exporter of this machine and this machine's own look at itself must tell the same.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hostProbe } from '../../source/probes/host.ts';
import { isVirtualInterface } from '../../source/probes/machine-snapshot.ts';
import type { Probe, ProbeResult } from '../../source/probes/probe.ts';
import { PrometheusProbe } from '../../source/probes/prometheus.ts';
import { sleep } from '../helpers/drive.ts';

const program = '/usr/bin/prometheus-node-exporter';
const missing =
  process.platform !== 'linux' ? 'this is not Linux' : existsSync(program) ? undefined : `there is no ${program}`;

let exporter: ChildProcess | undefined;
let probes: Probe[] = [];
afterEach(async () => {
  await Promise.all(probes.map((probe) => probe.close()));
  probes = [];
  const gone = exporter && exporter.exitCode === null && new Promise((resolve) => exporter!.once('exit', resolve));
  exporter?.kill('SIGKILL');
  await gone;
  exporter = undefined;
});

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

const start = async (): Promise<{ own: Probe; told: Probe }> => {
  const port = await freePort();
  exporter = spawn(program, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const told = new PrometheusProbe({ id: 'metrics', url: `http://127.0.0.1:${port}/metrics`, version: '1.0.0' });
  const own = hostProbe(true);
  probes = [own, told];
  for (let attempt = 0; ; attempt += 1) {
    const up = await look(told).then(
      () => true,
      () => false,
    );
    if (up) return { own, told };
    if (attempt === 50) throw new Error('node_exporter did not come up in 10 s');
    await sleep(200);
  }
};

const look = (probe: Probe): Promise<ProbeResult> => probe.read(AbortSignal.timeout(5000));

const numberOf = ({ values }: ProbeResult, metric: string): number => {
  const found = values.find((one) => one.metric === metric);
  if (found?.type !== 'value') throw new Error(`${metric}: ${JSON.stringify(found)}`);
  return found.value;
};

const names = (probe: Probe, title: string): unknown[] => {
  const rows = probe.tables?.().find((table) => table.title === title)?.rows ?? [];
  return rows.map(([name]) => name).toSorted();
};

describe.skipIf(missing)(`node_exporter and this machine's own look${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('agree on CPU, memory, load, counters, disks and interfaces', async () => {
    const { own, told } = await start();
    await Promise.all([look(own), look(told)]);
    await sleep(3000);
    const [here, there] = await Promise.all([look(own), look(told)]);
    expect(there.kind).toBe('target host');
    expect(there.title).toContain(here.title?.split('  ')[0]);
    expect(Math.abs(numberOf(here, 'cpu') - numberOf(there, 'cpu'))).toBeLessThan(0.15);
    const memory = numberOf(here, 'memory');
    expect(Math.abs(memory - numberOf(there, 'memory'))).toBeLessThan(memory * 0.05);
    expect(Math.abs(numberOf(there, 'load') - numberOf(here, 'load'))).toBeLessThan(1);
    for (const metric of ['retransmits', 'listen.drops', 'net.drops', 'net.errors'] as const) {
      expect([metric, typeof numberOf(here, metric), typeof numberOf(there, metric)]).toEqual([
        metric,
        'number',
        'number',
      ]);
    }
    expect(names(told, 'cores')).toEqual(names(own, 'cores'));
    expect(names(told, 'cores').length).toBeGreaterThan(1);
    expect(names(told, 'disks')).toEqual(names(own, 'disks'));
    const real = names(own, 'network interfaces').filter((name) => !isVirtualInterface(String(name)));
    expect(names(told, 'network interfaces')).toEqual(real);
  });

  it('agree on what a busy core looks like', async () => {
    const { own, told } = await start();
    await Promise.all([look(own), look(told)]);
    const burner = spawn(process.execPath, ['-e', 'const end = Date.now() + 20000; while (Date.now() < end);'], {
      stdio: 'ignore',
    });
    try {
      await sleep(3000);
      const [here, there] = await Promise.all([look(own), look(told)]);
      expect(Math.abs(numberOf(here, 'cpu.user') - numberOf(there, 'cpu.user'))).toBeLessThan(0.15);
      expect(numberOf(there, 'cpu')).toBeGreaterThan(0.1);
    } finally {
      burner.kill('SIGKILL');
    }
  });
});
