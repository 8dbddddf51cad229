// Keeps the demo target's events in MongoDB: unordered batches into loadtop_demo.events, counted only when the server
// has acknowledged them. While it cannot be reached the events stay in the buffer.
import type { Collection, MongoClient } from 'mongodb';
import { maskPassword } from '../common/safe-text.ts';
import type { StoredEvent } from './event.ts';
import type { Sink } from './flusher.ts';

type Driver = typeof import('mongodb');

/** How often an unreachable server is looked for while there is nothing to write, in ms. */
const lookMs = 1000;
const duplicateKey = 11_000;
// Codes with which a server says that a document is at fault, so that sending it again cannot help: BadValue,
// FailedToParse, TypeMismatch, Overflow, InvalidBSON, DollarPrefixedFieldName, DottedFieldName,
// DocumentValidationFailure, BSONObjectTooLarge.
const refusals: ReadonlySet<unknown> = new Set([2, 9, 14, 15, 22, 52, 57, 121, 10_334]);
const writable: ReadonlySet<string> = new Set(['Standalone', 'RSPrimary', 'Mongos', 'LoadBalancer']);

/** A connection string without its password and other secrets, for people and machines to read. */
export const withoutSecrets = (uri: string): string =>
  maskPassword(uri)
    .replace(':***@', '@')
    .replaceAll(/([?&][^=&]*(?:password|token|secret)[^=&]*=|AWS_SESSION_TOKEN:)[^&,]*/gi, '$1***');

export class MongoSink implements Sink<StoredEvent> {
  readonly #driver: Driver;
  readonly #client: MongoClient;
  readonly #events: Collection<StoredEvent>;
  readonly #log: (line: string) => void;
  #connected = false;
  #toldOfRefusal = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(driver: Driver, client: MongoClient, log: (line: string) => void) {
    this.#driver = driver;
    this.#client = client;
    this.#events = client.db('loadtop_demo').collection<StoredEvent>('events');
    this.#log = log;
    client.on('topologyDescriptionChanged', ({ newDescription }) => {
      // Only the bad news: whether it may be written to shows in a ping or a write that went well.
      if (![...newDescription.servers.values()].some(({ type }) => writable.has(type))) this.#lost('no server answers');
    });
  }

  /**
   * Opens the store; resolves when the server answers, or when it has not done so for 2 s: then it is looked for while
   * running. Rejects where the connection string cannot be used.
   */
  static async open(uri: string, log: (line: string) => void): Promise<MongoSink> {
    const driver = await import('mongodb');
    const client = new driver.MongoClient(uri, {
      appName: 'loadtop-demo',
      maxPoolSize: 4,
      connectTimeoutMS: 2000,
      serverSelectionTimeoutMS: 2000,
      socketTimeoutMS: 10_000,
      heartbeatFrequencyMS: 1000,
    });
    if (client.options.writeConcern?.w === 0) throw new Error('w=0 is of no use here: nothing would be acknowledged');
    const sink = new MongoSink(driver, client, log);
    await sink.#look();
    if (!sink.#connected) log('MongoDB does not answer; events are kept in the buffer until it does');
    return sink;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** As Sink says. A document that the server refuses for what it holds is given up, said once, and counted. */
  async write(items: readonly StoredEvent[]): Promise<{ readonly refused: number }> {
    try {
      // The driver adds each document's key to the object it is given. A write that was lost after the server had done
      // it therefore comes again under the same keys, and is told apart as duplicates.
      await this.#events.insertMany(items, { ordered: false });
      this.#found();
      return { refused: 0 };
    } catch (error) {
      return await this.#sortOut(items, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    // Says goodbye to the server, which may be gone.
    await this.#client.close().catch(() => {});
  }

  async #sortOut(items: readonly StoredEvent[], error: unknown): Promise<{ readonly refused: number }> {
    const failures = error instanceof this.#driver.MongoBulkWriteError ? [error.writeErrors].flat() : [];
    const refused = failures.filter(({ code }) => refusals.has(code));
    const duplicates = failures.filter(({ code }) => code === duplicateKey);
    if (failures.length > 0 && refused.length + duplicates.length === failures.length) {
      this.#found();
      if (refused[0]) this.#refuse(refused[0].errmsg ?? 'no reason given');
      return { refused: refused.length };
    }
    if (failures.length === 0 && isRefusal(error)) {
      // One document spoils the batch; halving finds it without giving up the others.
      if (items.length === 1) this.#refuse(messageOf(error));
      if (items.length === 1) return { refused: 1 };
      const middle = items.length >> 1;
      const first = await this.write(items.slice(0, middle));
      const second = await this.write(items.slice(middle));
      return { refused: first.refused + second.refused };
    }
    this.#lost(messageOf(error));
    throw error;
  }

  #refuse(reason: string): void {
    if (!this.#toldOfRefusal) this.#log(`MongoDB does not take some events, which are dropped: ${reason}`);
    this.#toldOfRefusal = true;
  }

  #found(): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#log('MongoDB is connected');
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => void this.#look(), lookMs);
    if (!this.#connected) return;
    this.#connected = false;
    this.#log(`MongoDB is lost, events are kept in the buffer: ${reason}`);
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    try {
      // A client that found no server at its first try never looks again by itself; one that has, returns at once.
      await this.#client.connect();
      await this.#client.db('loadtop_demo').command({ ping: 1 });
      this.#found();
    } catch (error) {
      this.#lost(messageOf(error));
    }
  }
}

/** True for a server's verdict on a document, and for a document that cannot be put into MongoDB's format at all. */
const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  return error.name.startsWith('BSON') || ('code' in error && refusals.has(error.code));
};

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
