// The HTTP side of the demo target: a server whose requests a table gives to the parts in routes/, what the parts share,
// and the knobs that make it fail on purpose. Where events go is the flusher's business.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BoundedBuffer } from './buffer.ts';
import type { StoredEvent } from './event.ts';
import { Exchange, type House } from './exchange.ts';
import type { Secrets } from './flags.ts';
import type { Flusher } from './flusher.ts';
import type { Knobs } from './knobs.ts';
import { Listener } from './listener.ts';
import { DemoMetrics } from './metrics.ts';
import type { Part } from './part.ts';
import { AgentsPart } from './routes/agents.ts';
import { BatchInsertPart } from './routes/batch-insert.ts';
import { ChatPart } from './routes/chat.ts';
import { DescriptionsPart, isOfDocuments } from './routes/descriptions.ts';
import { DocumentsPart } from './routes/documents.ts';
import { EventsPart } from './routes/events.ts';
import { GatewayPart } from './routes/gateway.ts';
import { OperatorPart } from './routes/operator.ts';
import { type StoreState, WatchPart } from './routes/watch.ts';
import { type Place, RoutingTable } from './routing-table.ts';
import { StallGate } from './stall-gate.ts';
import { Tally } from './tally.ts';

export interface ServiceParts {
  /** Written to by PUT /knobs. */
  readonly knobs: Knobs;
  readonly secrets: Secrets;
  readonly buffer: BoundedBuffer<StoredEvent>;
  readonly flusher: Flusher<StoredEvent>;
  /** The state of MongoDB, asked for each look at /health. */
  readonly store: () => StoreState;
  readonly log: (line: string) => void;
}

export class Service {
  readonly #gate = new StallGate();
  readonly #listener: Listener;
  readonly #house: House;
  readonly #parts: readonly Part[];
  readonly #table: RoutingTable;

  constructor({ knobs, secrets, buffer, flusher, store, log }: ServiceParts) {
    const uploads = new BatchInsertPart(secrets.uploadKey, () => knobs.uploadRate);
    const chat = new ChatPart(secrets.chatToken);
    const documents = new DocumentsPart();
    const root = [new EventsPart(buffer), uploads, chat, new AgentsPart(), new GatewayPart(() => knobs.mounted)];
    const watch = new WatchPart({ buffer, flusher, store, parts: [uploads, chat, documents] });
    // A load generator that pauses for a few seconds must not run into a connection that is just being closed; a large upload
    // over a slow line must not run into a limit of ours.
    const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) =>
      this.#handle(request, response),
    );
    this.#listener = new Listener(server, log);
    const counted = [...root, documents];
    this.#parts = [
      ...counted,
      watch,
      new DescriptionsPart(
        [...root, watch].flatMap((part) => part.routes),
        documents.routes,
      ),
      new OperatorPart(this.#listener, counted),
    ];
    this.#table = new RoutingTable(this.#parts.flatMap((part) => part.routes));
    this.#house = {
      knobs,
      gate: this.#gate,
      metrics: new DemoMetrics({
        bufferSize: () => buffer.size,
        bufferCapacity: () => buffer.limit,
        flushed: () => flusher.flushed,
        rejected: () => buffer.turnedAway,
        uploadsInFlight: () => uploads.inFlight,
        uploadBytes: () => uploads.bytes,
        chatStreams: () => chat.open,
        documentSessions: () => documents.open,
      }),
      tally: new Tally(),
      ending: () => this.#listener.ended,
      strain: () => uploads.inWork * knobs.strain,
    };
  }

  /** Listens; resolves with the origin. Rejects with the system's error. */
  listen(host: string, port: number): Promise<string> {
    return this.#listener.open(host, port);
  }

  /** Takes no new requests and answers what it has. */
  async close(): Promise<void> {
    this.#gate.stall(0);
    await this.#listener.end(1000);
    for (const part of this.#parts) part.close?.();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const hidden = !this.#house.knobs.mounted && isOfDocuments(path);
    const place = hidden ? undefined : this.#table.find(request.method ?? 'GET', path);
    const exchange = new Exchange({
      house: this.#house,
      request,
      response,
      path: place?.path ?? 'other',
      values: place?.route ? place.values : [],
      role: place?.route?.role,
    });
    if (place?.route) place.route.handle(exchange);
    else this.#gate.pass(() => sendUnknown(exchange, place));
  }
}

const sendUnknown = (exchange: Exchange, place: Exclude<Place, { route: object }> | undefined): void => {
  const { method, url = '/' } = exchange.request;
  // HEAD is how a load generator finds out whether anybody is there.
  if (method !== 'HEAD') exchange.fault(`${method} ${url.slice(0, 200)} is not there`);
  if (!place) {
    exchange.sendJson(404, { error: 'there is nothing at this path' });
    return;
  }
  exchange.response.setHeader('allow', place.allow);
  exchange.sendJson(405, { error: `this path takes ${place.allow}` });
};
