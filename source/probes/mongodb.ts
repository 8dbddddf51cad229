// Asks a MongoDB server for its serverStatus once a second, over two sockets: one command, one monitor. The driver is
// loaded with the first look. What the documents mean is server-status.ts.

import type { Document, MongoClient } from 'mongodb';
import { monotonicNow } from '../common/clock.ts';
import { errorMessage } from '../common/errors.ts';
import { maskPassword, safeText } from '../common/safe-text.ts';
import { type Probe, ProbeError, type ProbeResult } from './probe.ts';
import { needsCommands, readServerStatus, type StatusDocument, serverTitle } from './server-status.ts';
import { text } from './status-document.ts';

export interface MongoOptions {
  readonly id: string;
  /** `mongodb://` or `mongodb+srv://`; may hold a password, which is never shown. */
  readonly uri: string;
}

interface Look {
  readonly document: StatusDocument;
  readonly at: number;
}

const createUser =
  'on the server: db.getSiblingDB("admin").createUser({user: "loadtop", pwd: passwordPrompt(), roles: [{role: "clusterMonitor", db: "admin"}]})';

/** Sections that cost the server or the wire and that no row is made of. */
const leftOut = { locks: 0, transportSecurity: 0, tcmalloc: 0 };
const metricsLeftOut = { commands: 0, operatorCounters: 0, aggStageCounters: 0, query: 0 };

export class MongoProbe implements Probe {
  readonly id: string;
  readonly kind = 'mongodb';
  readonly target: string;
  readonly #uri: string;
  #client: MongoClient | undefined;
  #closed = false;
  #before: Look | undefined;
  #wantCommands = false;

  constructor({ id, uri }: MongoOptions) {
    this.id = id;
    this.#uri = uri;
    this.target = mongoHosts(uri);
  }

  async read(signal: AbortSignal): Promise<ProbeResult> {
    try {
      const client = await this.#connect();
      const command = { serverStatus: 1, ...leftOut, metrics: this.#wantCommands ? 1 : metricsLeftOut };
      // A command does not inherit the client's read preference; this one reaches a secondary too.
      const document: Document = await client.db('admin').command(command, {
        signal,
        readPreference: 'primaryPreferred',
      });
      return this.#result({ document, at: monotonicNow() });
    } catch (error) {
      if (error instanceof ProbeError) throw error;
      if (signal.aborted) throw new ProbeError('no answer in time');
      throw this.#explain(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.close();
  }

  async #connect(): Promise<MongoClient> {
    if (this.#client) return this.#client;
    const driver = await import('mongodb');
    if (this.#closed) throw new ProbeError('closed');
    this.#client ??= new driver.MongoClient(this.#uri, {
      appName: 'loadtop',
      maxPoolSize: 1,
      minPoolSize: 0,
      maxConnecting: 1,
      // Shorter than the sampler waits, so that what the driver found out is told, not that nothing was.
      serverSelectionTimeoutMS: 1200,
      connectTimeoutMS: 1200,
      // The default, 'auto', opens a third socket for its round-trip times.
      serverMonitoringMode: 'poll',
      heartbeatFrequencyMS: 10_000,
      retryReads: false,
      retryWrites: false,
      ...(isSingleHost(this.#uri) ? { directConnection: true } : {}),
    });
    return this.#client;
  }

  #result(look: Look): ProbeResult {
    const { document } = look;
    // After a failover the counters are another server's.
    const same = this.#before && text(this.#before.document, 'host') === text(document, 'host');
    const before = same ? this.#before : undefined;
    const values = readServerStatus(document, before?.document, before ? look.at - before.at : 0);
    this.#before = look;
    this.#wantCommands = needsCommands(document);
    return { values, title: serverTitle(document) };
  }

  #explain(error: unknown): ProbeError {
    const name = error instanceof Error ? error.name : '';
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    const said = safeText(withoutPassword(errorMessage(error), this.#uri), 160);
    if (code === 13) return new ProbeError('this user may not run serverStatus (Unauthorized)', createUser);
    if (code === 18)
      return new ProbeError('the server refused user name or password', 'check the URI given with --mongo');
    if (name === 'MongoServerSelectionError') {
      if (/wire version/.test(said)) return new ProbeError(`the server is too old for the driver: ${said}`);
      return new ProbeError(`no MongoDB server answers at ${this.target} (${said})`);
    }
    if (/^Mongo(Parse|InvalidArgument|API|MissingCredentials)/.test(name)) {
      return new ProbeError(`the MongoDB URI cannot be used: ${said}`, 'such as --mongo mongodb://localhost:27017');
    }
    return new ProbeError(`serverStatus failed: ${said}`);
  }
}

/** The hosts of a connection string: no user, no password, no options. */
export const mongoHosts = (uri: string): string => {
  const rest = uri.replace(/^[a-z+]+:\/\//i, '').replace(/\?.*$/s, '');
  // A password that was not percent-encoded may hold any character: only what follows the last @ is no secret.
  const hosts = rest.slice(rest.lastIndexOf('@') + 1).replace(/\/.*$/s, '');
  return hosts.split(',').every((host) => /^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host)) ? hosts : 'mongodb';
};

/** Whether to speak to the one host that is named, and not to the replica set that it may be part of. */
const isSingleHost = (uri: string): boolean =>
  /^mongodb:\/\//i.test(uri) &&
  !mongoHosts(uri).includes(',') &&
  !/[?&](directConnection|loadBalanced|srvServiceName)=/i.test(uri);

const withoutPassword = (message: string, uri: string): string => {
  const password = /:\/\/[^:/?#]*:(.*)@/s.exec(uri)?.[1];
  let clean = maskPassword(message);
  if (!password) return clean;
  for (const form of [password, decoded(password)]) clean = clean.replaceAll(form, '***');
  return clean;
};

const decoded = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
};
