// Hundreds of uploads of a large file to a target that hardly reads: the built program holds none of them. Of a file that is
// shared by all workers as well as of one that is read from disk.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { sleep } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const users = 500;

/** Reads a little of each connection every 100 ms. */
const slowReader = async (): Promise<{ readonly port: number; readonly open: () => number }> => {
  const server = net.createServer({ highWaterMark: 4096 }, (socket) => {
    socket.on('data', () => {
      socket.pause();
      setTimeout(() => socket.resume(), 100);
    });
  });
  return listen(server);
};

describe.runIf(process.platform === 'linux')('500 uploads in flight', () => {
  it.each([
    ['40 MB, shared', 40_000_000],
    ['100 MB, from disk', 100_000_000],
  ])('of a file of %s take less than 300 MB of memory', { timeout: 60_000 }, async (_, size) => {
    const { port, open } = await slowReader();
    const file = path.join(folder, 'large.bin');
    writeFileSync(file, 'x');
    truncateSync(file, size);
    const profile = path.join(folder, 'upload.yaml');
    const lines = [
      `target: http://127.0.0.1:${port}`,
      'timeout: 60s',
      `load: { users: ${users}, duration: 6s, grace: 1s }`,
      'steps: [{ post: /, file: large.bin }]',
    ];
    writeFileSync(profile, lines.join('\n'));
    const child = spawn(process.execPath, [cli, 'run', profile, '--no-tui', '--no-record', '--no-probe'], {
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let peak = 0;
    let most = 0;
    for (let look = 0; look < 60 && child.exitCode === null; look += 1) {
      await sleep(200);
      most = Math.max(most, open());
      try {
        const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        peak = Math.max(peak, Number(kilobytes) * 1024);
      } catch {
        // It has ended.
      }
    }
    expect(most).toBe(users);
    expect(peak).toBeGreaterThan(50_000_000);
    expect(peak).toBeLessThan(300_000_000);
  });
});
