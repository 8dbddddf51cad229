// The API gateway's own paths: who it is, how it is, what is behind it. A user gets a cookie with the first answer and is
// expected to bring it along.
import { randomUUID } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import { type Operation, ok, type Schema } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';
import { serviceTime } from '../service-time.ts';

const cookieName = 'gateway_user';
/** Users that are told apart. */
const userLimit = 100_000;

const reads = (summary: string, properties: Schema): Operation => ({
  summary,
  tags: ['gateway'],
  responses: ok(200, { type: 'object', required: Object.keys(properties), properties }),
});

const text: Schema = { type: 'string' };

export class GatewayPart implements Part {
  readonly name = 'gateway';
  readonly routes: readonly Route[];
  readonly #startedAt = performance.now();
  readonly #isMounted: () => boolean;
  #given = 0;
  #returned = 0;
  #users = new Set<string>();
  #answered = 0;

  constructor(isMounted: () => boolean) {
    this.#isMounted = isMounted;
    const route = (path: string, operation: Operation, body: () => object): Route => ({
      method: 'GET',
      path,
      operation,
      handle: (exchange) => this.#answer(exchange, body),
    });
    this.routes = [
      route('/', reads('Who this is', { name: text, version: text, docs: text }), () => ({
        name: 'demo gateway',
        version: '1.0.0',
        docs: '/openapi.json',
      })),
      route(
        '/gateway/status',
        reads('How the gateway is', {
          status: text,
          uptime: { type: 'number' },
          requests: { type: 'integer' },
          services: { type: 'integer' },
        }),
        () => ({
          status: 'ok',
          uptime: Math.round(performance.now() - this.#startedAt) / 1000,
          requests: this.#answered,
          services: this.#services.length,
        }),
      ),
      route(
        '/gateway/services',
        reads('What is behind the gateway', {
          services: {
            type: 'array',
            items: { type: 'object', properties: { name: text, prefix: text, status: text } },
          },
        }),
        () => ({ services: this.#services }),
      ),
    ];
  }

  counts(): object {
    return { cookiesGiven: this.#given, cookiesReturned: this.#returned, usersSeen: this.#users.size };
  }

  reset(): void {
    this.#given = 0;
    this.#returned = 0;
    this.#users = new Set();
  }

  get #services(): readonly object[] {
    const main = ['events', 'chat', 'agents'].map((name) => ({ name, prefix: '', status: 'up' }));
    return this.#isMounted() ? [...main, { name: 'docman', prefix: '/api/v1/documents', status: 'up' }] : main;
  }

  #answer(exchange: Exchange, body: () => object): void {
    this.#answered += 1;
    const user = exchange.cookie(cookieName);
    if (user === undefined) {
      this.#given += 1;
      exchange.response.setHeader('set-cookie', `${cookieName}=${randomUUID()}; Path=/; HttpOnly; SameSite=Lax`);
    } else {
      this.#returned += 1;
      if (this.#users.size < userLimit) this.#users.add(user);
    }
    const ms = serviceTime(exchange.house.knobs.serviceMs, 0, Math.random());
    exchange.later(() => exchange.sendJson(200, body()), ms);
  }
}
