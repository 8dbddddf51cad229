// Functions of a profile in TypeScript, run by the real engine in real worker threads: what they are given, what becomes of
// what they return and throw, and that a seed makes the same requests however many workers there are.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { ThreadEngine } from '../../source/engine/thread-engine.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { compileModule, moduleSpec } from '../helpers/compile-module.ts';
import { type Driven, drive } from '../helpers/drive.ts';
import { plainSpec, type SpecPatch } from '../helpers/engine-spec.ts';
import { tableOf } from '../helpers/feeder-rows.ts';
import { listen } from '../helpers/listen.ts';

interface Seen {
  readonly line: string;
  readonly socket: unknown;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Ran {
  readonly seen: readonly Seen[];
  readonly driven: Driven;
  readonly outcomes: readonly (readonly [cause: string, count: number, example: string | undefined])[];
  /** `passed/all` by the name of the metric; of a counter its sum. */
  readonly counted: Readonly<Record<string, number>>;
}

interface Options {
  readonly count?: number;
  /** By the set-up of the run. */
  readonly captured?: ReadonlyMap<string, unknown>;
  readonly spec?: SpecPatch;
  /** Beyond the last arrival, for a busy machine, ms. */
  readonly restMs?: number;
  readonly answer?: (seen: Seen) => unknown;
}

const run = async (
  text: string,
  { count = 1, captured, spec = {}, restMs = 100, answer = () => ({ ok: true }) }: Options = {},
): Promise<Ran> => {
  const compiled = await compileModule(text, captured);
  const seen: Seen[] = [];
  const { port } = await listen(
    http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { socket, headers } = request;
        const one = { line: `${request.method} ${request.url}`, socket, headers, body: Buffer.concat(chunks) };
        seen.push(one);
        const body = answer(one);
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    }),
  );
  const closed = spec.model === 'closed';
  const driven = await drive({
    port,
    segments: closed ? constantSegments(3, 250) : constantSegments(200, count * 5),
    forMs: closed ? 250 : count * 5 + restMs,
    paths: compiled.series.map((name): [string, number] => [name, 1]),
    spec: { ...moduleSpec(compiled), limit: count, ...spec },
  });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  const counted: Record<string, number> = {};
  for (const { metric, sum } of driven.intervals.flatMap(({ metrics }) => metrics)) {
    const { name } = compiled.metrics[metric]!;
    counted[name] = (counted[name] ?? 0) + sum;
  }
  const outcomes = driven.summary.outcomes.flatMap(({ causes }) =>
    causes.map(({ cause, count: times, example }) => [cause, times, example ?? undefined] as const),
  );
  return { seen, driven, outcomes, counted };
};

