// The wire-protocol server: the official driver on one side, bytes that are no protocol on the other.
import { connect } from 'node:net';
import { BSON, MongoClient } from 'mongodb';
import { afterEach, describe, expect, test } from 'vitest';
import { MessageCutter, readMessage } from '../../source/demo/mongo-message.ts';
import { failure, type WireDocument, wholeCursor } from '../../source/demo/mongo-wire.ts';
import { byName, type MongoServer, serveMongo, stopMongoServers } from '../helpers/mongo-server.ts';

const clients: MongoClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await stopMongoServers();
});

const clientOf = ({ uri }: MongoServer, options = {}): MongoClient => {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3000, ...options });
  clients.push(client);
  return client;
};

const until = (value: () => unknown) => expect.poll(value, { timeout: 5000, interval: 10 });

describe('with the official driver', () => {
  test('inserts come with their documents, thousands at a time and over several connections', async () => {
    let inserted = 0;
    const server = await serveMongo(
      byName({
        insert: ({ documents }) => {
          const batch = documents as Uint8Array[];
          expect(BSON.deserialize(batch[0]!)).toMatchObject({ text: 'x'.repeat(500) });
          inserted += batch.length;
          return { n: batch.length, ok: 1 };
        },
      }),
    );
    const events = clientOf(server).db('a').collection('events');
    const insert = () => events.insertMany(Array.from({ length: 3000 }, (_, n) => ({ n, text: 'x'.repeat(500) })));
    const results = await Promise.all([insert(), insert(), insert()]);
    expect(results.map(({ insertedCount }) => insertedCount)).toEqual([3000, 3000, 3000]);
    expect(inserted).toBe(9000);
    expect(server.traffic().open).toBeGreaterThan(2);
    expect(server.traffic().bytesIn).toBeGreaterThan(9000 * 500);
  });

  test('a write that wants no acknowledgement gets none, and the connection goes on', async () => {
    const server = await serveMongo(byName({ insert: () => ({ n: 1, ok: 1 }), count: () => ({ n: 7, ok: 1 }) }));
    const client = clientOf(server, { maxPoolSize: 1 });
    await client
      .db('a')
      .collection('b')
      .insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    expect(await client.db('a').command({ count: 'b' })).toMatchObject({ n: 7 });
    expect(server.of('insert')).toHaveLength(1);
  });

  test('an aggregate gives a cursor, an unknown command its code, a handler that throws an error', async () => {
    const server = await serveMongo(
      byName({
        aggregate: () => wholeCursor('a.b', [{ n: 1 }, { n: 2 }]),
        broken: () => {
          throw new Error('it broke');
        },
        refused: () => failure(13, 'Unauthorized', 'not you'),
      }),
    );
    const db = clientOf(server).db('a');
    expect(await db.collection('b').aggregate([]).toArray()).toEqual([{ n: 1 }, { n: 2 }]);
    await expect(db.command({ nonsense: 1 })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
    await expect(db.command({ broken: 1 })).rejects.toMatchObject({ code: 1, message: 'it broke' });
    await expect(db.command({ refused: 1 })).rejects.toMatchObject({ code: 13 });
  });
});

/** A message: length, id, answer to, operation, and what follows. */
const message = (opCode: number, ...parts: Uint8Array[]): Buffer => {
  const rest = Buffer.concat(parts);
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + rest.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opCode, 12);
  return Buffer.concat([head, rest]);
};

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

const body = (document: WireDocument): Buffer => Buffer.concat([Buffer.from([0]), BSON.serialize(document)]);

const sequence = (name: string, ...documents: WireDocument[]): Buffer => {
  const rest = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((document) => BSON.serialize(document))]);
  return Buffer.concat([Buffer.from([1]), int(rest.length + 4), rest]);
};

describe('messages', () => {
  test('sections of both kinds, in any order, and a checksum at the end', () => {
    const plain = readMessage(message(2013, int(0), sequence('documents', { a: 1 }, { a: 2 }), body({ insert: 'x' })));
    expect(plain).toMatchObject({ requestId: 7, wantsReply: true, legacy: false, command: { insert: 'x' } });
    const { documents } = plain.command as { documents: Uint8Array[] };
    expect(documents.map((one) => BSON.deserialize(one))).toEqual([{ a: 1 }, { a: 2 }]);
    expect(readMessage(message(2013, int(1 | 2), body({ ping: 1 }), int(99)))).toMatchObject({
      command: { ping: 1 },
      wantsReply: false,
    });
  });

  test('are the same however their bytes come', () => {
    const bytes = Buffer.concat([
      message(2013, int(0), body({ a: 1 })),
      message(2013, int(0), body({ b: 'x'.repeat(99) })),
    ]);
    for (const size of [1, 3, 16, 17, 1000]) {
      const cutter = new MessageCutter();
      const found: WireDocument[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        cutter.add(bytes.subarray(at, at + size));
        for (let next = cutter.next(); next; next = cutter.next()) found.push(readMessage(next).command);
      }
      expect(found, `pieces of ${size}`).toEqual([{ a: 1 }, { b: 'x'.repeat(99) }]);
    }
  });
});

describe('bytes that are no message', () => {
  test.each<[string, Buffer]>([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a length of nothing', message(2013).fill(0, 0, 4)],
    ['a length beyond the limit', Buffer.concat([int(48_000_001), Buffer.alloc(12)])],
    ['a negative length', Buffer.concat([int(-1), Buffer.alloc(12)])],
    ['an operation that is long gone', message(2002, int(0), body({ a: 1 }))],
    ['no body', message(2013, int(0))],
    ['no flags', message(2013)],
    ['a flag that must be understood', message(2013, int(1 << 7), body({ a: 1 }))],
    ['two bodies', message(2013, int(0), body({ a: 1 }), body({ b: 1 }))],
    ['a section of another kind', message(2013, int(0), Buffer.from([2]), body({ a: 1 }))],
    ['a document that is longer than its message', message(2013, int(0), Buffer.from([0]), int(500), Buffer.alloc(5))],
    [
      'a document of another kind inside',
      message(2013, int(0), Buffer.from([0, 12, 0, 0, 0, 0x99, 65, 0, 1, 2, 3, 4, 0])),
    ],
    [
      'a sequence without a name',
      message(2013, int(0), body({ a: 1 }), Buffer.from([1]), int(6), Buffer.from([65, 66])),
    ],
    [
      'a document in a sequence that does not fit',
      message(2013, int(0), body({ a: 1 }), Buffer.from([1]), int(11), Buffer.from([65, 0, 99, 0, 0, 0, 0])),
    ],
    ['a query without a name', message(2004, int(0), Buffer.from('abc'))],
    ['zeroes', Buffer.alloc(64)],
  ])('%s: the connection ends, the server goes on', async (_, bytes) => {
    const server = await serveMongo(byName({ count: () => ({ n: 3, ok: 1 }) }));
    const socket = connect(server.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {}).resume();
    socket.write(bytes);
    await closed;
    expect(server.commands).toEqual([]);
    expect(await clientOf(server).db('a').command({ count: 'b' })).toMatchObject({ n: 3 });
  });

  test('a client that goes away in the middle leaves nothing behind', async () => {
    const server = await serveMongo(byName({}));
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(message(2013, int(0), body({ a: 1 })).subarray(0, 20));
    await until(() => server.traffic().open).toBe(1);
    socket.destroy();
    await until(() => server.traffic().open).toBe(0);
  });
});
