// The agents API: health, a list, and queries that take as long as there are others in work.
import type { Exchange } from '../exchange.ts';
import { failure, jsonBody, type Operation, ok, pathParameter } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';
import { serviceTime } from '../service-time.ts';

const agentCount = 100;
/** Queries in work at which an answer takes six times as long. */
const fullAt = 400;
const skills = ['search', 'summary', 'translation', 'code', 'planning'];

const agents = Array.from({ length: agentCount }, (_, index) => ({
  id: index + 1,
  name: `Agent ${index + 1}`,
  skill: skills[index % skills.length],
  status: 'ready',
}));

const text = { type: 'string' };
const tags = ['agents'];

const health: Operation = {
  summary: 'How the agents are',
  tags,
  responses: ok(200, {
    type: 'object',
    required: ['status', 'agents', 'active_queries'],
    properties: { status: text, agents: { type: 'integer' }, active_queries: { type: 'integer' } },
  }),
};
const list: Operation = {
  summary: 'All agents',
  tags,
  responses: ok(200, {
    type: 'object',
    required: ['agents'],
    properties: {
      agents: {
        type: 'array',
        items: { type: 'object', properties: { id: { type: 'integer' }, name: text, skill: text, status: text } },
      },
    },
  }),
};
const query: Operation = {
  summary: 'Ask an agent',
  tags,
  parameters: [pathParameter('id', { type: 'integer', minimum: 1, maximum: agentCount })],
  requestBody: jsonBody({
    type: 'object',
    required: ['query'],
    properties: { query: { type: 'string', minLength: 1 } },
  }),
  responses: {
    ...ok(200, {
      type: 'object',
      required: ['agent_id', 'answer', 'tokens'],
      properties: { agent_id: { type: 'integer' }, answer: text, tokens: { type: 'integer' } },
    }),
    ...failure(400, 'no query in the body'),
    ...failure(404, 'there is no such agent'),
  },
};

export class AgentsPart implements Part {
  readonly name = 'agents';
  readonly routes: readonly Route[];
  #active = 0;
  #activeAtOnce = 0;
  #asked = new Map<number, number>();

  constructor() {
    const soon = (exchange: Exchange, factor: number, body: () => object): void =>
      exchange.later(
        () => exchange.sendJson(200, body()),
        factor * serviceTime(exchange.house.knobs.serviceMs, this.#fill, Math.random()),
      );
    this.routes = [
      {
        method: 'GET',
        path: '/api/health',
        operation: health,
        handle: (exchange) =>
          soon(exchange, 0.2, () => ({ status: 'healthy', agents: agentCount, active_queries: this.#active })),
      },
      {
        method: 'GET',
        path: '/api/agents',
        operation: list,
        handle: (exchange) => soon(exchange, 1, () => ({ agents })),
      },
      {
        method: 'POST',
        path: '/api/agents/{id}/query',
        operation: query,
        handle: (exchange) => this.#query(exchange),
      },
    ];
  }

  counts(): object {
    return {
      queriesAtOnce: this.#activeAtOnce,
      agentsAsked: this.#asked.size,
      byAgent: Object.fromEntries(this.#asked),
    };
  }

  reset(): void {
    this.#activeAtOnce = this.#active;
    this.#asked = new Map();
  }

  get #fill(): number {
    return Math.min(1, this.#active / fullAt);
  }

  #query(exchange: Exchange): void {
    exchange.readJson((body) => {
      const given = exchange.values[0] ?? '';
      const id = /^\d{1,9}$/.test(given) ? Number(given) : 0;
      const asked = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
      if (id < 1 || id > agentCount) exchange.refuse(404, `there is no agent ${given.slice(0, 100)}`);
      else if (typeof asked === 'string' && asked !== '') this.#ask(exchange, id, asked);
      else exchange.refuse(400, `query is ${JSON.stringify(asked)?.slice(0, 100) ?? 'missing'}; expected a text`);
    });
  }

  #ask(exchange: Exchange, id: number, asked: string): void {
    this.#asked.set(id, (this.#asked.get(id) ?? 0) + 1);
    this.#active += 1;
    this.#activeAtOnce = Math.max(this.#activeAtOnce, this.#active);
    exchange.response.once('close', () => {
      this.#active -= 1;
    });
    const answer = `Agent ${id} looked at ${asked.length} characters.`;
    exchange.later(
      () => exchange.sendJson(200, { agent_id: id, answer, tokens: answer.split(' ').length }),
      serviceTime(exchange.house.knobs.agentMs, this.#fill, Math.random()),
    );
  }
}
