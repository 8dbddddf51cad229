// The demo target: a small event-ingestion service to point a load test at, a process of its own. This file reads the
// flags, puts the parts together and sees to it that nothing is left behind.

import { BoundedBuffer } from './buffer.ts';
import type { StoredEvent } from './event.ts';
import { type Flags, readFlags, UsageError, usage } from './flags.ts';
import { Flusher } from './flusher.ts';
import { MongoSink, withoutSecrets } from './mongo-sink.ts';
import { type Mongod, startMongod } from './mongod.ts';
import { nodeTooOld } from './node-version.ts';
import type { StoreState } from './routes/watch.ts';
import { Service } from './service.ts';

/** Time to bring the buffer into MongoDB at the end, in ms. */
const drainMs = 5000;

const log = (line: string): void => {
  process.stderr.write(`demo target: ${line.replaceAll(/\s+/g, ' ')}\n`);
};

/** Aborted by SIGTERM, SIGINT, and, where asked for, when the parent's end of stdin closes. */
const endSignal = (exitWithParent: boolean): AbortSignal => {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.on('SIGTERM', end).on('SIGINT', end);
  if (exitWithParent) process.stdin.on('end', end).on('close', end).on('error', end).resume();
  // Whoever read them may be gone already.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  return ending.signal;
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const openSink = async (uri: string): Promise<MongoSink> => {
  try {
    return await MongoSink.open(uri, log);
  } catch (error) {
    throw new UsageError(`--mongo cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const serve = async (flags: Flags, uri: string | undefined, end: AbortSignal): Promise<void> => {
  const { knobs, secrets } = flags;
  const sink = uri === undefined ? undefined : await openSink(uri);
  const store = (): StoreState => (sink ? (sink.connected ? 'connected' : 'disconnected') : 'not configured');
  const buffer = new BoundedBuffer<StoredEvent>(() => knobs.bufferSize);
  const flusher = new Flusher(buffer, sink, () => knobs.capacity);
  const service = new Service({ knobs, secrets, buffer, flusher, store, log });
  try {
    const listening = await service.listen(flags.host, flags.port);
    flusher.start();
    const mongo = uri === undefined ? null : withoutSecrets(uri);
    process.stdout.write(`${JSON.stringify({ listening, pid: process.pid, mongo })}\n`);
    await aborted(end);
    await service.close();
    // What nobody stores need not get there.
    const kept = flags.mongo !== 'simulated';
    await flusher.stop(kept ? drainMs : 0);
    if (sink && kept && buffer.size > 0) log(`${buffer.size} events could not be stored in time and are lost`);
  } finally {
    await sink?.close();
  }
};

/** The MongoDB that the flag asks this process to bring along, if it does. */
const startOwnStore = async (mongo: string | undefined, end: AbortSignal): Promise<Mongod | undefined> => {
  if (mongo === 'auto') return startMongod(end);
  if (mongo !== 'simulated') return undefined;
  // Loads the driver's BSON, which a target without MongoDB does not need.
  const { SimulatedMongod } = await import('./simulated-mongod.ts');
  return SimulatedMongod.start();
};

const main = async (): Promise<void> => {
  const tooOld = nodeTooOld(process.versions.node);
  if (tooOld !== undefined)
    throw new UsageError(`${tooOld} npm brings a current one along: npm exec -- node dist/demo/target.js`);
  const flags = readFlags(process.argv.slice(2), process.env);
  if (flags.help) {
    process.stderr.write(usage);
    return;
  }
  const end = endSignal(flags.exitWithParent);
  const own = await startOwnStore(flags.mongo, end);
  try {
    await serve(flags, own?.uri ?? flags.mongo, end);
  } finally {
    await own?.stop();
  }
};

try {
  await main();
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
} finally {
  // An open stdin would keep the process alive.
  process.stdin.destroy();
}
