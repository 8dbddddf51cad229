import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { mongoAt, probeAt } from '../../source/profile/defaults.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-profile-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string | Uint8Array, name = 'x.yaml'): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const errorOf = (file: string): UserError => {
  try {
    loadProfile(file);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('the profile was accepted');
};

/** The message of a faulty file, its folder removed. */
const messageOf = (content: string | Uint8Array): string =>
  errorOf(write(content)).message.replaceAll(`${folder}/`, '');

const head = 'target: http://localhost:3000\n';
const least = `${head}steps:\n  - get: /\n`;

describe('a profile that uses the whole language', () => {
  const text = `
name: events-demo
description: One event a request
target: http://localhost:3000
load:
  stages:
    - 30s: 500
    - { over: 2m, rate: 1k }
    - 10s:0
    - 5: 100
  duration: 2m
  requests: 1000
  arrivals: poisson
  seed: 7
  connections: 100
  maxInFlight: 90
  overflow: drop
  workers: 2
  maxRate: 5k
  warmup: 10
  grace: 1m
timeout: 5
connection:
  http2: true
  pipelining: 20
  keepAlive: true
  connectTimeout: 500ms
  insecure: false
  cacert: tls/ca.pem
  cert: ../client.pem
  key: /etc/client-key.pem
  proxy: http://localhost:8888
  ipv6: true
  ipv4: false
headers: { Content-Type: text/plain, X-Run: 5 }
scenarios:
  - name: single
    weight: 3
    steps:
      - post: /events?a=1
        headers: { content-type: application/json }
        json: { type: page_view, id: "{{arrival}}" }
        expect: { status: [202, 429] }
      - get: /health
        name: look
        expect: { status: 200 }
        preflight: true
  - steps:
      - put: /file
        bodyFile: body.bin
      - patch: /text
        body: hello
probes: { health: /health, metrics: [":9464/metrics", "http://localhost:9465/metrics"], mongo: mongodb://localhost, enabled: true }
objectives: [p99<300ms over 30s, errors<1%, errors < 1 % over 10s]
allow: https://staging.example.com
record: false
`;

  test('becomes a profile with everything in its place', () => {
    write(Uint8Array.from([0, 255, 1]), 'body.bin');
    const profile = loadProfile(write(text));
    expect(profile).toMatchObject({
      name: 'events-demo',
      origin: 'http://localhost:3000',
      load: {
        model: 'open',
        stages: [
          { lengthMs: 30_000, rate: 500 },
          { lengthMs: 120_000, rate: 1000 },
          { lengthMs: 10_000, rate: 0 },
          { lengthMs: 5000, rate: 100 },
        ],
      },
      durationMs: 120_000,
      limit: 1000,
      arrivals: 'poisson',
      seed: 7,
      connections: 100,
      maxInFlight: 90,
      overflow: 'drop',
      workers: 2,
      timeoutMs: 5000,
      maxRate: 5000,
      warmupMs: 10_000,
      graceMs: 60_000,
      objectives: [{ text: 'p99<300ms over 30s' }, { text: 'errors<1%' }],
      allow: ['https://staging.example.com'],
      record: false,
    });
    expect(profile.connection).toEqual({
      http2: true,
      pipelining: 20,
      keepAlive: true,
      connectTimeoutMs: 500,
      verify: true,
      cacert: join(folder, 'tls/ca.pem'),
      cert: join(folder, '../client.pem'),
      key: '/etc/client-key.pem',
      connectTo: undefined,
      unixSocket: undefined,
      proxy: 'http://localhost:8888/',
      family: 6,
    });
    expect(profile.probes).toEqual({
      health: [probeAt('http://localhost:3000/health')],
      metrics: [probeAt('http://localhost:9464/metrics'), probeAt('http://localhost:9465/metrics')],
      mongo: [mongoAt('mongodb://localhost')],
      headers: [],
      pins: [],
      enabled: true,
    });
    const [single, second] = profile.scenarios;
    expect(single).toMatchObject({ name: 'single', weight: 3 });
    expect(single?.steps).toEqual([
      {
        name: 'POST /events',
        method: 'POST',
        path: '/events?a=1',
        headers: [
          ['X-Run', '5'],
          ['content-type', 'application/json'],
        ],
        body: '{"type":"page_view","id":{{arrival}}}',
        expectStatus: [202, 429],
      },
      {
        name: 'look',
        method: 'GET',
        path: '/health',
        headers: [
          ['Content-Type', 'text/plain'],
          ['X-Run', '5'],
        ],
        body: undefined,
        expectStatus: [200],
        preflight: true,
      },
    ]);
    expect(second).toMatchObject({ name: 'scenario 2', weight: 1 });
    expect([...(second?.steps[0]?.body ?? [])]).toEqual([0, 255, 1]);
    expect(second?.steps[1]?.body).toBe('hello');
  });
});

