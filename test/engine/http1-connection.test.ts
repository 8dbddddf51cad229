// A connection of HTTP/1.1 against scripted servers: answers in any pieces, closing at any moment, and no exchange that is
// left without a word. Causes and books of whole runs are in outcomes.test.ts and the fault matrix.

import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SystemClock } from '../../source/common/clock.ts';
import { AddressBook } from '../../source/engine/address-book.ts';
import { Dialler } from '../../source/engine/dial.ts';
import type { Exchange } from '../../source/engine/exchange.ts';
import { Http1Connection } from '../../source/engine/http1-connection.ts';
import type { Request } from '../../source/engine/request.ts';
import { sleep } from '../helpers/drive.ts';
import { plainTransport } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const closing = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok';

/** A request that a scripted server can tell from others by its path. */
const requestTo = (path: string, body?: Buffer): Request => {
  const length = body ? `Content-Length: ${body.length}\r\n` : '';
  const bytes = Buffer.from(`${body ? 'POST' : 'GET'} ${path} HTTP/1.1\r\nHost: x\r\n${length}\r\n`);
  return {
    method: body ? 'POST' : 'GET',
    http1: (_, scratch) => {
      scratch.rest = body ?? null;
      return bytes;
    },
    http2Headers: () => ({}),
  };
};

const large = Buffer.alloc(20_000_000, 'x');

/** Connects to a script that is called with each piece a server gets; says what it got on each connection. */
const connectTo = async (
  script: (socket: net.Socket, piece: string, connection: number) => void,
  { perConnection = 1, keepAlive = true } = {},
) => {
  const paths: string[][] = [];
  const server = net.createServer({ allowHalfOpen: true });
  server.on('connection', (socket) => {
    socket.setNoDelay(true);
    const seen: string[] = [];
    const index = paths.push(seen) - 1;
    socket.on('data', (chunk) => {
      const piece = chunk.toString('latin1');
      seen.push(...[...piece.matchAll(/(?:GET|POST) (\S+) HTTP/g)].map(([, path]) => path!));
      script(socket, piece, index);
    });
  });
  const { port, made } = await listen(server);
  const told: string[] = [];
  /** What is done at once with an exchange that is free, as a load model would. */
  const next = new Map<Exchange, () => void>();
  const free = (exchange: Exchange): void => {
    const then = next.get(exchange);
    next.delete(exchange);
    then?.();
  };
  const name = (exchange: Exchange): string => `${exchange.carrier.exchanges.indexOf(exchange)}`;
  const clock = new SystemClock();
  const transport = plainTransport(port, { perConnection, keepAlive });
  const origin = { secure: false, hostname: '127.0.0.1', port };
  const book = new AddressBook([{ address: '127.0.0.1', family: 4 }]);
  const connection = new Http1Connection(
    {
      origin,
      dialler: new Dialler({ origin, transport, book, limitMs: 3000 }),
      counterOf: () => ({ requests: 0, notGood: 0 }),
      perConnection,
      keepAlive,
      now: () => clock.now(),
    },
    {
      answered: (exchange) => {
        told.push(`${name(exchange)} ${exchange.status}`);
        free(exchange);
      },
      failed: (exchange, error) => {
        told.push(`${name(exchange)} ${'code' in error ? error.code : error.message}`);
        free(exchange);
      },
      started: () => {},
      connected: () => {},
      moved: () => {},
      uploaded: () => {},
    },
  );
  onTestFinished(() => connection.destroy());
  const until = async (holds: () => boolean): Promise<void> => {
    const limit = clock.now() + 5000;
    while (!holds()) {
      if (clock.now() > limit) throw new Error(`still ${JSON.stringify({ told, paths })}`);
      await sleep(2);
    }
  };
  const toldOf = async (count: number): Promise<readonly string[]> => {
    await until(() => told.length >= count);
    return told;
  };
  return { connection, exchanges: connection.exchanges, paths, told, toldOf, until, next, made };
};

