// What the demo target says of itself on /metrics, in Prometheus text.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers that are kept elsewhere and read when somebody asks. */
export interface MetricSources {
  bufferSize(): number;
  bufferCapacity(): number;
  /** Events that are safe in their store. */
  flushed(): number;
  /** Events that were turned away for want of room. */
  rejected(): number;
  uploadsInFlight(): number;
  /** Of files that were uploaded. */
  uploadBytes(): number;
  /** Answers of the chat that are being written. */
  chatStreams(): number;
  documentSessions(): number;
}

export class DemoMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #duration: Histogram<'route'>;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'Requests answered.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the arrival of a request to its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#gauge('buffer_size', 'Events waiting for the flusher.', () => sources.bufferSize());
    this.#gauge('buffer_capacity', 'Events that the buffer holds.', () => sources.bufferCapacity());
    this.#counter('events_flushed_total', 'Events flushed and safe.', () => sources.flushed());
    this.#counter('events_rejected_total', 'Events turned away for want of room.', () => sources.rejected());
    this.#gauge('uploads_in_flight', 'Uploads that have no answer yet.', () => sources.uploadsInFlight());
    this.#counter('upload_bytes_total', 'Bytes of uploaded files.', () => sources.uploadBytes());
    this.#gauge('chat_streams', 'Answers of the chat being written.', () => sources.chatStreams());
    this.#gauge('document_sessions', 'Document sessions that are open.', () => sources.documentSessions());
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts an answer. `route` must be one of a few, never the path as it came: each value is a series. */
  answered(route: string, method: string, status: number, seconds: number): void {
    this.#requests.inc({ route, method, status });
    this.#duration.observe({ route }, seconds);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