describe('functions of a profile', () => {
  it('make paths, headers, fields and bodies, each written for where it stands', async () => {
    const { seen, outcomes } = await run(
      `const order: { readonly post: string } = { post: '/orders' };
export default { load: { now: '2026-01-31T12:00:00Z' }, headers: { 'X-Turn': ({ arrival, iteration, user }: any) => [arrival, iteration, user].join() }, steps: [
        { name: 'path', get: () => '/a b/ü?x=1&y' },
        { get: '/query', query: { q: () => 'a&b c', n: () => 7 } },
        { post: '/form', form: { email: () => 'ä @' } },
        { ...order, body: () => ({ a: [1, 'é'], b: null }) },
        { post: '/text', body: () => 'dröge' },
        { post: '/bytes', headers: { 'Content-Type': 'x/y' }, body: () => Uint8Array.of(0, 255, 13) },
        { post: '/typed', headers: { 'content-type': 'a/json' }, body: () => [] },
        { post: '/large', body: () => 'x'.repeat(70_000) },
      ] };`,
      { restMs: 1500 },
    );
    expect(outcomes).toEqual([['2xx', 8, undefined]]);
    expect(seen.map(({ line }) => line)).toEqual([
      'GET /a%20b/%C3%BC?x=1&y',
      'GET /query?q=a%26b%20c&n=7',
      'POST /form',
      'POST /orders',
      'POST /text',
      'POST /bytes',
      'POST /typed',
      'POST /large',
    ]);
    expect(seen.map(({ headers }) => headers['x-turn'])).toEqual(Array.from({ length: 8 }, () => '0,0,'));
    expect(seen.map(({ headers }) => headers['content-type'])).toEqual([
      undefined,
      undefined,
      'application/x-www-form-urlencoded',
      'application/json',
      undefined,
      'x/y',
      'a/json',
      undefined,
    ]);
    expect(seen.map(({ body }) => body.toString()).slice(2, 5)).toEqual([
      'email=%C3%A4+%40',
      '{"a":[1,"é"],"b":null}',
      'dröge',
    ]);
    expect([...seen[5]!.body]).toEqual([0, 255, 13]);
    expect(seen[7]!.body).toHaveLength(70_000);
  });

  it('look at answers, count of them, and see what was captured', async () => {
    const { seen, outcomes, counted } = await run(
      `export default { metrics: { accepted: 'counter', odd: 'rate' }, steps: [
        { post: '/a', capture: { id: '$.id' }, count: { accepted: (answer: any) => answer.json().n, odd: ({ json }: any) => json().n % 2 === 1 },
          check: ({ status, headers, size, ms, text }: any) => status === 200 && headers['content-length'] === String(size) && ms > 0 && text().includes('"n"') },
        { get: '/b', headers: { 'X-Id': ({ captured }: any) => captured.id }, check: ({ captured }: any) => captured.id === 'x7' },
      ] };`,
      { count: 4, answer: ({ line }) => (line === 'POST /a' ? { id: 'x7', n: 3 } : {}) },
    );
    expect(outcomes).toEqual([['2xx', 8, undefined]]);
    expect(counted).toMatchObject({ accepted: 12, odd: 4, check: 8 });
    expect(seen.filter(({ line }) => line === 'GET /b').map(({ headers }) => headers['x-id'])).toEqual(
      Array.from({ length: 4 }, () => 'x7'),
    );
  });

  it.each([
    ["check: () => 'no stock'", 'expectation failed: check', 'check: no stock'],
    ['check: () => false', 'expectation failed: check', 'check: false'],
    [
      'check: () => undefined',
      'expectation failed: check',
      'steps[0].check: returned nothing, expected true, false or why not',
    ],
    [
      'check: (answer: any) => answer.json().items[0].id > 0',
      'expectation failed: check',
      "steps[0].check: TypeError: Cannot read properties of undefined (reading '0')",
    ],
    ["count: { n: () => 'many' }", 'expectation failed: check', 'steps[0].count.n: returned "many", expected a number'],
    ["body: () => { throw new Error('no more ids') }", 'ours: function', 'steps[0].body: no more ids'],
    ['body: () => undefined', 'ours: function', 'steps[0].body: returned nothing, expected a body'],
    [
      'body: () => Promise.reject(new Error("x"))',
      'ours: function',
      'steps[0].body: returned a promise, expected a value: nothing is awaited',
    ],
    [
      'body: () => 7n',
      'ours: function',
      'steps[0].body: returned what JSON cannot say: TypeError: Do not know how to serialize a BigInt',
    ],
    ["post: () => 'x'", 'ours: function', 'steps[0].post: returned "x", expected a path that starts with /'],
    [
      "headers: { A: () => 'a\\nb' }",
      'ours: function',
      'steps[0].headers.A: returned "a\\nb", expected a line of Latin characters',
    ],
    ['headers: { A: () => undefined }', 'ours: function', 'steps[0].headers.A: returned nothing, expected a text'],
  ])('become an outcome where they fail: %s', async (key, cause, example) => {
    const { outcomes, driven } = await run(
      `export default { metrics: { n: 'counter' }, steps: [{ post: '/', name: 'it', ${key} }] };`,
      { count: 5 },
    );
    expect(outcomes).toEqual([[cause, 5, example]]);
    expect(driven.lost).toEqual([]);
    expect(driven.seconds.flatMap(({ ownErrors }) => (ownErrors > 0 ? [ownErrors] : []))).toEqual([]);
  });

  it('say of an answer without JSON that it has none', async () => {
    const { outcomes } = await run("export default { steps: [{ get: '/', check: ({ json }: any) => json().ok }] };", {
      answer: () => '<html>',
    });
    expect(outcomes).toEqual([['expectation failed: check', 1, 'steps[0].check: found no JSON: "<html>"']]);
  });

  const drawing = `export default { steps: [{ post: '/', headers: { 'X-Turn': ({ arrival, user, iteration }: any) => [arrival, user, iteration].join() },
    body: (request: any) => [request.uuid(), request.random(), request.integer(1, 9), request.pick(['a', 'b', 'c']), Array.from({ length: 150 }, request.random)] },
    { repeat: 2, steps: [{ post: '/again', body: ({ random }: any) => random() }] }] };`;

  it('draw by number: one worker or three send the same', async () => {
    const sent = async (workers: number): Promise<readonly string[]> => {
      const { seen } = await run(drawing, {
        count: 60,
        spec: { workers, mostWorkers: workers },
        restMs: 1500,
      });
      return seen.map(({ line, headers, body }) => `${line} ${headers['x-turn'] ?? ''} ${body.toString()}`).sort();
    };
    const one = await sent(1);
    expect(one).toHaveLength(180);
    expect(new Set(one).size).toBe(180);
    expect(await sent(3)).toEqual(one);
    const [uuid, random, integer, pick, many] = JSON.parse(
      one.find((text) => text.startsWith('POST / '))!.split(' ')[3]!,
    );
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set([random, ...many]).size).toBe(151);
    expect(integer >= 1 && integer <= 9 && 'abc'.includes(pick)).toBe(true);
  });

  it('know the user and its iteration', async () => {
    const { seen } = await run(drawing, { count: 9, spec: { model: 'closed' } });
    const turns = seen
      .flatMap(({ headers }) => headers['x-turn'] ?? [])
      .map((turn) => String(turn).split(',').map(Number));
    expect(turns.length).toBe(9);
    for (const [arrival, user, iteration] of turns) expect(iteration! * 3 + user!).toBe(arrival);
    expect(new Set(turns.map(([, user]) => user)).size).toBe(3);
  });

  it('know them also where rows are used once, so that iterations are numbered as they begin', async () => {
    const feeders = [{ ...tableOf('id\n1\n', { order: 'unique' as const }), stream: 100 }];
    const uneven = drawing.replace('export default {', "export default { load: { users: 3, think: '1ms-40ms' },");
    const { seen } = await run(uneven, { count: 40, spec: { model: 'closed', feeders } });
    // A connection is a user.
    const turns = new Map<unknown, string[]>();
    for (const { socket, headers } of seen) {
      const [, ...turn] = String(headers['x-turn'] ?? '').split(',');
      if (turn.length > 0) turns.set(socket, [...(turns.get(socket) ?? []), turn.join()]);
    }
    const all = [...turns.values()].toSorted();
    expect(all).toEqual(all.map((own, user) => own.map((_, iteration) => `${user},${iteration}`)));
    expect(all.flat().length).toBeGreaterThan(6);
  });

  it('make the path that removes what a step made; where they fail, what was made is not known', async () => {
    const { driven } = await run(
      `export default { steps: [
        { post: '/a', capture: { id: '$.id' }, creates: { delete: ({ captured }: any) => '/a/' + captured.id + ' b' } },
        { post: '/b', creates: { delete: () => { throw new Error('no') } } },
      ] };`,
      { restMs: 1000, answer: () => ({ id: 7 }) },
    );
    expect(driven.resources.flatMap(({ made }) => made)).toEqual(['DELETE /a/7%20b']);
    expect(driven.resources.reduce((sum, { unansweredCount }) => sum + unansweredCount, 0)).toBe(1);
  });

  it('may use one piece of memory for all bodies', async () => {
    const { seen } = await run(
      `const shared = new Uint8Array(1);
export default { steps: [{ post: '/', body: ({ arrival }: any) => { shared[0] = 48 + arrival; return shared; } }] };`,
      { count: 3, spec: { model: 'closed' }, answer: () => '' },
    );
    expect(seen.map(({ body }) => body.toString()).toSorted()).toEqual(['0', '1', '2']);
  });

  it('see what the set-up of the run captured, and what a step captured in its place', async () => {
    const { seen } = await run(
      `export default { setup: [{ post: '/login', capture: { token: '$.t', id: '$.i' } }], steps: [
        { post: '/a', body: ({ captured }: any) => captured, capture: { id: '$.id' } },
        { post: '/b', body: ({ captured }: any) => captured },
      ] };`,
      {
        captured: new Map<string, unknown>([
          ['token', { value: 'hush' }],
          ['id', 1],
        ]),
        answer: () => ({ id: 2 }),
      },
    );
    expect(seen.map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { token: { value: 'hush' }, id: 1 },
      { token: { value: 'hush' }, id: 2 },
    ]);
  });

  it('are named where a worker does not find them, before anything is sent', async () => {
    const compiled = await compileModule(
      `import { isMainThread } from 'node:worker_threads';
export default { steps: [{ post: '/', ...(isMainThread ? { body: () => 'x' } : { json: 1 }) }] };`,
    );
    const refused = async (spec: SpecPatch): Promise<unknown> => {
      const engine = new ThreadEngine(plainSpec(1, spec));
      return engine
        .open()
        .catch((error: unknown) => error)
        .finally(() => engine.close());
    };
    const missing = await refused(moduleSpec(compiled));
    expect(missing).toBeInstanceOf(UserError);
    expect(String(missing)).toMatch(
      /profile\.ts {2}steps\[0\]\.body: found no function there in a worker, expected that/,
    );
    const throwing = await compileModule(
      `import { isMainThread } from 'node:worker_threads';
if (!isMainThread) throw new Error('not here');
export default { steps: [{ post: '/', body: () => 'x' }] };`,
    );
    expect(String(await refused(moduleSpec(throwing)))).toMatch(
      /profile\.ts: could not be loaded by a worker: not here/,
    );
  });

  it('are measured, and named where they keep a worker busy', async () => {
    const { driven } = await run(
      `const busy = (ms: number): void => { const until = performance.now() + ms; while (performance.now() < until); };
export default { steps: [{ post: '/', body: () => { busy(20); return 'x'; } }] };`,
      { count: 40 },
    );
    const spent = driven.intervals.reduce((sum, { functionsMs = 0 }) => sum + functionsMs, 0);
    expect(spent).toBeGreaterThanOrEqual(800);
    expect(spent).toBeLessThan(1600);
    const { generator } = driven.summary;
    expect(JSON.stringify(generator)).toMatch(
      /functions of the profile took \d+ % of a worker|of which \d+ % in functions of the profile/,
    );
  });

  it('print as notes, the first lines of them', async () => {
    const { driven } = await run(
      "export default { steps: [{ post: '/', body: ({ arrival }: any) => { console.log('made', arrival); return 'x'; } }] };",
      { count: 30 },
    );
    expect(driven.notes.slice(0, 2)).toEqual(['printed by the profile: made 0', 'printed by the profile: made 1']);
    expect(driven.notes.at(-1)).toBe('the profile prints more, which is not told');
    expect(driven.notes).toHaveLength(21);
  });
});
