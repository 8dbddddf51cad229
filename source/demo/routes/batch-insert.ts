// POST /v1/file-sync: a file and a list id, as multipart. The time of an upload grows with how many others are in work, a
// proxy in front of it gives up after a limit (524), and some may hang without a byte of an answer.
import type { Exchange } from '../exchange.ts';
import { failure, multipartBody, type Operation, ok } from '../openapi.ts';
import type { Part } from '../part.ts';
import { type ReadPart, readParts } from '../read-parts.ts';
import type { Route } from '../routing-table.ts';
import { SharedDisk } from '../shared-disk.ts';

/** What is wrong with the parts, or the list and the file in them. */
export type Checked = { readonly fault: string } | { readonly listId: string; readonly file: ReadPart };

/** The parts have to be `file`, a file, and behind it `json`, a field with {"list_id": …}. */
export const checkParts = (parts: readonly ReadPart[]): Checked => {
  const names = parts.map((part) => part.name).join(', ') || 'none';
  const [file, field, ...more] = parts;
  if (file?.name !== 'file' || field?.name !== 'json' || more.length > 0) {
    return { fault: `the parts are ${names}; file, json were expected, in this order` };
  }
  if (file.filename === undefined || file.filename === '') return { fault: 'the part file has no file name' };
  if (file.bytes === 0) return { fault: 'the part file is empty' };
  if (field.text === undefined) return { fault: 'the part json is a file; a form field was expected' };
  const listId = listIdOf(field.text);
  return listId === undefined
    ? { fault: `the part json is ${field.text.slice(0, 100)}; {"list_id": "…"} was expected` }
    : { listId, file };
};

const listIdOf = (text: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('list_id' in value)) return undefined;
    return typeof value.list_id === 'string' && value.list_id !== '' ? value.list_id : undefined;
  } catch {
    return undefined;
  }
};

/** What is wrong with an Authorization; never with a word of it. */
export const keyFault = (given: string | undefined, key: string): string | undefined => {
  if (given === key) return undefined;
  if (given === undefined) return 'there is no Authorization';
  if (/^(bearer|basic|token) /i.test(given)) return 'the Authorization has a scheme; the key alone was expected';
  return 'the Authorization is not the key';
};

const operation: Operation = {
  summary: 'Insert the rows of a file into a list',
  tags: ['files'],
  requestBody: multipartBody({
    type: 'object',
    required: ['file', 'json'],
    properties: {
      file: { type: 'string', format: 'binary', description: 'the first part' },
      json: { type: 'string', contentMediaType: 'application/json', description: 'the second part: {"list_id": "…"}' },
    },
  }),
  responses: {
    ...ok(200, {
      type: 'object',
      required: ['list_id', 'bytes'],
      properties: { list_id: { type: 'string' }, bytes: { type: 'integer' } },
    }),
    ...failure(400, 'parts missing, in another order, or not what they should be'),
    ...failure(401, 'the Authorization is not the key'),
    ...failure(524, 'no answer within the limit of the proxy'),
  },
  security: [{ key: [] }],
};

interface FileCounts {
  uploads: number;
  bytes: number;
  least: number;
  most: number;
}

const fileLimit = 100;
const listLimit = 10_000;
const waveLimit = 1000;

interface Counts {
  accepted: number;
  /** 524 in place of an answer. */
  timedOut: number;
  hung: number;
  /** Without a Content-Length. */
  chunked: number;
  fileBytes: number;
  longestMs: number;
  inFlightAtOnce: number;
  inWorkAtOnce: number;
  /** Uploads from one moment without any to the next: what a burst sent. */
  readonly waves: number[];
}

const noCounts = (inFlight: number, inWork: number): Counts => ({
  accepted: 0,
  timedOut: 0,
  hung: 0,
  chunked: 0,
  fileBytes: 0,
  longestMs: 0,
  inFlightAtOnce: inFlight,
  inWorkAtOnce: inWork,
  waves: inFlight > 0 ? [inFlight] : [],
});

export class BatchInsertPart implements Part {
  readonly name = 'uploads';
  readonly routes: readonly Route[];
  readonly #key: string;
  readonly #disk: SharedDisk;
  #counts = noCounts(0, 0);
  #files = new Map<string, FileCounts>();
  #lists = new Set<string>();
  #inFlight = 0;
  #inWork = 0;
  #bytes = 0;
  #used = false;

