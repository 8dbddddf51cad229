// Entry of a worker thread: connects its port to the load it drives. Nothing else is here, so that the load can be tested
// without a thread.

import { parentPort, workerData } from 'node:worker_threads';
import { takePrecedence } from './give-way.ts';
import { LoadWorker } from './load-worker.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './protocol.ts';
import { warmUp } from './warm-up.ts';

const port = parentPort;
if (port) {
  takePrecedence();
  const spec: WorkerSpec = workerData;
  const worker = new LoadWorker(spec, (message: FromWorker) => {
    port.postMessage(message, message.type === 'interval' ? [message.interval.cells.buffer as ArrayBuffer] : []);
    if (message.type === 'done') port.close();
  });
  port.on('message', (message: ToWorker) => worker.receive(message));
  await warmUp();
  const ready: FromWorker = { type: 'ready' };
  port.postMessage(ready);
}
