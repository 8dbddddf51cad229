// The HTTP side of the demo target: an event-ingestion service with a bounded buffer, back-pressure, health, metrics, and
// knobs that make it fail on purpose. Where the events go is the flusher's business.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BoundedBuffer } from './buffer.ts';
import { EventError, readEvents, readJson, type StoredEvent } from './event.ts';
import type { Flusher } from './flusher.ts';
import { KnobError, type KnobPatch, type Knobs, lastingKnobs, readKnobPatch } from './knobs.ts';
import { Listener } from './listener.ts';
import { DemoMetrics } from './metrics.ts';
import { readBody } from './read-body.ts';
import { StallGate } from './stall-gate.ts';

export type StoreState = 'connected' | 'disconnected' | 'not configured';

export interface ServiceParts {
  /** Written to by PUT /knobs. */
  readonly knobs: Knobs;
  readonly buffer: BoundedBuffer<StoredEvent>;
  readonly flusher: Flusher<StoredEvent>;
  /** The state of MongoDB, asked for each look at /health. */
  readonly store: () => StoreState;
  readonly log: (line: string) => void;
}

const bodyLimit = 1024 * 1024;
const degradedFill = 0.9;
const json = 'application/json';
const methods: Readonly<Record<string, string>> = {
  '/events': 'POST',
  '/health': 'GET',
  '/metrics': 'GET',
  '/knobs': 'GET, PUT',
};

/** A request on its way to its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path without its query. */
  readonly path: string;
  readonly startedAt: number;
}

/**
 * Service time in ms of an accepted request: the base with an empty buffer, six times that with a full one, because
 * requests and the flusher compete for the buffer; the square makes it grow late and then fast, as queues do. A fifth
 * of it is exponential (`u` is uniform in [0, 1)): median 0.94, p99 1.7 of the mean.
 */
export const serviceTime = (baseMs: number, fill: number, u: number): number =>
  baseMs * (1 + 5 * fill * fill) * (0.8 - 0.2 * Math.log(1 - u));

