// What a request is made of beside its path, with values that are drawn, captured or kept: queries, forms, parts, files under
// data and redirects, run by the built program against a server that takes them apart as servers do.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-parts-'));
const names = ['Ada "L" Ü', '100% a+b', "x;y&z=1 ~!'()*"];
const token = 'a"b&c d/é+%';

interface Got {
  readonly method: string | undefined;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

let server: http.Server;
let origin = '';
let got: Got[] = [];

const at = (pathname: string): readonly Got[] => got.filter(({ url }) => url.pathname === pathname);

beforeAll(async () => {
  server = http.createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url ?? '', origin);
    got.push({ method: request.method, url, headers: request.headers, body: Buffer.concat(parts) });
    if (url.pathname === '/login') {
      const user = got.length;
      response.writeHead(302, { location: `/home?user=${user}`, 'set-cookie': `session=${user}; Path=/` }).end();
    } else response.end(JSON.stringify({ token }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  writeFileSync(
    path.join(folder, 'people.csv'),
    `name\n${names.map((name) => `"${name.replaceAll('"', '""')}"`).join('\n')}\n`,
  );
  writeFileSync(
    path.join(folder, 'profile.yaml'),
    `target: ${origin}
load: { users: 2, requests: 30 }
cookies: true
metrics:
  sent: { type: counter, unit: bytes }
  logged_in: { type: counter, unit: bytes }
data:
  people: { csv: people.csv }
  upload: { generate: { rows: 500, columns: { id: "{{sequence 1}}", text: "{{hex 40}}" } } }
steps:
  - post: /login
    form: { name: "{{people.name}}", choice: '{{pick "a b" "c&d"}}', email: "{{email}}", words: "{{words 2}}" }
    redirects: 3
    expect: { status: [200] }
    capture: { token: $.token }
    count: { logged_in: request.bytes }
  - get: /find
    query: { q: "{{token}}", name: "{{people.name}}", words: "{{words 2}}" }
  - post: /fields
    form: { token: "{{token}}", n: "{{arrival}}" }
  - post: /upload
    multipart:
      - { name: note, json: { token: "{{token}}", n: "{{arrival}}" } }
      - { name: file, file: "{{upload}}", filename: "{{people.name}}.csv" }
    count: { sent: request.bytes }
  - put: /raw
    file: people
    count: { sent: request.bytes }
probes: { enabled: false }
`,
  );
});

beforeEach(() => {
  got = [];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const loadtop = (...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> => {
  const home = path.join(folder, 'home');
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: home, XDG_CACHE_HOME: home };
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
};

const expectParts = async (): Promise<void> => {
  for (const { body } of at('/login')) {
    const form = new URLSearchParams(body.toString());
    expect(names).toContain(form.get('name'));
    expect(['a b', 'c&d']).toContain(form.get('choice'));
    expect(form.get('email')).toMatch(/^[a-z]*\d+@example\.com$/);
    expect(form.get('words')).toMatch(/^\S+ \S+$/);
    expect(body.toString()).not.toContain(' ');
  }
  for (const { url } of at('/find')) {
    expect(url.searchParams.get('q')).toBe(token);
    expect(names).toContain(url.searchParams.get('name'));
    expect(url.searchParams.get('words')).toMatch(/^\S+ \S+$/);
  }
  for (const { body } of at('/fields')) expect(new URLSearchParams(body.toString()).get('token')).toBe(token);
  for (const { headers, body } of at('/upload')) {
    const type = headers['content-type'] ?? '';
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    expect(JSON.parse(String(form.get('note')))).toEqual({ token, n: expect.any(Number) });
    const file = form.get('file');
    if (!(file instanceof File)) throw new Error('no file came');
    expect(names.map((name) => `${name}.csv`)).toContain(file.name.replaceAll('%22', '"'));
    expect(file.type).toBe('text/csv');
    const lines = (await file.text()).trimEnd().split(/\r?\n/);
    expect(lines[0]).toBe('id,text');
    expect(lines).toHaveLength(501);
  }
  for (const { headers, body } of at('/raw')) {
    expect(headers['content-type']).toBe('text/csv');
    expect(body).toEqual(readFileSync(path.join(folder, 'people.csv')));
  }
};

describe('parts of a request', () => {
  it.each([['1'], ['3']])(
    'hold what is drawn and captured, escaped for where it stands, with %s workers',
    async (workers) => {
      const out = path.join(folder, 'out.json');
      const { text } = await loadtop('run', 'profile.yaml', '--no-tui', '-w', workers, '-o', out);
      expect(text).not.toMatch(/problem/);
      const summary = JSON.parse(readFileSync(out, 'utf8'));
      expect(summary.notGood.requests ?? 0).toBe(0);
      for (const place of ['/login', '/home', '/find', '/fields', '/upload', '/raw'])
        expect(at(place)).toHaveLength(30);
      await expectParts();
      const bytes = (...places: string[]): number => places.flatMap(at).reduce((sum, { body }) => sum + body.length, 0);
      const sum = (name: string): number =>
        summary.metrics.find((metric: { name: string }) => metric.name === name).sum;
      expect(sum('sent')).toBe(bytes('/upload', '/raw'));
      expect(sum('logged_in')).toBe(bytes('/login'));
      // The cookie of a redirect goes to where it leads.
      for (const { url, headers } of at('/home')) {
        expect(headers.cookie).toContain(`session=${url.searchParams.get('user')}`);
      }
    },
    60_000,
  );

  it('are shown as they are sent, each hop by itself', async () => {
    const { code, text } = await loadtop('run', 'profile.yaml', '--once', '--show');
    expect(text).toMatch(/followed.*302/);
    expect(code).toBe(0);
    expect(got).toHaveLength(6);
    await expectParts();
    expect(text).toMatch(/GET http:\/\/\S+\/home\?user=1\n/);
    expect(text).toContain('filename="');
    expect(text).toContain('id,text');
  });
});