describe('think time', () => {
  test.each([
    ['2s', { type: 'fixed', ms: 2000 }],
    ['1s-5s', { type: 'uniform', leastMs: 1000, mostMs: 5000 }],
    ['{ exponential: 500ms }', { type: 'exponential', meanMs: 500 }],
  ])('of %s is %j, of the load or of a scenario', (text, think) => {
    const load = loadProfile(write(`${least}load: { users: 5, think: ${text} }\n`));
    expect(load.scenarios[0]?.think).toEqual(think);
    const steps = 'steps: [get: /]';
    const own = `target: http://localhost:3000\nload: { users: 5, think: 9s }\nscenarios:\n  - think: ${text}\n    ${steps}\n  - ${steps}\n`;
    expect(loadProfile(write(own)).scenarios.map((one) => one.think)).toEqual([think, { type: 'fixed', ms: 9000 }]);
  });

  test.each([
    ['5s-1s', 'load.think: found "5s-1s", expected two durations of which the first is not the longer, such as 1s-5s'],
    ['soon', /load\.think: found "soon", expected a (duration|number)/],
    ['{ uniform: 2s }', /load\.think\.uniform: found an unknown key, expected one of exponential/],
    ['48h', 'load.think: found "48h", expected a duration of at most 24h'],
  ])('is not %s', (text, expected) => {
    const message = messageOf(`${least}load: { users: 5, think: ${text} }\n`);
    if (typeof expected === 'string') expect(message).toContain(expected);
    else expect(message).toMatch(expected);
  });

  test('is of users', () => {
    expect(messageOf(`${least}load: { rate: 5, think: 1s }\n`)).toContain(
      'load.think: found "1s", expected users beside it',
    );
  });
});

