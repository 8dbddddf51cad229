// Iterations that are more than a list of requests, seen by the real engine on real sockets: captures, conditions,
// repetitions, think time, cookies, and steps that a target does not have.

import http from 'node:http';
import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { compileText, runSpec } from '../helpers/compile-text.ts';
import { type Driven, drive, sleep } from '../helpers/drive.ts';
import { plainTransport, type SpecPatch } from '../helpers/engine-spec.ts';
import { listen } from '../helpers/listen.ts';

interface Seen {
  readonly at: number;
  readonly line: string;
  readonly cookie: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (
  request: Seen,
  number: number,
) => { status?: number; headers?: http.OutgoingHttpHeaders; body?: unknown };

interface Options {
  readonly rate?: number;
  readonly count?: number;
  readonly spec?: SpecPatch;
  readonly forMs?: number;
  readonly during?: Parameters<typeof drive>[0]['during'];
}

/** One iteration after the other, however busy the machine is. */
const oneByOne: SpecPatch = { connections: 1, maxInFlight: 1 };
const sideBySide: SpecPatch = { connections: 10, maxInFlight: 10 };

/** Runs a profile; what the server saw, and what was counted. */
const run = async (
  profile: string,
  answer: Answer,
  { rate = 100, count = 1, spec = {}, forMs, during }: Options = {},
): Promise<{ seen: readonly Seen[]; driven: Driven }> => {
  const compiled = compileText(profile);
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString();
      const one = { at: performance.now(), line: `${method} ${url}`, cookie: headers.cookie, headers, body };
      seen.push(one);
      const { status = 200, headers: sent = {}, body: text = {} } = answer(one, seen.length);
      response.writeHead(status, sent).end(typeof text === 'string' ? text : JSON.stringify(text));
    });
  });
  const { port } = await listen(server);
  const driven = await drive({
    port,
    segments: constantSegments(rate, (count * 1000) / rate),
    forMs: forMs ?? (count * 1000) / rate + 500,
    graceMs: 3000,
    paths: compiled.series.map((name): [string, number] => [name, 1]),
    spec: { ...runSpec(compiled), ...oneByOne, ...spec },
    ...(during && { during }),
  });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  return { seen, driven };
};

const lines = (seen: readonly Seen[]): readonly string[] => seen.map(({ line }) => line);

const examples = ({ summary }: Driven): readonly (readonly [string, string | null])[] =>
  summary.outcomes.flatMap(({ causes }) => causes.map(({ cause, example }) => [cause, example ?? null] as const));

describe('what is captured', () => {
  it('is put into later requests, escaped for where it stands', async () => {
    const odd = 'a/b "c" é\n%';
    const { seen, driven } = await run(
      `steps:
  - get: /first
    capture:
      id: $.session.id
      amount: $.n
      whole: $.session
      token: { header: X-Token }
      sid: { cookie: sid }
      found: { regex: '"n":(\\d+)' }
      spare: { json: $.nothing, default: none }
  - post: /then/{{id}}?q={{id}}&s={{spare}}
    headers: { X-Token: "{{token}} {{sid}} {{found}}" }
    json: { id: "{{id}}", n: "{{number amount}}", text: "n={{amount}}", part: "{{whole.id}}", "{{id}}": 1 }
  - put: /raw
    headers: { Content-Type: application/json }
    body: '{"whole": {{whole}}, "n": {{amount}}}'
  - put: /text
    body: 'as it is: {{id}}'
`,
      ({ line }) =>
        line === 'GET /first'
          ? {
              headers: { 'x-token': 't1', 'set-cookie': ['sid=s1; Path=/', 'other=o'] },
              body: { session: { id: odd }, n: 7 },
            }
          : {},
    );
    expect(driven.summary.iterations).toMatchObject({ good: 1, notGood: 0 });
    const encoded = encodeURIComponent(odd);
    expect(lines(seen)).toEqual(['GET /first', `POST /then/${encoded}?q=${encoded}&s=none`, 'PUT /raw', 'PUT /text']);
    expect(seen[1]!.headers['x-token']).toBe('t1 s1 7');
    expect(JSON.parse(seen[1]!.body)).toEqual({ id: odd, n: 7, text: 'n=7', part: odd, [odd]: 1 });
    expect(JSON.parse(seen[2]!.body)).toEqual({ whole: { id: odd }, n: 7 });
    expect(seen[3]!.body).toBe(`as it is: ${odd}`);
  });

  it('is missed where it is not there, and ends the iteration', async () => {
    const { seen, driven } = await run('steps:\n  - get: /a\n    capture: { id: $.id }\n  - get: /b/{{id}}\n', () => ({
      body: { id: null },
    }));
    expect(lines(seen)).toEqual(['GET /a']);
    expect(driven.summary.iterations).toMatchObject({ good: 0, notGood: 1 });
    expect(examples(driven)).toEqual([['expectation failed: nothing to capture', 'nothing at $.id for {{id}}']]);
  });

  it('is refused in a header where it would break it', async () => {
    const { seen, driven } = await run(
      'steps:\n  - get: /a\n    capture: { id: $.id }\n  - get: /b\n    headers: { X: "{{id}}" }\n',
      () => ({ body: { id: 'x\r\nEvil: 1' } }),
    );
    expect(lines(seen)).toEqual(['GET /a']);
    expect(driven.summary.failed).toBe(1);
    expect(examples(driven)).toContainEqual([
      'other: request not valid',
      '{{id}} holds a control character, which cannot stand in a header',
    ]);
  });

  it('is said to be missing where a condition left it out', async () => {
    const { driven } = await run(
      `steps:
  - get: /a
    capture: { go: { json: $.go, default: no } }
  - if: { equals: ["{{go}}", yes] }
    steps:
      - get: /b
        capture: { id: $.id }
  - get: /c/{{id}}
`,
      () => ({}),
    );
    expect(examples(driven)).toContainEqual(['other: value missing', 'nothing was captured for {{id}}']);
  });
});

