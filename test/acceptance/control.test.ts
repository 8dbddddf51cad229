// A run that is steered from outside, and one whose terminal is lost: the built program, a real server, real terminals.

import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { sleep } from '../helpers/drive.ts';
import { startLogServer } from '../helpers/log-server.ts';
import { LostTerminal } from '../helpers/lost-terminal.ts';
import { Robot } from '../helpers/robot.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-control-'));
const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Judged like the planned end: fine, or not valid where this noisy machine itself was the limit. */
const judged = [0, 96];

let named = 0;
const fresh = (ending: string): string => {
  named += 1;
  return path.join(folder, `${named}.${ending}`);
};

const logServer = async (settings = {}) => {
  const server = await startLogServer(settings);
  cleanUps.push(() => server.stop());
  return { ...server, url: `http://127.0.0.1:${server.port}/` };
};

/** The program without a terminal. */
const program = (args: readonly string[], input?: string) => {
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', LOADTOP_HOME: folder },
  });
  if (input !== undefined) child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += String(data);
  });
  child.stderr?.on('data', (data) => {
    stderr += String(data);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    ended,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
};

const ctl = async (socket: string, words: readonly string[], input?: string) => {
  const run = program(['ctl', socket, ...words], input);
  const code = await run.ended;
  const lines = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return { code, lines, answer: lines[0], stderr: run.stderr };
};

const socketAt = async (at: string): Promise<void> => {
  await expect.poll(() => existsSync(at), { timeout: 10_000, interval: 20 }).toBe(true);
  await expect.poll(async () => (await ctl(at, ['status'])).answer?.phase, { timeout: 10_000 }).toBe('running');
};

/** The recording's events, to its last whole line. */
const recorded = (file: string): Record<string, unknown>[] => {
  const text = readFileSync(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

describe('a run without a terminal', () => {
  it('is steered by ctl, as its target sees, and stopped', async () => {
    const server = await logServer();
    const at = fresh('sock');
    const record = fresh('jsonl');
    const run = program([server.url, '-q', '250', '-z', '60', '--no-probe', '--control', at, '--record', record]);
    await socketAt(at);
    expect(lstatSync(at).mode & 0o777).toBe(0o600);
    await sleep(1500);
    const raisedAt = monotonicNow();
    expect(await ctl(at, [':rate 500'])).toMatchObject({ code: 0, answer: { ok: true } });
    await sleep(2000);
    const came = (await server.log()).map(([, , cameAt]) => cameAt - raisedAt);
    const before = came.filter((ms) => ms > -1000 && ms < 0).length;
    const after = came.filter((ms) => ms > 900 && ms < 1900).length;
    expect(before).toBeGreaterThan(180);
    expect(before).toBeLessThan(320);
    expect(after).toBeGreaterThan(400);
    expect((await ctl(at, ['status'])).answer).toMatchObject({
      ok: true,
      phase: 'running',
      plan: { wanted: 500, applied: 500 },
      ratesPerSecond: { offered: expect.closeTo(500, -2) },
    });
    expect(await ctl(at, ['resume'])).toMatchObject({
      code: 1,
      answer: { ok: false, error: expect.stringContaining('not paused') },
    });
    const script = await ctl(at, [], '# steps\nmark half\n\n:rate 100\nfly\n');
    expect(script.code).toBe(1);
    expect(script.lines.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
    expect(judged).toContain(await run.ended);
    expect(existsSync(at)).toBe(false);
    const events = recorded(record);
    expect(events.at(-1)).toMatchObject({ type: 'run/closed', reason: 'stopped by control socket' });
    expect(events.filter(({ type }) => type === 'plan/changed')).toMatchObject([
      { source: 'control socket', wanted: 500 },
      { source: 'control socket', wanted: 100 },
    ]);
    expect(await ctl(at, ['status'])).toMatchObject({ code: 2, stderr: expect.stringContaining('no socket') });
  });

  it('is watched second by second, until it ends or nobody reads', async () => {
    const server = await logServer();
    const at = fresh('sock');
    const run = program([server.url, '-q', '100', '-z', '5', '--no-probe', '--no-record', '--control', at]);
    await socketAt(at);
    const left = program(['ctl', at, 'watch']);
    await expect.poll(() => left.stdout.split('\n').length, { timeout: 5000 }).toBeGreaterThan(2);
    left.child.kill('SIGINT');
    expect(await left.ended).toBe(0);
    const { code, lines } = await ctl(at, [':watch']);
    expect(code).toBe(0);
    const seconds = lines.filter(({ type }) => type === 'second');
    expect(seconds.length).toBeGreaterThanOrEqual(1);
    // The last one may be shorter.
    for (const [index, { at: endsAt }] of seconds.slice(0, -1).entries()) {
      expect(endsAt).toBe(seconds[0].at + index * 1000);
    }
    expect(lines.at(-1)).toMatchObject({ type: 'summary', endReason: 'the planned end' });
    expect(judged).toContain(await run.ended);
  });

  it('takes the place of a socket that a killed run left, and of nothing else', async () => {
    const server = await logServer();
    const at = fresh('sock');
    const args = [server.url, '-q', '20', '-z', '60', '--no-probe', '--no-record', '--control', at];
    const killed = program(args);
    await socketAt(at);
    const second = program(args);
    expect(await second.ended).toBe(2);
    expect(second.stderr).toContain('somebody listens');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(existsSync(at)).toBe(true);
    expect(await ctl(at, ['status'])).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody listens') });
    const third = program(args);
    await socketAt(at);
    third.child.kill('SIGTERM');
    expect(judged).toContain(await third.ended);
    expect(existsSync(at)).toBe(false);
    writeFileSync(at, 'precious');
    const fourth = program(args);
    expect(await fourth.ended).toBe(2);
    expect(readFileSync(at, 'utf8')).toBe('precious');
    expect(await ctl(at, ['status'])).toMatchObject({ code: 2, stderr: expect.stringContaining('expected a socket') });
  });

  it('ended at once leaves no socket behind', async () => {
    const server = await logServer();
    const at = fresh('sock');
    const run = program([server.url, '-q', '20', '-z', '60', '--no-probe', '--no-record', '--control', at]);
    await socketAt(at);
    expect(await ctl(at, ['abort'])).toMatchObject({ code: 0 });
    expect(await run.ended).toBe(130);
    expect(existsSync(at)).toBe(false);
  });
});

it('ctl says when nobody answers', async () => {
  const at = fresh('sock');
  const mute = net.createServer(() => {}).listen(at);
  cleanUps.push(() => mute.close());
  const { code, stderr } = await ctl(at, ['-t', '300ms', 'status']);
  expect(code).toBe(2);
  expect(stderr).toContain('no answer within 0.3 s');
});

it('a run whose terminal takes nothing is steered all the same', async () => {
  const server = await logServer();
  const at = fresh('sock');
  const robot = new Robot([server.url, '-q', '100', '--no-probe', '--no-record', '--control', at], {
    env: { LOADTOP_HOME: folder },
  });
  cleanUps.push(() => robot.stop());
  await robot.see('RUNNING');
  robot.pauseReading();
  await sleep(1500);
  expect(await ctl(at, ['rate', '200'])).toMatchObject({ code: 0, answer: { ok: true } });
  await sleep(1000);
  expect((await ctl(at, ['status'])).answer).toMatchObject({ plan: { wanted: 200, applied: 200 } });
  robot.resumeReading();
  await robot.see(/wanted 200\/s/);
  expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
  expect(judged).toContain(await robot.ended());
});

describe('a lost terminal', () => {
  const lost = (args: readonly string[], signal = true): LostTerminal => {
    const terminal = new LostTerminal(args, signal);
    cleanUps.push(() => terminal.stop());
    return terminal;
  };

  it.each([
    ['a screen', []],
    ['plain lines', ['--no-tui']],
  ])('with %s ends the run within its drain, with 129 and a whole recording', async (_, more) => {
    const server = await logServer({ serviceMs: 300 });
    const record = fresh('jsonl');
    const at = fresh('sock');
    const terminal = lost([
      server.url,
      '-q',
      '50',
      '-z',
      '60',
      '--no-probe',
      '--record',
      record,
      '--control',
      at,
      ...more,
    ]);
    await socketAt(at);
    await sleep(1500);
    const lostAt = Date.now();
    terminal.lose();
    expect(await terminal.ended()).toBe(129);
    expect(Date.now() - lostAt).toBeLessThan(4000);
    const events = recorded(record);
    expect(events.at(-1)).toMatchObject({ type: 'run/closed', reason: 'stopped by SIGHUP' });
    // Nothing in flight was thrown away.
    expect(events.at(-1)).toMatchObject({ summary: { iterations: { inFlight: 0, lost: 0 } } });
    expect(existsSync(at)).toBe(false);
  });

  it('is noticed without a signal, too', async () => {
    const server = await logServer();
    const at = fresh('sock');
    const terminal = lost([server.url, '-q', '50', '-z', '60', '--no-probe', '--no-record', '--control', at], false);
    await socketAt(at);
    await terminal.see(/RUNNING/);
    terminal.lose();
    expect(await terminal.ended()).toBe(129);
  });

  it.each([
    ['a screen', []],
    ['plain lines', ['--no-tui']],
    ['sentences', ['--plain']],
  ])('with %s and --on-hangup continue goes on, and is steered and stopped by ctl', async (_, more) => {
    const server = await logServer();
    const record = fresh('jsonl');
    const at = fresh('sock');
    const args = [server.url, '-q', '150', '-z', '60', '--no-probe', '--record', record, '--control', at];
    const terminal = lost([...args, '--on-hangup', 'continue', ...more]);
    await socketAt(at);
    await sleep(1000);
    terminal.lose();
    await sleep(1500);
    expect(await ctl(at, ['status'])).toMatchObject({ code: 0, answer: { phase: 'running' } });
    expect(await ctl(at, ['rate', '300'])).toMatchObject({ code: 0 });
    const raisedAt = monotonicNow();
    await sleep(2000);
    const came = (await server.log()).map(([, , cameAt]) => cameAt - raisedAt);
    expect(came.filter((ms) => ms > 900 && ms < 1900).length).toBeGreaterThan(230);
    expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
    expect(judged).toContain(await terminal.ended());
    const events = recorded(record);
    expect(events.at(-1)).toMatchObject({ type: 'run/closed', reason: 'stopped by control socket' });
    expect(events.map(({ text }) => text)).toContain('the terminal was lost: the run goes on without it');
    expect(existsSync(at)).toBe(false);
  });

  it('is warned of where nobody could steer the run then', async () => {
    const server = await logServer();
    const run = program([server.url, '-n', '5', '--no-probe', '--no-record', '--on-hangup', 'continue']);
    expect(judged).toContain(await run.ended);
    expect(run.stderr).toContain('without --control PATH nobody can steer the run');
  });
});

describe('a run in sentences (--plain)', () => {
  const listened = (args: readonly string[]): Robot => {
    const at = new Robot([...args, '--plain'], { columns: 200, env: { LOADTOP_HOME: folder } });
    cleanUps.push(() => at.stop());
    return at;
  };

  it('says in words how it is, takes typed commands, and sends nothing that steers a terminal', async () => {
    const server = await logServer();
    const at = listened([server.url, '-q', '150', '--no-probe']);
    await at.see(/The load has begun: .* at first 150 per second, for 1 hour\./);
    await sleep(1200);
    at.press('rate 300\r');
    await at.see(/Rate was 150, now 300 per second by command line\./);
    const raisedAt = monotonicNow();
    await sleep(2000);
    const came = (await server.log()).map(([, , cameAt]) => cameAt - raisedAt);
    expect(came.filter((ms) => ms > 900 && ms < 1900).length).toBeGreaterThan(230);
    at.press('\r');
    await at.see(/Running after \d.* Wanted 300, applied 300, achieved \d+, good \d+ per second\./);
    at.press(':fly\r');
    await at.see(/Not done: no command 'fly'/);
    at.press('mark half way\r');
    await at.see(/Marker half way\./);
    // The end of the input ends nothing.
    at.press('\u0004');
    await sleep(1000);
    expect((await server.log()).length).toBeGreaterThan(came.length);
    // By itself, every ten seconds.
    await at.see(/Running after 10 seconds/, 12_000);
    at.press('\u0003');
    expect(judged).toContain(await at.ended());
    expect(at.printed).toMatch(/Summary of .*\n/);
    expect(at.printed).toMatch(/Response time of good requests: median [\d.]+ milliseconds/);
    // What the terminal itself echoes of Ctrl+C is ^C.
    expect(at.raw).not.toMatch(/[^\r\n\x20-\x7e]/);
  });

  it('takes its commands from a pipe as well', async () => {
    const server = await logServer();
    const run = program(
      [server.url, '-q', '100', '-z', '30', '--no-probe', '--no-record', '--plain'],
      'rate 200\nhelp\n',
    );
    await expect.poll(() => run.stdout, { timeout: 8000 }).toMatch(/Rate was 100, now 200|The run has not begun yet/);
    await expect.poll(() => run.stdout, { timeout: 8000 }).toContain('rate RATE: set rate');
    run.child.kill('SIGINT');
    expect(judged).toContain(await run.ended);
    expect(run.stdout).not.toMatch(/[^\n\x20-\x7e]/);
  });
});

describe('runs that are started from fields', () => {
  const armed = async (more: readonly string[] = []) => {
    const server = await logServer();
    const at = fresh('sock');
    const terminal = new LostTerminal([
      server.url,
      '-q',
      '50',
      '-z',
      '60',
      '--no-probe',
      '--armed',
      '--control',
      at,
      ...more,
    ]);
    cleanUps.push(() => terminal.stop());
    await expect.poll(() => existsSync(at), { timeout: 10_000 }).toBe(true);
    await expect.poll(async () => (await ctl(at, ['status'])).answer?.phase, { timeout: 10_000 }).toBe('armed');
    return { at, terminal };
  };
  const phase = (at: string, wanted: string) =>
    expect.poll(async () => (await ctl(at, ['status'])).answer?.phase, { timeout: 10_000 }).toBe(wanted);

  it('are steered by one socket, one after the other', async () => {
    const { at, terminal } = await armed();
    expect(await ctl(at, ['rate', '5'])).toMatchObject({
      code: 1,
      answer: { error: expect.stringContaining('no run yet') },
    });
    for (const rate of ['80', '100']) {
      await sleep(500);
      terminal.press('\r');
      await phase(at, 'running');
      expect(await ctl(at, ['rate', rate])).toMatchObject({ code: 0 });
      await sleep(1200);
      expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
      await phase(at, 'closed');
      // Back from the run that has ended to the fields.
      await sleep(300);
      terminal.press('r');
    }
    terminal.lose();
    expect(await terminal.ended()).toBe(129);
    expect(existsSync(at)).toBe(false);
  });

  it('are started by ctl as well, and tell what came of them', async () => {
    const { at, terminal } = await armed();
    for (const rate of [80, 100]) {
      const script = await ctl(at, [], `start\nrate ${rate}\nstart\n`);
      expect(script.lines).toMatchObject([
        { ok: true, text: 'started' },
        { ok: true },
        { ok: false, error: expect.stringContaining('a run goes on already') },
      ]);
      await sleep(1200);
      expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
      await phase(at, 'closed');
      expect((await ctl(at, ['status'])).answer.totals.due).toBeGreaterThan(20);
      expect((await ctl(at, ['rate', '5'])).answer).toMatchObject({ error: expect.stringContaining('has ended') });
    }
    terminal.lose();
    expect(await terminal.ended()).toBe(129);
  });

  it('go on without the terminal where that was asked for: the one that runs', async () => {
    const { at, terminal } = await armed(['--on-hangup', 'continue']);
    await sleep(500);
    terminal.press('\r');
    await phase(at, 'running');
    await sleep(1000);
    terminal.lose();
    await sleep(1000);
    expect(await ctl(at, ['rate', '100'])).toMatchObject({ code: 0 });
    expect(await ctl(at, ['stop'])).toMatchObject({ code: 0 });
    expect(judged).toContain(await terminal.ended());
    expect(existsSync(at)).toBe(false);
  });
});
