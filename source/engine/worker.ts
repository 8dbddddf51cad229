// Entry of a worker thread: connects its port to the load it drives. Nothing else is here, so that the load can be tested
// without a thread.

import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../common/errors.ts';
import { takePrecedence } from './give-way.ts';
import { LoadWorker } from './load-worker.ts';
import { loadFunctions } from './profile-functions.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './protocol.ts';
import { warmUp } from './warm-up.ts';

const port = parentPort;
if (port) {
  takePrecedence();
  const spec: WorkerSpec = workerData;
  const tell = (message: FromWorker): void => {
    port.postMessage(message, message.type === 'interval' ? [message.interval.cells.buffer as ArrayBuffer] : []);
    if (message.type === 'done' || message.type === 'refused') port.close();
  };
  const functions = await loadFunctions(spec.code).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    tell({ type: 'refused', text: error.message, hint: error.hint });
  });
  if (functions) {
    const worker = new LoadWorker(spec, tell, functions);
    port.on('message', (message: ToWorker) => worker.receive(message));
    await warmUp();
    tell({ type: 'ready' });
  }
}