describe('a flow', () => {
  it('goes one way or the other', async () => {
    const { seen } = await run(
      `steps:
  - get: /a
    capture: { id: { json: $.id, default: 0 } }
  - if: "{{id}}"
    steps: [{ get: "/yes/{{id}}" }]
    else: [{ get: /no }]
  - get: /end
`,
      (_, number) => ({ body: { id: number === 1 ? 5 : false } }),
      { count: 2, rate: 10 },
    );
    expect(lines(seen)).toEqual(['GET /a', 'GET /yes/5', 'GET /end', 'GET /a', 'GET /no', 'GET /end']);
  });

  it('repeats, each time with other draws, the same in each run', async () => {
    const profile = `steps:
  - repeat: 3
    steps:
      - get: /x/{{arrival}}/{{hex 4}}
      - repeat: 2
        steps: [{ get: "/y/{{hex 4}}" }]
  - get: /z/{{hex 4}}
`;
    const first = await run(profile, () => ({}), { count: 2, rate: 5 });
    const again = await run(profile, () => ({}), {
      count: 2,
      rate: 5,
      spec: { ...sideBySide, workers: 2, mostWorkers: 2 },
    });
    expect(lines(again.seen).toSorted()).toEqual(lines(first.seen).toSorted());
    expect(lines(first.seen).map((line) => line.replace(/[\da-f]{4}$/, ''))).toEqual(
      [0, 1].flatMap((n) => [...[1, 2, 3].flatMap(() => [`GET /x/${n}/`, 'GET /y/', 'GET /y/']), 'GET /z/']),
    );
    expect(new Set(lines(first.seen).map((line) => line.slice(-4))).size).toBe(20);
  });

  it('goes through captured lists, one inside the other', async () => {
    const { seen } = await run(
      `steps:
  - get: /list
    capture: { rows: $.rows, none: { json: $.none, default: [] }, ids: { json: "$.rows[*].id", all: true } }
  - each: rows
    steps:
      - get: /row/{{item.id}}
      - each: item.tags
        steps: [{ get: "/tag/{{item}}" }]
      - get: /after/{{item.id}}
  - each: none
    steps: [{ get: /never }]
  - each: ids
    steps: [{ get: "/id/{{item}}" }]
`,
      () => ({
        body: {
          rows: [
            { id: 1, tags: ['a', 'b'] },
            { id: 2, tags: [] },
          ],
        },
      }),
    );
    expect(lines(seen).map((line) => line.slice(4))).toEqual([
      '/list',
      '/row/1',
      '/tag/a',
      '/tag/b',
      '/after/1',
      '/row/2',
      '/after/2',
      '/id/1',
      '/id/2',
    ]);
  });

  it('thinks after a step, which is no response time', async () => {
    const { seen, driven } = await run(
      'steps:\n  - get: /a\n    think: 200ms\n  - get: /b\n    think: 100ms-200ms\n',
      () => ({}),
      { count: 5, spec: sideBySide },
    );
    const of = (line: string): readonly number[] => seen.filter((one) => one.line === line).map(({ at }) => at);
    const gap = of('GET /b')[0]! - of('GET /a')[0]!;
    expect(gap).toBeGreaterThan(195);
    expect(gap).toBeLessThan(400);
    expect(driven.summary.iterations).toMatchObject({ good: 5, inFlight: 0 });
    expect(driven.summary.response.good.p50Ms).toBeLessThan(100);
  });

  it('ends at once where the run ends while a user thinks', async () => {
    const { driven } = await run('steps:\n  - get: /a\n    think: 1h\n  - get: /b\n', () => ({}), {
      count: 5,
      forMs: 200,
      spec: sideBySide,
    });
    expect(driven.summary.iterations).toMatchObject({ good: 0, cutOff: 5, inFlight: 0 });
    expect(driven.summary.good).toBe(5);
  });

  it('holds users who think while the run is paused, and drops them at a rate of zero', async () => {
    const profile = 'steps:\n  - get: /a\n    think: 100ms\n  - get: /b\n';
    const segments = constantSegments(100, 50);
    const steer =
      (gate: 'hold' | 'open', dropBacklog: boolean): NonNullable<Options['during']> =>
      async (engine, originAt) => {
        await sleep(originAt + 100 - monotonicNow());
        const plan = { revision: 1, segments };
        engine.steer({ at: 100, plan, gate, dropBacklog, moveBacklogMs: 0 });
        if (gate === 'open') return;
        await sleep(400);
        engine.steer({ at: 500, plan: { ...plan, revision: 2 }, gate: 'open', dropBacklog, moveBacklogMs: 400 });
      };
    const paused = await run(profile, () => ({}), {
      count: 5,
      forMs: 900,
      spec: sideBySide,
      during: steer('hold', false),
    });
    const [first] = paused.seen;
    const later = paused.seen.filter(({ line }) => line === 'GET /b').map(({ at }) => at - first!.at);
    expect(later).toHaveLength(5);
    expect(Math.min(...later)).toBeGreaterThan(380);
    expect(paused.driven.summary.response.good.maxMs).toBeLessThan(300);
    const dropped = await run(profile, () => ({}), {
      count: 5,
      forMs: 500,
      spec: sideBySide,
      during: steer('open', true),
    });
    expect(lines(dropped.seen)).not.toContain('GET /b');
    expect(dropped.driven.summary.iterations).toMatchObject({ good: 0, dropped: 5 });
  });

  it('leaves out what the target does not have, and says so once', async () => {
    const { seen, driven } = await run(
      'steps:\n  - get: /a\n  - get: /missing/{{arrival}}\n    optional: true\n  - get: /b\n',
      ({ line }) => ({ status: line.startsWith('GET /missing') ? 404 : 200 }),
      { count: 5, rate: 10 },
    );
    expect(lines(seen).filter((line) => line.startsWith('GET /missing'))).toEqual(['GET /missing/0']);
    expect(driven.notes).toEqual(['GET /missing/{{arrival}}: not there (404), skipped']);
    expect(driven.summary.iterations).toMatchObject({ good: 5, notGood: 0 });
    expect(driven.summary).toMatchObject({ completed: 10, good: 10 });
  });

  it('that has nothing left to send does not spin', async () => {
    const { seen, driven } = await run('steps:\n  - get: /a\n    optional: true\n', () => ({ status: 501 }), {
      spec: { model: 'closed' },
      rate: 1,
      forMs: 500,
    });
    expect(seen).toHaveLength(1);
    expect(driven.summary.iterations.good).toBeLessThan(10);
  });
});

