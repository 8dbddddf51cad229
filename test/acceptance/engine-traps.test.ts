// What the HTTP client under the engine does when it is left to itself, and must not do here: late reuse of connections, late
// timeouts, protocols that nobody chose, instants that are told too early. Requests sent twice are in the fault matrix.

import http2 from 'node:http2';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { certificate, privateKey } from '../helpers/certificate.ts';
import { type Driven, type DriveOptions, drive, sleep } from '../helpers/drive.ts';
import { specOf } from '../helpers/fault-row.ts';
import { answer, type Script, type Scripted, scripted } from '../helpers/scripted-server.ts';

type Options = Omit<DriveOptions, 'port' | 'segments' | 'spec'> & {
  readonly rate: number;
  readonly row?: Parameters<typeof specOf>[0];
};

/** Drives a constant rate against a scripted server. */
const against = async (server: Scripted, { rate, row = {}, ...rest }: Options): Promise<Driven> => {
  try {
    const { port } = server;
    const driven = await drive({
      port,
      segments: constantSegments(rate, rest.forMs),
      spec: specOf(row, port),
      ...rest,
    });
    expect(driven.problems).toEqual([]);
    expect(driven.summary.balanced).toBe(true);
    return driven;
  } finally {
    await server.close();
  }
};

const good: Script = { asked: (socket) => void socket.write(answer()) };
const trusted = { tls: { verify: true, ca: certificate, cert: undefined, key: undefined } };

describe('a connection', () => {
  it('that was idle is used again at once, not after a timer of a millisecond', async () => {
    const server = await scripted(good);
    const { summary } = await against(server, { rate: 50, forMs: 800, row: { spec: { connections: 1 } } });
    expect(server.connections()).toBe(1);
    // The least, because the machine may be busy: a timer would delay every one.
    expect(summary.service.good.minMs).toBeLessThan(1);
  });

  it('that was idle for more than four seconds is used again', async () => {
    const server = await scripted(good);
    const { summary } = await against(server, { rate: 0.22, forMs: 7000 });
    expect(summary.good).toBe(2);
    expect(server.connections()).toBe(1);
  });

  it('that is refused lets all that wait fail in turn, without an assertion of the client’s', async () => {
    const server = await scripted({});
    await server.close();
    const row = { spec: { connections: 2, maxInFlight: 2 } };
    const { summary } = await against(server, { rate: 1000, forMs: 300, graceMs: 2000, row });
    expect(summary.outcomes).toMatchObject([{ outcome: 'refused' }]);
    expect(summary.iterations.notGood + summary.iterations.cutOff).toBe(300);
  });

  it('speaks HTTP/1.1 where the target would rather speak HTTP/2', async () => {
    const versions = new Set<string>();
    const server = http2.createSecureServer(
      { cert: certificate, key: privateKey, allowHTTP1: true },
      (request, response) => {
        versions.add(request.httpVersion);
        response.end('x');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    try {
      const spec = specOf({ secure: true, transport: trusted }, port);
      const { summary } = await drive({ port, segments: constantSegments(100, 100), forMs: 100, spec });
      expect(summary.good).toBe(10);
      expect([...versions]).toEqual(['1.1']);
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  });
});

describe('the instants of a request', () => {
  it('begin when its connection stands, not when it was handed to the client', async () => {
    // Says nothing for 300 ms, and then passes everything on: the TLS handshake takes so long.
    const far = await scripted({ secure: { cert: certificate, key: privateKey }, ...good });
    const slow = await scripted({
      unread: true,
      opened: (socket) => {
        void sleep(300).then(() => {
          const through = net.connect(far.port, '127.0.0.1');
          socket.pipe(through).pipe(socket);
        });
      },
    });
    const row = { secure: true, transport: trusted };
    const { summary } = await against(slow, { rate: 100, forMs: 100, graceMs: 2000, row });
    await far.close();
    expect(summary.good).toBe(10);
    expect(summary.response.good.minMs).toBeGreaterThan(290);
    expect(summary.service.good.p50Ms).toBeLessThan(150);
    expect(summary.waits.connect.minMs).toBeGreaterThan(290);
  });

  it('say that a large body is sent when its bytes are out, not when the socket has taken them over', async () => {
    const server = await scripted({
      begun: (socket) => {
        socket.pause();
        setTimeout(() => socket.resume(), 400);
      },
      asked: (socket) => void socket.write(answer()),
    });
    const row = { method: 'POST', body: Buffer.alloc(8_000_000, 'x'), spec: { timeoutMs: 5000 } };
    const { summary } = await against(server, { rate: 10, forMs: 300, graceMs: 5000, row });
    expect(summary.good).toBe(3);
    expect(summary.waits.sending.minMs).toBeGreaterThan(350);
  });
});

describe('a limit', () => {
  it('of 1.2 s ends a request after 1.2 s, not at the next half second', async () => {
    const server = await scripted({});
    const { summary } = await against(server, { rate: 50, forMs: 200, row: { spec: { timeoutMs: 1200 } } });
    expect(summary.service.notGood.count).toBe(10);
    expect(summary.service.notGood.minMs).toBeGreaterThanOrEqual(1198);
    expect(summary.service.notGood.maxMs).toBeLessThan(1300);
  });

  it('on connecting of 0.8 s ends it after 0.8 s', async () => {
    const server = await scripted({ unread: true });
    const row = { secure: true, spec: { connectTimeoutMs: 800 } };
    const { summary } = await against(server, { rate: 50, forMs: 200, graceMs: 2000, row });
    expect(summary.response.notGood.count).toBe(10);
    expect(summary.response.notGood.minMs).toBeGreaterThanOrEqual(798);
    expect(summary.response.notGood.maxMs).toBeLessThan(900);
  });
});
