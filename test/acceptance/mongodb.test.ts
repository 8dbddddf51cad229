// The demo target against a real server with MongoDB's protocol: what it counts as flushed is what is stored, also when
// the server goes away in between.
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { type DemoTarget, postEvents, seriesValue, someEvents, startDemoTarget } from '../helpers/demo-target.ts';
import { type FerretdbServer, ferretdbBinary, startFerretdb } from '../helpers/ferretdb.ts';
import { Robot } from '../helpers/robot.ts';

const binary = await ferretdbBinary();
const missing = typeof binary === 'string' ? undefined : binary.missing;
if (missing) console.warn(`skipped, MongoDB acceptance: ${missing}`);

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const server = async (options: { folder?: string; port?: number } = {}): Promise<FerretdbServer> => {
  const started = await startFerretdb(options);
  cleanUps.push(() => started.stop());
  return started;
};

const target = async (flags: string[], env?: NodeJS.ProcessEnv): Promise<DemoTarget> => {
  const started = await startDemoTarget(flags, env);
  cleanUps.push(() => started.stop());
  return started;
};

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'loadtop-mongodb-test-'));
  cleanUps.push(() => rm(path, { recursive: true, force: true }));
  return path;
};

/** What a client of its own finds in the collection. */
const stored = async (uri: string): Promise<{ count: number; events: Record<string, unknown>[] }> => {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    const collection = client.db('loadtop_demo').collection('events');
    const documents = await collection.find({}).toArray();
    return { count: await collection.countDocuments({}), events: documents.map(({ event }) => event) };
  } finally {
    await client.close();
  }
};

const flushed = async (demo: DemoTarget): Promise<number | undefined> =>
  seriesValue(await demo.metrics(), 'events_flushed_total');

const inTime = { timeout: 20_000, interval: 100 };