describe('limits of a step', () => {
  it('are its own: of all of it, or of silence', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/drip') {
        // 500 ms in all, and never silent for long.
        const timer = setInterval(() => response.write('x'), 50);
        setTimeout(() => {
          clearInterval(timer);
          response.end();
        }, 500);
      } else setTimeout(() => response.end(), 1500);
    });
    const { port } = await listen(server);
    const limited = async (steps: string): Promise<readonly (readonly [string, string | null])[]> => {
      const compiled = compileText(`steps:\n${steps}`);
      const spec = { ...runSpec(compiled), timeoutMs: 300 };
      const paths: [string, number][] = [['/', 1]];
      const driven = await drive({ port, segments: constantSegments(10, 100), forMs: 900, spec, paths });
      return examples(driven);
    };
    expect(await limited('  - get: /drip\n    idle: 250ms\n')).toEqual([['2xx', null]]);
    expect(await limited('  - get: /slow\n    idle: 250ms\n')).toEqual([
      ['timeout, waiting for headers', 'no byte for 250 ms'],
    ]);
    expect(await limited('  - get: /drip\n    timeout: 250ms\n    idle: 1s\n')).toEqual([
      ['timeout, waiting for the body', 'no answer within 0.3 s, waiting for body'],
    ]);
    expect(await limited('  - get: /drip\n    timeout: 2s\n')).toEqual([['2xx', null]]);
  });
});

