// The fault matrix, what is between the engine and its target: proxies, Unix sockets, this machine's own limits, and the end
// of the run.

import { spawn } from 'node:child_process';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Via } from '../../source/engine/protocol.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { CauseSummary } from '../../source/measure/summary.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { drive } from '../helpers/drive.ts';
import { type Row, repeated, requests, specOf, type Target, testRows } from '../helpers/fault-row.ts';
import { answer, type Script, scripted } from '../helpers/scripted-server.ts';

const tls = { verify: true, ca: certificate, cert: undefined, key: undefined };
const proxyAt = (port: number): Via => ({ type: 'proxy', hostname: '127.0.0.1', port, authorization: undefined });

interface ProxiedRow extends Omit<Row, 'target'> {
  readonly proxy: Script;
  readonly target?: Row['target'];
}

/** A row through a proxy: the target of the row is the proxy. */
const proxied = (rest: ProxiedRow): Row => {
  const { proxy, ...more } = rest;
  return {
    secure: true,
    target: () => scripted(proxy),
    transportAt: (port) => ({ via: proxyAt(port), tls }),
    ...more,
  };
};

/** Answers CONNECT, and leaves the rest to somebody else. */
const saying =
  (text: string): NonNullable<Script['asked']> =>
  (socket) =>
    void socket.end(text);

/** A proxy that tunnels to a server. */
const tunnelling = async (script: Script): Promise<Target> => {
  const target = await scripted({ secure: { cert: certificate, key: privateKey }, ...script });
  const proxy = await scripted({
    unread: true,
    opened: (socket) => {
      socket.once('data', () => {
        const far = net.connect(target.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          far.pipe(socket).pipe(far);
        });
        far.on('error', () => socket.destroy());
        socket.on('close', () => far.destroy());
      });
    },
  });
  const close = async (): Promise<void> => {
    await proxy.close();
    await target.close();
  };
  return { ...proxy, seen: target.seen, close };
};

