// The MongoDB probe against real servers, held against what the official driver reads from the same server by itself: FerretDB,
// which is built here, and a mongod wherever there is one. Of each as much is asserted as it can show.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MongoProbe } from '../../source/probes/mongodb.ts';
import type { ProbeResult } from '../../source/probes/probe.ts';
import { type DemoTarget, seriesValue, startDemoTarget } from '../helpers/demo-target.ts';
import { ferretdbBinary, startFerretdb } from '../helpers/ferretdb.ts';
import { realMongod } from '../helpers/mongod.ts';

const binary = await ferretdbBinary();
const noFerretdb = typeof binary === 'string' ? undefined : binary.missing;
const mongod = await realMongod();
const noMongod = 'missing' in mongod ? mongod.missing : undefined;
for (const missing of [noFerretdb, noMongod]) if (missing) console.warn(`skipped, MongoDB acceptance: ${missing}`);

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

afterAll(async () => {
  if (!('missing' in mongod)) await mongod.stop();
});

/** The probe and a client of the test's own, at the same server. */
interface Both {
  readonly client: MongoClient;
  look(): Promise<ProbeResult>;
  direct(): Promise<Document>;
  tables: MongoProbe['tables'];
}

const both = (uri: string): Both => {
  const probe = new MongoProbe({ id: 'mongodb', uri });
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000, directConnection: true });
  cleanUps.push(
    () => probe.close(),
    () => client.close(),
  );
  return {
    client,
    look: () => probe.read(AbortSignal.timeout(4000)),
    direct: () => client.db('admin').command({ serverStatus: 1 }),
    tables: () => probe.tables(),
  };
};

const at = ({ values }: ProbeResult, metric: string): number | string | undefined => {
  const value = values.find((one) => one.metric === metric);
  if (value?.type === 'gap') return value.reason;
  return value?.type === 'fact' ? value.text : value?.value;
};

