// A step of the load, sent once: what its answer means, which secret is missing, and what is never sent.

import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../source/preflight/exchange.ts';
import type { Route } from '../../source/preflight/route.ts';
import { checkStep, judgeAnswer, type StepRequest, unsetSecret } from '../../source/preflight/step-check.ts';
import { listen } from '../helpers/listen.ts';

const step = (over: Partial<StepRequest> = {}): StepRequest => ({
  name: 'GET /me',
  method: 'GET',
  path: '/me',
  headers: [],
  body: undefined,
  expectStatus: undefined,
  ...over,
});

const answer = (status: number, headers: Answer['headers'] = {}): Answer => ({ status, headers, tookMs: 3 });

const routeTo = (port: number): Route => ({
  origin: { secure: false, hostname: '127.0.0.1', port },
  via: { type: 'host', hostname: '127.0.0.1', port },
  http2: false,
  tls: { verify: true, ca: undefined, cert: undefined, key: undefined },
  family: undefined,
  version: '1.0',
});

const bearer = [['Authorization', 'Bearer abc']] as const;

describe('an answer', () => {
  it.each<[string, Partial<StepRequest>, Answer, string, RegExp]>([
    ['as expected', {}, answer(200), 'ok', /GET \/me: 200 in 3 ms/],
    ['as the step expects', { expectStatus: [202] }, answer(202), 'ok', /202/],
    ['another than the step expects', { expectStatus: [202] }, answer(200), 'bad', /200/],
    ['that redirects', {}, answer(302, { location: '/login' }), 'warn', /302 in 3 ms, to \/login/],
    ['that redirects, as expected', { expectStatus: [302] }, answer(302, { location: '/x' }), 'ok', /302/],
    ['that redirects, and is followed', { follows: true }, answer(302, { location: '/x' }), 'ok', /the load follows$/],
    ['401 to no login', {}, answer(401), 'bad', /401 in 3 ms, and no Authorization was sent$/],
    [
      '401 that asks for a scheme',
      {},
      answer(401, { 'www-authenticate': 'Bearer realm="x"' }),
      'bad',
      /no Authorization was sent; it asks for Bearer/,
    ],
    ['401 to a login', { headers: bearer }, answer(401), 'bad', /the Authorization that was sent is not accepted/],
    [
      '401 to a login of another scheme',
      { headers: bearer },
      answer(401, { 'www-authenticate': 'Basic realm="x"' }),
      'bad',
      /it asks for Basic and Bearer was sent/,
    ],
    [
      '401 to a login without a password',
      { headers: [['Authorization', 'Basic bWU6']] },
      answer(401, { 'www-authenticate': 'Basic' }),
      'bad',
      /its password is empty/,
    ],
    ['401 to a key', { headers: [['X-Api-Key', 'k']] }, answer(401), 'bad', /X-Api-Key is not accepted/],
    ['403 to a login', { headers: bearer }, answer(403), 'bad', /does not allow this/],
    ['404', { headers: bearer }, answer(404), 'bad', /no such path there/],
    ['405', { method: 'POST' }, answer(405, { allow: 'GET' }), 'bad', /POST is not taken there/],
    ['429', {}, answer(429), 'bad', /429/],
    ['503', {}, answer(503), 'bad', /503/],
  ])('%s is judged', (_, over, given, level, found) => {
    const check = judgeAnswer(step(over), given);
    expect(check).toMatchObject({ name: 'request', level });
    expect(check.found).toMatch(found);
    if (level === 'bad') expect(check.todo).toBeTruthy();
  });

  it('says how to log in, as the target asks for it', () => {
    const todo = (scheme: string) => judgeAnswer(step(), answer(401, { 'www-authenticate': scheme })).todo;
    expect(todo('Basic realm="x"')).toContain('-a USER:PASSWORD');
    expect(todo('Bearer')).toContain("-H 'Authorization: Bearer …'");
  });

  it('cannot steer a terminal, and shows no secret', () => {
    const given = answer(401, { 'www-authenticate': '\u001b[31mX', location: '\u001b]0;x' });
    const text = JSON.stringify(judgeAnswer(step({ headers: bearer }), given));
    expect(text).not.toContain('\\u001b');
    expect(text).not.toContain('abc');
  });
});

