// Removing what a run made, against real servers: what counts as gone, how fast it goes, and when it is given up.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { type SweepSpec, sweep } from '../../source/engine/sweep.ts';
import { compileModule } from '../helpers/compile-module.ts';
import { plainSpec } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

const resourcesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `DELETE /things/${index}`);

interface Swept {
  readonly gone: readonly string[];
  readonly left: readonly (readonly [resource: string, why: string])[];
  readonly why: string | undefined;
  readonly tookMs: number;
}

const swept = async (
  port: number,
  resources: Iterable<string>,
  patch: Partial<SweepSpec> = {},
  skip = new AbortController().signal,
): Promise<Swept> => {
  const gone: string[] = [];
  const left: [string, string][] = [];
  const begunAt = monotonicNow();
  const listener = {
    gone: (resource: string) => void gone.push(resource),
    left: (resource: string, why: string) => void left.push([resource, why]),
  };
  const limits = { timeoutMs: 1000, perSecond: 1000, mostMs: 10_000 };
  const why = await sweep({ ...plainSpec(port), headers: [], ...limits, ...patch }, resources, listener, skip);
  return { gone, left, why, tookMs: monotonicNow() - begunAt };
};

const serve = async (answer: http.RequestListener) => {
  const seen: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  const { port } = await listen(server);
  return { port, seen };
};

const status =
  (code: number): http.RequestListener =>
  (_, response) =>
    void response.writeHead(code).end();

describe('what a run made', () => {
  it('is removed by its own request, with the headers of the profile', async () => {
    const { port, seen } = await serve(status(204));
    const headers = ['Authorization', 'Bearer hush', 'X-Number', [{ type: 'arrival' } as const]];
    const { gone, why } = await swept(port, ['DELETE /a/1', 'POST /a/2/close?now=1'], { headers });
    expect([gone.toSorted(), why]).toEqual([['DELETE /a/1', 'POST /a/2/close?now=1'], undefined]);
    expect(seen.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual(gone.toSorted());
    expect(seen.map((request) => request.headers.authorization)).toEqual(['Bearer hush', 'Bearer hush']);
    expect(seen.map((request) => request.headers['x-number']).toSorted()).toEqual(['0', '1']);
  });

  it.each([
    [200, true],
    [303, true],
    // As to a login: nothing was removed.
    [302, false],
    [307, false],
    [404, true],
    [410, true],
    [403, false],
    [500, false],
  ])('is gone after %i: %s', async (code, isGone) => {
    const { port } = await serve(status(code));
    const { gone, left } = await swept(port, ['DELETE /a']);
    expect(gone).toHaveLength(isGone ? 1 : 0);
    expect(left.map(([, why]) => why)).toEqual(isGone ? [] : [`${code} ${http.STATUS_CODES[code]}`]);
  });

  it('is removed with headers that functions of the profile make, over HTTP/1.1', async () => {
    const { port, seen } = await serve(status(204));
    const { cleanUp, code } = await compileModule(
      `export default {
        headers: { 'X-Key': ({ arrival, captured }: any) => { if (arrival === 1) throw new Error('no key'); return captured.key + arrival; } },
        setup: [{ get: '/', capture: { key: '$.key' } }],
        steps: [{ post: '/a', creates: { delete: '/a' } }],
      };`,
    );
    const known = new Map([['key', 'k']]);
    const { gone, left } = await swept(port, resourcesOf(3), { headers: cleanUp!, code, known });
    expect(seen.map((request) => request.headers['x-key'])).toEqual(['k0', 'k2']);
    expect([gone.length, left]).toEqual([2, [['DELETE /things/1', 'headers.X-Key: no key']]]);
  });

  it('is left where its removal needs what nobody captured', async () => {
    const { port, seen } = await serve(status(204));
    const headers = [
      'Authorization',
      ['Bearer ', { type: 'captured', name: 'token', path: [], place: 'header' }],
    ] as const;
    const { left } = await swept(port, ['DELETE /a'], { headers });
    expect([seen.length, left]).toEqual([0, [['DELETE /a', 'nothing was captured for {{token}}']]]);
  });

  it('is removed at the pace that is allowed, each once', async () => {
    const { port, seen } = await serve(status(204));
    const { gone, tookMs } = await swept(port, resourcesOf(40), { perSecond: 50 });
    expect(new Set(gone).size).toBe(40);
    expect(seen).toHaveLength(40);
    expect(tookMs).toBeGreaterThan(700);
  });

  it('shrinks while it is gone through', async () => {
    const { port } = await serve(status(204));
    const held = new Set(resourcesOf(30));
    const gone: string[] = [];
    const listener = {
      gone: (resource: string) => {
        held.delete(resource);
        gone.push(resource);
      },
      left: () => {},
    };
    const spec = { ...plainSpec(port), headers: [], timeoutMs: 1000, perSecond: 1000, mostMs: 5000 };
    await sweep(spec, held, listener, new AbortController().signal);
    expect([gone.length, held.size]).toEqual([30, 0]);
  });
});

describe('what cannot be removed', () => {
  it('is left when the time is over, with what is on its way', async () => {
    const { port } = await serve(() => {});
    const { gone, left, why, tookMs } = await swept(port, resourcesOf(5), { mostMs: 300, timeoutMs: 5000 });
    expect([gone, left.length, why]).toEqual([[], 5, '0.3 s were over']);
    expect(tookMs).toBeLessThan(2000);
  });

  it('is left by a request that takes too long', async () => {
    const { port } = await serve(() => {});
    const { left, why } = await swept(port, ['DELETE /a'], { timeoutMs: 100 });
    expect([left, why]).toEqual([[['DELETE /a', 'no answer within 0.1 s, waiting for headers']], undefined]);
  });

  it('is not tried further where nobody answers', async () => {
    const { port } = await serve(status(204));
    const gone = http.createServer();
    const closed = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(port).not.toBe(closed.port);
    const { left, why } = await swept(closed.port, resourcesOf(1000));
    expect(why).toMatch(/^the target does not answer: .*ECONNREFUSED/);
    expect(left.length).toBeLessThan(100);
  });

  it('is left where it is skipped, before and meanwhile', async () => {
    const { port, seen } = await serve(() => {});
    const none = await swept(port, resourcesOf(3), {}, AbortSignal.abort());
    expect([none.gone, none.left, none.why, seen.length]).toEqual([[], [], 'it was skipped', 0]);
    const skip = new AbortController();
    const running = swept(port, resourcesOf(3), {}, skip.signal);
    setTimeout(() => skip.abort(), 100);
    expect((await running).left).toHaveLength(3);
  });
});

it('nothing to remove is over at once', async () => {
  const { port } = await serve(status(204));
  expect(await swept(port, [])).toMatchObject({ gone: [], left: [], why: undefined });
});
