// The listening socket of the service: opened, closed with every connection, and opened again on the same port.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Between two tries to get the port back, in ms. */
const retryMs = 200;
// More than a load generator opens at once; the system cuts it to its own limit (somaxconn).
const backlog = 4096;

export class Listener {
  readonly #server: Server;
  readonly #log: (line: string) => void;
  #host = '';
  #port = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(server: Server, log: (line: string) => void) {
    this.#server = server;
    this.#log = log;
    // Such as running out of descriptors on accept; errors of listen() are their caller's.
    server.on('error', (error) => {
      if (server.listening) log(error.message);
    });
  }

  /** True once it takes no new connections for good: answers should then ask for theirs to be closed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Listens; resolves with the origin. Rejects with the system's error. */
  async open(host: string, port: number): Promise<string> {
    this.#host = host;
    this.#port = port;
    await this.#listen();
    // Port 0 was a question; the answer is kept, so that a second opening gets the same port.
    const { port: given } = this.#server.address() as AddressInfo;
    this.#port = given;
    return `http://${host.includes(':') ? `[${host}]` : host}:${given}`;
  }

  /** Refuses new connections: for `ms`, or for good where that is undefined. */
  off(ms: number | undefined): void {
    clearTimeout(this.#timer);
    this.#server.close();
    if (ms !== undefined) this.#timer = setTimeout(() => void this.#again(), ms);
  }

  /** Drops the connections that exist. */
  drop(): void {
    this.#server.closeAllConnections();
  }

  /** Takes no new connections; waits up to `ms` for the answers that are due, then drops what is left. */
  async end(ms: number): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#server.closeAllConnections(), ms);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  async #again(): Promise<void> {
    try {
      await this.#listen();
      if (this.#ended) this.#server.close();
    } catch (error) {
      this.#log(`cannot listen again: ${error instanceof Error ? error.message : String(error)}`);
      if (!this.#ended) this.#timer = setTimeout(() => void this.#again(), retryMs);
    }
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: this.#host, port: this.#port, backlog }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }
}