const numberAt = (result: ProbeResult, metric: string): number => {
  const value = at(result, metric);
  return typeof value === 'number' ? value : Number.NaN;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks, does some work, looks again; with the bounds of the time between the two looks, s. */
const around = async (server: Both, work: () => Promise<unknown>) => {
  const t0 = performance.now();
  const first = await server.look();
  const t1 = performance.now();
  const directBefore = await server.direct();
  await work();
  await pause(1000);
  const directAfter = await server.direct();
  const t2 = performance.now();
  const second = await server.look();
  const t3 = performance.now();
  return { first, second, directBefore, directAfter, least: (t2 - t1) / 1000, most: (t3 - t0) / 1000 };
};

/** A rate that stands for so many in a time that is known within bounds; a few may come from elsewhere. */
const expectRate = (rate: number, count: number, { least, most }: { least: number; most: number }, more = 0): void => {
  expect(rate).toBeGreaterThanOrEqual((count / most) * 0.999);
  expect(rate).toBeLessThanOrEqual(((count + more) / least) * 1.001);
};

const insertMany = (client: MongoClient, times: number, each: number) => async (): Promise<void> => {
  const events = client.db('loadtop_test').collection('events');
  cleanUps.push(() => client.db('loadtop_test').dropDatabase());
  for (let turn = 0; turn < times; turn += 1) {
    await events.insertMany(Array.from({ length: each }, (_, n) => ({ n, text: 'x'.repeat(200) })));
  }
};

describe.skipIf(noFerretdb)(`a compatible server${noFerretdb ? ` (skipped: ${noFerretdb})` : ''}`, () => {
  let server: Both;
  beforeEach(async () => {
    if (noFerretdb) return;
    const ferretdb = await startFerretdb();
    cleanUps.push(() => ferretdb.stop());
    server = both(ferretdb.uri);
    // Which of its sections there are is known after the first look.
    await server.look();
  });

  it('reports what its serverStatus says, read directly', async () => {
    const between = await around(server, insertMany(server.client, 40, 25));
    const { first, second, directBefore, directAfter } = between;
    const inserts = directAfter.metrics.commands.insert.total - (directBefore.metrics.commands.insert?.total ?? 0);
    expect(Number(inserts)).toBe(40);
    expectRate(numberAt(second, 'operations.insert'), 40, between);
    expect(at(second, 'version')).toBe(directAfter.version);
    expect(at(second, 'process')).toBe(directAfter.process);
    expect(numberAt(second, 'uptime')).toBeGreaterThanOrEqual(numberAt(first, 'uptime'));
    expect(Math.abs(numberAt(second, 'uptime') - Number(directAfter.uptime))).toBeLessThan(3);
  });

  it('says of each row that it cannot show which section is missing, and that it has no set and no list of operations', async () => {
    await pause(1000);
    const result = await server.look();
    const { catalogStats, ...sections } = await server.direct();
    expect(catalogStats).toBeDefined();
    for (const [metric, section] of [
      ['connections.current', 'connections'],
      ['latency.writes', 'opLatencies'],
      ['tickets.write', 'wiredTiger'],
      ['queue', 'globalLock'],
      ['cache.dirty', 'wiredTiger'],
      ['network.in', 'network'],
      ['memory.resident', 'mem'],
      ['asserts', 'asserts'],
      ['flow_control.waits', 'flowControl'],
    ] as const) {
      expect(Object.keys(sections)).not.toContain(section);
      expect([metric, at(result, metric)]).toEqual([metric, `no ${section} section in its serverStatus`]);
    }
    expect(at(result, 'slow_ops')).toBe('this server has no $currentOp');
    expect(at(result, 'replication.lag')).toBe('this server has no replSetGetStatus');
    expect(server.tables()[0]).toMatchObject({ rows: [], note: 'this server has no $currentOp' });
  });
});

describe.skipIf(noFerretdb)(
  `a server that is killed under load${noFerretdb ? ` (skipped: ${noFerretdb})` : ''}`,
  () => {
    const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

    /** The objects that a run prints, as they come. */
    const run = (args: readonly string[]): { readonly lines: Document[]; readonly child: ChildProcess } => {
      const child = spawn(process.execPath, [program, ...args, '--json', '--no-record'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      cleanUps.push(async () => void child.kill('SIGKILL'));
      const lines: Document[] = [];
      createInterface({ input: child.stdout! }).on('line', (line) => lines.push(JSON.parse(line)));
      return { lines, child };
    };

    const flushed = async (demo: DemoTarget) => seriesValue(await demo.metrics(), 'events_flushed_total');

    it('is a gap, an event and a recovery; the run goes on, and nothing that was acknowledged is lost', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'loadtop-mongodb-test-'));
      cleanUps.push(() => rm(folder, { recursive: true, force: true }));
      const first = await startFerretdb({ folder });
      cleanUps.push(() => first.stop());
      const demo = await startDemoTarget(['--mongo', first.uri, '--capacity', '3000']);
      cleanUps.push(() => demo.stop());
      const event = '{"type":"page_view","n":{{arrival}}}';
      const { lines, child } = run([
        `${demo.origin}/events`,
        '-d',
        event,
        '-q',
        '200',
        '-z',
        '22',
        '--mongo',
        first.uri,
      ]);
      const over = once(child, 'exit');
      const mongodb = (line: Document) => line.probes?.find((probe: Document) => probe.id === 'mongodb');
      const seconds = () => lines.filter(({ type }) => type === 'second');
      const newest = () => mongodb(seconds().at(-1) ?? {})?.status;
      const inTime = { timeout: 20_000, interval: 100 };
      await expect.poll(newest, inTime).toBe('ok');
      await expect.poll(async () => (await flushed(demo)) ?? 0, inTime).toBeGreaterThan(100);
      await first.kill();
      await expect.poll(newest, inTime).not.toBe('ok');
      await pause(2000);
      const second = await startFerretdb({ folder, port: first.port });
      cleanUps.push(() => second.stop());
      await expect.poll(newest, inTime).toBe('ok');
      await over;
      const restarts = lines.filter(({ type, what }) => type === 'probe/noticed' && what === 'restart');
      expect(restarts).toEqual([
        expect.objectContaining({ probe: 'mongodb', text: expect.stringMatching(/^restarted, was up/) }),
      ]);
      const summary = lines.at(-1)!;
      expect(summary).toMatchObject({ type: 'summary', completed: 4400, good: 4400 });
      await expect.poll(() => flushed(demo), inTime).toBe(4400);
      const client = new MongoClient(second.uri, { serverSelectionTimeoutMS: 5000 });
      cleanUps.push(() => client.close());
      const events = await client.db('loadtop_demo').collection('events').find({}).toArray();
      expect(events).toHaveLength(4400);
      expect(new Set(events.map(({ event: { n } }) => n)).size).toBe(4400);
    });
  },
);

