// A person plays with the demo and takes a picture: the built program in a real pty at 120x40, driven into overload by its
// keys, and what the terminal then shows. Takes about 40 s.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Robot } from '../helpers/robot.ts';

/** The 40 lines that the terminal shows once the demo's buffer is full. */
export const captureScreen = async (): Promise<string[]> => {
  const home = mkdtempSync(path.join(tmpdir(), 'loadtop-capture-'));
  const robot = new Robot(['demo'], { columns: 120, rows: 40, env: { LOADTOP_HOME: home } });
  try {
    await robot.see('RUNNING', 15_000);
    await sleep(12_000);
    for (let doubled = 0; doubled < 3; doubled += 1) {
      robot.press('>');
      await sleep(2000);
    }
    // Twice the capacity fills the buffer in ten seconds.
    await robot.see(/^ 429 \D*[1-9]/m, 30_000);
    await sleep(8000);
    return robot.lines;
  } finally {
    robot.press('\u0003\u0003');
    await robot.ended(10_000).catch(() => {});
    await robot.stop();
    rmSync(home, { recursive: true, force: true });
  }
};
