// Profiles with variables, in YAML, JSON and TypeScript, run by the built program against a server that notes what it got.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-language-'));
const home = path.join(folder, 'home');
/** Fine, or not valid: a run of a moment on a noisy machine may have been limited by the machine. */
const judged = [0, 96];

interface Got {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: http.Server;
let origin = '';
let got: Got[] = [];

beforeAll(async () => {
  mkdirSync(path.join(folder, 'profiles'));
  server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ path: request.url, authorization: request.headers.authorization, body });
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

beforeEach(() => {
  got = [];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

const loadtop = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: home, ...env },
    timeout: 30_000,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
};

const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content);
  return name;
};

const variables = `
variables:
  TOKEN: { secret: true, description: from your account page }
  PLACE: { default: profile, alias: WHERE }
target: \${ORIGIN}
load: { rate: \${RATE:-20}, requests: \${COUNT} }
headers: { Authorization: Bearer \${TOKEN} }
steps:
  - post: /\${PLACE}
    json: { n: \${COUNT}, text: "\${COUNT}", literal: $\${COUNT} }
probes: { enabled: false }
`;

describe('variables', () => {
  it('come from --set, the environment, .env beside the profile and the profile, in this order, and are sent', async () => {
    const profile = file('profiles/orders.yaml', variables);
    file('profiles/.env', `ORIGIN=${origin}\nTOKEN="hush-of-file"\nPLACE=file\nCOUNT=9\n`);
    file('.env', 'COUNT=8\nRATE=nonsense\n');
    const first = await loadtop(['run', profile, '--set', 'COUNT=3'], { WHERE: 'environment' });
    expect(judged, first.text).toContain(first.code);
    expect(got).toHaveLength(3);
    for (const { path: where, authorization, body } of got) {
      expect([where, authorization]).toEqual(['/environment', 'Bearer hush-of-file']);
      expect(JSON.parse(body)).toEqual({ n: 3, text: '3', literal: '${COUNT}' });
    }
    got = [];
    const second = await loadtop(['run', profile, '--set', 'WHERE=flag', '-n', '2'], { WHERE: 'environment' });
    expect(judged, second.text).toContain(second.code);
    expect(got.map((each) => each.path)).toEqual(['/flag', '/flag']);
    // Nothing of what is shown or kept has the secret in it.
    expect(`${first.text}${second.text}`).not.toContain('hush');
    const recordings = readdirSync(path.join(home, 'runs'), { recursive: true, encoding: 'utf8' });
    expect(recordings.length).toBeGreaterThanOrEqual(2);
    for (const name of recordings) expect(readFileSync(path.join(home, 'runs', name), 'latin1')).not.toContain('hush');
  });

  it('are from .env of the working folder where the profile has none beside it', async () => {
    mkdirSync(path.join(folder, 'apart'));
    const profile = file('apart/orders.yaml', variables);
    file('.env', `ORIGIN=${origin}\nTOKEN=t\nCOUNT=1\n`);
    const { code, text } = await loadtop(['run', profile]);
    expect(judged, text).toContain(code);
    expect(got.map((each) => each.path)).toEqual(['/profile']);
  });

  it('that are not set end the run before it begins, each with its place; check needs no secrets', async () => {
    rmSync(path.join(folder, '.env'), { force: true });
    const profile = file('unset.yaml', variables);
    const { code, text } = await loadtop(['run', profile], { COUNT: '1' });
    expect(code).toBe(2);
    expect(text).toMatch(/unset\.yaml:5:1 {2}target: found \$\{ORIGIN\}, which is not set/);
    expect(text).toMatch(/unset\.yaml:7:12 {2}headers\.Authorization: found \$\{TOKEN\}.*from your account page/);
    const checked = await loadtop(['check', profile, '--set', `ORIGIN=${origin}`], { COUNT: '1' });
    expect(checked.code, checked.text).toBe(0);
    expect(checked.text).toMatch(/TOKEN +secret, not set/);
    expect(got).toEqual([]);
  });
});

describe('the same profile in another language', () => {
  const data = (target: string): string =>
    `{ target: '${target}', load: { rate: 20, requests: 2 }, steps: [{ get: '/a' }], probes: { enabled: false } }`;

  it.each([
    ['js.mjs', () => `export default ${data(origin)};\n`],
    [
      'ts.ts',
      () => `interface Any { readonly [key: string]: unknown }\nexport default ${data(origin)} satisfies Any;\n`,
    ],
    [
      'json.json',
      () =>
        data(origin)
          .replaceAll("'", '"')
          .replaceAll(/(\w+):(?!\/|\d)/g, '"$1":'),
    ],
    ['yaml.yml', () => data(origin)],
  ])('%s is run', async (name, content) => {
    const { code, text } = await loadtop(['run', file(name, content())]);
    expect(judged, text).toContain(code);
    expect(got.map((each) => each.path)).toEqual(['/a', '/a']);
  });
});

it('profiles lists those that can be run by name, from any folder', async () => {
  const { code, text } = await loadtop(['profiles']);
  expect(code).toBe(0);
  expect(text).toMatch(/^overload +up to 4,000\/s +3m +\S/m);
  expect((await loadtop(['check', 'events-simple', '--host', origin])).code).toBe(0);
});
