// What the demo target does wrong on request, each fault seen from outside, and how its process starts and ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type DemoTarget,
  demoTargetEntry,
  postEvents,
  runDemoTarget,
  seriesValue,
  someEvents,
  startDemoTarget,
} from '../helpers/demo-target.ts';

const running: DemoTarget[] = [];

const start = async (...flags: string[]): Promise<DemoTarget> => {
  const target = await startDemoTarget(flags);
  running.push(target);
  return target;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An orphan that has ended stays visible until init looks after it, which takes its time in some containers.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !readFileSync(stat, 'utf8').includes(') Z ');
};

describe('faults', () => {
  it.each([
    ['fault503', 503],
    ['fault524', 524],
  ])('%s answers its share of the event requests, and no other, with %i', async (knob, status) => {
    const target = await start('--service-ms', '0');
    await target.knobs({ [knob]: 0.5 });
    const answers = await Promise.all(someEvents(200).map((event) => postEvents(target, event)));
    const failed = answers.filter((answer) => answer.status === status).length;
    // 200 draws at one half: outside of 60 to 140 once in 10^8 runs.
    expect(failed).toBeGreaterThan(60);
    expect(failed).toBeLessThan(140);
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(200 - failed);
    expect(await target.health()).toMatchObject({ status: 'ok' });
    await expect.poll(async () => seriesValue(await target.metrics(), 'events_flushed_total')).toBe(200 - failed);
  });

  it('faultReset resets the connection', async () => {
    const target = await start('--fault-reset', '1');
    const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
      const out = request(`${target.origin}/events`, { method: 'POST', agent: false }, () =>
        reject(new Error('answered')),
      );
      out.once('error', resolve);
      out.end('{}');
    });
    expect(error.code).toBe('ECONNRESET');
    expect(await target.health()).toMatchObject({ status: 'ok' });
    expect(seriesValue(await target.metrics(), 'buffer_size')).toBe(0);
  });

  it('a stall holds every answer, and lets them go in order', async () => {
    const target = await start('--service-ms', '1');
    await postEvents(target, {});
    const before = performance.now();
    await target.knobs({ stallMs: 600 });
    const order: string[] = [];
    const waiting: Promise<unknown>[] = [];
    for (let n = 0; n < 8; n += 1) {
      // One at a time: each is at the target before the next one leaves.
      const answer = n === 3 ? target.health() : postEvents(target, { n });
      waiting.push(answer.then(() => order.push(`${n}`)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(order).toEqual([]);
    await Promise.all(waiting);
    expect(performance.now() - before).toBeGreaterThanOrEqual(590);
    expect(order).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect((await postEvents(target, {})).status).toBe(202);
  });

  it('a stall can be cut short, for the knobs are still there', async () => {
    const target = await start();
    await target.knobs({ stallMs: 600_000 });
    const answer = postEvents(target, {});
    const knobs = (await (await fetch(`${target.origin}/knobs`)).json()) as { stallMs: number };
    expect(knobs.stallMs).toBeGreaterThan(500_000);
    await target.knobs({ stallMs: 0 });
    expect((await answer).status).toBe(202);
  });

  it('listenOffMs drops connections, refuses new ones, and comes back on the same port', async () => {
    const target = await start();
    const port = Number(new URL(target.origin).port);
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const dropped = once(idle, 'close');
    await target.knobs({ listenOffMs: 400 });
    await dropped;
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      connect(port, '127.0.0.1').once('error', resolve);
    });
    expect(error.code).toBe('ECONNREFUSED');
    const health = (): Promise<unknown> => target.health().catch(() => 'no answer');
    await expect.poll(health, { timeout: 5000 }).toMatchObject({ status: 'ok' });
    // What was in memory is still there: the process did not restart.
    await expect
      .poll(async () =>
        seriesValue(await target.metrics(), 'http_requests_total{route="/knobs",method="PUT",status="200"}'),
      )
      .toBe(1);
  });

  it('listen false stops listening for good, and the process still ends on a signal', async () => {
    const target = await start();
    await target.knobs({ listen: false });
    await expect
      .poll(() =>
        target
          .health()
          .then(() => 'answers')
          .catch(() => 'silent'),
      )
      .toBe('silent');
    expect(isAlive(target.pid)).toBe(true);
    expect(await target.stop()).toBe(0);
  });
});

describe('the process', () => {
  it('ends with 2 and one line at a wrong flag', async () => {
    expect(await runDemoTarget(['--capacity', 'many'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'demo target: --capacity must be a number from 0 to 1000000000, not "many"\n',
    });
  });

  it('ends with 2 and says what to do when there is no mongod to start', async () => {
    const { code, stderr } = await runDemoTarget(['--mongo', 'auto'], { ...process.env, PATH: '/nowhere' });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^demo target: .*install MongoDB, or name a server with --mongo URI, or leave the flag out\n$/,
    );
  });

  it('ends with 1 and one line when the port is taken', async () => {
    const target = await start();
    const { code, stdout, stderr } = await runDemoTarget(['--port', new URL(target.origin).port]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^demo target: .*EADDRINUSE.*\n$/);
  });

  it('answers what it has, then ends with 0 on SIGTERM', async () => {
    const target = await start('--service-ms', '300');
    const answer = postEvents(target, {});
    await expect.poll(async () => seriesValue(await target.metrics(), 'buffer_capacity')).toBeTypeOf('number');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const code = target.stop();
    expect((await answer).status).toBe(202);
    expect(await code).toBe(0);
  });

  it('ends with its parent, even where that is killed', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, [process.argv[1], '--exit-with-parent'], { stdio: ['pipe', 'pipe', 'ignore'] });
      child.stdout.pipe(process.stdout);
    `;
    const parent = spawn(process.execPath, ['-e', script, demoTargetEntry], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const { pid } = JSON.parse(line) as { pid: number };
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  });
});