describe('an answer', () => {
  it('may come byte by byte', async () => {
    const text =
      'HTTP/1.1 103 \r\nA: b\r\n\r\nHTTP/1.1 503 Later\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
    const { exchanges, toldOf, made } = await connectTo(async (socket) => {
      for (const letter of text) {
        socket.write(letter);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const [exchange] = exchanges;
    for (let count = 1; count <= 3; count += 1) {
      exchange!.send(requestTo('/a'));
      expect(await toldOf(count)).toHaveLength(count);
      expect(exchange).toMatchObject({ status: 503, statusText: 'Later', bytesIn: text.length, early: false });
      expect(exchange!.headers).toEqual({ 'retry-after': '7', 'transfer-encoding': 'chunked' });
      const { startedAt, sentAt, firstByteAt, endedAt } = exchange!;
      expect([startedAt, sentAt, firstByteAt, endedAt]).toEqual(
        [startedAt, sentAt, firstByteAt, endedAt].sort((a, b) => a - b),
      );
    }
    expect(made()).toBe(1);
  });

  it('has headers whose lines go on, or end without a carriage return', async () => {
    const { exchanges, toldOf } = await connectTo((socket) =>
      socket.write('HTTP/1.1 429 Slow\nRetry-After:\n 7\nConstructor: a\nconstructor: b\nContent-Length: 0\n\n'),
    );
    exchanges[0]!.send(requestTo('/'));
    await toldOf(1);
    expect(exchanges[0]!.statusText).toBe('Slow');
    expect(exchanges[0]!.headers).toEqual({ 'retry-after': '7', constructor: 'a, b', 'content-length': '0' });
  });

  it('without a length ends when its connection does', async () => {
    const { exchanges, toldOf, made } = await connectTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nok');
      setTimeout(() => socket.end(), 60);
    });
    exchanges[0]!.send(requestTo('/a'));
    expect(await toldOf(1)).toEqual(['0 200']);
    expect(exchanges[0]!.endedAt - exchanges[0]!.firstByteAt).toBeGreaterThan(40);
    exchanges[0]!.send(requestTo('/b'));
    expect(await toldOf(2)).toEqual(['0 200', '0 200']);
    expect(made()).toBe(2);
  });

  it('without a length does not end with a reset', async () => {
    const { exchanges, toldOf } = await connectTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nok');
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    exchanges[0]!.send(requestTo('/a'));
    expect(await toldOf(1)).toEqual(['0 ECONNRESET']);
  });
});

describe('an idle connection', () => {
  it('is not used again in the last moments for which the target keeps it', async () => {
    const { exchanges, toldOf, made, paths } = await connectTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n');
    });
    const pauses = [
      ['/a', 300],
      ['/b', 920],
      ['/c', 0],
    ] as const;
    for (const [index, [path, pauseMs]] of pauses.entries()) {
      exchanges[0]!.send(requestTo(path));
      expect((await toldOf(index + 1)).at(-1)).toBe('0 200');
      await sleep(pauseMs);
    }
    expect(made()).toBe(2);
    expect(paths).toEqual([['/a', '/b'], ['/c']]);
  });

  it('that gets bytes nobody asked for is left without a word', async () => {
    const { exchanges, toldOf, paths } = await connectTo((socket, _, index) => {
      socket.write(ok);
      if (index === 0) setTimeout(() => socket.write('HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n'), 30);
    });
    exchanges[0]!.send(requestTo('/a'));
    await toldOf(1);
    await sleep(80);
    exchanges[0]!.send(requestTo('/b'));
    expect(await toldOf(2)).toEqual(['0 200', '0 200']);
    expect(paths).toEqual([['/a'], ['/b']]);
  });

  it('that the target closes, or closes by half, is left without a word', async () => {
    const { exchanges, toldOf, paths } = await connectTo((socket, _, index) => {
      socket.write(ok);
      if (index === 0) setTimeout(() => socket.end(), 20);
      if (index === 1) setTimeout(() => socket.destroy(), 20);
      if (index === 2) setTimeout(() => socket.resetAndDestroy(), 20);
    });
    for (const [index, path] of ['/a', '/b', '/c', '/d'].entries()) {
      exchanges[0]!.send(requestTo(path));
      await toldOf(index + 1);
      await sleep(60);
    }
    expect(await toldOf(4)).toEqual(['0 200', '0 200', '0 200', '0 200']);
    expect(paths).toEqual([['/a'], ['/b'], ['/c'], ['/d']]);
  });
});

