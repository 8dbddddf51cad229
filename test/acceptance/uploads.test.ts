// Bodies with files in them, by the real engine against real servers that take them apart: the bytes are those of the file,
// whatever the protocol, the number of workers and the size, and what goes wrong is said.

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draw } from '../../source/common/random.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { compile } from '../../source/profile/compile.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Step } from '../../source/profile/profile.ts';
import { type Driven, drive, sleep } from '../helpers/drive.ts';
import { plainTransport, type SpecPatch } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';
import { answer, scripted, scriptedHttp2 } from '../helpers/scripted-server.ts';
import { hashOf, type Protocol, uploadServer } from '../helpers/upload-server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-uploads-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes of which no two blocks are alike. */
const bytesOf = (size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(draw(1, at) * 2 ** 32, at);
  return bytes;
};

const fileOf = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, size: bytes.length };
};

const small = bytesOf(200_003);

/** What the engine gets for one step. */
const specOf = (step: Partial<Step>, patch: SpecPatch = {}): SpecPatch => {
  const base: Step = { name: 'up', method: 'POST', path: '/', headers: [], body: undefined, expectStatus: undefined };
  const profile = completeProfile({
    name: 'test',
    origin: 'http://localhost',
    scenarios: [{ name: 's', weight: 1, steps: [{ ...base, ...step }] }],
  });
  const { scenarios, metrics } = compile(profile, { userAgent: 'test' });
  return { scenarios, metrics, ...patch };
};

const wayTo = (protocol: Protocol, port: number): SpecPatch => {
  const secure = protocol.includes('TLS');
  return {
    origin: { secure, hostname: secure ? 'localhost' : '127.0.0.1', port },
    transport: plainTransport(port, {
      http2: protocol.includes('HTTP/2'),
      tls: { verify: false, ca: undefined, cert: undefined, key: undefined },
    }),
  };
};

/** Ten requests. */
const send = (port: number, spec: SpecPatch): Promise<Driven> =>
  drive({ port, segments: constantSegments(50, 200), forMs: 300, spec, graceMs: 8000 });

/** What was counted of the one metric there is. */
const rateOf = ({ intervals }: Driven): { count: number; min: number; max: number } => {
  const counts = intervals.flatMap(({ metrics }) => metrics);
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    min: Math.min(...counts.map(({ min }) => min)),
    max: Math.max(...counts.map(({ max }) => max)),
  };
};

const bytesOut = ({ intervals }: Driven): number[] =>
  intervals.map(({ series }) => series.reduce((sum, counted) => sum + counted.bytesOut, 0));

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const protocols: readonly Protocol[] = ['HTTP/1.1', 'TLS', 'HTTP/2', 'HTTP/2 over TLS'];