describe('a secret that was not set', () => {
  it.each<[string, Pick<StepRequest, 'headers'>, RegExp]>([
    ['leaves a variable', { headers: [['Authorization', `Bearer \${TOKEN}`]] }, /a variable, TOKEN/],
    ['leaves a bare variable', { headers: [['authorization', 'Bearer $API_TOKEN']] }, /API_TOKEN/],
    ['leaves a variable in any header', { headers: [['X-Team', `\${TEAM}`]] }, /X-Team still holds .* TEAM/],
    ['leaves a scheme', { headers: [['Authorization', 'Bearer']] }, /nothing after Bearer/],
    ['leaves a scheme and a space', { headers: [['Authorization', 'Token ']] }, /nothing after Token/],
    ['leaves an empty login', { headers: [['Authorization', 'Basic Og==']] }, /nothing after Basic/],
    ['leaves nothing', { headers: [['X-Api-Key', ' ']] }, /X-Api-Key is empty/],
  ])('%s', (_, headers, found) => {
    expect(unsetSecret(step(headers))).toMatchObject({ level: 'bad', found: expect.stringMatching(found) });
  });

  it('may stand in the path', () => {
    expect(unsetSecret(step({ path: '/me?key=$%7BKEY%7D' }))?.found).toContain('KEY');
  });

  it.each<[string, string]>([
    ['Authorization', 'Bearer abc'],
    ['Authorization', 'abc'],
    ['Authorization', 'Basic bWU6'],
    ['X-Price', '$5 and $AVINGS'],
    ['Accept', ''],
  ])('is none: %s: %s', (name, value) => {
    expect(unsetSecret(step({ headers: [[name, value]] }))).toBeUndefined();
  });

  it('is told before anything is sent', async () => {
    const server = http.createServer((_, response) => response.end());
    const { port, made } = await listen(server);
    const check = await checkStep(step({ headers: [['Authorization', 'Bearer']] }), routeTo(port), '127.0.0.1', 1000);
    expect(check.found).toMatch(/^not sent/);
    expect(made()).toBe(0);
  });
});

describe('a step that is sent', () => {
  it('has its method, headers and body, and our user agent unless it has one', async () => {
    const seen: string[] = [];
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${request.headers['x-a']} ${request.headers['user-agent']} ${body}`);
      response.writeHead(202).end();
    });
    const { port } = await listen(server);
    const sent = step({
      method: 'POST',
      headers: [
        ['X-A', '1'],
        ['User-Agent', 'mine'],
      ],
      body: '{}',
      expectStatus: [202],
    });
    expect(await checkStep(sent, routeTo(port), '127.0.0.1', 1000)).toMatchObject({ level: 'ok' });
    expect(seen).toEqual(['POST /me 1 mine {}']);
  });

  it('is judged by the head of an answer that never ends', async () => {
    const server = http.createServer((_, response) => {
      response.write('data: 1\n\n');
    });
    const { port } = await listen(server);
    expect(await checkStep(step(), routeTo(port), '127.0.0.1', 2000)).toMatchObject({ level: 'ok' });
  });

  it('is bad where nobody answers, or the connection is cut', async () => {
    const { port } = await listen(net.createServer());
    expect(await checkStep(step(), routeTo(port), '127.0.0.1', 300)).toMatchObject({
      level: 'bad',
      found: 'GET /me: no answer within 0.3 s',
    });
    const cutting = await listen(net.createServer((socket) => socket.once('data', () => socket.destroy())));
    expect(await checkStep(step(), routeTo(cutting.port), '127.0.0.1', 2000)).toMatchObject({ level: 'bad' });
  });
});
