// A request on its way to its answer, with all that the parts of the service share: who may answer (stalls), how long it
// takes, and what is counted of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventError, readJson } from './event.ts';
import type { Knobs } from './knobs.ts';
import type { DemoMetrics } from './metrics.ts';
import type { StallGate } from './stall-gate.ts';
import type { Tally } from './tally.ts';

export const json = 'application/json';
/** Bodies that are read as a whole may have so many bytes. */
export const bodyLimit = 1024 * 1024;

/** What all exchanges share. */
export interface House {
  readonly knobs: Knobs;
  readonly gate: StallGate;
  readonly metrics: DemoMetrics;
  readonly tally: Tally;
  /** True once no new connections are taken. */
  readonly ending: () => boolean;
  /** By which share the uploads in work lengthen service times. */
  readonly strain: () => number;
}

export interface ExchangeParts {
  readonly house: House;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The template of its path, `other` where there is nothing. */
  readonly path: string;
  /** What stands in the braces of the template. */
  readonly values: readonly string[];
  readonly role: 'operator' | 'watch' | undefined;
}

export class Exchange {
  readonly house: House;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly values: readonly string[];
  readonly #path: string;
  readonly #startedAt = performance.now();
  #bytesIn = 0;

  constructor({ house, request, response, path, values, role }: ExchangeParts) {
    this.house = house;
    this.request = request;
    this.response = response;
    this.values = values;
    this.#path = path;
    if (role === 'operator') return;
    const isLoad = role === undefined;
    // The response lets go of its socket before it is closed.
    const { socket } = request;
    house.tally.begin(this.#route, request, isLoad);
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : undefined;
      house.tally.end(this.#route, socket, isLoad, { status, bytesIn: this.#bytesIn });
    });
  }

  /** A header of the request, undefined where it has none. */
  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** A parameter of the query. */
  query(name: string): string | undefined {
    const url = this.request.url ?? '';
    const mark = url.indexOf('?');
    return mark < 0 ? undefined : (new URLSearchParams(url.slice(mark + 1)).get(name) ?? undefined);
  }

  /** A cookie of the request. */
  cookie(name: string): string | undefined {
    for (const pair of this.header('cookie')?.split(';') ?? []) {
      const [key, value] = pair.split('=', 2);
      if (key?.trim() === name) return value?.trim();
    }
    return undefined;
  }

  /** Counts what is wrong with the request, with the text as an example. */
  fault(text: string): void {
    this.house.tally.fault(this.#route, text);
  }

  /** Hands on the body as it comes, counted; `end` is called unless the client leaves before. */
  stream(data: (chunk: Buffer) => void, end: () => void): void {
    this.request.on('data', (chunk: Buffer) => {
      this.#bytesIn += chunk.length;
      data(chunk);
    });
    this.request.on('end', end);
  }

  /**
   * Collects the body; answers 413 where it is too large. What goes beyond is read and thrown away, so that the client gets
   * its answer over a connection that stays usable.
   */
  readBody(done: (body: Buffer) => void, tooLarge = (): void => this.#sendTooLarge()): void {
    let chunks: Buffer[] = [];
    let size = 0;
    let answered = Number(this.request.headers['content-length'] ?? 0) > bodyLimit;
    if (answered) tooLarge();
    this.stream(
      (chunk) => {
        if (answered) return;
        size += chunk.length;
        chunks.push(chunk);
        if (size <= bodyLimit) return;
        answered = true;
        chunks = [];
        tooLarge();
      },
      () => {
        if (answered) return;
        answered = true;
        done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
      },
    );
  }

  /** The JSON value in the body; answers 400 where there is none. */
  readJson(done: (value: unknown) => void): void {
    this.readBody((body) => {
      let value: unknown;
      try {
        value = readJson(body);
      } catch (error) {
        if (!(error instanceof EventError)) throw error;
        this.refuse(400, error.message);
        return;
      }
      done(value);
    });
  }

  /** Answers after `ms` and the strain; what is waiting when a stall begins or comes during one, after the stall. */
  later(answer: () => void, ms: number): void {
    const { gate, strain } = this.house;
    const strained = ms * (1 + strain());
    if (strained < 0.5 || gate.stalled) gate.pass(answer);
    // Whoever still waits for it keeps the process with a connection.
    else setTimeout(() => gate.pass(answer), Math.round(strained)).unref();
  }

  /** Answers with what is wrong, and counts it as a fault. */
  refuse(status: number, error: string): void {
    this.fault(error);
    this.house.gate.pass(() => this.sendJson(status, { error }));
  }

  sendJson(status: number, body: object): void {
    this.send(status, JSON.stringify(body), json);
  }

  send(status: number, body: string, type: string): void {
    const { request, response } = this;
    // The client may have gone while its answer was waiting.
    if (response.destroyed) return;
    response.statusCode = status;
    if (status === 524) response.statusMessage = 'A Timeout Occurred';
    if (this.house.ending()) response.setHeader('connection', 'close');
    if (status !== 204) {
      response.setHeader('content-type', type);
      response.setHeader('content-length', Buffer.byteLength(body));
    }
    response.end(status === 204 ? undefined : body);
    this.answered(request.method ?? 'GET', status);
  }

  /** Counts the answer in the metrics; `send` does so by itself. */
  answered(method: string, status: number): void {
    this.house.metrics.answered(this.#path, method, status, (performance.now() - this.#startedAt) / 1000);
  }

  #sendTooLarge(): void {
    this.house.gate.pass(() => this.sendJson(413, { error: `the body is larger than ${bodyLimit} bytes` }));
  }

  get #route(): string {
    return this.#path === 'other' ? 'other' : `${this.request.method} ${this.#path}`;
  }
}
