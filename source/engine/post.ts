// A place for a worker: its share of the load, its books, and the thread that has it now. Who is hired, and what becomes of
// the share of one that died, is thread-engine.ts.

import { Worker } from 'node:worker_threads';
import { errorMessage, UserError } from '../common/errors.ts';
import { Secrets } from '../common/secrets.ts';
import type { Share } from '../load/share.ts';
import { Ledger } from './ledger.ts';
import { type Action, progressBytes } from './load-model.ts';
import { tellPrinted } from './printed-lines.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './protocol.ts';

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** What a worker tells once it is ready. */
export type Report = Exclude<FromWorker, { type: 'ready' | 'refused' }>;

export interface PostListener {
  reported(post: Post, report: Report): void;
  /** The thread ended, by itself or because it was told to. @param wasReady it had begun its work */
  gone(post: Post, reason: string, wasReady: boolean): void;
}

export class Post {
  readonly index: number;
  /** Its part of the load; undefined: none yet, or none any more. */
  share: Share | undefined;
  readonly ledger = new Ledger();
  /** Nothing is in flight any more after a stop. */
  done = false;
  /** Leaves when nothing is in flight after this instant (run clock, ms). */
  leavesAt: number | undefined;
  toldImbalance = false;
  /** Revision of the plan that the worker follows. */
  revision: number;
  readonly #listener: PostListener;
  readonly #progress = new SharedArrayBuffer(progressBytes);
  #worker: Worker | undefined;

  constructor(index: number, share: Share | undefined, revision: number, listener: PostListener) {
    this.index = index;
    this.share = share;
    this.revision = revision;
    this.#listener = listener;
  }

  /** A thread has it. */
  get isStaffed(): boolean {
    return this.#worker !== undefined;
  }

  /** How far the workers of this place have come, as they wrote it down. */
  get progress(): { readonly next: number; readonly taken: number } {
    const [next = 0, taken = 0] = new Float64Array(this.#progress);
    return { next, taken };
  }

  /** Starts a thread; resolves when it is ready, rejects when it dies before, or refuses. */
  hire(spec: Omit<WorkerSpec, 'index' | 'share' | 'progress'>): Promise<void> {
    const workerData: WorkerSpec = { ...spec, index: this.index, share: this.share, progress: this.#progress };
    const secrets = new Secrets(spec.secrets ?? []);
    const hasCode = spec.code !== undefined;
    const name = `load ${this.index + 1}`;
    const worker = new Worker(workerUrl, { workerData, name, stdout: hasCode, stderr: hasCode });
    this.#worker = worker;
    for (const stream of hasCode ? [worker.stdout, worker.stderr] : []) {
      tellPrinted(stream, secrets, (text) => this.#listener.reported(this, { type: 'note', text }));
    }
    return new Promise((resolve, reject) => {
      let reason = 'it ended';
      let ready = false;
      worker.on('error', (error) => {
        reason = errorMessage(error);
      });
      worker.on('exit', () => {
        reject(new Error(`a load worker could not start: ${reason}`));
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        this.#listener.gone(this, reason, ready);
      });
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'refused') {
          reject(new UserError(message.text, message.hint === undefined ? {} : { hint: message.hint }));
        } else if (message.type !== 'ready') this.#listener.reported(this, message);
        else {
          ready = true;
          resolve();
        }
      });
    });
  }

  send(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  act(action: Action): void {
    this.send({ type: 'action', action });
  }

  /** Ends the thread, whatever it is doing. */
  async dismiss(): Promise<void> {
    await this.#worker?.terminate();
  }
}
