// doctor, --check-health and a run's own preflight, as the built program does them against real servers.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../source/preflight/check.ts';
import { type DemoTarget, startDemoTarget } from '../helpers/demo-target.ts';
import { listen } from '../helpers/listen.ts';
import { hasOpenssl, makeCertificates } from '../helpers/own-certificates.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-doctor-'));
const running = new Set<ChildProcess>();
let demo: DemoTarget;

beforeAll(async () => {
  demo = await startDemoTarget();
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

afterAll(async () => {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

const loadtop = (...args: readonly string[]): Promise<Ended> => {
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: path.join(folder, 'home') },
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) =>
    child.on('close', (code) => {
      running.delete(child);
      expect(`${stdout}${stderr}`).not.toMatch(/a fault in loadtop itself|^\s+at .*:\d+:\d+/m);
      resolve({ code, stdout, stderr, tookMs: performance.now() - begun });
    }),
  );
};

const profile = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return name;
};

type GroupedCheck = Check & { readonly group: string };

const checksOf = async (
  ...args: readonly string[]
): Promise<{ code: number | null; checks: readonly GroupedCheck[] }> => {
  const { code, stdout } = await loadtop('doctor', ...args, '--json');
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return { code, checks: JSON.parse(stdout).checks };
};

const named = (checks: readonly GroupedCheck[], name: string): GroupedCheck | undefined =>
  checks.find((check) => check.name === name);

const freedPort = async (): Promise<number> => {
  const server = net.createServer();
  const { port } = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
};

