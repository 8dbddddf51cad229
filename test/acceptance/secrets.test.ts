// What is secret reaches nobody: a target that sends back all that it gets, expectations that fail with it as their example,
// and whatever a run writes: its lines, its summary, its recording, what --once shows.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../helpers/listen.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

const profile = (origin: string): string => `
export default {
  target: '${origin}',
  variables: { KEY: { secret: true } },
  load: { rate: 40, requests: 12 },
  auth: { bearer: 't0ken-of-all' },
  headers: { 'X-Key': '\${KEY}' },
  steps: [
    { post: '/login', json: { key: '\${KEY}' }, capture: { session_token: '$.token' } },
    { get: '/bearer', headers: { 'X-Session': '{{session_token}}' }, expect: { text: 'never' } },
  ],
};
`;

const other = (origin: string): string => `
target: ${origin}
variables: { KEY: { secret: true } }
load: { rate: 60, requests: 30 }
scenarios:
  - name: json
    steps: [{ post: /json, json: { key: "\${KEY}" }, expect: { json: { $.body.key: none } } }]
  - name: basic
    steps: [{ get: /basic, auth: { basic: "user:pass word" }, expect: { text: { matches: ^never } } }]
  - name: header
    steps: [{ get: /header, headers: { X-Any: "\${KEY}" }, expect: { header: { x-echo: never } } }]
  - name: capture
    steps: [{ get: /capture, headers: { X-Any: "\${KEY}" }, capture: { a: { regex: 'never' } } }]
`;

/** Sends back all that it gets: login first, where an example is cut. */
const echo: http.RequestListener = (request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    text += piece;
  });
  request.on('end', () => {
    const { headers } = request;
    const body: unknown = text === '' ? null : JSON.parse(text);
    response.setHeader('x-echo', [headers['x-any'], headers.authorization].flat().map(String));
    const filler = 'x'.repeat(request.url === '/bearer' ? 45 : 0);
    response.end(JSON.stringify({ filler, token: 'captured-t0ken', session: headers['x-session'], headers, body }));
  });
};

const run = async (args: readonly string[]): Promise<string> => {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, KEY: 'k3y-of-all' } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return text;
};

const written = (folder: string): string =>
  readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name)))
    .map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString())
    .join('\n');

describe('secrets', () => {
  it.each([
    ['ts', profile, ['k3y-of-all', 't0ken-of-all', 'captured-t0ken']],
    ['yaml', other, ['k3y-of-all', 'pass word', btoa('user:pass word')]],
  ] as const)('are in nothing that a run shows or writes (%s)', async (ending, text, secrets) => {
    const { port } = await listen(http.createServer(echo));
    const files = mkdtempSync(path.join(os.tmpdir(), 'loadtop-secrets-'));
    const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-secrets-'));
    onTestFinished(() => {
      rmSync(files, { recursive: true });
      rmSync(folder, { recursive: true });
    });
    const file = path.join(files, `profile.${ending}`);
    writeFileSync(file, text(`http://127.0.0.1:${port}`));
    const lines = await run([
      ...['run', file, '--no-tui', '--no-probe', '--json', '--out', path.join(folder, 'out.json')],
      ...['--record', path.join(folder, 'recording')],
    ]);
    const once = await run([file, '--once', '--show']);
    const results = written(folder);
    expect(lines).toContain('expectation failed');
    expect(once).toContain('not ok');
    expect(results).toContain('expectation failed');
    for (const secret of secrets) {
      expect(lines).not.toContain(secret);
      expect(once).not.toContain(secret);
      expect(results).not.toContain(secret);
    }
    // Nor what an example cut off of one.
    for (const secret of secrets) expect(lines + once + results).not.toContain(`${secret.slice(0, 5)}…`);
    expect(lines).toContain('***');
  });
});
