// What a recording says of resources: those that its run made and that nobody removed since. Reads no more of each line than it
// must, so that a recording of hours is no matter, and takes one that was cut off in the middle of a line. Also keeps what was
// removed later.

import { createReadStream, promises as files } from 'node:fs';
import { jsonLine } from '../common/json-text.ts';
import type { RunEvent, RunInfo } from '../session/events.ts';

/** Of very many so many are held at once; the rest is found by reading again. */
const mostHeld = 1_000_000;

/** The kind of an event stands within so many bytes of its line. */
const headBytes = 120;

const lineFeed = 0x0a;

export interface RecordedResources {
  /** Undefined: the file does not begin as a recording does. */
  readonly run: RunInfo | undefined;
  /** The run came to its end. */
  readonly isClosed: boolean;
  /** Still there, as far as is known: the requests that remove them. */
  readonly held: ReadonlySet<string>;
  /** Those that there was no room for. */
  readonly beyond: number;
  /** Where the last whole line ends, in bytes. */
  readonly endsAt: number;
  /** Of its last event. */
  readonly sequence: number;
  readonly at: number;
}

/** Reads a recording. Rejects with the system's error. @param most held; default: a million */
export const readResources = async (path: string, most = mostHeld): Promise<RecordedResources> => {
  const reader = new Reader(most);
  for await (const chunk of createReadStream(path)) reader.take(chunk);
  return reader.found;
};

/** Writes down what was removed, behind the last whole line. Rejects with the system's error. */
export const appendRemoved = async (
  path: string,
  { endsAt, sequence, at }: Pick<RecordedResources, 'endsAt' | 'sequence' | 'at'>,
  removed: readonly string[],
): Promise<number> => {
  const event: RunEvent = { sequence: sequence + 1, at, type: 'resources/changed', made: [], removed };
  const line = Buffer.from(jsonLine(event));
  const file = await files.open(path, 'r+');
  try {
    await file.truncate(endsAt);
    await file.write(line, 0, line.length, endsAt);
  } finally {
    await file.close();
  }
  return endsAt + line.length;
};

class Reader {
  readonly #most: number;
  readonly #held = new Set<string>();
  #beyond = 0;
  #run: RunInfo | undefined;
  #isClosed = false;
  #endsAt = 0;
  #lines = 0;
  /** The line that has not ended. */
  #rest: Buffer[] = [];
  #last: Buffer = Buffer.alloc(0);

  constructor(most: number) {
    this.#most = most;
  }

  get found(): RecordedResources {
    const { sequence = 0, at = 0 } = asObject(parsed(this.#last));
    return {
      run: this.#run,
      isClosed: this.#isClosed,
      held: this.#held,
      beyond: this.#beyond,
      endsAt: this.#endsAt,
      sequence: typeof sequence === 'number' ? sequence : 0,
      at: typeof at === 'number' ? at : 0,
    };
  }

  take(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      this.#rest.push(chunk.subarray(from, end));
      this.#line(this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest));
      this.#rest = [];
      from = end + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
  }

  #line(line: Buffer): void {
    this.#endsAt += line.length + 1;
    this.#lines += 1;
    if (this.#lines === 1) this.#run = runOf(parsed(line));
    else this.#last = line;
    const head = line.toString('latin1', 0, headBytes);
    if (head.includes('"run/closed"')) this.#isClosed = true;
    if (head.includes('"resources/changed"')) this.#change(asObject(parsed(line)));
  }

  #change({ made, removed }: Readonly<Record<string, unknown>>): void {
    for (const resource of listOf(removed)) {
      if (!this.#held.delete(resource) && this.#beyond > 0) this.#beyond -= 1;
    }
    for (const resource of listOf(made)) {
      if (this.#held.size < this.#most) this.#held.add(resource);
      else this.#beyond += 1;
    }
  }
}

const parsed = (line: Buffer): unknown => {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
};

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const isRun = (value: unknown): value is RunInfo => typeof asObject(value).target === 'string';

const runOf = (head: unknown): RunInfo | undefined => {
  const { loadtop, run } = asObject(head);
  return loadtop !== undefined && isRun(run) ? run : undefined;
};

/** A request as it is sent: what else stands in a file is none. */
const request = /^(DELETE|POST|PUT|PATCH) \/[\x21-\x7e]*$/;

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string' && request.test(one)) : [];
