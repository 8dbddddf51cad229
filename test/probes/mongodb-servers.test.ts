// The MongoDB probe against each kind of server, by the official driver: a stand-in that speaks the wire protocol answers
// with that server's documents, whose counters move with time.
import { afterEach, describe, expect, test } from 'vitest';
import { failure, type WireDocument, wholeCursor } from '../../source/demo/mongo-wire.ts';
import { MongoProbe } from '../../source/probes/mongodb.ts';
import { ProbeError, type ProbeResult, type ProbeTable } from '../../source/probes/probe.ts';
import {
  type MemberDocument,
  replSetGetStatus,
  runningOperation,
  type ServerKind,
  serverKinds,
  serverStatus,
  wireVersions,
} from '../helpers/mongo-documents.ts';
import { byName, type MongoAnswer, type MongoServer, serveMongo, stopMongoServers } from '../helpers/mongo-server.ts';
import { freePort, serveTcp, stopServers } from './servers.ts';

const open: MongoProbe[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
  await stopMongoServers();
  await stopServers();
});

const probeAt = (uri: string): MongoProbe => {
  const probe = new MongoProbe({ id: 'mongodb', uri });
  open.push(probe);
  return probe;
};

const read = (probe: MongoProbe, ms = 4000): Promise<ProbeResult> => probe.read(AbortSignal.timeout(ms));

