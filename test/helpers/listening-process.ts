// A process of its own that listens on loopback and does what it is told over its standard input, so that it can be told
// before its server is blocked: the target of tests that look at a process from outside. What it runs is
// listening-program.ts.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./listening-program.ts', import.meta.url));

const started: ListeningProcess[] = [];

/** Ends every process that was started here. */
export const endListeningProcesses = async (): Promise<void> => {
  await Promise.all(started.splice(0).map((each) => each.end()));
};

export class ListeningProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(port: number, child: ChildProcess, lines: AsyncIterator<string>) {
    this.port = port;
    this.#child = child;
    this.#lines = lines;
  }

  /** @param port 0 for a free one @param workers of a cluster; 0 for none */
  static async start({ port = 0, workers = 0, backlog = 511 } = {}): Promise<ListeningProcess> {
    const child = spawn(process.execPath, [program, ...[port, backlog, workers].map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
    const { value = '' } = await lines.next();
    const made = new ListeningProcess(Number(value.split(' ')[1]), child, lines);
    started.push(made);
    return made;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Gives an order without waiting for it. */
  tell(order: string): void {
    this.#child.stdin!.write(`${order}\n`);
  }

  /** Gives an order and waits until it is being carried out, or is done. Not of a cluster. */
  async order(order: string, until: 'begun' | 'done' = 'done'): Promise<void> {
    this.tell(order);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('it has ended');
      if (value === until) return;
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
