// The server in C, where there is a compiler, and the one that stands in for it, asked for real.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Logged, parseLog } from './arrival-server.ts';
import { findProgram } from './command.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-arrivals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (port: number, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', headers }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    });
    request.on('error', reject);
  });

const exchange = async (file: string, before: readonly string[], settings: readonly string[]): Promise<Logged[]> => {
  const log = path.join(folder, `log-${path.basename(file)}`);
  const server = spawn(file, [...before, ...settings, log], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = Number(String((await once(server.stdout, 'data'))[0]));
    expect(await Promise.all([get(port, { 'x-arrival': '7' }), get(port, { 'X-Arrival': '12' })])).toEqual([
      'ok',
      'ok',
    ]);
    // Nothing that looks like a number elsewhere is one.
    expect(await get(port, { cookie: 'x-arrival: 5' })).toBe('ok');
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    server.kill('SIGKILL');
  }
  return parseLog(readFileSync(log));
};

const judge = (logged: readonly Logged[], serviceMs: number): void => {
  const now = Number(process.hrtime.bigint()) / 1e6;
  expect(logged.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([-1, 7, 12]);
  for (const { came, ended } of logged) {
    expect(ended - came).toBeGreaterThanOrEqual(serviceMs - 1);
    expect(ended).toBeLessThan(now);
    expect(now - came).toBeLessThan(10_000);
  }
};

const compiler = findProgram('cc');

describe('the server that logs arrivals', () => {
  it.skipIf(compiler === undefined)('in C logs numbers and instants, and takes its time', async () => {
    const file = path.join(folder, 'arrival-server');
    const source = path.join(import.meta.dirname, 'arrival-server.c');
    const { status, stderr } = spawnSync(compiler!, ['-O2', '-Wall', '-Wextra', '-o', file, source]);
    expect([status, String(stderr)]).toEqual([0, '']);
    judge(await exchange(file, [], ['20000', '0', '0']), 20);
    judge(await exchange(file, [], ['0', '0', '0']), 0);
  });

  it.skipIf(compiler === undefined)('in C stands still at the end of each cycle', async () => {
    const file = path.join(folder, 'arrival-server');
    // From the first request on it stands still at once, for 300 ms.
    const logged = await exchange(file, [], ['0', '300', '300']);
    expect(Math.max(...logged.map(({ came }) => came)) - Math.min(...logged.map(({ came }) => came))).toBeGreaterThan(
      150,
    );
  });

  it('in Node does the same', async () => {
    judge(
      await exchange(
        process.execPath,
        [path.join(import.meta.dirname, 'arrival-server-process.ts')],
        ['20000', '0', '0'],
      ),
      20,
    );
  });
});
