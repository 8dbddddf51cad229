// The armed screen as a person uses it: fields filled in, runs started one after the other, left; in a real pty.

import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sleep } from '../helpers/drive.ts';
import { startLogServer } from '../helpers/log-server.ts';
import { Robot, type RobotOptions } from '../helpers/robot.ts';

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const setUp = async (args: readonly string[] = [], options: RobotOptions & { readonly target?: string } = {}) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-armed-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startLogServer();
  cleanUps.push(() => server.stop());
  const { target = `http://127.0.0.1:${server.port}/`, ...others } = options;
  const at = new Robot([target, '--armed', ...(args.includes('--check-health') ? [] : ['--no-probe']), ...args], {
    columns: 100,
    rows: 30,
    ...others,
    env: { LOADTOP_HOME: folder, ...options.env },
  });
  cleanUps.push(() => at.stop());
  await at.see('nothing is sent before Enter');
  const recordings = (): string[] => {
    const runs = path.join(folder, 'runs');
    return existsSync(runs) ? readdirSync(runs).map((name) => path.join(runs, name)) : [];
  };
  return { at, server, folder, recordings };
};

/** Judged like the planned end: fine, or not valid where this noisy machine itself was the limit. */
const judged = [0, 96];
const up = '\u001b[A';
const clear = '\u0015';

interface Recorded {
  readonly types: readonly string[];
  readonly head: { readonly run: { readonly model: string; readonly target: string } };
}

/** A recording that is whole: its head first, its end last, numbered without a gap. */
const readWhole = (file: string): Recorded => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const [head, ...events] = lines.map((line) => JSON.parse(line));
  expect(head.loadtop).toBe(1);
  return { head, types: events.map(({ type }) => type) };
};

const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;
const sockets = (pid: number): number =>
  readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:');
    } catch {
      // It was closed between the two looks.
      return false;
    }
  }).length;

