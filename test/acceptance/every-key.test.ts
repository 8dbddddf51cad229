// Every key of the table does what its label says: pressed in a real pty, at three sizes, and read from the screen. What
// must be seen is test/helpers/key-expectations.ts.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectedKeys, figure, type KeyExpectation, openOn } from '../helpers/key-expectations.ts';
import { Robot, type RobotOptions } from '../helpers/robot.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const sizes = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const open = (args: readonly string[], options: RobotOptions): Robot => {
  const robot = new Robot(args, { ...options, env: { LOADTOP_HOME: folder } });
  onTestFinished(() => robot.stop());
  return robot;
};

const start = async (options: RobotOptions): Promise<Robot> => {
  const robot = open(['demo', '-q', '100'], options);
  await robot.see('RUNNING', 30_000);
  await robot.see((screen) => figure(screen, 'achieved') > 80, 10_000);
  await robot.see(/\d+ series/, 10_000);
  // Some keys are about requests that were not good.
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(robot.screen) ?? [];
  await fetch(`http://127.0.0.1:${port}/knobs`, { method: 'PUT', body: JSON.stringify({ fault503: 0.05 }) });
  await robot.see(/503\D+[1-9]/, 10_000);
  return robot;
};

const walk = async (robot: Robot, shown: string, { steps }: KeyExpectation): Promise<void> => {
  for (const [keys, seen] of steps) {
    const before = robot.screen;
    robot.press(keys);
    try {
      await robot.see(typeof seen === 'function' ? (screen) => seen(screen, before) : seen, 4000);
    } catch (error) {
      throw new Error(`${shown}: after ${JSON.stringify(keys)}: ${error instanceof Error ? error.message : error}`);
    }
  }
};

/** A run at 100/s with nothing open, whatever was pressed before. */
const tidy = async (robot: Robot): Promise<void> => {
  for (let open = openOn(robot.screen); open !== ''; open = openOn(robot.screen)) {
    robot.press('\u001b');
    // Escape and a key right after it would be Alt and that key.
    await robot.see((screen) => openOn(screen) !== open, 4000);
  }
  robot.press(':rate 100\r');
  await robot.see((screen) => figure(screen, 'wanted') === 100, 4000);
};

const rows = expectedKeys();

describe.each(sizes)('at %ix%i', (columns, rowCount) => {
  it('every key does what its label says', async () => {
    const robot = await start({ columns, rows: rowCount });
    for (const [shown, row] of rows) {
      if (row.own !== undefined) continue;
      await tidy(robot);
      await walk(robot, shown, row);
    }
    expect(robot.lines).toHaveLength(rowCount);
    expect(robot.onAlternateScreen).toBe(true);
  });

  it.runIf(rows.some(([, { own }]) => own === 'armed'))('every key of the armed screen does so, in turn', async () => {
    const robot = open(['demo', '--armed', '-q', '100'], { columns, rows: rowCount });
    await robot.see('nothing is sent before Enter', 30_000);
    for (const [shown, row] of rows) if (row.own === 'armed') await walk(robot, shown, row);
  });

  it.each(rows.filter(([, { own }]) => own === 'ends'))('%s ends the run', async (shown, row) => {
    const robot = await start({ columns, rows: rowCount });
    await walk(robot, shown, row);
    expect([0, 96]).toContain(await robot.ended());
    expect(robot.printed).toMatch(/p99\.9/);
    expect(robot.onAlternateScreen).toBe(false);
  });

  it.each(rows.filter(([, { own }]) => own === 'comes back paused'))('%s comes back paused', async (shown, row) => {
    const line = `set -m; '${process.execPath}' '${cli}' demo -q 100; echo stopped; sleep 1; fg`;
    const robot = await start({ columns, rows: rowCount, shell: line });
    await walk(robot, shown, row);
    expect(robot.onAlternateScreen).toBe(false);
    await robot.see('PAUSED', 8000);
    robot.press('p');
    await robot.see('RUNNING');
    robot.press('qy');
    await robot.ended();
  });
});