describe('a target that closes its half of the connection', () => {
  it.each([
    ['before an answer', ''],
    ['in the head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
    ['before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n'],
  ])('%s has closed the connection', async (_, text) => {
    const { exchanges, toldOf } = await connectTo((socket) => socket.end(text));
    exchanges[0]!.send(requestTo('/a'));
    expect(await toldOf(1)).toEqual(['0 LOADTOP_CLOSED']);
  });
});

describe('pipelined requests', () => {
  it('behind an answer that closes the connection are not sent again', async () => {
    const { exchanges, toldOf, paths, next } = await connectTo(
      (socket, piece, index) => {
        if (index > 0) socket.write(ok.repeat(piece.split('\r\n\r\n').length - 1));
        else if (piece.includes('/2')) socket.end(ok + closing);
      },
      { perConnection: 4 },
    );
    next.set(exchanges[0]!, () => exchanges[0]!.send(requestTo('/again')));
    for (const [index, exchange] of exchanges.entries()) exchange.send(requestTo(`/${index}`));
    const told = await toldOf(5);
    expect(told.slice(0, 2)).toEqual(['0 200', '1 200']);
    expect([...told].sort()).toEqual(['0 200', '0 200', '1 200', '2 LOADTOP_RESENT', '3 LOADTOP_RESENT']);
    expect(paths.flat().sort()).toEqual(['/0', '/1', '/2', '/3', '/again']);
    expect(paths[1]).toEqual(['/again']);
  });

  it('that were not written yet go on another connection, though nothing else needs one', async () => {
    // Both answers are in one read: the first makes a request that is to go out with it, the second ends the connection.
    const { exchanges, toldOf, paths, next } = await connectTo(
      (socket, piece, index) => {
        if (index > 0) socket.write(ok);
        else if (piece.includes('/1')) socket.write(ok + closing);
      },
      { perConnection: 2 },
    );
    next.set(exchanges[0]!, () => exchanges[0]!.send(requestTo('/gathered')));
    exchanges[0]!.send(requestTo('/0'));
    exchanges[1]!.send(requestTo('/1'));
    expect(await toldOf(3)).toEqual(['0 200', '1 200', '0 200']);
    expect(paths).toEqual([['/0', '/1'], ['/gathered']]);
  });

  it('that were not written yet go on another connection when the answers break', async () => {
    const { exchanges, toldOf, paths, next } = await connectTo(
      (socket, piece, index) => {
        if (index > 0) socket.write(ok);
        else if (piece.includes('/1')) socket.write(`${ok}garbage`);
      },
      { perConnection: 2 },
    );
    next.set(exchanges[0]!, () => exchanges[0]!.send(requestTo('/gathered')));
    exchanges[0]!.send(requestTo('/0'));
    exchanges[1]!.send(requestTo('/1'));
    expect(await toldOf(3)).toEqual(['0 200', '1 LOADTOP_ANSWER_START', '0 200']);
    expect(paths).toEqual([['/0', '/1'], ['/gathered']]);
  });

  it('are lost with one that is given up, and nothing else is', async () => {
    const { exchanges, toldOf, paths } = await connectTo(
      (socket, _, index) => {
        if (index > 0) socket.write(ok);
      },
      { perConnection: 3 },
    );
    exchanges[0]!.send(requestTo('/0'));
    exchanges[1]!.send(requestTo('/1'));
    await sleep(50);
    exchanges[1]!.abort(new Error('too late'));
    expect(await toldOf(2)).toEqual(['0 LOADTOP_RESENT', '1 too late']);
    exchanges[2]!.send(requestTo('/2'));
    expect(await toldOf(3)).toEqual(['0 LOADTOP_RESENT', '1 too late', '2 200']);
    expect(paths).toEqual([['/0', '/1'], ['/2']]);
  });
});

describe('bytes behind an answer', () => {
  it.each([1, 2])('are not the answer to what was sent after them, with %d at once', async (perConnection) => {
    const { exchanges, toldOf, next, paths } = await connectTo((socket) => socket.write(ok + ok), { perConnection });
    next.set(exchanges[0]!, () => exchanges[0]!.send(requestTo('/b')));
    exchanges[0]!.send(requestTo('/a'));
    // A request that is not written yet goes on another connection, where the same happens after its answer.
    expect((await toldOf(2)).slice(0, 2)).toEqual(['0 200', '0 200']);
    expect(paths.slice(0, 2)).toEqual([['/a'], ['/b']]);
  });
});

describe('an answer before the request is out', () => {
  it('ends when the request is out, and the connection is used again', async () => {
    let got = 0;
    const { exchanges, toldOf, told, paths, until } = await connectTo((socket, piece) => {
      got += piece.length;
      if (paths[0]!.length === 2) socket.write(ok);
      else if (got === piece.length) {
        socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
        socket.pause();
        setTimeout(() => socket.resume(), 100);
      }
    });
    const [exchange] = exchanges;
    exchange!.send(requestTo('/large', large));
    await until(() => exchange!.endedAt > 0);
    expect(told).toEqual([]);
    expect(exchange!.early).toBe(true);
    expect(exchange!.busy).toBe(true);
    expect(await toldOf(1)).toEqual(['0 413']);
    expect(got).toBeGreaterThan(1_000_000);
    await until(() => got > large.length);
    exchange!.send(requestTo('/next'));
    expect(await toldOf(2)).toEqual(['0 413', '0 200']);
    expect(paths).toEqual([['/large', '/next']]);
  });

  it('ends with a connection that the target closes', async () => {
    const { exchanges, toldOf } = await connectTo((socket) => {
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      setTimeout(() => socket.destroy(), 30);
    });
    exchanges[0]!.send(requestTo('/large', large));
    expect(await toldOf(1)).toEqual(['0 413']);
    expect(exchanges[0]!.early).toBe(true);
  });

  it('forgets nobody behind it when another request needs a new connection', async () => {
    const { exchanges, toldOf, paths, until } = await connectTo(
      (socket, _, index) => {
        if (index > 0) {
          socket.write(ok);
          return;
        }
        socket.pause();
        socket.write('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      },
      { perConnection: 3 },
    );
    exchanges[0]!.send(requestTo('/large', large));
    exchanges[1]!.send(requestTo('/behind'));
    await until(() => exchanges[0]!.endedAt > 0);
    exchanges[2]!.send(requestTo('/new'));
    expect([...(await toldOf(3))].sort()).toEqual(['0 413', '1 LOADTOP_RESENT', '2 200']);
    expect(paths.at(-1)).toEqual(['/new']);
  });
});

describe('a request', () => {
  it('that is reset on its way out was not sent', async () => {
    const { exchanges, toldOf } = await connectTo((socket) => {
      socket.pause();
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    exchanges[0]!.send(requestTo('/large', large));
    expect((await toldOf(1))[0]).toMatch(/^0 (ECONNRESET|EPIPE)$/);
    expect(exchanges[0]!.startedAt).toBeGreaterThan(0);
    expect(exchanges[0]!.sentAt).toBe(0);
  });

  it('has a connection of its own where none is kept', async () => {
    const { exchanges, toldOf, paths, next } = await connectTo((socket) => socket.write(ok), { keepAlive: false });
    next.set(exchanges[0]!, () => exchanges[0]!.send(requestTo('/b')));
    exchanges[0]!.send(requestTo('/a'));
    expect(await toldOf(2)).toEqual(['0 200', '0 200']);
    expect(paths).toEqual([['/a'], ['/b']]);
  });

  it('is cut off with its connection, whether it waits for that or for an answer', async () => {
    const { connection, exchanges, told, toldOf, until, paths } = await connectTo(() => {}, { perConnection: 2 });
    exchanges[0]!.send(requestTo('/a'));
    await until(() => paths.flat().length === 1);
    exchanges[1]!.send(requestTo('/b'));
    connection.destroy();
    expect(await toldOf(2)).toEqual(['0 LOADTOP_CUT_OFF', '1 LOADTOP_CUT_OFF']);
    await sleep(30);
    expect(told).toHaveLength(2);
  });
});
