// The control socket as its clients see it: a real Unix socket, before a session on an engine that sends nothing.

import { fork } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { ComingRun } from '../../source/commands/coming-run.ts';
import { UserError } from '../../source/common/errors.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { longestLine } from '../../source/session/control-connection.ts';
import { ControlSocket } from '../../source/session/control-socket.ts';
import { Session } from '../../source/session/session.ts';
import { fixtureRunInfo } from '../helpers/events.ts';
import { FakeEngine } from '../helpers/fake-engine.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loadtop-socket-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let count = 0;
const freshPath = (): string => {
  count += 1;
  return path.join(folder, `${count}.sock`);
};

const begin = (): Session => {
  const { startedAtWall: _, timeZone: __, probes: ___, ...run } = fixtureRunInfo({ durationMs: 60_000 });
  const session = new Session({
    run,
    segments: constantSegments(100, 60_000),
    engine: new FakeEngine(),
    probes: [],
    output: () => {},
    graceMs: 1000,
    publishMs: 250,
  });
  session.start();
  onTestFinished(async () => {
    session.dispatch({ type: 'run/abort' }, 'key');
    await session.ended;
  });
  return session;
};

const opened = async (at = freshPath()): Promise<ControlSocket> => {
  const socket = new ControlSocket(at);
  await socket.open();
  onTestFinished(() => socket.close());
  return socket;
};

/** A client that keeps what it was sent, line by line. */
const connected = async (at: string) => {
  const wire = net.connect(at);
  wire.setEncoding('utf8');
  let text = '';
  wire.on('data', (more) => {
    text += more;
  });
  wire.on('error', () => {});
  onTestFinished(() => {
    wire.destroy();
  });
  await new Promise((resolve) => wire.once('connect', resolve));
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    wire,
    lines,
    /** Sends lines and waits for as many answers. */
    ask: async (...asked: string[]) => {
      const before = lines().length;
      wire.write(asked.map((line) => `${line}\n`).join(''));
      await expect.poll(() => lines().length, { interval: 5, timeout: 5000 }).toBe(before + asked.length);
      return lines().slice(before);
    },
  };
};

const fault = async (socket: ControlSocket): Promise<UserError> => {
  const error = await socket.open().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('a command', () => {
  it('is carried out with or without a colon, and answered in one line', async () => {
    const socket = await opened();
    const session = begin();
    socket.attach(session);
    const client = await connected(socket.path);
    expect(await client.ask(':rate 0.2k', 'mark cache warm', ' 300 ')).toEqual([
      { ok: true, text: expect.stringMatching(/rate 100\/s → 200\/s by control socket/) },
      { ok: true, text: expect.stringContaining('cache warm') },
      { ok: true, text: expect.stringMatching(/rate 200\/s → 300\/s/) },
    ]);
    expect(session.store.newest.plan.wanted).toBe(300);
  });

  it('that is refused, or cannot be read, says why', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    expect(await client.ask('resume', 'rate fast', 'users 5', 'fly', '', 'status now')).toEqual([
      { ok: false, error: expect.stringContaining('not paused') },
      { ok: false, error: expect.stringContaining('expected a rate such as') },
      { ok: false, error: expect.stringContaining('the open model has a rate') },
      { ok: false, error: expect.stringContaining("no command 'fly'") },
      { ok: false, error: expect.stringContaining('help lists them') },
      { ok: false, error: expect.stringContaining('status stands alone') },
    ]);
  });

  it('that is asked back says what is asked', async () => {
    const socket = await opened();
    const { store } = begin();
    socket.attach({ store, dispatch: () => ({ type: 'asked', text: 'that is 40 times as much: go there?' }) });
    const client = await connected(socket.path);
    expect(await client.ask('rate 4k')).toEqual([{ ok: false, asked: 'that is 40 times as much: go there?' }]);
  });

  it('can only end a run that is still being prepared', async () => {
    const socket = await opened();
    const coming = new ComingRun();
    socket.attach(coming);
    const client = await connected(socket.path);
    const [status, rate] = await client.ask('status', 'rate 5');
    expect([status, rate]).toMatchObject([{ ok: true, phase: 'starting' }, { ok: false }]);
    expect(coming.stopped.aborted).toBe(false);
    expect(await client.ask(':stop')).toEqual([{ ok: true, text: 'ending before the load began' }]);
    expect([coming.stopped.aborted, coming.skip.aborted]).toEqual([true, false]);
    await client.ask('abort');
    expect(coming.skip.aborted).toBe(true);
    expect(coming.fault(undefined, undefined)).toMatchObject({
      message: 'stopped by control socket before the load began',
      exitCode: 130,
    });
  });

  it('is answered without a run, and reaches the run that comes', async () => {
    const socket = await opened();
    const client = await connected(socket.path);
    expect(await client.ask('rate 5', 'status')).toMatchObject([
      { ok: false, error: expect.stringContaining('no run yet') },
      { ok: true, phase: 'starting' },
    ]);
    socket.attach(undefined);
    expect(await client.ask('abort', ':status')).toMatchObject([
      { ok: false, error: expect.stringContaining('no run yet: it waits to be started') },
      { ok: true, type: 'status', phase: 'armed' },
    ]);
    const session = begin();
    socket.attach(session);
    expect(await client.ask('rate 5', 'abort')).toMatchObject([{ ok: true }, { ok: true }]);
    await session.ended;
    socket.attach(undefined);
    // What came of it can be read until the next one.
    expect(await client.ask('rate 5', ':status')).toMatchObject([
      { ok: false, error: expect.stringContaining('no run is under way: the last one has ended') },
      { ok: true, type: 'status', phase: 'closed', target: fixtureRunInfo().target },
    ]);
  });
});