describe('a profile that says little', () => {
  test('has probes with headers, trust and a pace of their own', () => {
    const file = write(`${least}probes:
  headers: { X-Team: load }
  health: { url: /h, basic: "me:sécret", insecure: true }
  metrics: [":9464/m", { url: "http://a:1/m", bearer: tok, headers: { X-A: b }, cacert: tls/ca.pem, period: 5s }]
  mongo: { uri: "mongodb://a", period: 10s, timeout: 500ms }
  pin: buffer_*
`);
    expect(loadProfile(file).probes).toEqual({
      health: [
        {
          ...probeAt('http://localhost:3000/h'),
          headers: [['Authorization', 'Basic bWU6c8OpY3JldA==']],
          tls: { verify: false, cacert: undefined, cert: undefined, key: undefined },
        },
      ],
      metrics: [
        probeAt('http://localhost:9464/m'),
        {
          url: 'http://a:1/m',
          headers: [
            ['X-A', 'b'],
            ['Authorization', 'Bearer tok'],
          ],
          tls: { verify: true, cacert: join(dirname(file), 'tls/ca.pem'), cert: undefined, key: undefined },
          periodMs: 5000,
          timeoutMs: undefined,
        },
      ],
      mongo: [{ uri: 'mongodb://a', periodMs: 10_000, timeoutMs: 500 }],
      headers: [['X-Team', 'load']],
      pins: ['buffer_*'],
      enabled: true,
    });
  });

  test('gets every default', () => {
    const profile = loadProfile(write(least, 'small.yaml'));
    expect(profile).toEqual({
      name: 'small',
      description: undefined,
      source: { path: profile.source?.path, set: [] },
      setup: undefined,
      teardown: undefined,
      cleanUpHeaders: [],
      origin: 'http://localhost:3000',
      cookies: false,
      scenarios: [
        {
          name: 'main',
          weight: 1,
          steps: [{ name: 'GET /', method: 'GET', path: '/', headers: [], body: undefined, expectStatus: undefined }],
        },
      ],
      load: { model: 'constant', rate: 50 },
      durationMs: undefined,
      nowAt: undefined,
      data: [],
      limit: undefined,
      arrivals: 'uniform',
      seed: undefined,
      connections: undefined,
      maxInFlight: undefined,
      overflow: 'queue',
      timeoutMs: 10_000,
      connection: {
        http2: false,
        pipelining: undefined,
        keepAlive: true,
        connectTimeoutMs: 3000,
        verify: true,
        cacert: undefined,
        cert: undefined,
        key: undefined,
        connectTo: undefined,
        unixSocket: undefined,
        proxy: undefined,
        family: undefined,
      },
      maxRate: undefined,
      warmupMs: 0,
      graceMs: 30_000,
      workers: 'auto',
      metrics: [],
      objectives: [],
      until: [],
      probes: { health: undefined, metrics: undefined, mongo: [], pins: [], headers: [], enabled: true },
      allow: [],
      record: undefined,
      secrets: [],
    });
  });

  test.each([
    ['rate: 500', { model: 'constant', rate: 500 }],
    ['rate: 3000/m', { model: 'constant', rate: 50 }],
    ['rate: 0', { model: 'constant', rate: 0 }],
    ['rate: max', { model: 'full speed' }],
    ['rate: MAX', { model: 'full speed' }],
    ['duration: 0', { model: 'constant', rate: 50 }],
    ['users: 200', { model: 'closed', users: 200, spawnRate: Infinity }],
    ['users: 1k, spawnRate: 10/s', { model: 'closed', users: 1000, spawnRate: 10 }],
    [
      'users: [30s: 20, {over: 1m, users: 50}, 10s:0], spawnRate: 5',
      {
        model: 'closed',
        users: [
          { lengthMs: 30_000, rate: 20 },
          { lengthMs: 60_000, rate: 50 },
          { lengthMs: 10_000, rate: 0 },
        ],
        spawnRate: 5,
      },
    ],
    [
      'burst: 1000',
      { model: 'burst', sizes: new Array<number>(1).fill(1000), afterMs: 0, pauseMs: 1000, errorLimit: undefined },
    ],
    [
      'burst: 1000x5',
      { model: 'burst', sizes: new Array<number>(5).fill(1000), afterMs: 0, pauseMs: 1000, errorLimit: undefined },
    ],
    [
      'burst: {size: 10}',
      { model: 'burst', sizes: new Array<number>(1).fill(10), afterMs: 0, pauseMs: 1000, errorLimit: undefined },
    ],
    [
      'burst: {size: 1k, rounds: 5, pause: 0}',
      { model: 'burst', sizes: new Array<number>(5).fill(1000), afterMs: 0, pauseMs: 0, errorLimit: undefined },
    ],
    [
      'burst: {size: 10, step: 10, most: 30, stopAbove: 10%}',
      { model: 'burst', sizes: [10, 20, 30], afterMs: 0, pauseMs: 1000, errorLimit: { type: 'share', most: 0.1 } },
    ],
    ['burst: "25..100*2"', { model: 'burst', sizes: [25, 50, 100], afterMs: 0, pauseMs: 1000, errorLimit: undefined }],
  ])('with load %s has its load', (text, load) => {
    expect(loadProfile(write(`${least}load: { ${text} }\n`)).load).toEqual(load);
  });

  test.each([
    ['connectTo: "127.0.0.1:8443"', { connectTo: '127.0.0.1:8443' }],
    ['unixSocket: /run/app.sock', { unixSocket: '/run/app.sock' }],
    ['insecure: true', { verify: false }],
    ['keepAlive: false', { keepAlive: false }],
    ['ipv4: true', { family: 4 }],
    ['pipelining: 4', { pipelining: 4 }],
  ])('with connection %s connects so', (text, connection) => {
    expect(loadProfile(write(`${least}connection: { ${text} }\n`)).connection).toMatchObject(connection);
  });

  test('names a Unix socket beside the file', () => {
    expect(loadProfile(write(`${least}connection: { unixSocket: app.sock }\n`)).connection.unixSocket).toBe(
      join(folder, 'app.sock'),
    );
  });

  test('may be JSON, and may hold a null body', () => {
    const text = JSON.stringify({ target: 'localhost:3000', steps: [{ post: '/a', json: null }] }, null, '\t');
    const profile = loadProfile(write(text, 'x.json'));
    expect(profile.origin).toBe('http://localhost:3000');
    expect(profile.scenarios[0]?.steps[0]).toMatchObject({
      body: 'null',
      headers: [['Content-Type', 'application/json']],
    });
  });
});

