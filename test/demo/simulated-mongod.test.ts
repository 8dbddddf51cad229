// The demo's simulated mongod: the sink writes to it and the probe looks at it, both with the official driver; its clock is
// the test's, so that what inserts do to it can be said in numbers.
import { afterEach, describe, expect, test } from 'vitest';
import { MongoSink } from '../../source/demo/mongo-sink.ts';
import { SimulatedMongod } from '../../source/demo/simulated-mongod.ts';
import { StoreModel } from '../../source/demo/store-model.ts';
import { MongoProbe } from '../../source/probes/mongodb.ts';
import type { ProbeResult } from '../../source/probes/probe.ts';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const start = async (now?: () => number): Promise<SimulatedMongod> => {
  const server = await SimulatedMongod.start(now ? { now } : {});
  cleanUps.push(() => server.stop());
  return server;
};

const openSink = async (uri: string): Promise<MongoSink> => {
  const sink = await MongoSink.open(uri, () => {});
  cleanUps.push(() => sink.close());
  return sink;
};

const openProbe = (uri: string): MongoProbe => {
  const probe = new MongoProbe({ id: 'mongodb', uri });
  cleanUps.push(() => probe.close());
  return probe;
};

const read = (probe: MongoProbe): Promise<ProbeResult> => probe.read(AbortSignal.timeout(4000));

const someEvents = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ receivedAt: new Date(0), event: { type: 'page_view', n } }));

const numberAt = ({ values }: ProbeResult, metric: string): number => {
  const value = values.find((one) => one.metric === metric);
  return value?.type === 'value' ? value.value : Number.NaN;
};

describe('the server', () => {
  test('takes what the sink writes, counts it, and says in title and facts that it is simulated', async () => {
    const server = await start();
    const sink = await openSink(server.uri);
    expect(sink.connected).toBe(true);
    const probe = openProbe(server.uri);
    await read(probe);
    for (let turn = 0; turn < 5; turn += 1) expect(await sink.write(someEvents(200))).toEqual({ refused: 0 });
    expect(server.inserted).toBe(1000);
    const result = await read(probe);
    expect(result.title).toMatch(/^8\.0\.4 {2}rs0 primary {2}simulated/);
    expect(result.values).toContainEqual(
      expect.objectContaining({ type: 'fact', metric: 'process', text: 'simulated mongod' }),
    );
    expect(numberAt(result, 'operations.insert')).toBeGreaterThan(0);
    expect(numberAt(result, 'connections.current')).toBeGreaterThanOrEqual(3);
  });

  test('has a secondary close behind, and every row of a primary but those that need reads and transactions', async () => {
    let ms = 0;
    const server = await start(() => ms);
    const sink = await openSink(server.uri);
    const probe = openProbe(server.uri);
    let result = await read(probe);
    await expect
      .poll(
        async () => {
          await sink.write(someEvents(450));
          ms += 250;
          result = await read(probe);
          return numberAt(result, 'replication.lag') + numberAt(result, 'slow_ops');
        },
        { timeout: 8000, interval: 50 },
      )
      .toBeLessThan(5);
    const reasons = new Set(result.values.flatMap((value) => (value.type === 'gap' ? [value.reason] : [])));
    expect([...reasons].sort()).toEqual([
      'no reads since the last reading',
      'no transactions since the last reading',
      'nothing was queued since the last reading',
      'nothing was returned since the last reading',
    ]);
    const titles = probe.tables().map(({ title }) => title);
    expect(titles).toEqual(['running operations', 'members', 'operations by kind', 'latency and tickets']);
  });

  test('refuses what it does not have, as a real one would', async () => {
    const { MongoClient } = await import('mongodb');
    const client = new MongoClient((await start()).uri, { serverSelectionTimeoutMS: 3000 });
    cleanUps.push(() => client.close());
    expect(await client.db('admin').command({ buildInfo: 1 })).toMatchObject({ version: '8.0.4' });
    await expect(client.db('a').collection('b').find().toArray()).rejects.toMatchObject({ code: 59 });
    await expect(client.db('a').collection('b').aggregate([]).toArray()).rejects.toMatchObject({ code: 9 });
  });
});

describe('its model', () => {
  /** The figures after so many seconds of inserts at a steady rate, a batch each 20 ms as the demo's flusher makes them. */
  const figuresAfter = (seconds: number, perSecond: number) => {
    let ms = 0;
    const model = new StoreModel(() => ms);
    for (; ms < seconds * 1000; ms += 20) {
      if (ms % 1000 === 0) model.figures();
      model.insert(perSecond / 50, (perSecond / 50) * 130);
    }
    return model.figures();
  };

  test('at the rate that the demo begins with nothing waits', () => {
    const { queue, load, writeMs, documents, lagSeconds } = figuresAfter(15, 500);
    expect([queue, documents]).toEqual([0, 7500]);
    expect(load).toBeCloseTo(0.238, 2);
    expect(writeMs).toBeLessThan(1.5);
    expect(lagSeconds).toBeLessThan(1);
  });

  test("at the demo's capacity writes queue, latency and lag grow, the cache gets dirty", () => {
    const calm = figuresAfter(15, 500);
    const full = figuresAfter(15, 2000);
    expect(full.queue).toBeGreaterThan(10);
    expect(full.writeMs).toBeGreaterThan(10 * calm.writeMs);
    expect(full.queuedMicros / full.queued / 1000).toBeGreaterThan(5);
    expect(full.lagSeconds).toBeGreaterThan(1.5);
    expect(full.dirtyBytes / full.cacheBytes).toBeGreaterThan(0.05);
    expect(full.heldBytes).toBeGreaterThan(calm.heldBytes);
  });

  test('checkpoints make the cache clean again, and nothing ever grows beyond it', () => {
    expect(figuresAfter(23, 2000).dirtyBytes).toBeLessThan(figuresAfter(19, 2000).dirtyBytes / 2);
    const long = figuresAfter(600, 20_000);
    expect(long.heldBytes).toBeLessThan(long.cacheBytes);
    expect(long.load).toBe(0.99);
  });

  test('a pause of any length costs nothing and leaves the queue empty', () => {
    let ms = 0;
    const model = new StoreModel(() => ms);
    model.insert(5000, 100_000);
    ms = 24 * 3600 * 1000;
    expect(model.figures()).toMatchObject({ queue: 0, documents: 5000, seconds: 24 * 3600 });
  });
});