export class Service {
  readonly #parts: ServiceParts;
  readonly #metrics: DemoMetrics;
  readonly #gate = new StallGate();
  readonly #listener: Listener;
  readonly #startedAt = performance.now();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { buffer, flusher } = parts;
    this.#metrics = new DemoMetrics({
      bufferSize: () => buffer.size,
      bufferCapacity: () => buffer.limit,
      flushed: () => flusher.flushed,
      rejected: () => buffer.turnedAway,
    });
    // A load generator that pauses for a few seconds must not run into a connection that is just being closed.
    const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => this.#handle(request, response));
    this.#listener = new Listener(server, parts.log);
  }

  /** Listens; resolves with the origin. Rejects with the system's error. */
  listen(host: string, port: number): Promise<string> {
    return this.#listener.open(host, port);
  }

  /** Takes no new requests and answers what it has. */
  close(): Promise<void> {
    this.#gate.stall(0);
    return this.#listener.end(1000);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const exchange: Exchange = { request, response, path, startedAt: performance.now() };
    switch (`${request.method} ${path}`) {
      case 'POST /events':
        readBody(request, bodyLimit, (body) => this.#takeEvents(exchange, body));
        return;
      case 'GET /health':
        this.#gate.pass(() => this.#sendJson(exchange, 200, this.#health()));
        return;
      case 'GET /metrics':
        this.#gate.pass(() => void this.#sendMetrics(exchange));
        return;
      // The knobs are the operator's way in, not part of the service: no stall holds them.
      case 'GET /knobs':
        this.#sendJson(exchange, 200, this.#knobs());
        return;
      case 'PUT /knobs':
        readBody(request, bodyLimit, (body) => this.#turnKnobs(exchange, body));
        return;
      default:
        this.#gate.pass(() => this.#sendUnknown(exchange));
    }
  }

  #takeEvents(exchange: Exchange, body: Buffer | undefined): void {
    const { knobs, buffer } = this.#parts;
    const fault = this.#drawFault();
    if (fault) {
      this.#later(() => this.#fail(exchange, fault));
      return;
    }
    if (!body) {
      this.#gate.pass(() => this.#sendTooLarge(exchange));
      return;
    }
    try {
      const events = readEvents(body, new Date());
      if (!buffer.add(events)) {
        this.#gate.pass(() => this.#sendFull(exchange));
        return;
      }
      const delay = serviceTime(knobs.serviceMs, buffer.fill, Math.random());
      this.#later(() => this.#send(exchange, 202, `{"accepted":${events.length}}`, json), delay);
    } catch (error) {
      if (!(error instanceof EventError)) throw error;
      this.#gate.pass(() => this.#sendJson(exchange, 400, { error: error.message }));
    }
  }

  /** Answers after the service time; what is already waiting when a stall begins or comes during one, after the stall. */
  #later(answer: () => void, ms: number = this.#parts.knobs.serviceMs): void {
    if (ms < 0.5 || this.#gate.stalled) this.#gate.pass(answer);
    else setTimeout(() => this.#gate.pass(answer), Math.round(ms));
  }

  #drawFault(): 503 | 524 | 'reset' | undefined {
    const { fault503, fault524, faultReset } = this.#parts.knobs;
    if (fault503 + fault524 + faultReset === 0) return undefined;
    const u = Math.random();
    if (u < fault503) return 503;
    if (u < fault503 + fault524) return 524;
    return u < fault503 + fault524 + faultReset ? 'reset' : undefined;
  }

  #fail(exchange: Exchange, fault: 503 | 524 | 'reset'): void {
    if (fault === 'reset') exchange.request.socket.resetAndDestroy();
    else if (fault === 503) this.#sendJson(exchange, 503, { error: 'a fault that was asked for (fault503)' });
    else this.#sendJson(exchange, 524, { error: 'a fault that was asked for (fault524)' });
  }

  #turnKnobs(exchange: Exchange, body: Buffer | undefined): void {
    if (!body) {
      this.#sendTooLarge(exchange);
      return;
    }
    try {
      const patch = readKnobPatch(readJson(body), this.#parts.knobs);
      Object.assign(this.#parts.knobs, lastingKnobs(this.#parts.knobs, patch));
      if (patch.stallMs !== undefined) this.#gate.stall(patch.stallMs);
      this.#answerKnobs(exchange, patch);
    } catch (error) {
      if (!(error instanceof KnobError || error instanceof EventError)) throw error;
      this.#sendJson(exchange, 400, { error: error.message });
    }
  }

  #answerKnobs(exchange: Exchange, patch: KnobPatch): void {
    const forGood = patch.listen === false && patch.listenOffMs === undefined;
    const off = forGood || (patch.listenOffMs !== undefined && patch.listenOffMs > 0);
    if (off) {
      exchange.response.setHeader('connection', 'close');
      exchange.response.once('close', () => this.#listener.drop());
      // Before the answer: whoever reads it is already refused.
      this.#listener.off(patch.listenOffMs);
    }
    this.#sendJson(exchange, 200, { ...this.#knobs(), listen: !off });
  }

  #knobs(): object {
    return { ...this.#parts.knobs, stallMs: Math.round(this.#gate.remainingMs), listen: true };
  }

  #health(): object {
    const { buffer, flusher, store } = this.#parts;
    const mongodb = store();
    const degraded = buffer.fill > degradedFill || mongodb === 'disconnected';
    return {
      status: degraded ? 'degraded' : 'ok',
      uptime: Math.round(performance.now() - this.#startedAt) / 1000,
      buffer: { size: buffer.size, capacity: buffer.limit, dropped: buffer.turnedAway + flusher.refused },
      dependencies: { mongodb },
    };
  }

  async #sendMetrics(exchange: Exchange): Promise<void> {
    this.#send(exchange, 200, await this.#metrics.text(), this.#metrics.contentType);
  }

  #sendFull(exchange: Exchange): void {
    exchange.response.setHeader('retry-after', '1');
    this.#sendJson(exchange, 429, { error: 'the buffer has no room for this request' });
  }

  #sendTooLarge(exchange: Exchange): void {
    this.#sendJson(exchange, 413, { error: `the body is larger than ${bodyLimit} bytes` });
  }

  #sendUnknown(exchange: Exchange): void {
    const allowed = methods[exchange.path];
    if (allowed === undefined) {
      this.#sendJson(exchange, 404, { error: 'there is nothing at this path' });
      return;
    }
    exchange.response.setHeader('allow', allowed);
    this.#sendJson(exchange, 405, { error: `this path takes ${allowed}` });
  }

  #sendJson(exchange: Exchange, status: number, body: object): void {
    this.#send(exchange, status, JSON.stringify(body), json);
  }

  #send({ request, response, path, startedAt }: Exchange, status: number, body: string, type: string): void {
    // The client may have gone while its answer was waiting.
    if (response.destroyed) return;
    response.statusCode = status;
    if (status === 524) response.statusMessage = 'A Timeout Occurred';
    if (this.#listener.ended) response.setHeader('connection', 'close');
    response.setHeader('content-type', type);
    response.setHeader('content-length', Buffer.byteLength(body));
    response.end(body);
    const route = Object.hasOwn(methods, path) ? path : 'other';
    this.#metrics.answered(route, request.method ?? 'GET', status, (performance.now() - startedAt) / 1000);
  }
}
