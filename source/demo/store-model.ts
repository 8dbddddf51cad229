// What inserts would do to a mongod: a model in a few formulas, for the demo's simulated one. It is fed with what really
// comes in; queue, latency, cache and lag follow from how near that is to its capacity. Nothing is stored.

/**
 * Documents a second that the model takes. A little above the demo's own capacity (2,000/s): at the demo's limit writes
 * queue, at the rate it starts with nothing does.
 */
const capacity = 2100;
/** The rate is smoothed over this long, s; queues and lag take a few seconds to build up, as real ones do. */
const rateSeconds = 1;
const queueSeconds = 3;
const stepSeconds = 0.25;
/** A longer silence changes no figure any more. */
const longestSeconds = 120;
const serviceMs = 0.9;
/** As small as WiredTiger's cache can be, so that half a minute of load shows in it. */
const cacheBytes = 256 * 1024 * 1024;
/** A document in the cache beside its own bytes: index entries and update structures. */
const overheadBytes = 600;
/** WiredTiger's own, of the cache: threads of its own evict above the first, the application's above the second. */
const dirtyTarget = 0.05;
const dirtyTrigger = 0.2;
const fillTarget = 0.8;
const restingFill = 0.42;
/** A mongod writes one a minute; here three, so that a short run sees the cache drain. */
const checkpointPeriod = 20;
const checkpointSeconds = 2;

/** Counters that only grow, and the state, at an instant. */
export interface StoreFigures {
  readonly seconds: number;
  readonly documents: number;
  readonly batches: number;
  /** 0-0.99 of the capacity. */
  readonly load: number;
  /** Writes that wait for a ticket. */
  readonly queue: number;
  readonly writeMs: number;
  readonly writeMicros: number;
  readonly queued: number;
  readonly queuedMicros: number;
  readonly cacheBytes: number;
  readonly heldBytes: number;
  readonly dirtyBytes: number;
  readonly appEvictions: number;
  readonly checkpointMs: number;
  /** Since when a checkpoint has been running, s; undefined between two. */
  readonly checkpointFor: number | undefined;
  /** How far the simulated secondary is behind, s. */
  readonly lagSeconds: number;
}

export class StoreModel {
  readonly #now: () => number;
  readonly #startedAt: number;
  #seconds = 0;
  #documents = 0;
  #batches = 0;
  #fresh = { documents: 0, bytes: 0 };
  #rate = 0;
  #queue = 0;
  #lag = 0;
  #writeMicros = 0;
  #queued = 0;
  #queuedMicros = 0;
  #held = cacheBytes * restingFill;
  #dirty = 0;
  #appEvictions = 0;
  #checkpointMs = 140;

  /** @param now a clock in ms that never goes back */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** A batch of documents that came in, and its bytes on the wire. */
  insert(documents: number, bytes: number): void {
    this.#documents += documents;
    this.#batches += 1;
    this.#fresh.documents += documents;
    this.#fresh.bytes += bytes;
    const wait = this.#writeMs - serviceMs;
    this.#writeMicros += this.#writeMs * 1000;
    if (this.#load < 0.5) return;
    this.#queued += this.#load;
    this.#queuedMicros += this.#load * wait * 1000;
  }

  figures(): StoreFigures {
    this.#advance();
    const phase = this.#seconds % checkpointPeriod;
    const inCheckpoint = this.#seconds > checkpointPeriod && phase < checkpointSeconds;
    return {
      seconds: this.#seconds,
      documents: this.#documents,
      batches: this.#batches,
      load: this.#load,
      queue: Math.floor(this.#queue),
      writeMs: this.#writeMs,
      writeMicros: Math.floor(this.#writeMicros),
      queued: Math.floor(this.#queued),
      queuedMicros: Math.floor(this.#queuedMicros),
      cacheBytes,
      heldBytes: Math.floor(this.#held),
      dirtyBytes: Math.floor(this.#dirty),
      appEvictions: Math.floor(this.#appEvictions),
      checkpointMs: Math.round(this.#checkpointMs),
      checkpointFor: inCheckpoint ? phase : undefined,
      lagSeconds: this.#lag,
    };
  }

  get #load(): number {
    return Math.min(0.99, this.#rate / capacity);
  }

  get #writeMs(): number {
    return serviceMs / (1 - this.#load);
  }

  /** Brings the model up to now, in steps small enough for its formulas. */
  #advance(): void {
    const behind = (this.#now() - this.#startedAt) / 1000 - this.#seconds;
    if (behind < stepSeconds) return;
    const span = Math.min(behind, longestSeconds);
    this.#seconds += behind - span;
    const steps = Math.ceil(span / stepSeconds);
    const each = { documents: this.#fresh.documents / steps, bytes: this.#fresh.bytes / steps };
    this.#fresh = { documents: 0, bytes: 0 };
    for (let step = 0; step < steps; step += 1) this.#step(span / steps, each);
  }

  #step(seconds: number, { documents, bytes }: { readonly documents: number; readonly bytes: number }): void {
    const nearer = (span: number): number => 1 - Math.exp(-seconds / span);
    this.#rate += (documents / seconds - this.#rate) * nearer(rateSeconds);
    const load = this.#load;
    // The mean queue of a single server with random arrivals.
    this.#queue += ((load * load) / (1 - load) - this.#queue) * nearer(queueSeconds);
    this.#lag += (0.3 + Math.max(0, load - 0.8) * 15 - this.#lag) * nearer(queueSeconds);
    const grown = bytes + documents * overheadBytes;
    this.#held += grown;
    this.#dirty += grown;
    this.#evict(seconds);
    this.#checkpoint(seconds);
  }

  #evict(seconds: number): void {
    const excess = this.#dirty / cacheBytes - dirtyTarget;
    if (excess > 0) this.#dirty -= cacheBytes * excess * 0.15 * seconds;
    if (this.#dirty > cacheBytes * dirtyTrigger) this.#appEvictions += 200 * seconds;
    const full = this.#held / cacheBytes - fillTarget;
    if (full > 0) this.#held -= cacheBytes * full * 0.5 * seconds;
    // What nobody asks for any more leaves slowly.
    this.#held -= Math.max(0, this.#held - cacheBytes * restingFill) * 0.002 * seconds;
  }

  #checkpoint(seconds: number): void {
    const before = this.#seconds % checkpointPeriod;
    this.#seconds += seconds;
    const phase = this.#seconds % checkpointPeriod;
    if (phase < before) this.#checkpointMs = 140 + (this.#dirty / cacheBytes) * 16_000;
    const drains = this.#seconds > checkpointPeriod && phase < checkpointSeconds;
    if (drains) this.#dirty -= this.#dirty * (1 - Math.exp(-seconds * 2));
  }
}