describe('start', () => {
  it('is refused where the run begins by itself', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    expect(await client.ask('start')).toMatchObject([{ ok: false, error: expect.stringContaining('--armed') }]);
  });

  it('is answered when the run can be steered, and before the lines after it are carried out', async () => {
    const socket = await opened();
    socket.attach(undefined);
    socket.starts(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.attach(begin());
      return { ok: true, text: 'started' };
    });
    const client = await connected(socket.path);
    expect(await client.ask(':start', 'rate 150')).toMatchObject([
      { ok: true, text: 'started' },
      { ok: true, text: expect.stringContaining('150/s') },
    ]);
  });
});

describe('the questions', () => {
  it('status is one object with the units in its names', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    const [status] = await client.ask(':status');
    expect(status).toMatchObject({
      ok: true,
      type: 'status',
      schema_version: 1,
      phase: 'running',
      model: 'open',
      plan: { unit: 'per second', wanted: 100, manual: false },
      ratesPerSecond: {},
      goodResponseMs: { p99: null },
      limits: { connections: 1000, timeoutMs: 10_000, ceiling: 10_000_000 },
      generator: { level: 'good', pacingDelayMs: {} },
      totals: { due: 0, requests: 0 },
      probes: [],
      asked: null,
    });
    expect(status!.remainingMs).toBeGreaterThan(50_000);
  });

  it('help names every command', async () => {
    const socket = await opened();
    const client = await connected(socket.path);
    const [help] = await client.ask('help');
    const commands = (help!.commands as { command: string }[]).map(({ command }) => command);
    expect(commands).toEqual(expect.arrayContaining(['rate RATE', 'stop', 'status', 'watch', 'help']));
  });

  it('watch gets what is shown until the client goes', async () => {
    const socket = await opened();
    const one = await connected(socket.path);
    const other = await connected(socket.path);
    expect(socket.watched).toBe(false);
    await one.ask('watch');
    expect(socket.watched).toBe(true);
    socket.show('{"type":"second","at":1000}\n');
    await expect.poll(() => one.lines().at(-1)).toEqual({ type: 'second', at: 1000 });
    // It can still be asked something, and nobody else is shown anything.
    expect(await one.ask('rate 5')).toMatchObject([{ ok: false }]);
    expect(other.lines()).toEqual([]);
    one.wire.destroy();
    // It may only have closed its side: what is sent to it tells.
    const watched = (): boolean => {
      socket.show('{"type":"second","at":2000}\n');
      return socket.watched;
    };
    await expect.poll(watched).toBe(false);
  });

  it('watch goes on for a client that has said all it had to say', async () => {
    const socket = await opened();
    const client = await connected(socket.path);
    client.wire.end('watch');
    await expect.poll(() => client.lines()).toMatchObject([{ ok: true }]);
    socket.show('{"type":"second"}\n');
    await expect.poll(() => client.lines().at(-1)).toEqual({ type: 'second' });
  });
});