describe('the armed screen', () => {
  it('starts a run, keeps its last picture, and starts another one from changed fields', async () => {
    const { at, server, recordings } = await setUp(['-q', '50', '-z', '2']);
    expect(at.screen).toMatch(/> rate +50/);
    expect(at.screen).toContain('50/s, whether the target answers or not (open model)');
    await sleep(600);
    expect(await server.log()).toEqual([]);
    expect(recordings()).toEqual([]);
    at.press('\r');
    await at.see('RUNNING');
    await at.see('the run has ended', 15_000);
    expect(at.onAlternateScreen).toBe(true);
    expect(at.screen).toContain('ENDED');
    expect((await server.log()).length).toBe(100);
    // The last picture can be looked at.
    at.press('\t\r');
    await at.see((screen) => /━ throughput/.test(screen) && !screen.includes('outcomes'));
    at.press('r');
    await at.see(/runs so far[\s\S]*run 1 {2}50\/s {2}2(\.\d)? s {2}100 requests/);
    // From the rate to the choice of the model: users, then how many and for how long.
    at.press(`${up} `);
    await at.see(/\(\*\) users/);
    at.press(`\t${clear}4\t2\t${clear}3`);
    await at.see(/4 users, 2 more each second/);
    at.press('\r');
    await at.see(/closed · .*RUNNING/);
    await at.see('the run has ended', 15_000);
    at.press('q');
    expect(judged).toContain(await at.ended());
    expect(at.onAlternateScreen).toBe(false);
    expect(at.printed).toMatch(/run 1 {2}50\/s {2}2(\.\d)? s {2}100 requests/);
    expect(at.printed).toMatch(/run 2 {2}4 users {2}3(\.\d)? s/);
    expect(at.printed.match(/p99\.9/g)).toHaveLength(1);
    const files = recordings().toSorted();
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(at.printed.replaceAll('\n', '')).toContain(file);
      expect(readWhole(file).types.at(-1)).toBe('run/closed');
    }
    expect(files.map((file) => readWhole(file).head.run.model)).toEqual(['open', 'closed']);
  });

  it('leaves nothing of a run behind: no thread, no socket', async () => {
    const { at } = await setUp(['-q', '200', '-z', '1', '-w', '2', '-c', '20']);
    const before = { threads: threads(at.pid), sockets: sockets(at.pid) };
    const after: { threads: number; sockets: number }[] = [];
    for (let run = 1; run <= 3; run += 1) {
      at.press('\r');
      await at.see('RUNNING');
      expect(threads(at.pid)).toBeGreaterThan(before.threads);
      await at.see('the run has ended', 15_000);
      at.press('r');
      await at.see(new RegExp(`run ${run} {2}200/s`));
      await sleep(500);
      after.push({ threads: threads(at.pid), sockets: sockets(at.pid) });
    }
    // Threads of the pool and of the compiler come with the first run and stay; what grows with each run is a leak.
    expect(after.map((each) => each.threads)).toEqual(after.map(() => after[0]!.threads));
    expect(after[0]!.threads - before.threads).toBeLessThanOrEqual(4);
    expect(after.map((each) => each.sockets)).toEqual(after.map(() => before.sockets));
    at.press('q');
    expect(judged).toContain(await at.ended());
  });

  it('says at the field what is wrong, and starts nothing', async () => {
    const { at, server, recordings } = await setUp(['-z', '1']);
    at.press('x');
    await at.see(/> rate +50x▏ +▲ expected a rate such as 500/);
    at.press('\r');
    await at.see(/mend what is marked/);
    at.press('\u001b');
    await at.see(/> rate +50▏/);
    at.press(`${up}${up}${clear}http://no-such-host.invalid/\r`);
    await at.see(/▲ .*no-such-host\.invalid/, 20_000);
    at.press(`${clear}http://127.0.0.1:${server.port}/\r`);
    await at.see('RUNNING');
    await at.see('the run has ended', 15_000);
    expect(recordings()).toHaveLength(1);
    at.press('q');
    expect(judged).toContain(await at.ended());
  });

  it('shows what of the whole does not fit together', async () => {
    const { at } = await setUp(['-u', '20']);
    at.press(`${up}${up}`);
    await at.see(/> target/);
    at.press(`${up}5`);
    await at.see(/> connections 5▏[\s\S]*found 5, expected at least 20: each user has one of its own/);
    at.press('\u0003');
    expect(await at.ended()).toBe(0);
  });

  it('says what stands in the way of a start, and leaves no file behind', async () => {
    const { at, server, recordings } = await setUp(['-z', '1', '-o', 'no-such-folder/out.json']);
    at.press('\r');
    await at.see(
      /▲ The summary cannot be written to 'no-such-folder\/out\.json'[\s\S]*Name a file in a folder that exists/,
    );
    expect(recordings()).toEqual([]);
    expect(await server.log()).toEqual([]);
    expect(threads(at.pid)).toBeLessThan(20);
    at.press('q');
    expect(await at.ended()).toBe(0);
  });

  it('asks before load goes outside, and takes every key but y for a no', async () => {
    const { at, recordings } = await setUp([], { target: 'http://192.0.2.1/' });
    for (const key of ['n', '\r', 'q']) {
      at.press('\r');
      await at.see(/192\.0\.2\.1 is neither this machine nor in a private[\s\S]*Send load to http:\/\/192\.0\.2\.1\?/);
      await at.see(/y sends load there/);
      at.press(key);
      await at.see(/Enter starts {2}Tab/);
    }
    expect(recordings()).toEqual([]);
    at.press('q');
    expect(await at.ended()).toBe(0);
  });

  it('is left at once while a run is being prepared', async () => {
    // It takes connections and answers nothing.
    const mute = net.createServer(() => {}).listen(0, '127.0.0.1');
    cleanUps.push(() => mute.close());
    await new Promise((resolve) => mute.once('listening', resolve));
    const { port } = mute.address() as AddressInfo;
    const { at, recordings } = await setUp(['--check-health'], { target: `http://127.0.0.1:${port}/` });
    const asked = new Promise<net.Socket>((resolve) => mute.once('connection', resolve));
    at.press('\r');
    const socket = await asked;
    const leftAt = Date.now();
    at.press('\u0003');
    expect(await at.ended()).toBe(0);
    socket.destroy();
    // It is waited for, for 2 s.
    expect(Date.now() - leftAt).toBeLessThan(1500);
    expect(recordings()).toEqual([]);
  });

  it.each<[string, (at: Robot) => void, number]>([
    ['q', (at) => at.press('q'), 0],
    ['Ctrl+C', (at) => at.press('\u0003'), 0],
    ['SIGTERM', (at) => at.kill('SIGTERM'), 0],
    ['SIGHUP', (at) => at.kill('SIGHUP'), 129],
  ])('is left by %s without load', async (_, leave, code) => {
    const { at, server, recordings } = await setUp();
    leave(at);
    expect(await at.ended()).toBe(code);
    expect(at.onAlternateScreen).toBe(false);
    expect(at.cursorShown).toBe(true);
    expect(at.printed.trim()).toBe('');
    expect(await server.log()).toEqual([]);
    expect(recordings()).toEqual([]);
  });

  it.each<[string, (at: Robot) => void]>([
    ['q and y', (at) => at.press('qy')],
    ['Ctrl+C', (at) => at.press('\u0003')],
    ['SIGTERM', (at) => at.kill('SIGTERM')],
  ])('is left by %s while a run goes on, with its summary', async (_, leave) => {
    const { at, recordings } = await setUp(['-q', '50']);
    at.press('\r');
    await at.see('RUNNING');
    await sleep(800);
    leave(at);
    expect(judged).toContain(await at.ended());
    expect(at.printed).toMatch(/p99\.9/);
    expect(recordings().map((file) => readWhole(file).types.at(-1))).toEqual(['run/closed']);
  });

  it('stays when a run is ended by q and r, or by :stop', async () => {
    const { at } = await setUp(['-q', '50', '--record', 'run.jsonl'], {
      cwd: mkdtempSync(path.join(os.tmpdir(), 'loadtop-armed-cwd-')),
    });
    at.press('\r');
    await at.see('RUNNING');
    await sleep(500);
    at.press('q');
    await at.see(/y and leave \/ r and stay/);
    at.press('r');
    await at.see('the run has ended', 10_000);
    at.press('\r');
    // A file that was named belongs to the first run.
    await at.see(/recording +run-2\.jsonl/);
    at.press('\r');
    await at.see('RUNNING');
    await sleep(500);
    at.press(':stop\r');
    await at.see('the run has ended', 10_000);
    at.press('q');
    expect(judged).toContain(await at.ended());
    expect(at.printed).toMatch(/Recording +run-2\.jsonl/);
  });

  it('is the demo’s too, with a target that stays', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-armed-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    const at = new Robot(['demo', '--armed', '-z', '2'], { columns: 80, rows: 24, env: { LOADTOP_HOME: folder } });
    cleanUps.push(() => at.stop());
    await at.see('nothing is sent before Enter');
    expect(at.screen).toMatch(/sends +profile demo: single event ×3, purchase ×1/);
    at.press(`${up}${up}`);
    await at.see(/> connections/);
    at.press('\r');
    await at.see('the run has ended', 15_000);
    at.press('q');
    expect(await at.ended()).toBe(0);
  });

  it('needs a terminal', async () => {
    const at = new Robot([], {
      shell: `'${process.execPath}' dist/cli.js http://127.0.0.1:1/ --armed | cat; exit \${PIPESTATUS[0]}`,
    });
    cleanUps.push(() => at.stop());
    expect(await at.ended()).toBe(2);
    expect(at.printed).toMatch(/--armed: found no terminal[\s\S]*leave --armed out/);
  });
});

describe('a screen for watching', () => {
  it('changes nothing and can be left', async () => {
    const server = await startLogServer();
    cleanUps.push(() => server.stop());
    const at = new Robot([`http://127.0.0.1:${server.port}/`, '-q', '50', '--no-probe', '--no-record', '--read-only'], {
      columns: 80,
      rows: 24,
    });
    cleanUps.push(() => at.stop());
    await at.see('RUNNING');
    at.press('+');
    await at.see(/read-only: started with --read-only/);
    at.press(':500\r');
    await at.see(/:500.*read-only/);
    at.press('\u001b');
    await sleep(200);
    at.press('\u001a');
    await at.see(/Ctrl\+Z: read-only/);
    expect(at.screen).toMatch(/wanted 50\/s/);
    at.press('\t\r');
    await at.see(/━ throughput/);
    at.press('qy');
    expect(judged).toContain(await at.ended());
  });
});