describe('a proxy', () => {
  testRows([
    proxied({
      is: '2xx',
      when: 'it tunnels',
      proxy: {},
      target: () => tunnelling({ asked: (socket) => void socket.write(answer()) }),
    }),
    proxied({
      is: '2xx',
      when: 'it tunnels, and 100 Continue comes before the answer',
      proxy: {},
      target: () => tunnelling({ asked: (socket) => void socket.write(`HTTP/1.1 100 Continue\r\n\r\n${answer()}`) }),
    }),
    proxied({
      is: 'cut short during the body',
      when: 'it tunnels, and the target closes within a body',
      proxy: {},
      target: () =>
        tunnelling({ asked: (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf') }),
    }),
    proxied({
      is: 'unreachable: the proxy wants credentials',
      when: 'it answers CONNECT with 407',
      proxy: { asked: saying('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n') },
      example: 'the proxy refused: HTTP/1.1 407',
    }),
    proxied({
      is: 'unreachable: refused by the proxy',
      when: 'it answers CONNECT with 502',
      proxy: { asked: saying('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n') },
      example: 'the proxy refused: HTTP/1.1 502',
    }),
    proxied({
      is: 'unreachable: refused by the proxy',
      when: 'it closes the connection without an answer',
      proxy: { asked: (socket) => void socket.end() },
      example: 'closed without an answer',
    }),
    proxied({
      is: 'unreachable: refused by the proxy',
      when: 'it resets the connection',
      example: /ECONNRESET/,
      proxy: { asked: (socket) => void socket.resetAndDestroy() },
    }),
    proxied({
      is: 'connect timeout',
      when: 'it does not answer',
      proxy: {},
      spec: { connectTimeoutMs: 300 },
    }),
    proxied({
      is: 'connect timeout, in the TLS handshake',
      when: 'nobody is at the end of its tunnel',
      proxy: { asked: (socket, { index }) => void (index === 0 && socket.write('HTTP/1.1 200 OK\r\n\r\n')) },
      spec: { connectTimeoutMs: 300 },
    }),
    proxied({
      is: 'TLS: handshake cut off',
      when: 'its tunnel is closed at once',
      proxy: { asked: saying('HTTP/1.1 200 OK\r\n\r\n') },
    }),
    proxied({
      is: '502, through an edge',
      when: 'the target is plain, and it answers itself',
      secure: false,
      proxy: { asked: (socket) => void socket.write(answer('502 Bad Gateway', ['Via: 1.1 proxy'])) },
    }),
    proxied({
      is: 'refused',
      when: 'there is none',
      proxy: {},
      target: async () => {
        const { port, close } = await scripted({});
        await close();
        return { port };
      },
    }),
  ]);
});

describe('a Unix socket', () => {
  const file = (name: string): string => path.join(tmpdir(), `loadtop-${process.pid}-${name}.socket`);
  const at = (name: string): Partial<Row> => ({
    transport: { via: { type: 'unix', path: file(name) } },
    addresses: [],
  });
  testRows([
    {
      is: '2xx',
      when: 'somebody listens there',
      target: () => scripted({ path: file('good'), asked: (socket) => void socket.write(answer()) }),
      ...at('good'),
    },
    {
      is: 'refused: no such socket',
      when: 'there is none',
      target: () => scripted({}),
      ...at('none'),
    },
    {
      is: 'cut short before an answer',
      when: 'the connection is closed',
      target: () =>
        scripted({ path: file('rude'), unread: true, opened: (socket) => void setTimeout(() => socket.destroy(), 20) }),
      ...at('rude'),
    },
  ]);
});

describe('this machine', () => {
  it.skipIf(process.platform === 'win32')('is blamed itself when it is out of file descriptors', async () => {
    const target = await scripted({ asked: (socket) => void setTimeout(() => socket.write(answer()), 500) });
    try {
      const helper = new URL('../helpers/few-descriptors.ts', import.meta.url).pathname;
      const child = spawn('sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, helper, String(target.port)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const told = await new Promise<{ causes: CauseSummary[]; balanced: boolean }>((resolve, reject) => {
        child.once('message', (message) => resolve(message as never));
        child.once('exit', () => reject(new Error('it said nothing')));
      });
      const counts = Object.fromEntries(told.causes.map(({ cause, fault, count }) => [`${cause} (${fault})`, count]));
      expect(Object.keys(counts).sort()).toEqual(['2xx (nobody)', 'ours: descriptors (ours)']);
      expect(counts['ours: descriptors (ours)']).toBeGreaterThan(5);
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(60);
      expect(told.balanced).toBe(true);
    } finally {
      await target.close();
    }
  });
});

describe('the end of the run', () => {
  it.each([
    ['HTTP/1.1', { perConnection: 1 }, 200],
    ['HTTP/1.1, pipelined', { perConnection: 4 }, 50],
  ])('cuts off what is in flight over %s, which is no error', async (_, transport, connections) => {
    const target = await scripted({});
    try {
      const driven = await drive({
        port: target.port,
        segments: constantSegments(1000, 200),
        forMs: 300,
        graceMs: 100,
        spec: { ...specOf({ transport }, target.port), timeoutMs: 10_000, connections, maxInFlight: 200 },
      });
      const { summary } = driven;
      expect(summary.iterations).toMatchObject({ due: 200, cutOff: 200, good: 0, notGood: 0, inFlight: 0, backlog: 0 });
      expect(summary).toMatchObject({ completed: 0, failed: 0, balanced: true, outcomes: [] });
      expect(driven.stoppedBacklog).toBe(0);
      expect(target.seen.size).toBe(200);
      expect(repeated(target)).toEqual([]);
    } finally {
      await target.close();
    }
  });

  it('lets answers come that come within the grace', async () => {
    const target = await scripted({ asked: (socket) => void setTimeout(() => socket.write(answer()), 300) });
    try {
      const { summary } = await drive({
        port: target.port,
        segments: constantSegments(100, 200),
        forMs: 200,
        graceMs: 2000,
        spec: specOf({}, target.port),
      });
      expect(summary.iterations).toMatchObject({ due: requests, good: requests, cutOff: 0 });
    } finally {
      await target.close();
    }
  });
});
