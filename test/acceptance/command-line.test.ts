// The built program as a user runs it: what it says to nonsense, with which exit code, and never with a stack trace.

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, startProgram } from '../helpers/start-program.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
/** Fine, or not valid: a run of a few seconds on a noisy machine may have been limited by the machine. */
const judged = [0, 96];
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-cli-'));
let server: http.Server;
let origin = '';

beforeAll(async () => {
  server = http.createServer((request, response) => {
    request.resume();
    if (request.url === '/metrics')
      response.setHeader('content-type', 'text/html').end('<html><body>hello</body></html>');
    else if (request.url === '/fail') response.writeHead(503).end();
    else if (request.url === '/slow') setTimeout(() => response.end('ok'), 20_000);
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

/** Whatever is still running when a test failed or timed out is ended with it. */
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const start = (
  args: readonly string[],
  env?: Record<string, string>,
  nodeFlags?: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } => {
  const started = startProgram(args, { folder, env, nodeFlags: nodeFlags ?? [] });
  running.add(started.child);
  started.child.on('close', () => running.delete(started.child));
  return started;
};

const loadtop = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => start(args, env).ended;

/** An address at which nobody listens any more. */
const freedAddress = async (): Promise<string> => {
  const listener = net.createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => listener.close(resolve));
  return `127.0.0.1:${port}`;
};

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path.join(folder, name), content);
  return name;
};

const noTrace = ({ stdout, stderr }: Ended): void => {
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*[:(]\d+:\d+\)?$/m);
  expect(`${stdout}${stderr}`).not.toContain('a fault in loadtop itself');
};

describe('wrong use', () => {
  it.each<[string, () => string[], RegExp]>([
    ['nothing at all', () => [], /nothing to load/],
    ['an unknown flag', () => [origin, '--conections', '5'], /--conections[\s\S]*--connections/],
    ['a bad rate', () => [origin, '-q', 'fast'], /-q[\s\S]*"fast"[\s\S]*rate/],
    ['a bad duration', () => [origin, '-z', '5 parsecs'], /-z[\s\S]*duration/],
    ['a negative count', () => [origin, '-c', '-3'], /-c/],
    ['a bad URL', () => ['http://'], /URL/],
    ['a URL of another kind', () => ['ftp://localhost/x'], /http/],
    ['a bad header', () => [origin, '-H', 'no colon'], /-H[\s\S]*"no …"[\s\S]*Accept: application/],
    ['a missing body file', () => [origin, '-D', 'nowhere.json'], /nowhere\.json/],
    ['a missing profile', () => ['run', 'nowhere.yaml'], /nowhere\.yaml/],
    [
      'a folder for a profile',
      () => {
        mkdirSync(path.join(folder, 'folder.yaml'), { recursive: true });
        return ['run', 'folder.yaml'];
      },
      /folder\.yaml[\s\S]*folder/,
    ],
    ['a binary profile', () => ['run', file('binary.yaml', Uint8Array.of(0, 1, 2, 255, 0))], /binary\.yaml/],
    ['an empty profile', () => ['run', file('empty.yaml', '')], /empty\.yaml/],
    ['a profile that is not YAML', () => ['run', file('bad.yaml', 'name: [oops\nload: }')], /bad\.yaml:\d+/],
    [
      'a profile with a wrong field',
      () => [
        'run',
        file('wrong.yaml', 'name: x\ntarget: http://localhost:1\nload:\n  rate: fast\nsteps:\n  - get: /\n'),
      ],
      /wrong\.yaml:4[\s\S]*load\.rate[\s\S]*"fast"/,
    ],
    [
      'a profile with a misspelt field',
      () => ['run', file('typo.yaml', 'name: x\ntarget: http://localhost:1\nscenaros: []\n')],
      /typo\.yaml:3[\s\S]*scenarios/,
    ],
    ['stages and a rate', () => [origin, '-q', '5', '--stages', '5s:5'], /--stages/],
    ['a public target without being asked', () => ['http://192.0.2.1/'], /--yes/],
    ['a summary of an unknown format', () => [origin, '-o', 'out.pdf'], /\.json/],
    ['a summary in a folder that does not exist', () => [origin, '-o', 'no/such/folder/out.json'], /out\.json/],
    ['a recording that cannot be written', () => [origin, '--record', 'no/such/folder/x.jsonl'], /recording/],
  ])('%s is said clearly, with exit code 2', async (_, args, said) => {
    const ended = await loadtop(args());
    expect(ended.stderr).toMatch(said);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    noTrace(ended);
  });

  it('an old Node is told what to do, before anything is loaded that it could not load', async () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.0" } });';
    const { ended } = start([origin, '-z', '1'], {}, ['--import', `data:text/javascript,${encodeURIComponent(older)}`]);
    const result = await ended;
    expect(result.stderr).toMatch(/needs Node 22\.19 or newer; this is Node 20\.20\.0/);
    expect(result.stderr).toMatch(/Install a current Node/);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
    noTrace(result);
    // What is imported is loaded before the first line runs.
    expect(readFileSync(cli, 'utf8')).not.toMatch(/^import /m);
  });

  it('demo --mongo auto without a mongod on PATH is told what to do, with exit code 2', async () => {
    const bare = path.join(folder, 'bare');
    mkdirSync(bare, { recursive: true });
    const ended = await loadtop(['demo', '--mongo', 'auto', '-z', '1'], { PATH: bare });
    expect(ended.stderr).toMatch(/no mongod on PATH[\s\S]*(install|--mongo)/);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    noTrace(ended);
  });
});