describe('a client', () => {
  it('that sends garbage is answered', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    client.wire.write(Buffer.from([0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0x0a]));
    await expect
      .poll(() => client.lines())
      .toMatchObject([{ ok: false, error: expect.stringContaining('no command') }]);
    expect(JSON.stringify(client.lines())).not.toContain('\\u001b');
    expect(await client.ask('rate 5')).toMatchObject([{ ok: true }]);
  });

  it('is told once of a line that is too long, in one piece or in many', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    const long = 'x'.repeat(longestLine + 1);
    expect(await client.ask(long, 'rate 5')).toMatchObject([
      { ok: false, error: expect.stringContaining(`more than ${longestLine}`) },
      { ok: true },
    ]);
    for (let part = 0; part < 20; part += 1) client.wire.write(long);
    expect(await client.ask('', 'rate 7')).toMatchObject([{ ok: false }, { ok: true }]);
    expect(client.lines()).toHaveLength(4);
  });

  it('that closes its side gets the rest of its answers', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    client.wire.end('rate 5\nrate 6\nrate 7');
    await new Promise((resolve) => client.wire.once('close', resolve));
    expect(client.lines()).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  });

  it('that reads nothing misses seconds, and costs a bounded amount', async () => {
    const socket = await opened();
    const client = await connected(socket.path);
    await client.ask('watch');
    client.wire.pause();
    const second = `{"filler":"${'x'.repeat(20_000)}"}\n`;
    for (let at = 0; at < 500; at += 1) {
      socket.show(second);
      if (at % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    client.wire.resume();
    // 10 MB were shown; what the system and the socket keep is far less.
    await expect.poll(() => client.lines().length > 5 && client.lines().length < 200).toBe(true);
    socket.show('{"type":"late"}\n');
    await expect.poll(() => client.lines().at(-1)).toEqual({ type: 'late' });
  });

  it('that asks much and reads nothing is not read from, and is answered in full once it reads', async () => {
    const socket = await opened();
    socket.attach(begin());
    const client = await connected(socket.path);
    client.wire.pause();
    const asked = 3000;
    client.wire.write('status\n'.repeat(asked));
    const other = await connected(socket.path);
    expect(await other.ask('rate 5')).toMatchObject([{ ok: true }]);
    client.wire.resume();
    await expect.poll(() => client.lines().length, { timeout: 15_000 }).toBe(asked);
  });

  it('of too many is told so', async () => {
    const socket = await opened();
    for (let index = 0; index < 32; index += 1) await connected(socket.path);
    const late = await connected(socket.path);
    await expect.poll(() => late.lines()).toMatchObject([{ ok: false, error: expect.stringContaining('32 clients') }]);
    // It stays, as a client would that never looks; the end does not wait for it.
    await socket.close();
  });
});

describe('the file', () => {
  it('is this user’s alone from its first instant, and gone at the end', async () => {
    const at = freshPath();
    const before = process.umask();
    const socket = new ControlSocket(at);
    const opening = socket.open();
    // Before anything else had its turn.
    expect(fs.lstatSync(at).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(before);
    await opening;
    const client = await connected(at);
    const gone = new Promise((resolve) => client.wire.once('close', resolve));
    await socket.close();
    await gone;
    expect(fs.existsSync(at)).toBe(false);
    await socket.close();
  });

  it('that a dead process left behind is replaced', async () => {
    const at = freshPath();
    const child = fork(new URL('../helpers/dying-listener.ts', import.meta.url), [at]);
    await new Promise((resolve) => child.once('message', resolve));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(fs.lstatSync(at).isSocket()).toBe(true);
    const socket = await opened(at);
    const client = await connected(at);
    expect(await client.ask('status')).toMatchObject([{ ok: true }]);
    await socket.close();
    expect(fs.existsSync(at)).toBe(false);
  });

  it('at which somebody listens is left to him', async () => {
    const { path: at } = await opened();
    const { message, hint, exitCode } = await fault(new ControlSocket(at));
    expect(message).toContain('somebody listens');
    expect(hint).toContain(`loadtop ctl ${at} status`);
    expect(exitCode).toBe(2);
    const client = await connected(at);
    expect(await client.ask('status')).toMatchObject([{ ok: true }]);
  });

  it.each([
    ['a file', (at: string) => fs.writeFileSync(at, 'precious')],
    ['a folder', (at: string) => fs.mkdirSync(at)],
    ['something that is no socket', (at: string) => fs.symlinkSync('/dev/null', at)],
  ])('is never put in the place of %s', async (what, make) => {
    const at = freshPath();
    make(at);
    const { message } = await fault(new ControlSocket(at));
    expect(message).toContain(`found ${what}`);
    expect(fs.existsSync(at)).toBe(true);
    if (what === 'a file') expect(fs.readFileSync(at, 'utf8')).toBe('precious');
  });

  it('that cannot be made says why', async () => {
    expect((await fault(new ControlSocket(path.join(folder, 'none/x.sock')))).message).toContain('does not exist');
    expect((await fault(new ControlSocket(path.join(folder, 'x'.repeat(120))))).message).toContain('bytes');
  });
});