  /** @param rate bytes per second of the disk, asked again and again */
  constructor(key: string, rate: () => number) {
    this.#key = key;
    this.#disk = new SharedDisk(rate, () => performance.now());
    this.routes = [{ method: 'POST', path: '/v1/file-sync', operation, handle: (exchange) => this.#handle(exchange) }];
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Those whose rows are being inserted: the body is there, the work is not done. */
  get inWork(): number {
    return this.#inWork;
  }

  /** Bytes of files since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  counts(): object {
    return { ...this.#counts, files: Object.fromEntries(this.#files), lists: this.#lists.size };
  }

  reset(): void {
    this.#counts = noCounts(this.#inFlight, this.#inWork);
    this.#files = new Map();
    this.#lists = new Set();
  }

  health(): object | undefined {
    return this.#used ? { inFlight: this.#inFlight, inWork: this.#inWork } : undefined;
  }

  close(): void {
    this.#disk.stop();
  }

  #handle(exchange: Exchange): void {
    this.#used = true;
    this.#countWave();
    this.#inFlight += 1;
    this.#counts.inFlightAtOnce = Math.max(this.#counts.inFlightAtOnce, this.#inFlight);
    exchange.response.once('close', () => {
      this.#inFlight -= 1;
    });
    if (exchange.header('content-length') === undefined) this.#counts.chunked += 1;
    const { uploadMs } = exchange.house.knobs;
    const refuse = (status: number, reason: string): void =>
      exchange.later(() => exchange.refuse(status, reason), uploadMs);
    const unknown = keyFault(exchange.header('authorization'), this.#key);
    readParts(
      exchange,
      (parts) => {
        if (unknown !== undefined) return refuse(401, unknown);
        const checked = checkParts(parts);
        return 'fault' in checked ? refuse(400, checked.fault) : this.#insert(exchange, checked.listId, checked.file);
      },
      (reason) => refuse(unknown === undefined ? 400 : 401, unknown ?? reason),
    );
  }

  #insert(exchange: Exchange, listId: string, file: ReadPart): void {
    this.#count(listId, file);
    const { gate, knobs } = exchange.house;
    if (Math.random() < knobs.hangShare) {
      this.#counts.hung += 1;
      return;
    }
    this.#inWork += 1;
    this.#counts.inWorkAtOnce = Math.max(this.#counts.inWorkAtOnce, this.#inWork);
    const startedAt = performance.now();
    const proxy = knobs.proxyLimitMs > 0 ? setTimeout(() => this.#timeOut(exchange), knobs.proxyLimitMs) : undefined;
    exchange.response.once('close', () => clearTimeout(proxy));
    const answer = (): void => {
      this.#inWork -= 1;
      clearTimeout(proxy);
      this.#counts.longestMs = Math.max(this.#counts.longestMs, Math.round(performance.now() - startedAt));
      if (exchange.response.writableEnded || exchange.response.destroyed) return;
      this.#counts.accepted += 1;
      gate.pass(() => exchange.sendJson(200, { list_id: listId, bytes: file.bytes }));
    };
    // What the client or the proxy has given up goes on all the same, as it would in a database.
    setTimeout(() => this.#disk.write(file.bytes, answer), knobs.uploadMs).unref();
  }

  #timeOut(exchange: Exchange): void {
    this.#counts.timedOut += 1;
    exchange.house.gate.pass(() => exchange.sendJson(524, { error: 'no answer within the limit of the proxy' }));
  }

  #countWave(): void {
    const { waves } = this.#counts;
    if (this.#inFlight > 0) waves[waves.length - 1]! += 1;
    else if (waves.length < waveLimit) waves.push(1);
  }

  #count(listId: string, { filename = '', bytes }: ReadPart): void {
    this.#bytes += bytes;
    this.#counts.fileBytes += bytes;
    if (this.#lists.size < listLimit) this.#lists.add(listId);
    const name = this.#files.has(filename) || this.#files.size < fileLimit ? filename : 'other';
    const counts = this.#files.get(name) ?? { uploads: 0, bytes: 0, least: bytes, most: bytes };
    counts.uploads += 1;
    counts.bytes += bytes;
    counts.least = Math.min(counts.least, bytes);
    counts.most = Math.max(counts.most, bytes);
    this.#files.set(name, counts);
  }
}