describe('a run without a terminal', () => {
  it('prints a line a second, the summary, and ends as judged', async () => {
    const ended = await loadtop([origin, '-q', '100', '-z', '3', '-o', 'out.json']);
    noTrace(ended);
    expect(judged).toContain(ended.code);
    expect(ended.stdout.split('\n').filter((line) => / offered +\d+\/s/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(ended.stdout).toMatch(/p99\.9/);
    const summary = JSON.parse(readFileSync(path.join(folder, 'out.json'), 'utf8'));
    expect(summary).toMatchObject({ completed: 300, good: 300, balanced: true });
    expect(ended.code).toBe(summary.generator.valid ? 0 : 96);
    const recording = readFileSync(summary.recording, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(recording[0]).toMatchObject({ loadtop: 1 });
    expect(recording.at(-1)).toMatchObject({ type: 'run/closed', summary: { completed: 300 } });
    expect(recording.filter(({ type }) => type === 'second/closed').length).toBeGreaterThanOrEqual(3);
  });

  it('with --json has nothing but NDJSON on stdout, the summary last', async () => {
    const ended = await loadtop([origin, '-q', '50', '-n', '60', '--json', '--no-record']);
    expect(judged).toContain(ended.code);
    const objects = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.at(-1)).toMatchObject({ type: 'summary', completed: 60 });
    expect(ended.stderr).toMatch(/p99\.9/);
    noTrace(ended);
  });

  it('goes on with gaps where probes get nonsense or nothing', async () => {
    const mongo = `mongodb://user:s3cret@${await freedAddress()}/`;
    const ended = await loadtop([origin, '-q', '50', '-z', '4', '--metrics', '/metrics', '--mongo', mongo]);
    noTrace(ended);
    expect(judged).toContain(ended.code);
    expect(ended.stdout).toMatch(/metrics.*HTML/i);
    expect(ended.stdout).toMatch(/mongodb/i);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('s3cret');
  });

  it('ends with 1 where nobody listens, and names the class', async () => {
    const ended = await loadtop([`http://${await freedAddress()}/`, '-q', '50', '-z', '2']);
    noTrace(ended);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/refused +\d+/);
  });

  it('ends with 1 where the name cannot be resolved', async () => {
    const ended = await loadtop(['http://no-such-host.invalid/', '--yes', '-z', '1']);
    noTrace(ended);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('no-such-host.invalid');
  });

  it('ends with 1 where not one request was good', async () => {
    const ended = await loadtop([`${origin}/fail`, '-q', '50', '-z', '1']);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/503 +50/);
  });

  it('goes on without a recording where there is no place for one, and says so', async () => {
    const ended = await loadtop([origin, '-q', '20', '-z', '1'], {
      LOADTOP_HOME: '/proc/nowhere',
      HOME: '/proc/nowhere',
    });
    noTrace(ended);
    expect(judged).toContain(ended.code);
    expect(ended.stderr).toMatch(/no recording/);
  });

  it('that is ended while it is being prepared sends nothing and leaves no recording', async () => {
    const cases = [
      { signal: 'SIGINT', more: [], code: 1 },
      { signal: 'SIGTERM', more: ['--record', 'unwanted.jsonl'], code: 1 },
      { signal: 'SIGHUP', more: [], code: 129 },
    ] as const;
    await Promise.all(
      cases.map(async ({ signal, more, code }) => {
        const home = mkdtempSync(path.join(folder, 'home-'));
        // The health of a run is waited for, for 2 s.
        const asking = new Promise((resolve) => server.once('request', resolve));
        const { child, ended } = start(
          [`${origin}/`, '--check-health', '--health', `${origin}/slow`, '--no-tui', ...more],
          { LOADTOP_HOME: home },
        );
        await asking;
        await new Promise((resolve) => setTimeout(resolve, 300));
        child.kill(signal);
        const result = await ended;
        noTrace(result);
        expect([signal, result.code]).toEqual([signal, code]);
        expect(result.stderr).toContain(`stopped by ${signal} before the load began`);
        expect(readdirSync(home)).toEqual([]);
      }),
    );
    expect(readdirSync(folder)).not.toContain('unwanted.jsonl');
  });

  it('goes on with --on-hangup continue when the terminal is lost while it is being prepared', async () => {
    const asking = new Promise<http.ServerResponse>((resolve) =>
      server.once('request', (_, response) => resolve(response)),
    );
    const { child, ended } = start([
      `${origin}/`,
      ...['--check-health', '--health', `${origin}/slow`, '--no-record'],
      ...['-n', '20', '--on-hangup', 'continue', '--json'],
    ]);
    const response = await asking;
    child.kill('SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, 200));
    response.end('ok');
    const result = await ended;
    expect(judged).toContain(result.code);
    expect(result.stdout).toContain('the terminal was lost');
  });

  it('ends as planned at SIGINT and SIGTERM, at once at the second SIGINT, and with 129 at SIGHUP', async () => {
    const cases = [
      { path: '/', signals: ['SIGINT'], code: 0 },
      { path: '/', signals: ['SIGTERM'], code: 0 },
      { path: '/slow', signals: ['SIGINT', 'SIGINT'], code: 130 },
      { path: '/', signals: ['SIGHUP'], code: 129 },
    ] as const;
    await Promise.all(
      cases.map(async ({ path: at, signals, code }) => {
        const { child, ended } = start([`${origin}${at}`, '-q', '20', '-z', '60', '--no-record']);
        // The first line says that the run has begun.
        await new Promise((resolve) => child.stdout?.once('data', resolve));
        for (const signal of signals) {
          await new Promise((resolve) => setTimeout(resolve, 700));
          child.kill(signal);
        }
        const result = await ended;
        noTrace(result);
        expect([signals, result.code === 96 ? 0 : result.code]).toEqual([signals, code]);
        expect(result.stdout).toContain('p99.9');
      }),
    );
  });

  it('leaves a whole recording up to 1.6 s before it is killed', async () => {
    const recording = path.join(folder, 'killed.jsonl');
    const { child, ended } = start([origin, '-q', '100', '-z', '60', '--record', recording]);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 4200));
    child.kill('SIGKILL');
    await ended;
    const lines = readFileSync(recording, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    const seconds = lines.filter(({ type }) => type === 'second/closed').map(({ second }) => second.second);
    expect(Math.max(...seconds)).toBeGreaterThanOrEqual(2);
  });
});

describe('the demo without a terminal', () => {
  it('ends by itself within 45 s, with the summary', { timeout: 60_000 }, async () => {
    const { child, ended } = start(['demo']);
    const late = setTimeout(() => child.kill('SIGKILL'), 45_000);
    const result = await ended;
    clearTimeout(late);
    noTrace(result);
    expect(result.code).toBe(0);
    expect(result.stdout.split('\n').filter((line) => / offered +\d+\/s/.test(line)).length).toBeGreaterThanOrEqual(20);
    expect(result.stdout).toMatch(/p99\.9/);
    expect(result.stdout).toMatch(/2xx +[\d,]{5,}/);
  });
});
