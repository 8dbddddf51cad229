// POST /events: into the bounded buffer, with back-pressure where that is full, and faults on request. Where the events go
// from there is the flusher's business.
import type { BoundedBuffer } from '../buffer.ts';
import { EventError, readEvents, type StoredEvent } from '../event.ts';
import { EventCounts, eventTypes, faultOf } from '../event-check.ts';
import { bodyLimit, type Exchange, json } from '../exchange.ts';
import { failure, jsonBody, type Operation, ok } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';
import { serviceTime } from '../service-time.ts';

type Fault = 503 | 524 | 'reset';

const operation: Operation = {
  summary: 'Take an event, or an array of them',
  tags: ['events'],
  requestBody: jsonBody({
    anyOf: [
      { $ref: '#/components/schemas/Event' },
      { type: 'array', items: { $ref: '#/components/schemas/Event' }, minItems: 1 },
    ],
  }),
  responses: {
    ...ok(202, { type: 'object', required: ['accepted'], properties: { accepted: { type: 'integer' } } }),
    ...failure(400, 'not events'),
    ...failure(413, `more than ${bodyLimit} bytes`),
    ...failure(429, 'the buffer is full'),
    ...failure(503, 'a fault that was asked for'),
  },
};

/** A component of the document. */
export const eventSchema = {
  title: 'Event',
  type: 'object',
  required: ['type', 'event_id', 'user_id', 'timestamp'],
  properties: {
    type: { type: 'string', enum: eventTypes },
    event_id: { type: 'string', format: 'uuid' },
    user_id: { type: 'string' },
    timestamp: { type: 'string', format: 'date-time' },
  },
  additionalProperties: true,
};

export class EventsPart implements Part {
  readonly name = 'events';
  readonly routes: readonly Route[];
  readonly #buffer: BoundedBuffer<StoredEvent>;
  readonly #counts = new EventCounts();
  #accepted = 0;

  constructor(buffer: BoundedBuffer<StoredEvent>) {
    this.#buffer = buffer;
    this.routes = [{ method: 'POST', path: '/events', operation, handle: (exchange) => this.#handle(exchange) }];
  }

  counts(): object {
    return { ...this.#counts.counts(), accepted: this.#accepted };
  }

  reset(): void {
    this.#counts.reset();
    this.#accepted = 0;
  }

  #handle(exchange: Exchange): void {
    const { gate, knobs } = exchange.house;
    exchange.readBody(
      (body) => {
        const fault = drawFault(exchange);
        const events = this.#read(exchange, body, fault === undefined);
        if (fault) exchange.later(() => fail(exchange, fault), knobs.serviceMs);
        else if (events) this.#take(exchange, events);
      },
      () => {
        const fault = drawFault(exchange);
        if (fault) exchange.later(() => fail(exchange, fault), knobs.serviceMs);
        else gate.pass(() => exchange.sendJson(413, { error: `the body is larger than ${bodyLimit} bytes` }));
      },
    );
  }

  /** The events, counted and checked; undefined where there are none to take, which is answered where `answers`. */
  #read(exchange: Exchange, body: Buffer, answers: boolean): readonly StoredEvent[] | undefined {
    try {
      const events = readEvents(body, new Date());
      this.#counts.add(events, !isArray(body));
      const wrong = firstFault(exchange, events);
      if (wrong === undefined || !exchange.house.knobs.strict) return events;
      if (answers) exchange.house.gate.pass(() => exchange.sendJson(400, { error: wrong }));
    } catch (error) {
      if (!(error instanceof EventError)) throw error;
      if (answers) exchange.refuse(400, error.message);
      else exchange.fault(error.message);
    }
    return undefined;
  }

  #take(exchange: Exchange, events: readonly StoredEvent[]): void {
    const { gate, knobs } = exchange.house;
    if (!this.#buffer.add(events)) {
      gate.pass(() => {
        exchange.response.setHeader('retry-after', '1');
        exchange.sendJson(429, { error: 'the buffer has no room for this request' });
      });
      return;
    }
    this.#accepted += events.length;
    const delay = serviceTime(knobs.serviceMs, this.#buffer.fill, Math.random());
    exchange.later(() => exchange.send(202, `{"accepted":${events.length}}`, json), delay);
  }
}

/** Whether JSON text is an array, without a look at all of it. */
const isArray = (body: Buffer): boolean => {
  const first = body[0];
  return first === 0x5b || (first !== 0x7b && body.toString('latin1').trimStart().startsWith('['));
};

/** Counts what is wrong with each event; returns the first. */
const firstFault = (exchange: Exchange, events: readonly StoredEvent[]): string | undefined => {
  let first: string | undefined;
  for (const { event } of events) {
    const fault = faultOf(event);
    if (fault === undefined) continue;
    exchange.fault(fault);
    first ??= fault;
  }
  return first;
};

const drawFault = ({ house }: Exchange): Fault | undefined => {
  const { fault503, fault524, faultReset } = house.knobs;
  if (fault503 + fault524 + faultReset === 0) return undefined;
  const u = Math.random();
  if (u < fault503) return 503;
  if (u < fault503 + fault524) return 524;
  return u < fault503 + fault524 + faultReset ? 'reset' : undefined;
};

const fail = (exchange: Exchange, fault: Fault): void => {
  if (fault === 'reset') exchange.request.socket.resetAndDestroy();
  else if (fault === 503) exchange.sendJson(503, { error: 'a fault that was asked for (fault503)' });
  else exchange.sendJson(524, { error: 'a fault that was asked for (fault524)' });
};