describe('a fault is said with file, line, column, key, what was found and what was expected', () => {
  test.each([
    [
      `${least}load:\n  connections: many\n`,
      'x.yaml:5:3  load.connections: found "many", expected a whole number of at least 1',
    ],
    [
      `${least}load:\n  conections: 5\n`,
      /^x\.yaml:5:3 {2}load\.conections: found an unknown key, expected one of rate, .* \(did you mean "connections"\?\)$/,
    ],
    [`${least}load:\n  rate: fast\n`, /^x\.yaml:5:3 {2}load\.rate: found "fast", expected a rate such as 500/],
    [`${least}load:\n  rate: -5\n`, /^x\.yaml:5:3 {2}load\.rate: found -5, expected a rate/],
    [`${least}load:\n  rate:\n`, /^x\.yaml:5:3 {2}load\.rate: found nothing, expected a rate/],
    [
      `${least}load: fast\n`,
      'x.yaml:4:1  load: found "fast", expected a mapping with a rate, stages, users or a burst',
    ],
    [
      `${least}load:\n  rate: 5\n  stages: [10s: 5]\n`,
      'x.yaml:5:3  load.rate: found 5, expected either a rate or stages, not both',
    ],
    [
      `${least}load:\n  stages:\n    - 10s: 5\n    - soon: 5\n`,
      /^x\.yaml:7:7 {2}load\.stages\[1\]: found a mapping, expected a duration/,
    ],
    [
      `${least}load:\n  stages:\n    - 10s: max\n`,
      /^x\.yaml:6:7 {2}load\.stages\[0\]: found a mapping, expected a rate such as 500, 2\.5k or 3000\/m$/,
    ],
    [`${least}load:\n  stages:\n    - {over: 3s}\n`, /expected a stage such as 30s: 500$/],
    [
      `${least}load:\n  stages: []\n`,
      'x.yaml:5:3  load.stages: found an empty list, expected at least one stage with a length, such as 30s:500',
    ],
    [`${least}load:\n  stages: [0s: 5]\n`, /expected at least one stage with a length/],
    [
      `${least}load:\n  spawn-rate: 5\n`,
      /^x\.yaml:5:3 {2}load\.spawn-rate: found an unknown key, .* \(did you mean "spawnRate"\?\)$/,
    ],
    [`${least}load:\n  users: many\n`, 'x.yaml:5:3  load.users: found "many", expected a whole number of at least 0'],
    [`${least}load:\n  users: 1.5\n`, 'x.yaml:5:3  load.users: found 1.5, expected a whole number of at least 0'],
    [
      `${least}load:\n  users: true\n`,
      'x.yaml:5:3  load.users: found true, expected a number of users such as 200, or stages of users',
    ],
    [
      `${least}load:\n  users: { 30s: 5 }\n`,
      'x.yaml:5:3  load.users: found a mapping, expected a list of stages such as - 30s: 500',
    ],
    [
      `${least}load:\n  users:\n    - 30s: 5\n    - 30s: 2.5\n`,
      'x.yaml:7:7  load.users[1]: found a mapping, expected a whole number of at least 0',
    ],
    [`${least}load:\n  users: []\n`, /load\.users: found an empty list, expected at least one stage with a length/],
    [
      `${least}load:\n  rate: 5\n  users: 5\n`,
      'x.yaml:5:3  load.rate: found 5, expected either a rate or users, not both',
    ],
    [`${least}load:\n  burst: 5\n  users: 5\n`, /^x\.yaml:6:3 {2}load\.users: .*either users or a burst, not both$/],
    [`${least}load:\n  rate: 5\n  spawnRate: 5\n`, 'x.yaml:6:3  load.spawnRate: found 5, expected users beside it'],
    [`${least}load:\n  users: 5\n  spawnRate: 0\n`, /load\.spawnRate: found 0, expected a rate above 0/],
    [`${least}load:\n  burst: much\n`, 'x.yaml:5:3  load.burst: found "much", expected a whole number of at least 1'],
    [
      `${least}load:\n  burst: [1000]\n`,
      'x.yaml:5:3  load.burst: found a list, expected a mapping such as { size: 1000, rounds: 5, pause: 1s } or { size: 10, step: 10, most: 1000 }',
    ],
    [
      `${least}load:\n  burst:\n    size: 5\n    round: 5\n`,
      'x.yaml:7:5  load.burst.round: found an unknown key, expected one of size, rounds, step, factor, most, after, pause, stopAbove (did you mean "rounds"?)',
    ],
    [
      `${least}load:\n  burst:\n    size: 0\n`,
      'x.yaml:6:5  load.burst.size: found 0, expected a whole number of at least 1',
    ],
    [`${least}load:\n  burst: { rounds: 5 }\n`, /load\.burst\.size: found nothing, expected a number of requests/],
    [`${least}load:\n  maxRate: max\n`, /load\.maxRate: found "max", expected a rate such as 500/],
    [`${least}load:\n  warmup: soon\n`, /load\.warmup: found "soon", expected a duration/],
    [`${least}connection: fast\n`, 'x.yaml:4:1  connection: found "fast", expected a mapping such as { http2: true }'],
    [
      `${least}connection:\n  keep-alive: false\n`,
      /^x\.yaml:5:3 {2}connection\.keep-alive: found an unknown key, .* \(did you mean "keepAlive"\?\)$/,
    ],
    [
      `${least}connection:\n  http2: yes please\n`,
      'x.yaml:5:3  connection.http2: found "yes please", expected true or false',
    ],
    [
      `${least}connection:\n  cert: client.pem\n`,
      'x.yaml:5:3  connection.cert: found "client.pem", expected its key beside it',
    ],
    [
      `${least}connection:\n  key: client.pem\n`,
      'x.yaml:5:3  connection.key: found "client.pem", expected its cert beside it',
    ],
    [
      `${least}connection:\n  proxy: https://me:hush@proxy\n`,
      'x.yaml:5:3  connection.proxy: found "https://me:***@proxy", expected the URL of an HTTP proxy such as http://localhost:8888',
    ],
    [`${least}connection:\n  connectTo: 8443\n`, /connection\.connectTo: found 8443, expected HOST:PORT to connect to/],
    [
      `${least}connection:\n  proxy: http://localhost\n  unixSocket: a.sock\n`,
      'x.yaml:5:3  connection.proxy: found "http://localhost", expected no proxy beside unixSocket',
    ],
    [`${least}connection: { ipv4: true, ipv6: true }\n`, /connection\.ipv6: found true, expected no ipv6 beside ipv4$/],
    [`${least}connection: { unixSocket: a, ipv6: true }\n`, /connection\.ipv6: .* expected no ipv6 beside unixSocket$/],
    [`${least}connection: { http2: true, keepAlive: false }\n`, /expected no keepAlive: false beside http2$/],
    [`${least}connection: { pipelining: 2, keepAlive: false }\n`, /expected no keepAlive: false beside pipelining$/],
    [`${least}connection: { insecure: true, cacert: a }\n`, /expected no insecure: true beside cacert$/],
    [
      `${least}connection: { pipelining: 0 }\n`,
      /connection\.pipelining: found 0, expected a whole number of at least 1$/,
    ],
    [`${least}load:\n  overflow: spill\n`, 'x.yaml:5:3  load.overflow: found "spill", expected queue or drop'],
    [
      `${least}load:\n  workers: 0\n`,
      'x.yaml:5:3  load.workers: found 0, expected a whole number between 1 and 256, or auto',
    ],
    [`${least}load:\n  connections: 1.5\n`, /found 1\.5, expected a whole number/],
    [`${least}load:\n  seed: -1\n`, /expected a whole number from 0 to 4294967295/],
    [`${least}load:\n  duration: 90d\n`, /found "90d", expected a duration of at most 24d/],
    [`${least}timeout: 0\n`, 'x.yaml:4:1  timeout: found 0, expected a duration between 1ms and 24h, such as 10s'],
    ['steps:\n  - get: /\n', /^x\.yaml:1:1 {2}target: found nothing, expected an origin such as/],
    [head, 'x.yaml:1:1  steps: found nothing, expected steps, or scenarios with steps'],
    [
      `${least}scenarios:\n  - steps: [get: /]\n`,
      'x.yaml:2:1  steps: found a list, expected either steps or scenarios, not both',
    ],
    [
      'target: http://localhost:3000/api\nsteps: [get: /]\n',
      'x.yaml:1:1  target: found "http://localhost:3000/api", expected an origin without a path, such as http://localhost:3000',
    ],
    [
      'target: ftp://localhost\nsteps: [get: /]\n',
      'x.yaml:1:1  target: found "ftp://localhost", expected http:// or https://',
    ],
    [
      'target: example.com\nsteps: [get: /]\n',
      /expected http:\/\/ or https:\/\/ in front .*such as https:\/\/example\.com$/,
    ],
    [
      'target: http://me:hush@localhost\nsteps: [get: /]\n',
      /^x\.yaml:1:1 {2}target: found "http:\/\/me:\*\*\*@localhost", expected a URL without user name/,
    ],
    [`${head}steps:\n  - gte: /\n`, /^x\.yaml:3:5 {2}steps\[0\]\.gte: found an unknown key.*did you mean "get"/],
    [
      `${head}steps:\n  - get: /a\n    post: /b\n`,
      /^x\.yaml:4:5 {2}steps\[0\]\.post: found "\/b", expected one request in each step/,
    ],
    [`${head}steps:\n  - name: x\n`, /^x\.yaml:3:5 {2}steps\[0\]: found a mapping, expected one request in each step/],
    [`${head}steps: []\n`, 'x.yaml:2:1  steps: found an empty list, expected at least one step'],
    [
      `${head}steps:\n  - get: http://elsewhere/\n`,
      /^x\.yaml:3:5 {2}steps\[0\]\.get: found "http:\/\/elsewhere\/", expected a path that starts with \//,
    ],
    [`${head}steps:\n  - get: "/a\\nb"\n`, /expected a path such as \/events, in one line$/],
    [
      `${head}steps:\n  - post: /\n    body: {a: 1}\n`,
      'x.yaml:4:5  steps[0].body: found a mapping, expected text (for a mapping or a list use json)',
    ],
    [
      `${head}steps:\n  - post: /\n    body: a\n    json: 1\n`,
      'x.yaml:4:5  steps[0].body: found "a", expected one of json, body, bodyFile, form, multipart, file and items',
    ],
    [`${head}steps:\n  - get: /\n    preflight: 1\n`, /steps\[0\]\.preflight: found 1, expected true or false/],
    [`${head}steps:\n  - get: /\n    expect: {status: [99]}\n`, /steps\[0\]\.expect\.status\[0\]: found 99, expected/],
    [
      `${head}steps:\n  - get: /\n    expect: {status: ok}\n`,
      'x.yaml:4:14  steps[0].expect.status: found "ok", expected a status from 100 to 599',
    ],
    [
      `${least}headers:\n  Authorization: "hush\\nhush"\n`,
      'x.yaml:5:3  headers.Authorization: found "***", expected a header value in one line of Latin characters',
    ],
    [
      `${least}headers:\n  Content-Length: 5\n`,
      'x.yaml:5:3  headers.Content-Length: found 5, expected no Content-Length header: the HTTP client writes it',
    ],
    [`${least}headers:\n  "a b": c\n`, /expected a header name of letters/],
    [`${least}headers: [a]\n`, 'x.yaml:4:1  headers: found a list, expected a mapping of header names to values'],
    [
      `${least}probes:\n  mongo: mongo://me:hush@h\n`,
      'x.yaml:5:3  probes.mongo: found "mongo://me:***@h", expected a URI such as mongodb://localhost:27017',
    ],
    [`${least}probes:\n  metrics: [/a, 7]\n`, /^x\.yaml:5:17 {2}probes\.metrics\[1\]: found 7, expected/],
    [
      `${least}probes:\n  health: { url: /h, perod: 5s }\n`,
      'x.yaml:5:22  probes.health.perod: found an unknown key, expected one of url, headers, basic, bearer, insecure, cacert, cert, key, period, timeout (did you mean "period"?)',
    ],
    [
      `${least}probes:\n  health: [/a, { url: /h, period: 50ms }]\n`,
      'x.yaml:5:27  probes.health[1].period: found "50ms", expected a duration between 200ms and 1m, such as 5s',
    ],
    [
      `${least}probes:\n  mongo: { uri: mongodb://a, timeout: 2m }\n`,
      'x.yaml:5:30  probes.mongo.timeout: found "2m", expected a duration between 100ms and 1m, such as 2s',
    ],
    [
      `${least}probes:\n  metrics: { url: /m, basic: hush }\n`,
      'x.yaml:5:23  probes.metrics.basic: found "***", expected a user and a password such as me:secret',
    ],
    [
      `${least}probes:\n  metrics: { url: /m, basic: "me:hush", bearer: hush }\n`,
      'x.yaml:5:41  probes.metrics.bearer: found "***", expected no bearer beside basic',
    ],
    [
      `${least}probes:\n  metrics: { url: "http://me:hush@a/", headers: { Authorization: hush } }\n`,
      'x.yaml:5:40  probes.metrics.headers: found a mapping, expected no Authorization header beside a user name in the URL',
    ],
    [
      `${least}probes:\n  metrics: { url: /m, insecure: true, cacert: a.pem, cert: b.pem }\n`,
      /probes\.metrics\.insecure: found true, expected no insecure: true beside cacert\n.*probes\.metrics\.cert: found "b\.pem", expected its key beside it/,
    ],
    [
      `${least}probes:\n  health: { period: 5s }\n`,
      'x.yaml:5:3  probes.health.url: found nothing, expected a path such as /health, or a URL',
    ],
    [
      `${least}probes:\n  headers: { Host: "a\\nb" }\n`,
      'x.yaml:5:14  probes.headers.Host: found "a b", expected a header value in one line of Latin characters',
    ],
    [
      `${least}probes:\n  pin: buffer size\n`,
      'x.yaml:5:3  probes.pin: found "buffer size", expected a name of metrics such as buffer_*',
    ],
    [
      `${least}objectives:\n  - p99<300ms over 30s\n  - erors<1%\n`,
      'x.yaml:6:5  objectives[1]: found "erors<1%", expected one of p50, p95, p99, max, errors, rate, good, checks before the comparison, not "erors" (did you mean errors? metric.erors is one of the profile)',
    ],
    [`${least}objectives: p99<300\n`, /^x\.yaml:4:1 {2}objectives: found "p99<300", expected a time with its unit/],
    [
      `${least}objectives: [300]\n`,
      /^x\.yaml:4:14 {2}objectives\[0\]: found 300, expected an objective such as p99<300ms/,
    ],
    [`${least}allow: [example.com]\n`, /^x\.yaml:4:9 {2}allow\[0\]: found "example\.com"/],
    [`${least}record: true\n`, 'x.yaml:4:1  record: found true, expected the path of a file, or false'],
    [`${head}scenarios:\n  - {weight: 0, steps: [get: /]}\n`, /expected at least one scenario with a weight above 0/],
    [
      `${head}scenarios:\n  - {weight: -1, steps: [get: /]}\n`,
      /scenarios\[0\]\.weight: found -1, expected a number of at least 0/,
    ],
    [
      `${head}scenarios:\n  - {name: a, steps: [get: /]}\n  - {name: a, steps: [get: /]}\n`,
      'x.yaml:4:6  scenarios[1].name: found "a", expected a name that no other scenario has',
    ],
    ['- get: /\n', 'x.yaml:1:1  the file: found a list, expected a mapping with a target and steps'],
    ['hello\n', 'x.yaml:1:1  the file: found "hello", expected a mapping with a target and steps'],
    [`${least}base: &a {x: 1}\n`, /found an unknown key/],
  ])('%#: %j', (content, expected) => {
    const message = messageOf(content);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('ends the program as wrong use', () => {
    expect(errorOf(write('hello')).exitCode).toBe(2);
  });

  test('several are shown together, up to five', () => {
    const two = messageOf(`${least}load:\n  rate: fast\n  seed: x\n`).split('\n');
    expect(two).toHaveLength(2);
    expect(two[1]).toMatch(/^x\.yaml:6:3 {2}load\.seed/);
    const many = messageOf(`${least}${[...'abcdefgh'].map((key) => `${key}${key}${key}: 1\n`).join('')}`).split('\n');
    expect(many).toHaveLength(6);
    expect(many[5]).toBe('and 3 more');
  });

  test('control characters of the file do not reach the terminal', () => {
    expect(messageOf(`${least}"\\e[31mkey": 1\nload: {rate: "\\e[2J"}\n`)).not.toContain('\u001b');
  });
});

describe('what is no profile at all', () => {
  test.each([
    ['', /found an empty file, expected a profile$/],
    ['\n# only a comment\n', /found an empty file/],
    ['---\n', /found an empty file/],
    [Uint8Array.from([80, 75, 3, 4, 0, 0]), /found binary content, expected a profile in YAML/],
    [Uint8Array.from([0xff, 0xfe, 0x41]), /found binary content/],
    [`${least}steps:\n  - get: /b\n`, 'x.yaml:4:1  found a key for the second time, expected each key once'],
    [`${head}load: [1, 2\nsteps: x\n`, /^x\.yaml:3:1 {2}not valid YAML: /],
    [`${head}load:\n\trate: 5\n`, /^x\.yaml:3:\d+ {2}not valid YAML: .*[Tt]ab/],
    [`${least}name: *nobody\n`, 'x.yaml:4:7  found *nobody, expected a name set before with &'],
    [`${least}name: !env HOME\n`, /^x\.yaml:4:7 {2}not valid YAML: .*!env/],
    [`${least}---\n${least}`, /^x\.yaml:4:1 {2}not valid YAML: /],
  ])('%#: is refused in words', (content, expected) => {
    const message = messageOf(content);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
    expect(message).not.toMatch(/\n\s+at |node_modules/);
  });

  test('aliases that unfold without bound are refused', () => {
    const levels = 'bcdefghij'.split('');
    const text = levels.map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]}, `.repeat(10)}]\n`).join('');
    expect(messageOf(`a: &a [1]\n${text}`)).toMatch(/not a usable profile: .*alias/i);
  });

  test('a missing file proposes one with a similar name', () => {
    write(least, 'events.yaml');
    const error = errorOf(join(folder, 'evnets.yaml'));
    expect(error.message).toMatch(/evnets\.yaml: no such file, expected a profile$/);
    expect(error.hint).toBe(`did you mean ${join(folder, 'events.yaml')}?`);
  });

  test('a folder lists what is in it', () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    write(least, 'inner/a.yaml');
    const error = errorOf(inner);
    expect(error.message).toMatch(/inner: a folder, not a file, expected a profile$/);
    expect(error.hint).toBe('profiles in it: a.yaml');
  });

  test('a file that is too large and a device are not read', () => {
    expect(errorOf(write('#'.repeat(6 * 1024 * 1024), 'large.yaml')).message).toMatch(/more than 5 MiB/);
    expect(errorOf('/dev/zero').message).toMatch(/found a device/);
  });

  test('a missing body file is said where it is named', () => {
    const message = messageOf(`${head}steps:\n  - post: /\n    bodyFile: gone.json\n  - post: /\n    bodyFile: .\n`);
    expect(message.split('\n')).toEqual([
      'x.yaml:4:5  steps[0].bodyFile: found "gone.json" (no such file), expected a readable file, its path relative to the profile',
      'x.yaml:6:5  steps[1].bodyFile: found "." (a folder, not a file), expected a readable file, its path relative to the profile',
    ]);
  });
});

test('any text at all is a profile or a UserError', () => {
  const key = fc.constantFrom(
    'target',
    'load',
    'steps',
    'scenarios',
    'get',
    'rate',
    'stages',
    'users',
    'burst',
    'connection',
    'size',
    'probes',
    'headers',
    'variables',
    'default',
    'secret',
    'x',
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'max',
        '/a',
        'http://localhost',
        5,
        -1,
        null,
        true,
        '30s',
        '{{arrival}}',
        '${A}',
        '${A:-5}',
        '${',
        '$${x}',
      ),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.oneof(
        value.map((data) => JSON.stringify(data)),
        fc.string(),
      ),
      (text) => {
        const file = write(text, 'any.yaml');
        try {
          loadProfile(file);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message).not.toMatch(/undefined|\[object/);
        }
      },
    ),
    { numRuns: 400 },
  );
});