describe('cookies', () => {
  it('stay with a user in the closed model, and with an iteration without users', async () => {
    const profile = 'cookies: true\nsteps:\n  - get: /in\n  - get: /deep/x\n    headers: { Cookie: own=1 }\n';
    const answer: Answer = ({ line, cookie }) =>
      line === 'GET /in'
        ? {
            headers: {
              'set-cookie': [
                `n=${cookie ? 'again' : 'new'}; Max-Age=60`,
                'far=1; Domain=example.org',
                'd=1; Path=/deep',
              ],
            },
          }
        : {};
    const open = await run(profile, answer, { count: 2, rate: 10 });
    expect(open.seen.map(({ cookie }) => cookie)).toEqual([
      undefined,
      'own=1; d=1; n=new',
      undefined,
      'own=1; d=1; n=new',
    ]);
    const closed = await run(profile, answer, { spec: { model: 'closed', limit: 2 }, rate: 1, forMs: 300 });
    expect(closed.seen.map(({ cookie }) => cookie)).toEqual([
      undefined,
      'own=1; d=1; n=new',
      'n=new',
      'own=1; d=1; n=again',
    ]);
  });
});

describe('over HTTP/2', () => {
  it('answers are looked into, cookies kept and captured values sent as well', async () => {
    const seen: string[] = [];
    const server = http2.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers.cookie} ${Buffer.concat(chunks).toString()}`);
        response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-id': 'é/1' });
        response.end('{"id":"x y"}');
      });
    });
    const { port } = await listen(server);
    const compiled = compileText(`cookies: true
steps:
  - get: /in
    expect: { header: { x-id: present }, json: { $.id: x y } }
    capture: { id: $.id, b: { cookie: b } }
  - post: /then/{{id}}
    json: { b: "{{b}}", id: "{{id}}" }
`);
    const driven = await drive({
      port,
      segments: constantSegments(100, 10),
      forMs: 400,
      paths: [
        ['/in', 1],
        ['/then', 1],
      ],
      spec: { ...runSpec(compiled), transport: plainTransport(port, { http2: true }) },
    });
    expect(driven.summary.iterations).toMatchObject({ good: 1, notGood: 0 });
    expect(seen).toEqual(['GET /in undefined ', 'POST /then/x%20y a=1; b=2 {"b":"2","id":"x y"}']);
  });
});

describe('set-up and tear-down', () => {
  const profile = `load: { users: 2 }
scenarios:
  - name: session
    setup:
      - post: /open
        capture: { id: $.id }
    steps:
      - get: /use/{{id}}
        think: 20ms
    teardown:
      - delete: /close/{{id}}
`;

  it('run once for each virtual user, whose values stay with it', async () => {
    const { seen, driven } = await run(profile, (_, number) => ({ body: { id: number } }), {
      rate: 2,
      forMs: 400,
      spec: { model: 'closed' },
    });
    const all = lines(seen);
    const closed = all.filter((line) => line.startsWith('DELETE'));
    expect(all.filter((line) => line === 'POST /open')).toHaveLength(2);
    expect(closed.toSorted()).toEqual(all.slice(-2).toSorted());
    const used = new Set(all.filter((line) => line.startsWith('GET')).map((line) => line.slice('GET /use/'.length)));
    expect([...used].toSorted()).toEqual(closed.map((line) => line.slice('DELETE /close/'.length)).toSorted());
    expect(driven.summary.iterations.good).toBeGreaterThan(4);
    expect(driven.summary.iterations).toMatchObject({ notGood: 0, inFlight: 0 });
  });

  it('set up again where it failed, and tear down nothing then', async () => {
    const { seen, driven } = await run(profile, () => ({ status: 500 }), {
      rate: 1,
      forMs: 300,
      spec: { model: 'closed', limit: 3 },
    });
    expect(lines(seen)).toEqual(['POST /open', 'POST /open', 'POST /open']);
    expect(driven.summary.iterations).toMatchObject({ good: 0, notGood: 3 });
  });

  it('are refused without users', () => {
    expect(() => compileText(profile.replace('users: 2', 'rate: 2'))).toThrow(
      'scenario "session": found setup or teardown, which run once for each virtual user, in the constant model',
    );
  });
});
