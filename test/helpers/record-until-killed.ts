// A process for the recording's test: records a second's event every 20 ms into the file it is given, until it is killed.
// It prints the number of the newest event that was taken 200 ms ago or earlier: what must be in the file by now.

import { writeSync } from 'node:fs';
import { monotonicNow, SystemClock } from '../../source/common/clock.ts';
import { Recording } from '../../source/outputs/recording.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { fixtureRun, fixtureSecond, fixtureSecondClosed } from './events.ts';

const recording = new Recording(process.argv[2]!);
await recording.open();
recording.take(fixtureRun()[0]!);
const body = fixtureSecondClosed(fixtureSecond(0));
const takenAt = [0];

for (let sequence = 1; ; sequence += 1) {
  const event: RunEvent = { sequence, at: sequence * 20, ...body };
  recording.take(event);
  takenAt.push(monotonicNow());
  await new SystemClock().sleep(20);
  const due = takenAt.findLastIndex((at) => at <= monotonicNow() - 200);
  // Synchronous, so that what is printed does not wait in this process when it is killed.
  writeSync(1, `${due}\n`);
}