describe('a file', () => {
  it.each(protocols.flatMap((protocol) => [1, 3].map((workers) => [protocol, workers] as const)))(
    'arrives as it is over %s from %i workers',
    async (protocol, workers) => {
      const server = await uploadServer(protocol);
      const file = fileOf('small.csv', small);
      const spec = specOf({ payload: { type: 'file', file } }, { workers, mostWorkers: workers });
      const driven = await send(server.port, { ...spec, ...wayTo(protocol, server.port) });
      expect(driven.summary).toMatchObject({ good: 10, balanced: true });
      expect(server.received).toHaveLength(10);
      for (const { hash, headers } of server.received) {
        expect(hash).toBe(hashOf(small));
        expect(headers['content-length']).toBe(String(small.length));
      }
      expect(rateOf(driven).count).toBe(10);
      expect(rateOf(driven).min).toBeGreaterThan(0);
      expect(sumOf(bytesOut(driven))).toBeGreaterThanOrEqual(10 * small.length);
      expect(sumOf(bytesOut(driven))).toBeLessThan(10 * (small.length + 400));
    },
  );

  it.each(protocols)('that is too large to be shared is read from disk, over %s', async (protocol) => {
    const server = await uploadServer(protocol);
    const bytes = bytesOf(3_000_001);
    const file = fileOf('disk.bin', bytes);
    const spec = specOf({ payload: { type: 'file', file } });
    const driven = await send(server.port, { ...spec, ...wayTo(protocol, server.port), mostSharedBytes: 0 });
    expect(driven.summary.good).toBe(10);
    expect(new Set(server.received.map(({ hash }) => hash))).toEqual(new Set([hashOf(bytes)]));
  });

  it('that stops being taken fails while it is sent, and what came out of it is counted as it leaves', async () => {
    const { port } = await scripted({ begun: (socket) => void socket.pause() });
    const file = fileOf('stuck.bin', bytesOf(20_000_000));
    const spec = specOf({ payload: { type: 'file', file } }, { timeoutMs: 600 });
    for (const mostSharedBytes of [0, 64_000_000]) {
      const driven = await send(port, { ...spec, mostSharedBytes });
      expect(driven.summary.outcomes).toMatchObject([
        { outcome: 'timeout', count: 10, causes: [{ cause: 'timeout, while sending' }] },
      ]);
      expect(driven.summary.balanced).toBe(true);
      expect(rateOf(driven).count).toBe(0);
      // What the target never took is not counted, and what left did so before its request failed.
      const out = bytesOut(driven);
      expect(sumOf(out)).toBeLessThan(10 * 20_000_000);
      expect(sumOf(out.slice(0, 4))).toBeGreaterThan(100_000);
    }
  });

  it('whose target is killed is reset while it is sent', async () => {
    const { port } = await scripted({ begun: (socket) => void socket.resetAndDestroy() });
    const file = fileOf('reset.bin', bytesOf(8_000_000));
    for (const mostSharedBytes of [0, 64_000_000]) {
      const driven = await send(port, specOf({ payload: { type: 'file', file } }, { mostSharedBytes }));
      expect(driven.summary.outcomes).toMatchObject([{ outcome: 'reset', count: 10 }]);
      expect(driven.summary.balanced).toBe(true);
    }
  });

  it('that is answered early has that answer, and its connection carries another when it is out', async () => {
    const heads: string[] = [];
    const server = await scripted({
      begun: (socket, { head }) => {
        heads.push(head);
        socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
      },
    });
    const file = fileOf('early.bin', bytesOf(2_000_000));
    const spec = specOf({ payload: { type: 'file', file } }, { connections: 1, maxInFlight: 1, mostSharedBytes: 0 });
    const driven = await drive({ port: server.port, segments: constantSegments(20, 200), forMs: 2000, spec });
    expect(driven.summary.outcomes).toMatchObject([{ count: 4, causes: [{ cause: '413', count: 4 }] }]);
    expect(server.connections()).toBe(1);
    expect(heads).toHaveLength(4);
    await server.close();
  });

  it('that is answered early by a target which then closes is what the answer says', async () => {
    const { port } = await scripted({
      begun: (socket) => {
        socket.end('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        setTimeout(() => socket.destroy(), 50);
      },
    });
    const file = fileOf('closed.bin', bytesOf(20_000_000));
    const driven = await send(port, specOf({ payload: { type: 'file', file } }));
    const [outcome] = driven.summary.outcomes;
    expect(outcome).toMatchObject({ outcome: '4xx', count: 10 });
    expect(driven.summary.balanced).toBe(true);
  });

  it.each([
    ['and then given up without a fault', 'close'],
    ['and then taken to its end', 'take'],
  ])('that is answered early over HTTP/2 %s has that answer', async (_, then) => {
    const server = await scriptedHttp2((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('too large');
      if (then === 'take') stream.resume();
      if (then === 'close') setTimeout(() => stream.close(0), 10);
    });
    const file = fileOf('early2.bin', bytesOf(3_000_000));
    for (const mostSharedBytes of [0, 64_000_000]) {
      const spec = specOf({ payload: { type: 'file', file } }, { mostSharedBytes });
      const driven = await send(server.port, { ...spec, ...wayTo('HTTP/2', server.port) });
      expect(driven.summary.outcomes).toMatchObject([{ causes: [{ cause: '413', count: 10 }] }]);
      expect(driven.summary.balanced).toBe(true);
    }
    await server.close();
  });

  it('that changed its size, or is gone, is a fault of ours that says so', async () => {
    const server = await uploadServer('HTTP/1.1');
    const changed = { ...fileOf('changed.bin', bytesOf(1000)), size: 1500 };
    const gone = { path: join(folder, 'gone.bin'), size: 10 };
    for (const [file, example] of [
      [changed, /changed\.bin: found 1,000 bytes, expected 1,500 as before the run/],
      [gone, /gone\.bin: ENOENT/],
    ] as const) {
      const { summary } = await send(server.port, specOf({ payload: { type: 'file', file } }));
      expect(summary.outcomes).toMatchObject([{ outcome: 'ours', count: 10, causes: [{ cause: 'ours: file' }] }]);
      expect(summary.outcomes[0]!.example).toMatch(example);
    }
    expect(server.received).toEqual([]);
  });

  it('that is cut during the run fails from then on', async () => {
    const server = await uploadServer('HTTP/1.1');
    const file = fileOf('cut.bin', bytesOf(500_000));
    const driven = await drive({
      port: server.port,
      segments: constantSegments(50, 1000),
      forMs: 1100,
      spec: specOf({ payload: { type: 'file', file } }, { mostSharedBytes: 0 }),
      during: async () => {
        await sleep(500);
        truncateSync(file.path, 100_000);
      },
    });
    const counts = Object.fromEntries(driven.summary.outcomes.map(({ outcome, count }) => [outcome, count]));
    expect(counts['2xx']).toBeGreaterThan(10);
    expect(counts.ours).toBeGreaterThan(10);
    expect(server.received.every(({ length }) => length === 500_000)).toBe(true);
  });
});

describe('multipart', () => {
  const csv = bytesOf(150_001);
  const parts = (): Step['payload'] => ({
    type: 'multipart',
    parts: [
      {
        type: 'file',
        name: 'file',
        file: fileOf('a.csv', csv),
        filename: 'grün "{{arrival}}".csv',
        contentType: 'text/csv',
      },
      { type: 'value', name: 'json', value: '{"list_id":"{{uuid}}"}', contentType: undefined },
      {
        type: 'file',
        name: 'second',
        file: fileOf('b.bin', small),
        filename: 'b.bin',
        contentType: 'application/octet-stream',
      },
    ],
  });

  it.each(protocols.flatMap((protocol) => [1, 3].map((workers) => [protocol, workers] as const)))(
    'is taken apart into what was said, over %s from %i workers',
    async (protocol, workers) => {
      const server = await uploadServer(protocol);
      const spec = specOf({ payload: parts()! }, { workers, mostWorkers: workers, mostSharedBytes: 160_000 });
      const driven = await send(server.port, { ...spec, ...wayTo(protocol, server.port) });
      expect(driven.summary).toMatchObject({ good: 10, balanced: true });
      expect(server.received).toHaveLength(10);
      for (const received of server.received) {
        const [file, json, second] = received.parts;
        expect(file).toMatchObject({ name: 'file', contentType: 'text/csv', bytes: csv });
        expect(file!.filename).toMatch(/^grün %22\d%22\.csv$/);
        expect(json).toMatchObject({ name: 'json', filename: undefined, contentType: undefined });
        expect(json!.bytes.toString()).toMatch(/^\{"list_id":"[0-9a-f-]{36}"\}$/);
        expect(second).toMatchObject({ name: 'second', filename: 'b.bin', bytes: small });
        expect(received.headers['content-length']).toBe(String(received.length));
      }
      const names = server.received.map(({ parts: [file] }) => file!.filename);
      expect(new Set(names).size).toBe(10);
    },
  );

  it('without files, and a form, arrive as said', async () => {
    const server = await uploadServer('HTTP/1.1');
    const value = { type: 'value', name: 'note', value: 'n{{arrival}}', contentType: undefined } as const;
    await send(server.port, specOf({ payload: { type: 'multipart', parts: [value, value] } }));
    const texts = server.received.flatMap(({ parts }) => parts.map(({ bytes }) => bytes.toString()));
    expect(texts.toSorted()).toEqual(Array.from({ length: 20 }, (_, index) => `n${Math.floor(index / 2)}`));
  });

  it('is the same bytes for the same seed, whatever the number of workers', async () => {
    const hashes = async (workers: number): Promise<readonly string[]> => {
      const server = await uploadServer('HTTP/1.1');
      await send(server.port, specOf({ payload: parts()! }, { workers, mostWorkers: workers }));
      return server.received.map(({ hash }) => hash).toSorted();
    };
    expect(await hashes(3)).toEqual(await hashes(1));
  });
});

describe('requests behind an upload on one connection', () => {
  it('wait for it, and all arrive in order', async () => {
    const lengths: string[] = [];
    const { port } = await scripted({
      asked: (socket, { head }) => {
        lengths.push(/content-length: (\d+)/.exec(head)![1]!);
        socket.write(answer());
      },
    });
    const file = fileOf('queue.bin', bytesOf(1_000_003));
    const spec = specOf({ payload: { type: 'file', file } }, { connections: 1, maxInFlight: 10, mostSharedBytes: 0 });
    const transport = plainTransport(port, { perConnection: 10 });
    const driven = await send(port, { ...spec, transport });
    expect(driven.summary).toMatchObject({ good: 10, balanced: true });
    expect(lengths).toEqual(Array.from({ length: 10 }, () => '1000003'));
  });

  it('are not failed with it where nothing of them was written', async () => {
    let connections = 0;
    const server = net.createServer((socket) => {
      connections += 1;
      const isFirst = connections === 1;
      let got = 0;
      socket.on('data', (chunk) => {
        got += chunk.length;
        if (isFirst) socket.pause();
        else if (got > 20_000_000) {
          got -= 20_000_000;
          socket.write(answer());
        }
      });
    });
    const { port } = await listen(server);
    const file = fileOf('blocked.bin', bytesOf(20_000_000));
    const spec = specOf(
      { payload: { type: 'file', file } },
      { connections: 1, maxInFlight: 5, timeoutMs: 1500, mostSharedBytes: 0, limit: 3 },
    );
    const transport = plainTransport(port, { perConnection: 5 });
    const driven = await send(port, { ...spec, transport });
    const counts = Object.fromEntries(driven.summary.outcomes.map(({ outcome, count }) => [outcome, count]));
    expect(counts.timeout).toBeGreaterThanOrEqual(1);
    expect(counts.reset ?? 0).toBe(0);
    expect(driven.summary.balanced).toBe(true);
  });
});

describe('a step that is limited by silence', () => {
  const body = bytesOf(40_000_000);
  /** Reads so many bytes a second, or none, and answers when all is there. */
  const reading = (socket: Readable, perSecond: number, answered: () => void): void => {
    let got = 0;
    let may = 0;
    socket.on('data', (chunk: Buffer) => {
      got += chunk.length;
      if (got >= body.length) answered();
      else if (got >= may) socket.pause();
    });
    const timer = setInterval(() => {
      may += perSecond / 40;
      if (may > 0) socket.resume();
    }, 25);
    socket.on('close', () => clearInterval(timer));
    socket.on('end', () => clearInterval(timer));
  };
  const slowServer = async (protocol: Protocol, perSecond: number): Promise<{ readonly port: number }> => {
    if (protocol === 'HTTP/2') {
      const server = http2.createServer();
      server.on('stream', (stream: http2.ServerHttp2Stream) =>
        reading(stream, perSecond, () => {
          stream.respond({ ':status': 200 });
          stream.end('ok');
        }),
      );
      return listen(server);
    }
    return listen(net.createServer((socket) => reading(socket, perSecond, () => socket.write(answer()))));
  };
  const once = { idleMs: 1200, limit: 1, timeoutMs: 500 };
  const sent = async (protocol: Protocol, step: Partial<Step>, perSecond: number): Promise<Driven> => {
    const { port } = await slowServer(protocol, perSecond);
    const spec = specOf({ idleMs: once.idleMs, ...step }, { limit: once.limit, timeoutMs: once.timeoutMs });
    return send(port, { ...spec, ...wayTo(protocol, port) });
  };

  it.each([
    ['HTTP/1.1', 'a file'],
    ['HTTP/1.1', 'a body'],
    ['HTTP/2', 'a body'],
  ] as const)(
    'is not cut while its bytes flow, over %s, %s',
    async (protocol, what) => {
      const file = fileOf('slow.bin', body);
      const step: Partial<Step> = what === 'a body' ? { body } : { payload: { type: 'file', file } };
      const driven = await sent(protocol, step, 16_000_000);
      expect(driven.summary.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['2xx', 1]]);
      // It took longer than silence may last.
      expect(driven.summary.service.good.maxMs).toBeGreaterThan(once.idleMs + 500);
      expect(sumOf(bytesOut(driven))).toBeGreaterThanOrEqual(body.length);
      expect(sumOf(bytesOut(driven))).toBeLessThan(body.length + 400);
    },
    20_000,
  );

  it('ends where nobody reads any more', async () => {
    const driven = await sent('HTTP/1.1', { body }, 0);
    const [outcome] = driven.summary.outcomes;
    expect([outcome?.outcome, outcome?.causes[0]?.cause]).toEqual(['timeout', 'timeout, while sending']);
    expect(outcome?.example).toBe('no byte for 1.2 s');
    expect(driven.summary.balanced).toBe(true);
  }, 20_000);
});
