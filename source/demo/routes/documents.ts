// The documents application as it is mounted into the gateway: sessions that are opened, filled, listed and deleted.
import { documentsPrefix, documentOperations as operations } from '../document-operations.ts';
import { DocumentSessions, type SessionView } from '../document-sessions.ts';
import type { Exchange } from '../exchange.ts';
import type { Part } from '../part.ts';
import { readParts } from '../read-parts.ts';
import type { Route } from '../routing-table.ts';
import { serviceTime } from '../service-time.ts';

const cookieName = 'document_session';

export class DocumentsPart implements Part {
  readonly name = 'sessions';
  readonly routes: readonly Route[];
  readonly #sessions = new DocumentSessions();
  #used = false;

  constructor() {
    const routes: readonly Route[] = [...this.#ownRoutes(), ...this.#sessionRoutes()];
    this.routes = routes.map((route) => ({ ...route, path: `${documentsPrefix}${route.path}` }));
  }

  #ownRoutes(): readonly Route[] {
    const { health, info, list, create } = operations;
    return [
      {
        method: 'GET',
        path: '/health',
        operation: health,
        handle: (exchange) =>
          soon(exchange, () => exchange.sendJson(200, { status: 'ok', sessions: this.#sessions.size })),
      },
      {
        method: 'GET',
        path: '/info',
        operation: info,
        handle: (exchange) => soon(exchange, () => sendInfo(exchange)),
      },
      // As such applications do with the path that they are mounted at.
      {
        method: 'GET',
        path: '',
        handle: (exchange) => soon(exchange, () => redirect(exchange, `${documentsPrefix}/`)),
      },
      {
        method: 'GET',
        path: '/',
        operation: list,
        handle: (exchange) => soon(exchange, () => this.#list(exchange)),
      },
      {
        method: 'POST',
        path: '/sessions',
        operation: create,
        handle: (exchange) => this.#create(exchange),
      },
    ];
  }

  #sessionRoutes(): readonly Route[] {
    const { read, readDocuments, upload, removeDocument, remove } = operations;
    return [
      {
        method: 'GET',
        path: '/session/{id}',
        operation: read,
        handle: (exchange) => this.#read(exchange, (session) => session),
      },
      {
        method: 'GET',
        path: '/session/{id}/documents',
        operation: readDocuments,
        handle: (exchange) => this.#read(exchange, ({ documents }) => ({ documents })),
      },
      {
        method: 'POST',
        path: '/session/{id}/upload',
        operation: upload,
        handle: (exchange) => this.#upload(exchange),
      },
      {
        method: 'DELETE',
        path: '/session/{id}/documents/{document_id}',
        operation: removeDocument,
        handle: (exchange) => this.#remove(exchange),
      },
      {
        method: 'DELETE',
        path: '/session/{id}',
        operation: remove,
        handle: (exchange) => this.#delete(exchange),
      },
    ];
  }

  /** Sessions that are open. */
  get open(): number {
    return this.#sessions.size;
  }

  counts(): object {
    return this.#sessions.counts();
  }

  reset(): void {
    this.#sessions.reset();
  }

  health(): object | undefined {
    return this.#used ? { open: this.#sessions.size } : undefined;
  }

  #list(exchange: Exchange): void {
    const limit = Number(exchange.query('limit') ?? 20);
    if (Number.isInteger(limit) && limit >= 1 && limit <= 100) {
      exchange.sendJson(200, { documents: this.#sessions.documents(limit) });
    } else exchange.refuse(400, 'limit must be a whole number from 1 to 100');
  }

  #create(exchange: Exchange): void {
    this.#used = true;
    exchange.readBody((body) => {
      const fault = newSessionFault(body);
      if (fault !== undefined) {
        exchange.refuse(400, fault);
        return;
      }
      const session = this.#sessions.create(exchange.house.knobs.sessionLimit);
      soon(exchange, () => {
        if (!session) {
          exchange.sendJson(503, { error: 'there is no room for another session' });
          return;
        }
        exchange.response.setHeader('set-cookie', `${cookieName}=${session.id}; Path=${documentsPrefix}; HttpOnly`);
        exchange.response.setHeader('location', `${documentsPrefix}/session/${session.id}`);
        exchange.sendJson(201, session);
      });
    });
  }

  #read(exchange: Exchange, shown: (session: SessionView) => object): void {
    checkCookie(exchange);
    const session = this.#sessions.read(exchange.values[0] ?? '');
    soon(exchange, () => (session ? exchange.sendJson(200, shown(session)) : sendNoSession(exchange)));
  }

  #upload(exchange: Exchange): void {
    checkCookie(exchange);
    const refuse = (reason: string): void => soon(exchange, () => exchange.refuse(400, reason));
    readParts(
      exchange,
      (parts) => {
        const files = parts.flatMap(({ filename, bytes }) => (filename ? [{ filename, bytes }] : []));
        const names = parts.map(({ name }) => name).join(', ') || 'none';
        if (files.length === 0) refuse(`the parts are ${names}; a file was expected`);
        else if (parts[0]?.name !== 'file') refuse(`the parts are ${names}; file was expected first`);
        else this.#add(exchange, files);
      },
      refuse,
    );
  }

  #add(exchange: Exchange, files: readonly { readonly filename: string; readonly bytes: number }[]): void {
    const documents = this.#sessions.add(exchange.values[0] ?? '', files);
    soon(exchange, () => {
      if (documents === undefined) sendNoSession(exchange);
      else if (documents === 'full') exchange.refuse(409, 'there is no room for more documents in the session');
      else exchange.sendJson(201, { documents });
    });
  }

  #remove(exchange: Exchange): void {
    checkCookie(exchange);
    const [id = '', documentId = ''] = exchange.values;
    const deleted = this.#sessions.deleteDocument(id, documentId);
    soon(exchange, () => (deleted ? exchange.send(204, '', '') : sendNoSession(exchange)));
  }

  #delete(exchange: Exchange): void {
    checkCookie(exchange);
    const deleted = this.#sessions.delete(exchange.values[0] ?? '');
    soon(exchange, () => (deleted ? exchange.send(204, '', '') : sendNoSession(exchange)));
  }
}

const soon = (exchange: Exchange, answer: () => void): void =>
  exchange.later(answer, serviceTime(exchange.house.knobs.serviceMs, 0, Math.random()));

const sendInfo = (exchange: Exchange): void =>
  exchange.sendJson(200, { name: 'docman', version: '1.0.0', session_limit: exchange.house.knobs.sessionLimit });

const redirect = (exchange: Exchange, location: string): void => {
  exchange.response.setHeader('location', location);
  exchange.sendJson(307, {});
};

const sendNoSession = (exchange: Exchange): void => exchange.refuse(404, 'there is no such session or document');

/** A user that keeps its cookies brings that of its own session. */
const checkCookie = (exchange: Exchange): void => {
  const cookie = exchange.cookie(cookieName);
  if (cookie !== undefined && cookie !== exchange.values[0]) {
    exchange.fault(`the cookie ${cookieName} is that of another session than the path`);
  }
};

const newSessionFault = (body: Buffer): string | undefined => {
  if (body.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a session is a JSON object';
    const wrong = Object.entries(value).find(
      ([name, content]) => ['name', 'email'].includes(name) && typeof content !== 'string',
    );
    return wrong && `${wrong[0]} is ${JSON.stringify(wrong[1])}, expected a text`;
  } catch {
    return 'the body is not JSON';
  }
};