describe.skipIf(noMongod)(`a real mongod${noMongod ? ` (skipped: ${noMongod})` : ''}`, () => {
  let server: Both;
  beforeEach(async () => {
    if ('missing' in mongod) return;
    server = both(mongod.uri);
    await server.look();
  });

  it('connections, version, memory and uptime are what serverStatus says', async () => {
    const result = await server.look();
    const direct = await server.direct();
    const { current, available } = direct.connections;
    const connections = result.values.find(({ metric }) => metric === 'connections.current');
    expect(connections).toMatchObject({ type: 'value', limit: current + available });
    expect(Math.abs(numberAt(result, 'connections.current') - current)).toBeLessThanOrEqual(3);
    expect(at(result, 'version')).toBe(direct.version);
    expect(numberAt(result, 'memory.resident') / 1048576 / direct.mem.resident).toBeCloseTo(1, 0);
    expect(Math.abs(numberAt(result, 'uptime') - direct.uptime)).toBeLessThan(3);
  });

  it('operations, latency and traffic are what grew between two looks', async () => {
    const between = await around(server, insertMany(server.client, 40, 25));
    const { second, directBefore, directAfter } = between;
    expect(directAfter.opcounters.insert - directBefore.opcounters.insert).toBeGreaterThanOrEqual(1000);
    expectRate(numberAt(second, 'operations.insert'), 1000, between, 50);
    const [was, is] = [directBefore.opLatencies.writes, directAfter.opLatencies.writes];
    const mean = Number(is.latency - was.latency) / Number(is.ops - was.ops) / 1000;
    expect(numberAt(second, 'latency.writes') / mean).toBeGreaterThan(0.8);
    expect(numberAt(second, 'latency.writes') / mean).toBeLessThan(1.25);
    const bytes = Number(directAfter.network.bytesIn - directBefore.network.bytesIn);
    expectRate(numberAt(second, 'network.in'), bytes, between, bytes * 0.2 + 20_000);
  });

  it('tickets and cache are those of its own sections', async () => {
    const direct = await server.direct();
    const result = await server.look();
    const pools = direct.queues?.execution ?? direct.wiredTiger.concurrentTransactions;
    const tickets = result.values.find(({ metric }) => metric === 'tickets.write');
    const pool = pools.write;
    const parts = pool.totalTickets === undefined ? [pool.normalPriority, pool.lowPriority] : [pool];
    const total = parts.reduce((sum: number, part: Document | undefined) => sum + Number(part?.totalTickets ?? 0), 0);
    expect(tickets).toMatchObject({ type: 'value', limit: total });
    const { cache } = direct.wiredTiger;
    const size = Number(cache['maximum bytes configured']);
    expect(numberAt(result, 'cache.fill')).toBeCloseTo(Number(cache['bytes currently in the cache']) / size, 2);
    expect(numberAt(result, 'cache.dirty')).toBeCloseTo(Number(cache['tracked dirty bytes in the cache']) / size, 2);
    expect(at(result, 'cache.app_evictions')).toEqual(expect.any(Number));
    expect(at(result, 'cache.stalled')).toEqual(expect.any(Number));
    expect(at(result, 'checkpoint')).toEqual(expect.any(Number));
  });

  it('its operations can be listed, and it is in a set only where it is', async () => {
    await pause(800);
    const result = await server.look();
    expect(at(result, 'slow_ops')).toEqual(expect.any(Number));
    expect(server.tables()[0]?.columns.length).toBeGreaterThan(4);
    const { repl } = await server.direct();
    const titles = server.tables().map(({ title }) => title);
    expect(titles.includes('members')).toBe(repl !== undefined);
    expect(result.title?.includes(' rs')).toBe(repl !== undefined && /^rs/.test(repl.setName));
  });
});
