// The demo target's gateway, documents and agents, and the documents that describe them.
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type DemoTarget, seriesValue, startDemoTarget } from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

const documents = '/api/v1/documents';

/** Status and JSON of an answer. */
const send = async (target: DemoTarget, method: string, path: string, init: RequestInit = {}) => {
  const answer = await fetch(`${target.origin}${path}`, { method, redirect: 'manual', ...init });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
};

const fileForm = (name: string, content: string): FormData => {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return form;
};

describe('the gateway', () => {
  it('says who it is, how it is and what is behind it, and knows its users by a cookie', async () => {
    const target = await start();
    const first = await send(target, 'GET', '/');
    expect([first.status, first.body.name]).toEqual([200, 'demo gateway']);
    const [cookie] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^gateway_user=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax$/);
    const kept = { headers: { cookie: cookie!.split(';')[0]! } };
    const status = await send(target, 'GET', '/gateway/status', kept);
    expect(status.body).toEqual({ status: 'ok', uptime: expect.any(Number), requests: 2, services: 4 });
    expect(status.headers.getSetCookie()).toEqual([]);
    expect((await send(target, 'GET', '/gateway/services', kept)).body.services).toContainEqual({
      name: 'docman',
      prefix: documents,
      status: 'up',
    });
    expect((await target.counters()).gateway).toEqual({ cookiesGiven: 1, cookiesReturned: 2, usersSeen: 1 });
  });
});

describe('a document session', () => {
  it('is opened, filled, listed and deleted', async () => {
    const target = await start();
    const opened = await send(target, 'POST', `${documents}/sessions`, {
      body: JSON.stringify({ name: 'Test User 1', email: 'test1@example.com' }),
    });
    expect(opened).toMatchObject({ status: 201, body: { id: expect.any(String), documents: [] } });
    const { id } = opened.body;
    const session = `${documents}/session/${id}`;
    expect(opened.headers.get('location')).toBe(session);
    const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!;
    expect(cookie).toBe(`document_session=${id}`);
    const kept = { headers: { cookie } };
    const uploaded = await send(target, 'POST', `${session}/upload`, {
      ...kept,
      body: fileForm('a.txt', 'x'.repeat(1024)),
    });
    expect(uploaded).toMatchObject({ status: 201, body: { documents: [{ filename: 'a.txt', bytes: 1024 }] } });
    const [document] = uploaded.body.documents;
    expect((await send(target, 'GET', `${session}/documents`, kept)).body).toEqual({ documents: [document] });
    expect((await send(target, 'GET', session, kept)).body).toMatchObject({ id, documents: [document] });
    expect((await send(target, 'GET', `${documents}/?limit=5`)).body).toEqual({ documents: [document] });
    expect((await send(target, 'DELETE', `${session}/documents/${document.id}`, kept)).status).toBe(204);
    expect((await send(target, 'DELETE', session, kept)).status).toBe(204);
    expect(await send(target, 'GET', session)).toMatchObject({ status: 404 });
    const { sessions, routes } = await target.counters();
    expect(sessions).toEqual({
      created: 1,
      deleted: 1,
      left: 0,
      mostOpen: 1,
      missed: 1,
      full: 0,
      documentsAdded: 1,
      documentsDeleted: 1,
      orders: { 'create → upload → list → list → delete document → delete': 1 },
      leftOpen: [],
    });
    expect(routes[`POST ${documents}/session/{id}/upload`]).toMatchObject({ requests: 1, faults: 0 });
    expect(seriesValue(await target.metrics(), 'document_sessions')).toBe(0);
    expect(await target.health()).toMatchObject({ sessions: { open: 0 } });
  });

  it('is refused what it cannot have, with a reason', async () => {
    const target = await start('--session-limit', '1');
    const { id } = (await send(target, 'POST', `${documents}/sessions`)).body;
    expect((await send(target, 'POST', `${documents}/sessions`)).status).toBe(503);
    expect((await send(target, 'POST', `${documents}/sessions`, { body: '{"name":1}' })).body).toEqual({
      error: 'name is 1, expected a text',
    });
    const named = new FormData();
    named.append('document', new Blob(['a']), 'a');
    expect((await send(target, 'POST', `${documents}/session/${id}/upload`, { body: named })).body).toEqual({
      error: 'the parts are document; file was expected first',
    });
    expect((await send(target, 'POST', `${documents}/session/${id}/upload`, { body: 'x' })).status).toBe(400);
    const foreign = await send(target, 'POST', `${documents}/session/${randomUUID()}/upload`, {
      body: fileForm('a', 'a'),
    });
    expect(foreign.status).toBe(404);
    expect((await send(target, 'GET', `${documents}/?limit=101`)).status).toBe(400);
    const cookie = `document_session=${randomUUID()}`;
    await send(target, 'GET', `${documents}/session/${id}`, { headers: { cookie } });
    const { routes, sessions } = await target.counters();
    expect(routes[`GET ${documents}/session/{id}`]?.firstFault).toMatch(
      /^the cookie document_session is that of another/,
    );
    expect(sessions).toMatchObject({ created: 1, left: 1, full: 1, missed: 1, leftOpen: [{ id }] });
  });

  it('is nowhere where the documents are not mounted', async () => {
    const target = await start('--mounted', 'false');
    for (const path of ['/', '/health', '/info', '/sessions', '/openapi.json']) {
      expect((await send(target, 'GET', `${documents}${path}`)).status, path).toBe(404);
    }
    expect((await send(target, 'GET', '/docs/openapi.json')).status).toBe(404);
    expect((await send(target, 'GET', '/gateway/services')).body.services).toHaveLength(3);
    await target.knobs({ mounted: true });
    expect((await send(target, 'GET', `${documents}/info`)).body.name).toBe('docman');
    expect((await send(target, 'GET', documents)).headers.get('location')).toBe(`${documents}/`);
  });
});

