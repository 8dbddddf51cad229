// Stops itself within a callback of its loop, until somebody lets it go on, and prints how busy the loop was said to be.

import { setTimeout as sleep } from 'node:timers/promises';
import { LoopWatch } from '../../source/engine/loop-watch.ts';

const watch = new LoopWatch();
await sleep(300);
watch.read(false);
process.kill(process.pid, 'SIGSTOP');
process.stdout.write(`${watch.read(false).loopUtilisation}\n`);
watch.close();