describe.skipIf(missing)(`the demo target with MongoDB${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('stores each event that it counts as flushed', async () => {
    const { uri } = await server();
    const demo = await target(['--mongo', uri, '--capacity', '5000']);
    expect(demo.mongo).toBe(uri);
    expect(await demo.health()).toMatchObject({ status: 'ok', dependencies: { mongodb: 'connected' } });
    const bodies = [...someEvents(300), ...Array.from({ length: 5 }, () => someEvents(50))];
    const answers = await Promise.all(bodies.map((body) => postEvents(demo, body)));
    expect(answers.every((answer) => answer.status === 202)).toBe(true);
    await expect.poll(() => flushed(demo), inTime).toBe(550);
    const { count, events } = await stored(uri);
    expect(count).toBe(550);
    expect(events.filter(({ n }) => n === 7)).toHaveLength(6);
    expect(events[0]).toMatchObject({ type: 'page_view' });
  });

  it('keeps its events while the server is away, says so, and stores each of them once when it is back', async () => {
    const data = await folder();
    const first = await server({ folder: data });
    const demo = await target(['--mongo', first.uri, '--capacity', '2000']);
    await postEvents(demo, someEvents(400));
    await expect.poll(async () => (await flushed(demo)) ?? 0, inTime).toBeGreaterThan(0);
    await first.stop();
    await expect
      .poll(() => demo.health(), inTime)
      .toMatchObject({ status: 'degraded', dependencies: { mongodb: 'disconnected' } });
    expect((await postEvents(demo, someEvents(100))).status).toBe(202);
    const { buffer } = (await demo.health()) as { buffer: { size: number } };
    expect(buffer.size).toBeGreaterThanOrEqual(100);
    const second = await server({ folder: data, port: first.port });
    await expect.poll(() => flushed(demo), inTime).toBe(500);
    expect(await demo.health()).toMatchObject({ status: 'ok', buffer: { size: 0, dropped: 0 } });
    expect((await stored(second.uri)).count).toBe(500);
  });

  it('starts while the server is away, and stores what it was sent when the server comes', async () => {
    const data = await folder();
    const away = await server({ folder: data });
    await away.stop();
    const demo = await target(['--mongo', away.uri]);
    expect(await demo.health()).toMatchObject({ dependencies: { mongodb: 'disconnected' } });
    await postEvents(demo, someEvents(20));
    const { uri } = await server({ folder: data, port: away.port });
    await expect.poll(() => flushed(demo), inTime).toBe(20);
    expect((await stored(uri)).count).toBe(20);
  });

  it('gives up a document that the server refuses, and only that', async () => {
    const { uri } = await server();
    const demo = await target(['--mongo', uri]);
    // This server takes no key with a dot; the driver cannot write a key with a zero byte at all.
    const zeroByte = { 'a\0b': 1 };
    await postEvents(demo, [...someEvents(5), { 'a.b': 1 }, ...someEvents(5), zeroByte, ...someEvents(5)]);
    await expect.poll(() => flushed(demo), inTime).toBe(15);
    expect(await demo.health()).toMatchObject({ status: 'ok', buffer: { size: 0, dropped: 2 } });
    expect((await stored(uri)).count).toBe(15);
  });

  it('brings what is in the buffer into MongoDB when it is told to end', async () => {
    const { uri } = await server();
    const demo = await target(['--mongo', uri, '--capacity', '0']);
    await postEvents(demo, someEvents(1500));
    expect((await stored(uri)).count).toBe(0);
    expect(await demo.stop()).toBe(0);
    expect((await stored(uri)).count).toBe(1500);
  });

  it('ends in good time when MongoDB is not there, and says what is lost', async () => {
    const away = await server();
    const demo = await target(['--mongo', away.uri]);
    await away.stop();
    await postEvents(demo, someEvents(3));
    const before = performance.now();
    expect(await demo.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(9000);
    expect(demo.log()).toContain('3 events could not be stored in time and are lost');
  });

  it('starts a mongod from PATH with --mongo auto, and removes it and its folder at the end', async () => {
    const programs = await folder();
    const temporary = await folder();
    // Stands for mongod: the flags that the target uses, and a server with the same protocol behind them.
    const script = `#!/bin/sh\nexec '${binary}' -folder "$2" -listen "127.0.0.1:$4"\n`;
    await writeFile(join(programs, 'mongod'), script);
    await chmod(join(programs, 'mongod'), 0o755);
    const path = `${programs}${delimiter}${process.env.PATH}`;
    const demo = await target(['--mongo', 'auto'], { ...process.env, PATH: path, TMPDIR: temporary });
    expect(demo.mongo).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await readdir(temporary)).toHaveLength(1);
    await postEvents(demo, someEvents(10));
    await expect.poll(() => flushed(demo), inTime).toBe(10);
    expect((await stored(demo.mongo ?? '')).count).toBe(10);
    expect(await demo.stop()).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
    const client = new MongoClient(demo.mongo ?? '', { serverSelectionTimeoutMS: 300 });
    await expect(client.connect()).rejects.toThrow('ECONNREFUSED');
    await client.close();
  });
});

describe.skipIf(missing)(`the MongoDB panel${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('shows what a compatible server tells, says why the rest is missing, and what was good is stored', async () => {
    const { uri } = await server();
    const demo = await target(['--mongo', uri, '--capacity', '5000']);
    const out = join(await folder(), 'out.json');
    const event = '{"type":"page_view","n":{{arrival}}}';
    const args = [
      `${demo.origin}/events`,
      '-d',
      event,
      '-q',
      '300',
      '-z',
      '8',
      '--mongo',
      uri,
      '--no-record',
      '-o',
      out,
    ];
    const at = new Robot(args, { columns: 200, rows: 60 });
    cleanUps.push(() => at.stop());
    const screen = await at.see(/ commands +\/s +[\d,.]*[1-9]/, 8000);
    expect(screen).toMatch(/─ mongodb ─.*7\.0\.\d+ {2}ferretdb/);
    expect(screen).toMatch(/inserts +\/s +[\d,]*[1-9]/);
    expect(screen).toMatch(/connections +n\/a +no connections section/);
    expect([0, 96]).toContain(await at.ended());
    const { good, completed } = JSON.parse(await readFile(out, 'utf8'));
    expect(completed).toBe(2400);
    expect(good).toBe(2400);
    await expect.poll(() => flushed(demo), inTime).toBe(good);
    expect((await stored(uri)).count).toBe(good);
  });
});
