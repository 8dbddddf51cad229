// `--once`: what is printed of one iteration of each scenario, what is masked, and the exit code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
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
      'not ok  GET /gone  500 after N ms  500 Internal Server Error\n',
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

  it('removes what it made, and tears down, also where somebody wants no more of it', async () => {
    const asked: string[] = [];
    const stop = Promise.withResolvers<void>();
    const running = runOnce(
      `setup: [{ post: /login }]
teardown: [{ post: /logout }]
steps:
  - { post: /sessions, capture: { id: $.id }, creates: { delete: "/sessions/{{id}}" } }
  - get: /never
`,
      (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        if (request.url === '/sessions') {
          stop.resolve();
          setTimeout(() => response.end('{"id":7}'), 50);
        } else response.end('{}');
      },
      [],
    );
    await stop.promise;
    process.listeners('SIGINT').at(-1)?.('SIGINT');
    expect(await running).toMatchObject({ code: 1 });
    expect(asked).toEqual(['POST /login', 'POST /sessions', 'DELETE /sessions/7', 'POST /logout']);
  });

  it('undoes the set-up of the run where what it captured cannot be sent', async () => {
    const seen: string[] = [];
    const { code, errors } = await runOnce(
      `setup:
  - { post: /login, capture: { token: $.token } }
  - { post: /things, creates: { delete: /things/1 } }
steps: [{ get: /never, headers: { X-Team: "{{token}}" } }]
teardown: [{ post: /logout }]
`,
      ({ method, url }, response) => {
        seen.push(`${method} ${url}`);
        response.end(JSON.stringify({ token: 'a\nb' }));
      },
      [],
    );
    expect(code).toBe(1);
    expect(errors).toContain(
      'set-up: header X-Team of "GET /never": found {{token}}, expected a value without a control',
    );
    expect(errors).toContain('no load was sent');
    expect(seen).toEqual(['POST /login', 'POST /things', 'DELETE /things/1', 'POST /logout']);
  });

  it('says what could not be removed, and lets no target steer the terminal with it', async () => {
    const answers = { POST: 'HTTP/1.1 201 Created', DELETE: 'HTTP/1.1 500 \u001b[31mno\u0007' };
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        const answer = String(bytes).startsWith('POST') ? answers.POST : answers.DELETE;
        socket.write(`${answer}\r\ncontent-length: 0\r\n\r\n`, 'latin1');
      });
    });
    const { port } = await listen(server);
    const { out } =
      await runOnce(`connection: { connectTo: "127.0.0.1:${port}" }\nsteps: [{ post: /a, creates: { delete: /a/1 } }]\n`, () => {}, []);
    expect(out).toMatch(/^clean-up: DELETE \/a\/1 is left: 500 .*no/m);
    expect(out).not.toMatch(/[\u0007\u001b]/);
  });

  it('says that it is not known what a request made, where its answer does not tell', async () => {
    const { code, out } = await runOnce(
      'steps: [{ post: /things, capture: { id: $.id }, creates: { delete: "/things/{{id}}" } }]\n',
      (_, response) => void response.end('{}'),
      [],
    );
    expect(code).toBe(1);
    expect(out).toContain('clean-up: it is not known what 1 of the requests made that make something');
  });

  it('says what the set-up of the run did not capture', async () => {
    const { out } = await runOnce(
      `setup: [{ if: "0", steps: [{ get: /, capture: { id: $.id } }] }]
steps: [{ get: "/{{id}}" }]
`,
      (_, response) => void response.end('{}'),
      [],
    );
    expect(out).toContain('nothing was captured for {{id}}');
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

describe('--once, whose output nobody reads to its end', () => {
  it('goes on and removes what it made', async () => {
    const came: string[] = [];
    const server = http.createServer((request, response) => {
      came.push(`${request.method} ${request.url}`);
      response.writeHead(request.method === 'POST' ? 201 : 200).end('{"id":5}');
    });
    const { port } = await listen(server);
    const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-once-'));
    const file = path.join(folder, 'profile.yaml');
    writeFileSync(
      file,
      `target: http://127.0.0.1:${port}
steps:
  - { post: /made, capture: { id: $.id }, creates: { delete: "/made/{{id}}" } }
  - get: /look
`,
    );
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const io = { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume(), env: {} } as unknown as Io;
    expect(await main(['--once', '--show', file], io)).toBe(0);
    expect(came).toEqual(['POST /made', 'GET /look', 'DELETE /made/5']);
    rmSync(folder, { recursive: true });
  });
});
