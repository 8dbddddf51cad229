// The demo target's counters, which other tests hold loadtop against.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { eventTypes } from '../../source/demo/event-check.ts';
import { type DemoTarget, postEvents, startDemoTarget } from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

describe('the counters', () => {
  it('tell the types of events in turn, and what is wrong with one', async () => {
    const target = await start();
    const event = (n: number): object => ({
      type: eventTypes[n % 10],
      ...{ event_id: randomUUID(), user_id: 'u', timestamp: new Date().toISOString() },
      ...{ session: 's', device: 'd', url: '/', query: 'q', amount: 1, currency: 'EUR', product_id: 'p' },
      ...{ button_id: 'b', form_id: 'f', video_id: 'v', position: 1 },
    });
    for (let n = 0; n < 20; n += 1) await postEvents(target, event(n));
    await postEvents(
      target,
      Array.from({ length: 10 }, (_, n) => event(n)),
    );
    const { events, routes } = await target.counters();
    expect(events).toMatchObject({
      received: 30,
      accepted: 30,
      byType: Object.fromEntries(eventTypes.map((type) => [type, 3])),
      bySize: {
        alone: { requests: 20, events: 20, inTurn: 19, outOfTurn: 0 },
        10: { requests: 1, events: 10, inTurn: 9, outOfTurn: 0, startsWith: { session_start: 1 } },
      },
      first: [...eventTypes, ...eventTypes],
    });
    expect(routes['POST /events']).toMatchObject({ requests: 21, statuses: { 202: 21 }, faults: 0 });
    await postEvents(target, { ...event(1), url: undefined });
    await target.knobs({ strict: true });
    const refused = await postEvents(target, { ...event(2), query: undefined });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: 'query of search is missing, expected a text or a whole number' },
    ]);
    expect((await target.counters()).routes['POST /events']).toMatchObject({
      faults: 2,
      firstFault: 'url of page_view is missing, expected a text or a whole number',
    });
  });

  it('tell users at once, bytes and statuses, and begin anew', async () => {
    const target = await start('--agent-ms', '300');
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const body = JSON.stringify({ query: 'x' });
    const query = (id: number): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const out = request(`${target.origin}/api/agents/${id}/query`, { method: 'POST', agent }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        out.on('error', reject);
        out.end(body);
      });
    await Promise.all(Array.from({ length: 40 }, (_, n) => query(n + 1)));
    const counters = await target.counters();
    expect(counters).toMatchObject({
      requests: 40,
      usersAtOnce: 20,
      connectionsAtOnce: 20,
      bytesIn: 40 * body.length,
      statuses: { 200: 40 },
      faults: 0,
      firstFault: null,
    });
    expect(counters.routes).toEqual({ 'POST /api/agents/{id}/query': expect.objectContaining({ usersAtOnce: 20 }) });
    await target.resetCounters();
    expect(await target.counters()).toMatchObject({ requests: 0, usersAtOnce: 0, connectionsAtOnce: 20, routes: {} });
    agent.destroy();
    await fetch(`${target.origin}/no/where`);
    expect(await target.counters()).toMatchObject({ firstFault: 'other: GET /no/where is not there' });
  });

  it('are outside of what the users are, as health and metrics are', async () => {
    const target = await start();
    await target.health();
    await target.metrics();
    expect(await target.counters()).toMatchObject({ requests: 0, routes: { 'GET /health': { requests: 1 } } });
  });
});
