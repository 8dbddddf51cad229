// A process that is stopped for half a minute and goes on, as a laptop does that was closed: nothing old is fired, what was
// missed is counted and marked, and the run goes on by itself. The program as it was built, the target in another process.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { sleep } from '../helpers/drive.ts';
import { type LogServer, startLogServer } from '../helpers/log-server.ts';

const program = path.resolve(import.meta.dirname, '../../dist/cli.js');
let server: LogServer | undefined;
let child: ChildProcess | undefined;
const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-suspension-'));
afterEach(async () => {
  child?.kill('SIGKILL');
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const stoppedMs = 30_000;

describe('a process that is stopped and goes on', () => {
  it('fires nothing old', async () => {
    server = await startLogServer();
    const out = path.join(folder, 'out.json');
    const url = `http://127.0.0.1:${server.port}/`;
    const flags = [
      '-q',
      '300',
      '-z',
      '40s',
      '-H',
      'x-arrival: {{arrival}}',
      '--no-tui',
      '--no-probe',
      '--no-record',
      '-o',
      out,
    ];
    child = spawn(process.execPath, [program, url, ...flags], { stdio: 'ignore' });
    const exited = new Promise<number | null>((resolve) => child!.once('exit', resolve));
    await expect.poll(async () => (await server!.log()).length, { timeout: 15_000 }).toBeGreaterThan(600);
    child.kill('SIGSTOP');
    const stoppedAt = monotonicNow();
    await sleep(stoppedMs);
    const wokenAt = monotonicNow();
    child.kill('SIGCONT');
    await exited;
    const came = (await server.log()).map(([n, , cameAt]) => ({ n, cameAt }));
    expect(came.filter(({ cameAt }) => cameAt > stoppedAt + 100 && cameAt < wokenAt)).toEqual([]);
    const after = came.filter(({ cameAt }) => cameAt >= wokenAt);
    // What was due in the last second before it woke is late by less than a second, and is sent; nothing older is.
    expect(after.filter(({ cameAt }) => cameAt < wokenAt + 1000).length).toBeLessThan(700);
    expect(after.length).toBeGreaterThan(300);
    expect(new Set(came.map(({ n }) => n)).size).toBe(came.length);
    const { iterations, balanced, generator } = JSON.parse(readFileSync(out, 'utf8'));
    expect(balanced).toBe(true);
    expect(iterations.due).toBe(12_000);
    expect(iterations.notSent).toBeGreaterThan(300 * 28);
    expect(iterations.good + iterations.notSent).toBe(12_000);
    expect(generator.bad.length).toBeGreaterThan(0);
  });
});
