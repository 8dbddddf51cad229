// Asks a MongoDB server for its serverStatus once a second, and beside it, every five, for its replica set's state and the
// operations that run. Two sockets: one for commands, one monitor. The driver is loaded with the first look. What the
// documents mean is server-status.ts, replica-set.ts and running-operations.ts.

import type { Document, MongoClient, MongoClientOptions } from 'mongodb';
import { monotonicNow, SystemClock } from '../common/clock.ts';
import { isSingleHost, mongoHosts } from './mongo-address.ts';
import { codeOf, explainFailure, explainRefusal } from './mongo-failure.ts';
import { type Notice, type Probe, ProbeError, type ProbeResult, type ProbeTable } from './probe.ts';
import { lagRow, membersTable, replicationNotices, replicationRows } from './replica-set.ts';
import { currentOperation, operationsTable, operationsTitle, slowRow, slowRows } from './running-operations.ts';
import type { Look } from './server-growth.ts';
import { identityNotices, isMongos, isSameServer } from './server-identity.ts';
import { lookAt, needsCommands, type RowsBeside, readServerStatus, serverTitle } from './server-status.ts';
import { statusTables } from './server-tables.ts';
import { SideLook } from './side-look.ts';
import type { StatusDocument } from './status-document.ts';
import type { Row } from './status-row.ts';

export interface MongoOptions {
  readonly id: string;
  /** `mongodb://` or `mongodb+srv://`; may hold a password, which is never shown. */
  readonly uri: string;
}

const appName = 'loadtop';

/** Sections that cost the server or the wire and that no row is made of. */
const leftOut = { locks: 0, transportSecurity: 0, tcmalloc: 0 };
const metricsLeftOut = { commands: 0, operatorCounters: 0, aggStageCounters: 0, query: 0 };

/** How long saying goodbye to the server may take, ms. */
const closeLimitMs = 300;

const noReplication = 76;

export class MongoProbe implements Probe {
  readonly id: string;
  readonly kind = 'mongodb';
  readonly target: string;
  readonly #uri: string;
  readonly #replication: SideLook;
  readonly #operations: SideLook;
  #client: MongoClient | undefined;
  /** It has given an answer, if only a refusal. */
  #reached = false;
  #closed = false;
  #newest: { readonly look: Look; readonly at: number } | undefined;
  #wantCommands = false;

