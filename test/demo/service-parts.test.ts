// Parts of the demo's service that need no server: the table of routes, the tally, the document sessions.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DocumentSessions } from '../../source/demo/document-sessions.ts';
import { type Route, RoutingTable } from '../../source/demo/routing-table.ts';
import { Tally } from '../../source/demo/tally.ts';

const route = (method: Route['method'], path: string): Route => ({ method, path, handle: () => {} });

describe('the table of routes', () => {
  const table = new RoutingTable([
    route('GET', '/a'),
    route('PUT', '/a'),
    route('GET', '/a/'),
    route('GET', '/s/{id}'),
    route('DELETE', '/s/{id}/d/{other}'),
    route('GET', '/s/fixed'),
  ]);

  it.each<[string, string, string, string[]]>([
    ['GET', '/a', '/a', []],
    ['PUT', '/a', '/a', []],
    ['GET', '/a/', '/a/', []],
    ['GET', '/s/1', '/s/{id}', ['1']],
    ['GET', '/s/fixed', '/s/fixed', []],
    ['DELETE', '/s/x%20/d/y', '/s/{id}/d/{other}', ['x%20', 'y']],
  ])('finds %s %s', (method, path, template, values) => {
    expect(table.find(method, path)).toMatchObject({ path: template, route: { method, path: template }, values });
  });

  it('says what a path takes, and knows nothing of others', () => {
    expect(table.find('POST', '/a')).toEqual({ path: '/a', allow: 'GET, PUT' });
    expect(table.find('GET', '/s/1/d/2')).toEqual({ path: '/s/{id}/d/{other}', allow: 'DELETE' });
    for (const path of ['/', '/b', '/s/', '/s/1/d', '/s/1/d/2/', '/__proto__']) {
      expect(table.find('GET', path), path).toBeUndefined();
    }
  });
});

/** A request that came over the connection. */
const requestOn = (socket: Socket): IncomingMessage => {
  const message = new IncomingMessage(socket);
  message.headers['content-type'] = 'text/csv; charset=utf-8';
  return message;
};

describe('the tally', () => {
  it('tells users at once from requests at once, and the load from those who watch', () => {
    const tally = new Tally();
    const [one, two, watcher] = [new Socket(), new Socket(), new Socket()];
    const ended = { status: 200, bytesIn: 0 };
    tally.begin('GET /a', requestOn(one), true);
    tally.begin('GET /a', requestOn(one), true);
    tally.begin('POST /b', requestOn(two), true);
    tally.begin('GET /health', requestOn(watcher), false);
    tally.fault('POST /b', 'first');
    tally.fault('POST /b', 'second');
    tally.end('GET /a', one, true, ended);
    tally.end('GET /a', one, true, { status: undefined, bytesIn: 10 });
    expect(tally.counts()).toMatchObject({
      connectionsAtOnce: 2,
      usersAtOnce: 2,
      requestsAtOnce: 3,
      requests: 3,
      unanswered: 1,
      statuses: { 200: 1 },
      bytesIn: 10,
      faults: 2,
      firstFault: 'POST /b: first',
      routes: {
        'GET /a': {
          requests: 2,
          usersAtOnce: 1,
          requestsAtOnce: 2,
          unanswered: 1,
          bytesIn: 10,
          firstFault: null,
          contentTypes: { 'text/csv': 2 },
        },
        'POST /b': { requests: 1, usersAtOnce: 1, faults: 2, firstFault: 'first' },
        'GET /health': { requests: 1 },
      },
    });
    tally.reset();
    tally.end('POST /b', two, true, ended);
    expect(tally.counts()).toMatchObject({ connectionsAtOnce: 2, usersAtOnce: 1, requests: 0, faults: 0, routes: {} });
    for (const socket of [one, two, watcher]) socket.destroy();
  });

  it('forgets connections that are closed', async () => {
    const tally = new Tally();
    for (let n = 0; n < 3; n += 1) {
      const socket = new Socket();
      tally.begin('GET /a', requestOn(socket), true);
      tally.end('GET /a', socket, true, { status: 200, bytesIn: 0 });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.destroy();
      await closed;
    }
    expect(tally.counts()).toMatchObject({ connectionsAtOnce: 1, requests: 3 });
  });
});

describe('document sessions', () => {
  it('are counted from their beginning to their end, with the order of what was done', () => {
    const sessions = new DocumentSessions();
    const { id } = sessions.create(2)!;
    const [document] = sessions.add(id, [{ filename: 'a.txt', bytes: 3 }]) as readonly { id: string }[];
    expect(sessions.read(id)).toMatchObject({ id, documents: [{ filename: 'a.txt', bytes: 3 }] });
    expect(sessions.documents(10)).toHaveLength(1);
    expect(sessions.deleteDocument(id, document!.id)).toBe(true);
    expect(sessions.deleteDocument(id, document!.id)).toBe(false);
    expect(sessions.delete(id)).toBe(true);
    const left = sessions.create(2)!;
    expect(sessions.counts()).toEqual({
      created: 2,
      deleted: 1,
      left: 1,
      mostOpen: 1,
      missed: 0,
      full: 0,
      documentsAdded: 1,
      documentsDeleted: 1,
      orders: { 'create → upload → list → delete document → delete document → delete': 1 },
      leftOpen: [{ id: left.id, order: 'create' }],
    });
  });

  it('have a bound, each and together', () => {
    const sessions = new DocumentSessions();
    const { id } = sessions.create(1)!;
    expect(sessions.create(1)).toBeUndefined();
    const many = Array.from({ length: 1000 }, () => ({ filename: 'a', bytes: 1 }));
    expect(sessions.add(id, many)).toHaveLength(1000);
    expect(sessions.add(id, [{ filename: 'b', bytes: 1 }])).toBe('full');
    expect(sessions.documents(7)).toHaveLength(7);
    expect(sessions.counts()).toMatchObject({ full: 1, left: 1 });
  });

  it('that are not there are missed, and a reset keeps those that are', () => {
    const sessions = new DocumentSessions();
    sessions.create(1);
    expect([
      sessions.delete('x'),
      sessions.read('x'),
      sessions.add('x', []),
      sessions.deleteDocument('x', 'y'),
    ]).toEqual([false, undefined, undefined, false]);
    expect(sessions.counts()).toMatchObject({ missed: 4 });
    sessions.reset();
    expect(sessions.counts()).toMatchObject({ created: 0, missed: 0, left: 1, mostOpen: 1 });
  });
});
