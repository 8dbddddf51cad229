// Redirects that a step lets follow, by the real engine: all hops are one request, within one origin and one limit.

import http from 'node:http';
import http2 from 'node:http2';
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { compile } from '../../source/profile/compile.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Step } from '../../source/profile/profile.ts';
import { type Driven, drive } from '../helpers/drive.ts';
import { plainTransport, type SpecPatch } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

type Answer = readonly [status: number, location?: string | undefined, delayMs?: number];

/** Answers by path. */
const server = async (answers: Readonly<Record<string, Answer>>, isHttp2 = false) => {
  const asked: Asked[] = [];
  const handler = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, body, headers });
      const [status, location, delayMs = 0] = answers[url.replace(/\?.*/, '')] ?? [404];
      setTimeout(() => {
        response.writeHead(status, location === undefined ? {} : { location });
        response.end(method === 'HEAD' ? undefined : 'text');
      }, delayMs);
    });
  };
  const made = isHttp2 ? http2.createServer(handler as never) : http.createServer(handler);
  return { ...(await listen(made as net.Server)), asked };
};

const send = (port: number, step: Partial<Step>, patch: SpecPatch = {}, isHttp2 = false): Promise<Driven> => {
  const base: Step = { name: 'r', method: 'GET', path: '/', headers: [], body: undefined, expectStatus: undefined };
  const profile = completeProfile({
    name: 'test',
    origin: `http://127.0.0.1:${port}`,
    scenarios: [{ name: 's', weight: 1, steps: [{ ...base, redirects: 3, ...step }] }],
  });
  const { scenarios } = compile(profile, { userAgent: 'test' });
  const transport = plainTransport(port, { http2: isHttp2 });
  return drive({
    port,
    segments: constantSegments(50, 100),
    forMs: 200,
    spec: { scenarios, transport, ...patch },
    graceMs: 4000,
  });
};

describe.each([false, true])('a redirect (HTTP/2: %s)', (isHttp2) => {
  it('is followed to its end, and all hops are one request', async () => {
    const answers: Record<string, Answer> = {
      '/a/b': [302, '../c?x=1', 100],
      '/c': [307, '/d', 100],
      '/d': [200, undefined, 100],
    };
    const { port, asked } = await server(answers, isHttp2);
    const { summary } = await send(port, { path: '/a/b?n={{arrival}}' }, {}, isHttp2);
    expect(summary).toMatchObject({ good: 5, completed: 5, balanced: true });
    expect(summary.outcomes).toMatchObject([{ outcome: '2xx', count: 5 }]);
    expect(asked).toHaveLength(15);
    expect(new Set(asked.map(({ url }) => url.replace(/n=\d/, 'n')))).toEqual(new Set(['/a/b?n', '/c?x=1', '/d']));
    expect(summary.response.good.minMs).toBeGreaterThan(295);
    expect(summary.service.good.minMs).toBeGreaterThan(295);
  });

  it('of 307 and 308 keeps method and body, others become a GET without one', async () => {
    const answers: Record<string, Answer> = { '/keep': [308, '/end'], '/get': [303, '/end'], '/end': [200] };
    for (const [path, method, body] of [
      ['/keep', 'POST', 'n=1'],
      ['/get', 'GET', ''],
    ] as const) {
      const { port, asked } = await server(answers, isHttp2);
      const headers: Step['headers'] = [
        ['Content-Type', 'text/x'],
        ['X-Same', 'yes'],
      ];
      await send(port, { method: 'POST', path, body: 'n=1', headers }, {}, isHttp2);
      const ends = asked.filter(({ url }) => url === '/end');
      expect(ends).toHaveLength(5);
      for (const end of ends) {
        expect(end).toMatchObject({ method, body });
        expect(end.headers['x-same']).toBe('yes');
        expect(end.headers['content-type']).toBe(method === 'GET' ? undefined : 'text/x');
      }
    }
  });

  it.each([
    ['to another origin', 'http://example.com/x?secret=1', /^302 to http:\/\/example\.com\/x: another origin$/],
    ['to nowhere', 'http://[', /^302 to http:\/\/\[: Invalid URL$/],
    ['once too often', '/', /^302 to \/: one more than the 3 that are followed$/],
  ])('%s is not followed, and says so', async (_, location, example) => {
    const { port } = await server({ '/': [302, location] }, isHttp2);
    const { summary } = await send(port, {}, {}, isHttp2);
    expect(summary).toMatchObject({ good: 0, completed: 5, balanced: true });
    expect(summary.outcomes).toMatchObject([
      { outcome: 'expectation failed', count: 5, causes: [{ cause: 'expectation failed, redirect not followed' }] },
    ]);
    expect(summary.outcomes[0]!.example).toMatch(example);
  });

  it('has one limit of time for all hops', async () => {
    const { port } = await server({ '/': [302, '/', 250] }, isHttp2);
    const { summary } = await send(port, { redirects: 20 }, { timeoutMs: 600 }, isHttp2);
    expect(summary.outcomes).toMatchObject([{ outcome: 'timeout', count: 5 }]);
    expect(summary.service.notGood.maxMs).toBeLessThan(900);
    expect(summary.service.notGood.minMs).toBeGreaterThan(590);
  });

  it('is an answer like another where none is followed, or it says no place', async () => {
    const { port } = await server({ '/': [302, '/b'], '/none': [304] }, isHttp2);
    const first = await send(port, { redirects: 0 }, {}, isHttp2);
    expect(first.summary.outcomes).toMatchObject([{ outcome: '3xx', count: 5 }]);
    const second = await send(port, { path: '/none' }, {}, isHttp2);
    expect(second.summary.outcomes).toMatchObject([{ outcome: '3xx', count: 5 }]);
  });
});
