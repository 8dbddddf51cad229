// The demo target's service as its users meet it: a process, spoken to over HTTP. Faults and the process itself are in
// faults.test.ts, its MongoDB side in acceptance/mongodb.test.ts.
import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultKnobs } from '../../source/demo/knobs.ts';
import { type DemoTarget, postEvents, seriesValue, someEvents, startDemoTarget } from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

describe('events', () => {
  it('are taken one at a time and in arrays, and flushed', async () => {
    const target = await start();
    const one = await postEvents(target, { type: 'search', query: 'ü' });
    expect([one.status, await one.json()]).toEqual([202, { accepted: 1 }]);
    const many = await postEvents(target, someEvents(3));
    expect([many.status, await many.json()]).toEqual([202, { accepted: 3 }]);
    await expect.poll(async () => seriesValue(await target.metrics(), 'events_flushed_total')).toBe(4);
  });

  it('are refused with 429 and Retry-After when there is no room for all of a request', async () => {
    const target = await start('--capacity', '0', '--buffer', '10');
    expect((await postEvents(target, someEvents(8))).status).toBe(202);
    const refused = await postEvents(target, someEvents(3));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toEqual({ error: expect.stringContaining('no room') });
    expect((await postEvents(target, someEvents(2))).status).toBe(202);
    const text = await target.metrics();
    expect(seriesValue(text, 'buffer_size')).toBe(10);
    expect(seriesValue(text, 'events_rejected_total')).toBe(3);
    expect(await target.health()).toMatchObject({
      status: 'degraded',
      buffer: { size: 10, capacity: 10, dropped: 3 },
    });
  });

  it.each<[string, string, number, RegExp]>([
    ['broken JSON', '{"type":', 400, /not JSON/],
    ['an empty body', '', 400, /body is empty/],
    ['a number', '7', 400, /JSON object, not a number/],
    ['null', 'null', 400, /JSON object, not null/],
    ['an array in an array', '[{},[]]', 400, /not an array \(at index 1 of the array\)/],
    ['an array without events', '[]', 400, /holds no event/],
    ['deep nesting', `${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`, 400, /nested 98 levels deep at most/],
    ['a large body', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), 413, /larger than 1048576 bytes/],
  ])('%s is refused with a reason', async (_, body, status, reason) => {
    const target = await start();
    const answer = await postEvents(target, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(reason) });
    expect(seriesValue(await target.metrics(), 'buffer_size')).toBe(0);
  });

  it('a large body without a stated length is refused too, and the connection stays usable', async () => {
    const target = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (body: Buffer[]): Promise<{ status: number | undefined; port: number | undefined }> =>
      new Promise((resolve, reject) => {
        const out = request(`${target.origin}/events`, { method: 'POST', agent }, (answer) => {
          const port = answer.socket.localPort;
          answer.resume().on('end', () => resolve({ status: answer.statusCode, port }));
        });
        out.on('error', reject);
        for (const part of body) out.write(part);
        out.end();
      });
    const large = await send(Array.from({ length: 24 }, () => Buffer.alloc(64 * 1024, 0x20)));
    const small = await send([Buffer.from('{}')]);
    agent.destroy();
    expect([large.status, small.status]).toEqual([413, 202]);
    expect(small.port).toBe(large.port);
  });

  it('take longer when the buffer is full', async () => {
    const target = await start('--capacity', '0', '--buffer', '100', '--service-ms', '20');
    const timed = async (body: object): Promise<number> => {
      const before = performance.now();
      expect((await postEvents(target, body)).status).toBe(202);
      return performance.now() - before;
    };
    await timed({});
    const empty = Math.min(await timed({}), await timed({}));
    await postEvents(target, someEvents(94));
    const full = Math.min(await timed({}), await timed({}));
    expect(empty).toBeGreaterThanOrEqual(15);
    expect(full).toBeGreaterThanOrEqual(85);
    expect(full).toBeGreaterThan(empty * 2);
  });
});

describe('health and metrics', () => {
  it('say how it is, without MongoDB', async () => {
    const target = await start('--buffer', '500');
    const health = await target.health();
    expect(health).toEqual({
      status: 'ok',
      uptime: expect.any(Number),
      buffer: { size: 0, capacity: 500, dropped: 0 },
      dependencies: { mongodb: 'not configured' },
    });
    expect(target.mongo).toBeNull();
    expect(target.pid).toBeGreaterThan(0);
  });

  it('count requests by route, method and status, and time them', async () => {
    const target = await start();
    await postEvents(target, {});
    await postEvents(target, '[');
    await fetch(`${target.origin}/nothing/here`);
    expect((await fetch(`${target.origin}/events`)).headers.get('allow')).toBe('POST');
    const answer = await fetch(`${target.origin}/metrics?x=1`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
    const text = await answer.text();
    expect(seriesValue(text, 'http_requests_total{route="/events",method="POST",status="202"}')).toBe(1);
    expect(seriesValue(text, 'http_requests_total{route="/events",method="POST",status="400"}')).toBe(1);
    expect(seriesValue(text, 'http_requests_total{route="/events",method="GET",status="405"}')).toBe(1);
    expect(seriesValue(text, 'http_requests_total{route="other",method="GET",status="404"}')).toBe(1);
    expect(seriesValue(text, 'http_request_duration_seconds_count{route="/events"}')).toBe(3);
    expect(seriesValue(text, 'http_request_duration_seconds_bucket{le="+Inf",route="/events"}')).toBe(3);
    expect(seriesValue(text, 'buffer_capacity')).toBe(20_000);
    for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds', 'events_rejected_total']) {
      expect(seriesValue(text, name), name).toBeTypeOf('number');
    }
  });
});

describe('knobs', () => {
  it('are read, changed in part, and refused with a reason', async () => {
    const target = await start('--capacity', '5', '--fault-503', '0.5');
    const read = async (): Promise<unknown> => (await fetch(`${target.origin}/knobs`)).json();
    const before = await read();
    expect(before).toEqual({
      ...defaultKnobs,
      capacity: 5,
      fault503: 0.5,
      stallMs: 0,
      listen: true,
    });
    await target.knobs({ capacity: 7, bufferSize: 9 });
    expect(await read()).toMatchObject({ capacity: 7, bufferSize: 9, fault503: 0.5 });
    await expect(target.knobs({ fault524: 0.6 })).rejects.toThrow('the shares of the faults add up to more than 1');
    await expect(target.knobs({ nonsense: 1 })).rejects.toThrow('unknown knob');
    expect(await read()).toMatchObject({ capacity: 7, fault503: 0.5, fault524: 0 });
  });

  it('change the capacity of the running flusher', async () => {
    const target = await start('--capacity', '0');
    await postEvents(target, someEvents(1000));
    await target.knobs({ capacity: 100_000 });
    await expect.poll(async () => seriesValue(await target.metrics(), 'events_flushed_total')).toBe(1000);
  });
});