const refusal = async (probe: MongoProbe, ms = 4000): Promise<ProbeError> => {
  const error = await read(probe, ms).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${String(error)}`);
  return error;
};

/** What stands at a metric: the number, or the reason why there is none. */
const at = ({ values }: ProbeResult, metric: string): number | string | undefined => {
  const value = values.find((one) => one.metric === metric);
  if (value?.type === 'gap') return value.reason;
  return value?.type === 'fact' ? value.text : value?.value;
};

const noReplication = failure(76, 'NoReplicationEnabled', 'not running with --replSet');
const unauthorized = failure(13, 'Unauthorized', 'not authorized on admin to execute command');
const startedAt = performance.now();
/** Its uptime in seconds goes with the clock. */
const uptime = (): number => 100 + Math.floor((performance.now() - startedAt) / 10) / 100;

type Answers = Readonly<Record<string, (command: WireDocument) => MongoAnswer>>;

const start = (kind: ServerKind, answers: Answers = {}): Promise<MongoServer> => {
  const all: Answers = {
    serverStatus: () => serverStatus(kind, uptime()),
    replSetGetStatus: () => noReplication,
    aggregate: () => wholeCursor('admin.$cmd.aggregate', []),
    ...answers,
  };
  const hello = kind === 'mongos' ? { msg: 'isdbgrid' } : {};
  return serveMongo(byName(all), { maxWireVersion: wireVersions[kind], hello });
};

/** Reads until the questions beside serverStatus are answered. */
const untilAside = async (probe: MongoProbe, metric: string): Promise<ProbeResult> => {
  let last = await read(probe);
  await expect
    .poll(
      async () => {
        last = await read(probe);
        return at(last, metric);
      },
      { timeout: 4000, interval: 20 },
    )
    .toBeDefined();
  return last;
};

const tableOf = (probe: MongoProbe, title: string): ProbeTable | undefined =>
  probe.tables().find((table) => table.title === title);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('every version', () => {
  test.each(serverKinds)('%s: numbers that are its own, rates that move, over two sockets', async (kind) => {
    let seconds = 100;
    // Each look sees a second's work more than the one before.
    const server = await start(kind, { serverStatus: () => serverStatus(kind, seconds++) });
    const probe = probeAt(server.uri);
    await untilAside(probe, 'slow_ops');
    const before = performance.now();
    await pause(400);
    const result = await read(probe);
    const dt = (performance.now() - before) / 1000;
    expect(result.title).toContain(String(serverStatus(kind, 1).version));
    expect(at(result, 'connections.current')).toBe(70);
    const inserts = Number(at(result, 'operations.insert'));
    expect(Math.abs(inserts * dt - 500)).toBeLessThan(125);
    expect(Number(at(result, 'operations')) / inserts).toBeCloseTo(677 / 500, 6);
    expect(Number(at(result, 'network.out')) / inserts).toBeCloseTo(4, 6);
    expect(at(result, 'slow_ops')).toBe(0);
    // One on its own has no lag, and it is no gap either.
    expect(at(result, 'replication.lag')).toBeUndefined();
    const expected: Record<string, unknown> =
      kind === 'mongos'
        ? {
            'latency.writes': 'no opLatencies section in its serverStatus',
            queue: 'no globalLock section in its serverStatus',
          }
        : { 'latency.writes': expect.closeTo(11.4, 3), 'cache.dirty': 0.061, 'cache.fill': 0.7, checkpoint: 230 };
    for (const [metric, value] of Object.entries(expected))
      expect([metric, at(result, metric)]).toEqual([metric, value]);
    expect(server.traffic()).toMatchObject({ created: 2, open: 2 });
    expect(server.of('serverStatus')[0]).toMatchObject({ $db: 'admin', locks: 0, metrics: { commands: 0 } });
  });

  test('a server that the driver does not speak to any more says so', async () => {
    const server = await serveMongo(() => undefined, { maxWireVersion: 7 });
    expect((await refusal(probeAt(server.uri))).message).toMatch(
      /^the server is too old for the driver: .*wire version/,
    );
  });
});

describe('a replica set', () => {
  const start8 = (members: () => readonly MemberDocument[], kind: ServerKind = '8.0 replica set') =>
    start(kind, { replSetGetStatus: () => replSetGetStatus(members()) });

  test('the secondary that is furthest behind is the lag, its members are a table', async () => {
    const members: MemberDocument[] = [
      { name: 'db1:27017', state: 1 },
      { name: 'db2:27017', state: 2, behind: 1 },
      { name: 'db3:27017', state: 2, behind: 75 },
    ];
    const probe = probeAt((await start8(() => members)).uri);
    const result = await untilAside(probe, 'replication.lag');
    expect(result.title).toMatch(/^8\.0\.4 {2}rs0 primary {2}up /);
    expect(result.values.find(({ metric }) => metric === 'replication.lag')).toMatchObject({
      value: 75,
      unit: 's',
      level: 'bad',
      rank: 8,
    });
    expect(tableOf(probe, 'members')?.rows.map(([name]) => name)).toEqual(['db1:27017', 'db2:27017', 'db3:27017']);
  });

  test('a failover: the role is told, and the counters of another server begin anew', async () => {
    let failedOver = false;
    const server = await start('8.0 replica set', {
      serverStatus: () => {
        const status = serverStatus('8.0 replica set', uptime());
        return failedOver ? { ...status, repl: { setName: 'rs0', secondary: true } } : status;
      },
    });
    const probe = probeAt(server.uri);
    await read(probe);
    failedOver = true;
    const result = await read(probe);
    expect(result.notices).toEqual([{ what: 'change', level: 'warn', text: 'is rs0 secondary now, was rs0 primary' }]);
    expect((await read(probe)).notices).toBeUndefined();
  });

  test('a restart is told, and its counters count from 0', async () => {
    let restartedAt: number | undefined;
    const server = await start('8.0', {
      serverStatus: () =>
        serverStatus('8.0', restartedAt === undefined ? uptime() : (performance.now() - restartedAt) / 1000),
    });
    const probe = probeAt(server.uri);
    await read(probe);
    restartedAt = performance.now();
    server.drop();
    await pause(150);
    // The connection that was there is gone with the old process: one look may fail, the next does not.
    const result = await read(probe).catch(() => read(probe));
    expect(result.notices?.[0]).toMatchObject({
      what: 'restart',
      text: expect.stringMatching(/^restarted, was up 1m/),
    });
    expect(Number(at(result, 'operations.insert'))).toBeGreaterThan(0);
    expect(Number(at(result, 'operations.insert'))).toBeLessThan(1000);
  });
});

describe('the operations that run', () => {
  test('are asked for without what they hold, counted when slow, and shown longest first', async () => {
    const batch = [runningOperation(0.2), runningOperation(4.5, { waitingForLock: true })];
    const server = await start('8.0', { aggregate: () => wholeCursor('admin.$cmd.aggregate', batch) });
    const probe = probeAt(server.uri);
    expect(tableOf(probe, 'running operations')).toBeUndefined();
    await read(probe);
    expect(tableOf(probe, 'running operations')).toMatchObject({ rows: [], note: 'not asked yet' });
    const result = await untilAside(probe, 'slow_ops');
    expect([at(result, 'slow_ops'), at(result, 'slow_ops.longest')]).toEqual([1, 4.5]);
    expect(tableOf(probe, 'running operations')?.rows.map((row) => row[2])).toEqual([
      { value: 4.5, level: 'warn' },
      { value: 0.2, level: 'ok' },
    ]);
    const [question] = server.of('aggregate');
    expect(question).toMatchObject({
      aggregate: 1,
      $db: 'admin',
      pipeline: [{ $currentOp: { allUsers: true } }, {}, {}, {}, {}],
    });
  });

  test('of others are not for everybody: a gap and a note say which role it needs', async () => {
    const server = await start('8.0', { aggregate: () => unauthorized, replSetGetStatus: () => unauthorized });
    const probe = probeAt(server.uri);
    const result = await untilAside(probe, 'slow_ops');
    for (const metric of ['slow_ops', 'replication.lag']) {
      expect(at(result, metric)).toMatch(/^needs the role clusterMonitor; on the server: .*createUser\(/);
    }
    expect(tableOf(probe, 'running operations')?.note).toContain('clusterMonitor');
    expect(at(result, 'connections.current')).toBe(70);
  });

  test.each([
    ['CommandNotFound', failure(59, 'CommandNotFound', 'no such command')],
    ['FailedToParse', failure(9, 'FailedToParse', 'unknown stage')],
    ['an unknown stage', failure(40_324, 'Location40324', 'Unrecognized pipeline stage name')],
  ])('are a gap where the server has no such thing: %s', async (_, answer) => {
    const server = await start('8.0', { aggregate: () => answer, replSetGetStatus: () => answer });
    const result = await untilAside(probeAt(server.uri), 'slow_ops');
    expect([at(result, 'slow_ops'), at(result, 'replication.lag')]).toEqual([
      'this server has no $currentOp',
      'this server has no replSetGetStatus',
    ]);
  });

  test('that the server does not tell in time hold up nothing else, and are not asked for again at once', async () => {
    const server = await start('8.0', { aggregate: () => new Promise<undefined>(() => {}) });
    const probe = probeAt(server.uri);
    const result = await untilAside(probe, 'slow_ops');
    expect(at(result, 'slow_ops')).toBe('no answer within 0.45 s');
    const before = performance.now();
    for (let turn = 0; turn < 5; turn += 1) await read(probe);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(server.of('aggregate')).toHaveLength(1);
  });

  test('are asked for every five seconds, not with every look', async () => {
    const server = await start('8.0 replica set', {
      replSetGetStatus: () => replSetGetStatus([{ name: 'a', state: 1 }]),
    });
    const probe = probeAt(server.uri);
    for (let turn = 0; turn < 12; turn += 1) {
      await read(probe);
      await pause(20);
    }
    expect([server.of('aggregate').length, server.of('replSetGetStatus').length]).toEqual([1, 1]);
    expect(server.of('serverStatus')).toHaveLength(12);
  }, 10_000);

  test('mongos is not asked for a replica set', async () => {
    const server = await start('mongos');
    await untilAside(probeAt(server.uri), 'slow_ops');
    expect(server.of('replSetGetStatus')).toEqual([]);
  });
});

describe('servers that refuse', () => {
  test('a user without the role is told how to make one that has it', async () => {
    const error = await refusal(probeAt((await start('8.0', { serverStatus: () => unauthorized })).uri));
    expect(error.message).toBe('this user may not run serverStatus (Unauthorized)');
    expect(error.hint).toContain('roles: [{role: "clusterMonitor", db: "admin"}]');
  });

  test.each([
    [8000, 'AtlasError', 'serverStatus not allowed in this atlas tier'],
    [13, 'Unauthorized', 'command serverStatus is not allowed in this Atlas tier'],
  ])("a shared Atlas tier's refusal (code %i) is said to be the tier's", async (code, name, said) => {
    const server = await start('8.0', { serverStatus: () => failure(code, name, said) });
    const error = await refusal(probeAt(server.uri));
    expect(error.message).toMatch(/^serverStatus is not to be had on this tier \(/);
    expect(error.hint).toMatch(/M10/);
  });

  test('a server without serverStatus says so', async () => {
    const server = await start('8.0', { serverStatus: () => failure(59, 'CommandNotFound', 'no such command') });
    expect((await refusal(probeAt(server.uri))).message).toBe('this server has no serverStatus');
  });
});

describe('servers that hardly answer', () => {
  test('slow: no answer in time, and read again when it is quick', async () => {
    let waitMs = 3000;
    const server = await start('8.0', {
      serverStatus: async () => {
        await pause(waitMs);
        return serverStatus('8.0', uptime());
      },
    });
    const probe = probeAt(server.uri);
    expect((await refusal(probe, 700)).message).toBe('no answer in time');
    waitMs = 0;
    expect(at(await read(probe), 'connections.current')).toBe(70);
  });

  test('silent from the first word: named, within the two seconds of a look', async () => {
    const port = await serveTcp(() => {});
    const before = performance.now();
    const error = await refusal(probeAt(`mongodb://me:s3cret@127.0.0.1:${port}`), 6000);
    expect(error.message).toMatch(new RegExp(`^no MongoDB server answers at 127\\.0\\.0\\.1:${port} \\(`));
    expect(error.message).not.toContain('s3cret');
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test.each([
    ['in the middle of its first answer', 0],
    ['in the middle of its serverStatus', 1],
  ])('gone %s: a failure, and no more than that', async (_, hellos) => {
    // 200 bytes are announced, 16 come.
    const head = Buffer.from([200, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0]);
    let uri: string;
    if (hellos === 0) {
      uri = `mongodb://127.0.0.1:${await serveTcp((socket) => socket.once('data', () => socket.end(head)))}`;
    } else {
      const cut = (_command: WireDocument, socket: { end(bytes: Buffer): unknown }): undefined => void socket.end(head);
      uri = (await serveMongo(byName({ serverStatus: cut }))).uri;
    }
    const error = await refusal(probeAt(uri), 6000);
    expect(error.message).toMatch(hellos === 0 ? /^no MongoDB server answers at/ : /^serverStatus failed: .*clos/);
  });

  test('dead, and alive again on the same port', async () => {
    const port = await freePort();
    const probe = probeAt(`mongodb://127.0.0.1:${port}`);
    expect((await refusal(probe)).message).toContain(`no MongoDB server answers at 127.0.0.1:${port}`);
    await serveMongo(byName({ serverStatus: () => serverStatus('8.0', uptime()) }), { port });
    await expect.poll(() => read(probe).then(({ title }) => title, String), { timeout: 15_000 }).toMatch(/^8\.0\.4/);
  });

  test('closing takes no longer for a server that does not answer any more', async () => {
    const server = await start('8.0', { serverStatus: () => undefined });
    const probe = probeAt(server.uri);
    const reading = refusal(probe, 300);
    await reading;
    const before = performance.now();
    await probe.close();
    expect(performance.now() - before).toBeLessThan(900);
  });
});
