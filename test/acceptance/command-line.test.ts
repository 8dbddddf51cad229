// The built program as a user runs it: what it says to nonsense, with which exit code, and never with a stack trace.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
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

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } => {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: path.join(folder, 'home'), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) };
};

const loadtop = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => start(args, env).ended;

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
    ['a bad header', () => [origin, '-H', 'no colon'], /-H[\s\S]*"no colon"[\s\S]*Accept: application/],
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

  it('an old Node is told what to do', () => {
    // The check stands before everything else, so that it runs where nothing else would load.
    const text = readFileSync(cli, 'utf8');
    expect(text).toContain('needs Node');
    expect(text).not.toMatch(/^import /m);
  });
});

describe('a run without a terminal', () => {
  it('prints a line a second, the summary, and ends with 0', async () => {
    const ended = await loadtop([origin, '-q', '100', '-z', '3', '-o', 'out.json']);
    noTrace(ended);
    expect(ended.code).toBe(0);
    expect(ended.stdout.split('\n').filter((line) => / offered +\d+\/s/.test(line))).toHaveLength(3);
    expect(ended.stdout).toMatch(/p99\.9/);
    const summary = JSON.parse(readFileSync(path.join(folder, 'out.json'), 'utf8'));
    expect(summary).toMatchObject({ completed: 300, good: 300, balanced: true, generator: { valid: true } });
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
    expect(ended.code).toBe(0);
    const objects = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.at(-1)).toMatchObject({ type: 'summary', completed: 60 });
    expect(ended.stderr).toMatch(/p99\.9/);
    noTrace(ended);
  });

  it('goes on with gaps where probes get nonsense or nothing', async () => {
    const dead = net.createServer();
    await new Promise<void>((resolve) => dead.listen(0, '127.0.0.1', () => resolve()));
    const address = dead.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => dead.close(resolve));
    const mongo = `mongodb://user:s3cret@127.0.0.1:${port}/`;
    const ended = await loadtop([origin, '-q', '50', '-z', '4', '--metrics', '/metrics', '--mongo', mongo]);
    noTrace(ended);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/metrics.*HTML/i);
    expect(ended.stdout).toMatch(/mongodb/i);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('s3cret');
  });

  it('ends with 1 where nobody listens, and names the class', async () => {
    const ended = await loadtop(['http://127.0.0.1:9/', '-q', '50', '-z', '2']);
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
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/no recording/);
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
        // A run of a second on a noisy machine may be judged not valid.
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