describe('loadtop doctor', () => {
  it('checks this machine alone, a line for each check', async () => {
    const { code, stdout, stderr } = await loadtop('doctor');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trim().split('\n');
    for (const name of ['node', 'cores', 'descriptors', 'port range', 'tcp_tw_reuse', 'clock', 'terminal']) {
      expect(lines.filter((line) => new RegExp(`^(ok|warn|skip) +machine +${name} `).test(line))).toHaveLength(1);
    }
    expect(stdout).not.toMatch(/^\w+ +(target|probes|load) /m);
    expect(lines.at(-1)).toMatch(/\d+ ok, .*in \d/);
  });

  it('judges this machine for the load that flags describe', async () => {
    const { checks, code } = await checksOf('-u', '200000');
    expect(named(checks, 'descriptors')).toMatchObject({ level: 'bad', todo: 'ulimit -n 200100' });
    expect(named(checks, 'memory')?.group).toBe('load');
    expect(code).toBe(1);
  });

  it('finds nothing wrong with the demo target, within five seconds', async () => {
    const ended = await loadtop('doctor', `${demo.origin}/health`, '-q', '500');
    expect(ended.stdout).toMatch(/^ok +target +request +GET \/health: 200/m);
    expect(ended.stdout).toMatch(/^ok +target +keep-alive/m);
    expect(ended.stdout).toMatch(/^ok +probes +health .* ok, 200/m);
    expect(ended.stdout).toMatch(/^ok +probes +metrics .* series; recognised: requests, /m);
    expect(ended.stdout).toMatch(/^ok +load +cpu +500\/s/m);
    expect(ended.stdout).not.toMatch(/^bad/m);
    expect(ended.code).toBe(0);
    expect(ended.tookMs).toBeLessThan(8000);
  });

  it('sends the marked step of a profile, and no other', async () => {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      if (request.method !== 'HEAD') asked.push(`${request.method} ${request.url} ${request.headers['x-team']}`);
      response.writeHead(request.method === 'POST' ? 202 : 404).end();
    });
    const { port } = await listen(server);
    const steps = [
      `target: http://127.0.0.1:${port}`,
      'headers: { X-Team: blue }',
      'probes: { enabled: false }',
      'steps:',
      '  - delete: /everything',
      '  - post: /events',
      '    json: { n: "{{arrival}}" }',
      '    expect: { status: [202] }',
    ];
    const marked = await checksOf(profile('marked.yaml', [...steps, '    preflight: true', ''].join('\n')));
    expect(named(marked.checks, 'request')).toMatchObject({ level: 'ok', found: expect.stringContaining('202') });
    expect(marked.code).toBe(0);
    expect(asked).toEqual(['POST /events blue']);
    const unmarked = await checksOf(profile('unmarked.yaml', [...steps, ''].join('\n')));
    expect(named(unmarked.checks, 'request')).toMatchObject({
      level: 'skipped',
      found: expect.stringContaining('preflight: true'),
    });
    expect(asked).toHaveLength(1);
  });

  it('tells 401, 404 and a secret that was not set apart', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/me') response.writeHead(401, { 'www-authenticate': 'Bearer realm="x"' }).end();
      else response.writeHead(404).end();
    });
    const { port } = await listen(server);
    const base = `http://127.0.0.1:${port}`;
    const request = async (...args: readonly string[]): Promise<string | undefined> => {
      const { code, checks } = await checksOf(...args, '--no-probe');
      expect(code).toBe(1);
      return named(checks, 'request')?.found;
    };
    expect(await request(`${base}/me`)).toMatch(/401.*no Authorization was sent; it asks for Bearer/);
    expect(await request(`${base}/me`, '-H', 'Authorization: Bearer old-token')).toMatch(/401.*not accepted/);
    expect(await request(`${base}/me`, '-a', 'me:pw')).toMatch(/it asks for Bearer and Basic was sent/);
    expect(await request(`${base}/gone`)).toMatch(/404.*no such path/);
    expect(await request(`${base}/me`, '-H', 'Authorization: Bearer ')).toMatch(
      /not sent: Authorization has nothing after Bearer/,
    );
    const text = `target: ${base}\nheaders: { Authorization: "Bearer \${API_TOKEN}" }\nsteps: [get: /me]\n`;
    expect(await request(profile('unset.yaml', text))).toMatch(/not sent.*API_TOKEN/);
  });

  it('ends with 1 where nobody listens, where nobody answers, and where there is no such name', async () => {
    const refused = await checksOf(`http://127.0.0.1:${await freedPort()}/`);
    expect(named(refused.checks, 'connect')).toMatchObject({ level: 'bad', found: expect.stringContaining('refused') });
    expect(refused.code).toBe(1);
    const { port } = await listen(net.createServer());
    const begun = performance.now();
    const deaf = await checksOf(`http://127.0.0.1:${port}/`);
    expect(performance.now() - begun).toBeLessThan(8000);
    expect(named(deaf.checks, 'head')).toMatchObject({ level: 'bad', found: expect.stringContaining('no answer') });
    expect(named(deaf.checks, 'request')).toMatchObject({ level: 'bad', found: expect.stringContaining('no answer') });
    expect(deaf.code).toBe(1);
    const unknown = await checksOf('http://no-such-host.invalid/');
    expect(named(unknown.checks, 'name')).toMatchObject({ level: 'bad' });
    expect(unknown.code).toBe(1);
  });

  it('asks a target that is not near once, and says that a run would ask', async () => {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`);
      response.end();
    });
    const { port, made } = await listen(server);
    const far = 'http://no-such-host.invalid/x';
    const { checks } = await checksOf(far, '--connect-to', `127.0.0.1:${port}`);
    expect(asked).toEqual(['GET /x no-such-host.invalid']);
    expect(made()).toBe(2);
    expect(named(checks, 'permission')).toMatchObject({ level: 'warn', todo: expect.stringContaining('--yes') });
    expect(named(checks, 'request')).toMatchObject({ level: 'ok' });
    const posting = await checksOf(far, '--connect-to', `127.0.0.1:${port}`, '-d', '{}', '--yes');
    expect(asked.slice(1)).toEqual(['HEAD /x no-such-host.invalid']);
    expect(named(posting.checks, 'permission')).toBeUndefined();
  });

  it('goes by the flags of the load: a probe that is named and dead is bad, and no password is shown', async () => {
    const mongo = `mongodb://user:s3cret@127.0.0.1:${await freedPort()}/`;
    const ended = await loadtop('doctor', `${demo.origin}/health`, '--mongo', mongo);
    expect(ended.stdout).toMatch(/^bad +probes +mongodb/m);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('s3cret');
    expect(ended.code).toBe(1);
  });

  it.each([
    ['an unknown flag', ['doctor', '--nonsense'], /unknown flag/],
    ['a flag that has no place', ['doctor', '-d', '{}'], /no URL and no profile/],
    ['a profile that is not there', ['doctor', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a load that cannot be', ['doctor', 'localhost', '-u', '50', '-c', '5'], /connections/],
  ])('refuses %s with 2', async (_, args, said) => {
    const ended = await loadtop(...args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(said);
    expect(ended.stdout).toBe('');
  });
});

describe('--check-health', () => {
  const withHealth = async (status: number, body: string): Promise<{ url: string; asked: () => number }> => {
    let asked = 0;
    const server = http.createServer((request, response) => {
      if (request.url === '/health') response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      else {
        if (request.method !== 'HEAD' && request.url === '/') asked += 1;
        response.end();
      }
    });
    const { port } = await listen(server);
    return { url: `http://127.0.0.1:${port}/`, asked: () => asked };
  };

  it('lets a run begin where the health is ok', async () => {
    const { url, asked } = await withHealth(200, '{"status":"UP"}');
    const ended = await loadtop(url, '-q', '20', '-z', '1', '--check-health', '--no-record');
    expect([0, 96]).toContain(ended.code);
    expect(asked()).toBe(20);
  });

  it.each<[string, number, string, RegExp]>([
    ['degraded', 200, '{"status":"degraded","checks":{"db":"down"}}', /health is not ok: .*degraded.*db/],
    ['down', 503, '{"status":"DOWN"}', /is down/],
    ['unknown', 200, '{"a":"b","status":"purple"}', /unknown/],
    ['not found', 404, 'no', /404[\s\S]*--health URL/],
  ])('refuses a run where it is %s, and sends nothing', async (_, status, body, said) => {
    const { url, asked } = await withHealth(status, body);
    const ended = await loadtop(url, '-q', '20', '-z', '1', '--check-health', '--no-record', '--json');
    expect(ended.stderr).toMatch(said);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toBe('');
    expect(asked()).toBe(0);
  });

  it('refuses a run where nobody listens, and where nobody answers within 2 s', async () => {
    const refused = await loadtop(`http://127.0.0.1:${await freedPort()}/`, '--check-health');
    expect(refused.stderr).toMatch(/health is not ok: .*refused/);
    expect(refused.code).toBe(1);
    const { port } = await listen(net.createServer());
    const deaf = await loadtop(`http://127.0.0.1:${port}/`, '--check-health');
    expect(deaf.stderr).toMatch(/no answer (within 2 s|in time)/);
    expect(deaf.code).toBe(1);
  });

  it('goes by the first URL that is named', async () => {
    const { url } = await withHealth(503, '{"status":"DOWN"}');
    const ended = await loadtop(
      url,
      '-q',
      '20',
      '-z',
      '1',
      '--check-health',
      '--no-record',
      '--health',
      `${demo.origin}/health`,
      '--health',
      '/health',
    );
    expect([0, 96]).toContain(ended.code);
  });

  it('makes doctor say that a run would be refused', async () => {
    const { url } = await withHealth(200, '{"status":"degraded"}');
    expect((await checksOf(url)).code).toBe(0);
    const strict = await checksOf(url, '--check-health');
    expect(named(strict.checks, 'health')).toMatchObject({
      level: 'bad',
      wanted: expect.stringContaining('--check-health'),
    });
    expect(strict.code).toBe(1);
  });
});

describe('the preflight of a run', () => {
  const spoken = ({ stdout }: Ended): string[] => stdout.split('\n').filter((line) => line.includes('preflight'));

  it('says nothing where nothing is wrong', async () => {
    const ended = await loadtop(`${demo.origin}/health`, '-q', '20', '-z', '3', '--no-record');
    expect(spoken(ended)).toEqual([]);
    expect([0, 96]).toContain(ended.code);
  });

  it('says that connections are not kept, and what to do', async () => {
    const { port } = await listen(http.createServer((_, response) => response.setHeader('connection', 'close').end()));
    const ended = await loadtop(`http://127.0.0.1:${port}/`, '-q', '20', '-z', '3', '--no-record');
    expect(spoken(ended).join('\n')).toMatch(/keep-alive: the target closes the connection/);
    expect(ended.stdout).toMatch(/turn keep-alive on/);
    expect([0, 96]).toContain(ended.code);
  });

  it('sends nothing to a target that is not to be polled, and is over when the run is', async () => {
    const methods: string[] = [];
    const server = http.createServer((request, response) => {
      methods.push(request.method ?? '');
      if (request.method === 'HEAD') return;
      response.end();
    });
    const { port } = await listen(server);
    const quiet = await loadtop(`http://127.0.0.1:${port}/`, '-q', '20', '-z', '2', '--no-record', '--no-probe');
    expect([0, 96]).toContain(quiet.code);
    expect(methods).not.toContain('HEAD');
    const short = await loadtop(`http://127.0.0.1:${port}/`, '-q', '20', '-n', '5', '--no-record');
    expect([0, 96]).toContain(short.code);
    expect(spoken(short)).toEqual([]);
  });

  it.skipIf(!hasOpenssl())('says that a certificate ends soon (with openssl)', async () => {
    const own = makeCertificates();
    writeFileSync(path.join(folder, 'ca.pem'), own.ca);
    const { port } = await listen(https.createServer(own.valid, (_, response) => response.end()));
    const ended = await loadtop(
      `https://localhost:${port}/`,
      '--cacert',
      'ca.pem',
      '-q',
      '20',
      '-z',
      '3',
      '--no-record',
    );
    expect(spoken(ended).join('\n')).toMatch(/certificate: valid for 1 day/);
    expect([0, 96]).toContain(ended.code);
  });
});
