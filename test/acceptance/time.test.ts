// Windows, the frozen view and the command line as a person uses them: the built program in a real pty.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { startLogServer } from '../helpers/log-server.ts';
import { Robot, type RobotOptions } from '../helpers/robot.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-time-'));
const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = async (args: readonly string[], options: RobotOptions = {}): Promise<Robot> => {
  const server = await startLogServer({});
  cleanUps.push(() => server.stop());
  const robot = new Robot([`http://127.0.0.1:${server.port}/`, '--no-probe', ...args], {
    ...options,
    env: { LOADTOP_HOME: folder, ...options.env },
  });
  cleanUps.push(() => robot.stop());
  // A machine that does other things takes its time to load the program.
  await robot.see('RUNNING', 20_000);
  return robot;
};

const [right, left, home, end] = ['\u001b[C', '\u001b[D', '\u001b[H', '\u001b[F'];

it('stands still while the run goes on and is steered, goes through its seconds, and comes back', async () => {
  const at = await started(['-q', '100', '--fps', '10'], { columns: 100, rows: 30 });
  await at.see(/RUNNING {2}0:(0[4-9]|[1-5]\d)/);
  at.press('f');
  const [, first] = /FROZEN at (0:\d\d)/.exec(await at.see(/FROZEN at 0:\d\d/))!;
  const cursor = Number(first!.slice(2));
  const clock = (second: number): string => `FROZEN at 0:${String(second).padStart(2, '0')}`;
  at.press(left! + left!);
  await at.see(clock(cursor - 2));
  expect(at.screen).toContain('┃');
  at.press('++');
  await at.see(/now.* 110\/s/);
  expect(at.lines[1]).toMatch(/^ wanted +100\/s/);
  at.press(right!);
  await at.see(clock(cursor - 1));
  at.press(home!);
  await at.see('FROZEN at 0:00');
  at.press(end!);
  await at.see(/the newest second|[12] s ago/);
  at.press('\u001b');
  await at.see(/RUNNING/);
  await at.see(/^ wanted 110\/s/m);
});

it('changes the window, says it, and completes, corrects and repeats what is typed', async () => {
  const at = await started(['-q', '100'], { columns: 80, rows: 24 });
  at.press(']]');
  await at.see('throughput /s · 5m');
  at.press('[[[');
  await at.see('throughput /s · 30s');
  at.press('[');
  await at.see('[: this is the shortest window');
  at.press(':ra');
  await at.see(/:ra▏ +rate ramp/);
  at.press('t\t');
  await at.see(/:rate ▏2\.5k/);
  at.press('fast\r');
  await at.see('expected a rate such as 500');
  at.press('\u007f'.repeat(4));
  at.press('120\r');
  await at.see(/^ wanted 120\/s/m);
  at.press(':90\r');
  await at.see(/^ wanted +90\/s/m);
  at.press(':\u001b[A\u001b[A\r');
  await at.see(/^ wanted 120\/s/m);
  at.press('?');
  await at.see(/keys and commands/);
  at.press(end!);
  await at.see(/sends +[\d.]+ (B|KiB)\/s in [\d.]+ frames\/s, --fps 4/);
});
