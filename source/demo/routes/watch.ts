// What a monitor asks for: GET /health and GET /metrics. Parts that nobody has used are left out of the health, so that a
// load of events alone sees only what it concerns.
import type { BoundedBuffer } from '../buffer.ts';
import type { StoredEvent } from '../event.ts';
import type { Exchange } from '../exchange.ts';
import type { Flusher } from '../flusher.ts';
import { type Operation, ok } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';

export type StoreState = 'connected' | 'disconnected' | 'not configured';

export interface WatchParts {
  readonly buffer: BoundedBuffer<StoredEvent>;
  readonly flusher: Flusher<StoredEvent>;
  /** The state of MongoDB, asked for each look. */
  readonly store: () => StoreState;
  readonly parts: readonly Part[];
}

const degradedFill = 0.9;

const operation: Operation = {
  summary: 'How the service is',
  tags: ['gateway'],
  responses: ok(200, {
    type: 'object',
    required: ['status', 'uptime', 'buffer', 'dependencies'],
    properties: {
      status: { type: 'string', enum: ['ok', 'degraded'] },
      uptime: { type: 'number' },
      buffer: { type: 'object' },
      dependencies: { type: 'object' },
    },
  }),
};

export class WatchPart implements Part {
  readonly name = 'watch';
  readonly routes: readonly Route[];
  readonly #parts: WatchParts;
  readonly #startedAt = performance.now();

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.routes = [
      {
        method: 'GET',
        path: '/health',
        role: 'watch',
        operation,
        handle: (exchange) => exchange.house.gate.pass(() => exchange.sendJson(200, this.#health())),
      },
      {
        method: 'GET',
        path: '/metrics',
        role: 'watch',
        handle: (exchange) => exchange.house.gate.pass(() => void sendMetrics(exchange)),
      },
    ];
  }

  #health(): object {
    const { buffer, flusher, store, parts } = this.#parts;
    const mongodb = store();
    const degraded = buffer.fill > degradedFill || mongodb === 'disconnected';
    return {
      status: degraded ? 'degraded' : 'ok',
      uptime: Math.round(performance.now() - this.#startedAt) / 1000,
      buffer: { size: buffer.size, capacity: buffer.limit, dropped: buffer.turnedAway + flusher.refused },
      dependencies: { mongodb },
      // JSON leaves out what is undefined.
      ...Object.fromEntries(parts.map((part) => [part.name, part.health?.()])),
    };
  }
}

const sendMetrics = async (exchange: Exchange): Promise<void> => {
  const { metrics } = exchange.house;
  exchange.send(200, await metrics.text(), metrics.contentType);
};