describe('the agents', () => {
  it('tell their health, who they are, and answer queries', async () => {
    const target = await start('--agent-ms', '30');
    expect((await send(target, 'GET', '/api/health')).body).toEqual({
      status: 'healthy',
      agents: 100,
      active_queries: 0,
    });
    const { agents } = (await send(target, 'GET', '/api/agents')).body;
    expect([agents.length, agents[6].id]).toEqual([100, 7]);
    const before = performance.now();
    const query = { body: JSON.stringify({ query: 'How are you?' }) };
    expect(await send(target, 'POST', '/api/agents/7/query', query)).toMatchObject({
      status: 200,
      body: { agent_id: 7 },
    });
    expect(performance.now() - before).toBeGreaterThanOrEqual(23);
    expect((await send(target, 'POST', '/api/agents/7/query', { body: '{}' })).body).toEqual({
      error: 'query is missing; expected a text',
    });
    expect((await send(target, 'POST', '/api/agents/101/query', query)).status).toBe(404);
    const { routes, agents: counts } = await target.counters();
    expect(routes['POST /api/agents/{id}/query']).toMatchObject({ requests: 3, statuses: { 200: 1, 400: 1, 404: 1 } });
    expect(counts).toEqual({ queriesAtOnce: 1, agentsAsked: 1, byAgent: { 7: 1 } });
  });
});

interface Described {
  readonly openapi: string;
  readonly info: { readonly title: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

describe('the documents that describe the service', () => {
  it('name every path at the root and of the mounted application, and nothing that is not there', async () => {
    const target = await start('--first-event-ms', '0', '--gap-ms', '0', '--tokens', '1');
    const main: Described = (await send(target, 'GET', '/openapi.json')).body;
    const mounted: Described = (await send(target, 'GET', '/docs/openapi.json')).body;
    expect([main.openapi, main.info.title, main.servers]).toEqual(['3.1.0', 'Demo gateway', undefined]);
    expect(Object.keys(main.paths).sort()).toEqual([
      '/',
      '/api/agents',
      '/api/agents/{id}/query',
      '/api/chat/completions',
      '/api/health',
      '/events',
      '/gateway/services',
      '/gateway/status',
      '/health',
      '/v1/file-sync',
    ]);
    expect([mounted.info.title, mounted.servers]).toEqual(['docman', [{ url: documents }]]);
    expect(Object.keys(mounted.paths).sort()).toEqual([
      '/',
      '/health',
      '/info',
      '/session/{id}',
      '/session/{id}/documents',
      '/session/{id}/documents/{document_id}',
      '/session/{id}/upload',
      '/sessions',
    ]);
    for (const [prefix, { paths }] of [['', main] as const, [documents, mounted] as const]) {
      for (const [path, operations] of Object.entries(paths)) {
        for (const [method, operation] of Object.entries(operations)) {
          const { status } = await send(target, method.toUpperCase(), `${prefix}${path.replaceAll(/\{\w+\}/g, '1')}`);
          // An empty body is refused with a status that the document names.
          expect(operation, `${method} ${path}: ${status}`).toHaveProperty(['responses', String(status)]);
        }
      }
    }
  });

  it('refer only to components that they have', async () => {
    const target = await start();
    for (const path of ['/openapi.json', '/docs/openapi.json', `${documents}/openapi.json`]) {
      const { body } = await send(target, 'GET', path);
      for (const [, name] of JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
        expect(body.components.schemas, `${path}: ${name}`).toHaveProperty(name!);
      }
      for (const [, name] of JSON.stringify(body).matchAll(/"security":\[\{"(\w+)":/g)) {
        expect(body.components.securitySchemes, `${path}: ${name}`).toHaveProperty(name!);
      }
    }
  });
});
