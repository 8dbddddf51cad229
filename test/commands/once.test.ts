// `--once`: what is printed of one iteration of each scenario, what is masked, and the exit code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { main } from '../../source/commands/main.ts';
import type { Io } from '../../source/commands/terminal.ts';
import { listen } from '../helpers/listen.ts';

/** Runs a profile once against a server; what was printed, without times, and the exit code. */
const runOnce = async (
  profile: string,
  handler: http.RequestListener,
  flags: readonly string[] = ['--show'],
): Promise<{ code: number; out: string; errors: string }> => {
  const { port } = await listen(http.createServer(handler));
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'loadtop-once-')), 'profile.yaml');
  writeFileSync(file, `target: http://127.0.0.1:${port}\n${profile}`);
  let out = '';
  let errors = '';
  const stdout = new PassThrough().on('data', (chunk) => {
    out += String(chunk);
  });
  const stderr = new PassThrough().on('data', (chunk) => {
    errors += String(chunk);
  });
  const io = { stdin: new PassThrough(), stdout, stderr, env: { TOKEN: 'top secret' } } as unknown as Io;
  const code = await main(['--once', ...flags, file], io);
  rmSync(path.dirname(file), { recursive: true });
  return { code, out: out.replaceAll(/[\d.]+ ms/g, 'N ms').replaceAll(String(port), 'PORT'), errors };
};

const profile = `variables: { TOKEN: { secret: true } }
cookies: true
scenarios:
  - name: session
    steps:
      - post: /open
        headers: { X-Key: "k \${TOKEN}", Authorization: "Bearer \${TOKEN}" }
        json: { key: "\${TOKEN}", n: 1 }
        expect: { json: { $.ok: true } }
        capture: { id: $.id, session_token: $.tok }
        think: 1h
      - get: /use/{{id}}?t={{session_token}}
        expect: { status: 200, text: fine }
  - name: never
    weight: 0
    steps: [{ get: /never }]
  - name: other
    steps: [{ get: /missing, optional: true }, { get: "/gone" }]
`;

const handler: http.RequestListener = (request, response) => {
  if (request.url === '/open') {
    response.writeHead(200, { 'set-cookie': 'sid=s3cr3t' });
    response.end('{"ok":true,"id":7,"tok":"hush-hush","echo":"top secret"}');
  } else if (request.url === '/missing') response.writeHead(404).end();
  else response.writeHead(request.url === '/gone' ? 500 : 200).end('so \u001b[31mfine');
};

describe('--once', () => {
  it('shows each request and its answer, secrets masked', async () => {
    const { code, out, errors } = await runOnce(profile, handler);
    expect(errors).toBe('');
    expect(code).toBe(1);
    expect(out).not.toMatch(/top secret|top%20secret|hush|s3cr3t|\u001b|never/);
    for (const text of [
      'scenario session\nok  POST /open  200 after N ms\n  > POST http://127.0.0.1:PORT/open\n',
      '  > X-Key: k ***\n  > Authorization: ***\n',
      '  > {"key":"***","n":1}\n',
      '  < set-cookie: ***\n',
      '  < {"ok":true,"id":7,"tok":"***","echo":"***"}\n',
      '  captured  id = 7\n  captured  session_token = ***\n  passed  $.ok is true\n',
      '  > GET http://127.0.0.1:PORT/use/7?t=***\n',
      '  > Cookie: ***\n',
      '  < so  [31mfine\n',
      '  passed  text contains "fine"\n  passed  status 200\n',
      'scenario other\nskipped  GET /missing  404 after N ms\n',
      'not ok  GET /gone  500 after N ms  500  500 Internal Server Error\n',
    ]) {
      expect(out).toContain(text);
    }
  });

  it('says a line for each request without --show', async () => {
    const { code, out } = await runOnce('steps:\n  - get: /a\n  - get: /b\n', handler, []);
    expect(out).toBe('ok  GET /a  200 after N ms\nok  GET /b  200 after N ms\n');
    expect(code).toBe(0);
  });

  it('says why a request could not be made, or had no answer', async () => {
    const refused = await runOnce(
      'steps:\n  - get: /a\n    capture: { v: { json: $.v, default: "a\\nb" } }\n  - get: /b\n    headers: { X: "{{v}}" }\n',
      handler,
    );
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('not ok  GET /b  other: request not valid  {{v}} holds a control character');
    const reset = await runOnce('steps:\n  - get: /a\n', (request) => request.socket.destroy());
    expect(reset.code).toBe(1);
    expect(reset.out).toMatch(/^not ok {2}GET \/a {2}(cut short|reset) before an answer/);
  });

  it('does not go outside unasked', async () => {
    const { code, errors } = await runOnce('steps:\n  - get: /a\n', handler, ['--host', 'http://192.0.2.1:9']);
    expect(code).toBe(2);
    expect(errors).toContain('192.0.2.1 is neither this machine nor in a private network');
  });

  it('shows each chunk of a stream with its time, the first ones and how it ends', async () => {
    const stream: http.RequestListener = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        response.write(sent === 60 ? 'data: [DONE]\n\n' : `data: {"n":${sent}}\n\n`);
        if (sent === 60) {
          clearInterval(timer);
          response.end();
        }
      }, 4);
    };
    const { code, out } = await runOnce('steps: [{ get: /, stream: sse }]\n', stream);
    expect(code).toBe(0);
    const chunks = out.split('\n').filter((line) => /^ {2}< +N ms {2}data: /.test(line));
    // Two that come at one read have one time.
    expect(chunks.length).toBeGreaterThan(20);
    expect(out).toMatch(/N ms {2}data: \{"n":1\}\n/);
    expect(out).toContain('  < (20 more)\n');
    expect(out).toContain('data: {"n":59}\n');
    expect(out).toMatch(/data: \[DONE\]\n {2}first byte after/);
    expect(out).not.toContain('pieces');
  });
});