  constructor({ id, uri }: MongoOptions) {
    this.id = id;
    this.#uri = uri;
    this.target = mongoHosts(uri);
    this.#replication = new SideLook({
      ask: (signal) => this.#run({ replSetGetStatus: 1 }, signal),
      explain: (error) =>
        codeOf(error) === noReplication ? 'does not apply' : explainRefusal(error, 'replSetGetStatus', uri),
    });
    this.#operations = new SideLook({
      ask: (signal) => this.#run(currentOperation(appName), signal),
      explain: (error) => explainRefusal(error, '$currentOp', uri),
    });
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    try {
      const metrics = this.#wantCommands ? 1 : metricsLeftOut;
      const document = await this.#run({ serverStatus: 1, ...leftOut, metrics }, signal);
      const result = this.#result(document, monotonicNow());
      void this.#lookAside(document);
      return result;
    } catch (error) {
      if (error instanceof ProbeError) throw error;
      await this.#forgetVainClient(error);
      if (signal.aborted) throw new ProbeError('no answer in time');
      throw explainFailure(error, this.#uri);
    }
  }

  tables(): readonly ProbeTable[] {
    if (!this.#newest) return [];
    const operations = this.#operations.document;
    const members = this.#replication.document;
    const note = this.#operations.reason ?? 'not asked yet';
    return [
      operations ? operationsTable(operations) : { title: operationsTitle, columns: [], rows: [], note },
      ...(members ? [membersTable(members)] : []),
      ...statusTables(this.#newest.look),
    ];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#replication.close();
    this.#operations.close();
    const closing = this.#client?.close().catch(() => {});
    // A server that does not answer any more does not hear a goodbye either.
    let cancel = (): void => {};
    const limit = new Promise<void>((resolve) => {
      cancel = new SystemClock().after(closeLimitMs, resolve);
    });
    await Promise.race([closing, limit]);
    cancel();
  }

  async #run(command: Document, signal: AbortSignal): Promise<StatusDocument> {
    const client = await this.#connect();
    // A command does not inherit the client's read preference; this one reaches a secondary too.
    const document = await client.db('admin').command(command, { signal, readPreference: 'primaryPreferred' });
    this.#reached = true;
    return document;
  }

  /**
   * A driver's client that found no server at its first try never looks again, nor does one whose first try ended, late and
   * in vain, after a second one had found it: the next look gets another client.
   */
  async #forgetVainClient(error: unknown): Promise<void> {
    this.#reached ||= typeof codeOf(error) === 'number';
    const name = error instanceof Error ? error.name : '';
    const closed = name === 'MongoTopologyClosedError';
    if (!closed && (this.#reached || name !== 'MongoServerSelectionError')) return;
    const vain = this.#client;
    this.#client = undefined;
    await vain?.close().catch(() => {});
  }

  async #connect(): Promise<MongoClient> {
    if (this.#client) return this.#client;
    const driver = await import('mongodb');
    if (this.#closed) throw new ProbeError('closed');
    this.#client ??= new driver.MongoClient(this.#uri, clientOptions(this.#uri));
    return this.#client;
  }

  /** Asks what is asked more seldom, one after the other: there is one socket for all of it. */
  async #lookAside(document: StatusDocument): Promise<void> {
    if (!isMongos(document)) await this.#replication.turn();
    await this.#operations.turn();
  }

  #result(document: StatusDocument, at: number): ProbeResult {
    const last = this.#newest;
    const old = last?.look.now;
    // After a failover the counters are another server's.
    const before = old && isSameServer(old, document) ? old : undefined;
    const look = lookAt(document, before, before && last ? at - last.at : 0);
    if (old && (!before || look.restarted)) {
      this.#replication.reset();
      this.#operations.reset();
    }
    this.#newest = { look, at };
    this.#wantCommands = needsCommands(document);
    const change = this.#replication.takeChange();
    const notices: Notice[] = [
      ...identityNotices(old, document),
      ...(change ? replicationNotices(change.before, change.now) : []),
    ];
    const values = readServerStatus(look, this.#beside());
    return { values, title: serverTitle(document), ...(notices.length > 0 && { notices }) };
  }

  /** The rows of the questions beside: nothing before their first answers, and none of a set where there is no set. */
  #beside(): RowsBeside {
    const main: Row[] = [];
    const others: Row[] = [];
    const [status, refused] = [this.#replication.document, this.#replication.reason];
    if (status) {
      const { lag, down } = replicationRows(status);
      main.push(lag);
      (down.value === 0 ? others : main).push(down);
    } else if (refused !== undefined) {
      main.push(lagRow(refused));
    }
    const [running, untold] = [this.#operations.document, this.#operations.reason];
    if (running) {
      const { count, longest } = slowRows(running);
      if (longest) main.push(count, longest);
      else others.push(count);
    } else if (untold !== undefined) {
      others.push(slowRow(untold));
    }
    return { main, others };
  }
}

const clientOptions = (uri: string): MongoClientOptions => ({
  appName,
  maxPoolSize: 1,
  minPoolSize: 0,
  maxConnecting: 1,
  // Shorter than the sampler waits, so that what the driver found out is told, not that nothing was.
  serverSelectionTimeoutMS: 1200,
  connectTimeoutMS: 1200,
  // Looks have limits of their own; this one is for the goodbye at the end.
  socketTimeoutMS: 5000,
  // The default, 'auto', opens a third socket for its round-trip times.
  serverMonitoringMode: 'poll',
  heartbeatFrequencyMS: 10_000,
  retryReads: false,
  retryWrites: false,
  ...(isSingleHost(uri) ? { directConnection: true } : {}),
});
