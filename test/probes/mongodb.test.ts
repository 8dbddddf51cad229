// The MongoDB probe: the real driver against a server that answers what the test says.
import { MongoClient } from 'mongodb';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { mongoHosts } from '../../source/probes/mongo-address.ts';
import { MongoProbe } from '../../source/probes/mongodb.ts';
import { ProbeError } from '../../source/probes/probe.ts';
import { serveMongo, stopMongoServers } from '../helpers/mongo-server.ts';
import { freePort } from './servers.ts';

const open: MongoProbe[] = [];

const probeAt = (uri: string): MongoProbe => {
  const probe = new MongoProbe({ id: 'mongodb', uri });
  open.push(probe);
  return probe;
};

const unknown = { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: 'no such command' };

const failure = async (probe: MongoProbe, signal = AbortSignal.timeout(4000)): Promise<ProbeError> => {
  const error = await probe.read(signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProbeError)) throw new Error(`expected a ProbeError, got ${String(error)}`);
  return error;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
  await stopMongoServers();
});

test('two reads give rates, over two sockets, without the sections that are not needed', async () => {
  let inserted = 0;
  const nextCount = (): number => {
    inserted += 100;
    return inserted;
  };
  const server = await serveMongo(() => ({
    ok: 1,
    host: 'h',
    version: '8.0.4',
    uptimeMillis: 5000,
    opcounters: { insert: nextCount(), query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
    connections: { current: 5, available: 95 },
  }));
  const probe = probeAt(`mongodb://127.0.0.1:${server.port}`);
  await probe.read(AbortSignal.timeout(4000));
  const { title, values } = await probe.read(AbortSignal.timeout(4000));
  expect(title).toBe('8.0.4  up 5 s');
  expect(values.find(({ metric }) => metric === 'connections.current')).toMatchObject({ value: 5, limit: 100 });
  expect(values.find(({ metric }) => metric === 'operations.insert')).toMatchObject({ type: 'value', unit: '/s' });
  expect(server.commands[0]).toMatchObject({ serverStatus: 1, $db: 'admin', locks: 0, metrics: { commands: 0 } });
  expect(server.traffic().created).toBe(2);
});

test('a server without opcounters is asked for its commands from the second read on', async () => {
  let calls = 0;
  const server = await serveMongo(({ serverStatus, metrics }) => {
    if (serverStatus !== 1) return unknown;
    calls += 1;
    const commands = metrics === 1 ? { metrics: { commands: { insert: { total: calls * 10 } } } } : {};
    return { ok: 1, host: 'f', version: '7.0.42', uptime: calls, ...commands };
  });
  const probe = probeAt(`mongodb://127.0.0.1:${server.port}`);
  for (let turn = 0; turn < 2; turn += 1) await probe.read(AbortSignal.timeout(4000));
  const { values } = await probe.read(AbortSignal.timeout(4000));
  expect(values.find(({ metric }) => metric === 'operations.insert')).toMatchObject({ type: 'value' });
});

test('another host after a failover begins anew', async () => {
  let calls = 0;
  const server = await serveMongo(({ serverStatus }) => {
    if (serverStatus !== 1) return unknown;
    calls += 1;
    return { ok: 1, host: calls === 1 ? 'a' : 'b', uptime: 10 + calls, opcounters: { insert: calls * 1e6 } };
  });
  const probe = probeAt(`mongodb://127.0.0.1:${server.port}`);
  await probe.read(AbortSignal.timeout(4000));
  const { values, notices } = await probe.read(AbortSignal.timeout(4000));
  expect(values.find(({ metric }) => metric === 'operations.insert')).toMatchObject({
    reason: 'needs a second reading',
  });
  expect(notices).toEqual([{ what: 'change', level: 'warn', text: 'another server answers: b, was a' }]);
});

test('a user without rights is told how to make one that has them', async () => {
  const server = await serveMongo(() => ({ ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized' }));
  const error = await failure(probeAt(`mongodb://127.0.0.1:${server.port}`));
  expect(error.message).toBe('this user may not run serverStatus (Unauthorized)');
  expect(error.hint).toContain('roles: [{role: "clusterMonitor", db: "admin"}]');
});

test('a port on which nothing listens is named, and the password is not', async () => {
  const port = await freePort();
  const error = await failure(probeAt(`mongodb://me:s3cret%21@127.0.0.1:${port}/?authSource=admin`));
  expect(error.message).toContain(`no MongoDB server answers at 127.0.0.1:${port}`);
  expect(error.message).not.toMatch(/s3cret|me:/);
});

test('a silent server is cut off by the signal, and asked again', async () => {
  let silent = true;
  const server = await serveMongo(() => (silent ? undefined : { ok: 1, host: 'h', version: '8' }));
  const probe = probeAt(`mongodb://127.0.0.1:${server.port}`);
  expect((await failure(probe, AbortSignal.timeout(300))).message).toBe('no answer in time');
  silent = false;
  expect((await probe.read(AbortSignal.timeout(4000))).title).toBe('8');
});

test('a URI that is none is explained without its password', async () => {
  const error = await failure(probeAt('mongodb://me:pa/ss:wo@rd@localhost:1/'));
  expect(error.message).toMatch(/^the MongoDB URI cannot be used: /);
  expect(error.message).not.toMatch(/pa\/ss|wo@rd/);
});

test('closing before the first read is fine', async () => {
  const probe = probeAt('mongodb://localhost:1');
  await probe.close();
  await expect(probe.read(AbortSignal.timeout(1000))).rejects.toThrow(ProbeError);
});

test.each([
  ['mongodb://localhost:27017', 'localhost:27017'],
  ['mongodb://u:p@a:1,b:2/db?replicaSet=rs', 'a:1,b:2'],
  ['mongodb+srv://u:p%40@cluster.example.net/?x=y', 'cluster.example.net'],
  ['mongodb://u:p@ss/w@[::1]:27017/db', '[::1]:27017'],
  ['mongodb://u:secret', 'mongodb'],
  ['mongodb://u:p@h?x=a@b', 'h'],
  ['not a uri \u001b', 'mongodb'],
])('the hosts of %s', (uri, hosts) => {
  expect(mongoHosts(uri)).toBe(hosts);
});

test('a client whose topology the driver has closed is taken for lost, though it had answered', async () => {
  const server = await serveMongo(() => ({ ok: 1, host: 'h', version: '8.0.4', uptimeMillis: 5000 }));
  const asked = vi.spyOn(MongoClient.prototype, 'db');
  onTestFinished(() => asked.mockRestore());
  const probe = probeAt(`mongodb://127.0.0.1:${server.port}`);
  await probe.read(AbortSignal.timeout(4000));
  // What the driver does where a first try to connect ends in vain, however late.
  const client = asked.mock.contexts[0] as unknown as { readonly topology: { close(): void } };
  client.topology.close();
  expect((await failure(probe)).message).toContain('Topology is closed');
  expect((await probe.read(AbortSignal.timeout(4000))).title).toContain('8.0.4');
});
