// A run with the same seed and the same start sends the same bytes, however many workers share it: against a real server
// that keeps every request as it came, from the built program, with everything that requests can be made of.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateFunctions } from '../../source/profile/template-functions.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-same-'));
const arrivals = 600;

/** Requests by the number that each carries. */
let log = new Map<number, string>();
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, rawHeaders, headers } = request;
    if (headers['x-arrival'] !== undefined) {
      log.set(Number(headers['x-arrival']), [method, url, ...rawHeaders, Buffer.concat(chunks).toString()].join('\n'));
    }
    response.writeHead(202).end();
  });
});
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = Array.from(
    { length: 50 },
    (_, row) => `${row},"p ""${row}"",\n${'é'.repeat(row % 7)}",p${row}@example.com`,
  );
  writeFileSync(path.join(folder, 'people.csv'), `id,name,email\r\n${people.join('\r\n')}\r\n`);
  const products = Array.from({ length: 30 }, (_, row) => ({ sku: `s\t${row}`, price: row / 4, tags: ['a', row] }));
  writeFileSync(path.join(folder, 'products.ndjson'), products.map((product) => JSON.stringify(product)).join('\n'));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Every function in every form, but for the clock where the instants are not the plan's. */
const everyFunction = (withNow: boolean): string =>
  Object.entries(templateFunctions)
    .filter(([name]) => withNow || name !== 'now')
    .flatMap(([, { example, forms = [example] }]) => forms)
    .join(' | ');

/** The instant of an arrival is that of the plan; in the closed model it is the user's, which differs from run to run. */
const clock = (load: string): string => (/rate/.test(load) ? '{{now iso}}' : '{{sequence 9}}');

const profile = (load: string): string => `
name: same
target: ${origin}
load: { ${load}, seed: 9, now: 2026-01-31T12:00:00Z }
record: false
data:
  people: { csv: people.csv, order: random }
  products: { ndjson: products.ndjson }
  made: { generate: { rows: 200, columns: 20 } }
  once: { generate: { rows: 4000, columns: { id: "{{sequence 1}}", token: "{{hex 8}}" } }, order: unique }
  turns:
    items: [{ n: 1, id: "{{uuid}}" }, { n: 2, who: "{{once.token}}" }, { n: 3 }]
  chosen:
    order: weighted
    items: [{ weight: 3, item: { a: "{{uuid}}" } }, { weight: 1, item: { b: "{{email}}" } }]
  events:
    order: random
    items:
      - { id: "{{uuid}}", at: "${clock(load)}", who: "{{people.name}}", n: "{{integer 1 9}}", price: "{{number products.price}}" }
      - { id: "{{hex 20}}", words: "{{words 3}}", at: "${clock(load)}", mail: "{{email}}", tags: "{{number products.tags}}" }
headers: { X-Arrival: "{{arrival}}", X-Who: "{{people.email}} {{name}}" }
scenarios:
  - name: events
    weight: 2
    steps: [{ post: "/events/{{people.name}}?sku={{products.sku}}", items: { of: events, count: 7 } }]
  - name: one
    steps: [{ put: "/made/{{made.reference}}", items: { of: events } }]
  - name: text
    steps:
      - post: /text
        body: "{{weighted a:3 b:1}} {{cycle x y z}} {{string 9}} ${clock(load)} {{faker commerce.productName}} {{made.note}}"
  - name: everything
    steps:
      - post: /everything
        body: ${JSON.stringify(everyFunction(/rate/.test(load)))}
  - name: form
    steps:
      - post: /form/{{once.id}}
        query: { at: "{{sequence 7}}", q: "{{faker person.jobTitle}}" }
        multipart:
          - { name: file, file: "{{made}}", filename: "{{once.token}}.csv", type: text/csv }
          - { name: json, json: { list_id: "{{uuid}}", rows: "{{integer 1 9}}", name: "{{faker company.name}}" } }
          - { name: note, value: "{{sentence}}" }
  - name: fields
    steps:
      - post: /fields
        form: { email: "{{email}}", words: "{{words 4}}", row: "{{products.price}}", full: "{{people.name}}" }
  - name: turns
    steps: [{ post: /turns, items: { of: turns, count: 4 } }]
  - name: chosen
    steps: [{ post: /chosen, items: { of: chosen } }]
`;

/** In TypeScript, with functions that draw. */
const module = (load: string): string => `interface Turn {
  readonly arrival: number;
  readonly user: number | undefined;
  readonly iteration: number;
  readonly now: number;
  readonly random: () => number;
  readonly integer: (least: number, most: number) => number;
  readonly pick: (choices: readonly string[]) => string;
  readonly uuid: () => string;
}
const names: readonly string[] = ['a', 'b', 'ü'];
export default {
  target: '${origin}',
  load: { ${load}, seed: 9, now: '2026-01-31T12:00:00Z' },
  record: false,
  headers: { 'X-Arrival': ({ arrival }: Turn) => arrival, 'X-Turn': ({ user, iteration }: Turn) => [user, iteration].join() },
  steps: [
    {
      name: 'made',
      post: ({ pick, integer }: Turn) => \`/\${pick(names)}/\${integer(1, 1e9)}\`,
      body: (turn: Turn) => ({ id: turn.uuid(), at: turn.now, drawn: Array.from({ length: turn.integer(1, 100) }, turn.random) }),
      check: ({ status }: { readonly status: number }) => status === 202,
    },
  ],
};
`;

/** What came of a run with so many workers, by arrival numbers. */
const sentByNumber = async (
  load: string,
  workers: number,
  { text = profile, ending = 'yaml' } = {},
): Promise<ReadonlyMap<number, string>> => {
  log = new Map();
  const file = path.join(folder, `same-${workers}.${ending}`);
  writeFileSync(file, text(load));
  const { code, stderr } = await runFile(file, workers);
  expect([0, 96], stderr).toContain(code);
  return log;
};

/** The same in their order. */
const sentBy = async (...of: Parameters<typeof sentByNumber>): Promise<readonly string[]> =>
  [...(await sentByNumber(...of))].sort(([a], [b]) => a - b).map(([, text]) => text);

const runFile = async (file: string, workers: number): Promise<{ readonly code: unknown; readonly stderr: string }> => {
  const env = { ...process.env, XDG_CACHE_HOME: path.join(folder, 'cache') };
  const child = spawn(process.execPath, [cli, 'run', file, '--no-tui', '-w', String(workers)], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, stderr };
};

describe('the requests of a seed', () => {
  it.each(['uniform', 'poisson'])('are the same bytes for 1 and 3 workers (%s arrivals)', async (kind) => {
    const load = `rate: 200, requests: ${arrivals}, arrivals: ${kind}`;
    const one = await sentBy(load, 1);
    const three = await sentBy(load, 3);
    expect(one).toHaveLength(arrivals);
    expect(new Set(one).size).toBe(arrivals);
    expect(three).toEqual(one);
    const bodies = one
      .filter((text) => text.startsWith('POST\n/events'))
      .map((text) => JSON.parse(text.split('\n').at(-1)!));
    expect(bodies.length).toBeGreaterThan(arrivals / 6);
    for (const body of bodies) expect(body).toHaveLength(7);
    const prices = bodies.flat().flatMap(({ price }) => price ?? []);
    expect(prices.length).toBeGreaterThan(100);
    const forms = one.filter((text) => text.startsWith('POST\n/form/'));
    expect(new Set(forms.map((text) => text.split('\n')[1]!.split('?')[0])).size).toBe(forms.length);
    expect(forms[0]!.split('\n').length).toBeGreaterThan(200);
    for (const price of prices) expect(price * 4).toBe(Math.round(price * 4));
  });
});

describe('the requests of users', () => {
  it('are the same bytes for 1 and 3 workers, by user and iteration', async () => {
    const load = 'users: 6, requests: 600, think: { exponential: 20ms }';
    const one = await sentByNumber(load, 1);
    const three = await sentByNumber(load, 3);
    // Who is faster has more iterations when the run ends: what both had is alike.
    const both = [...one.keys()].filter((number) => three.has(number));
    expect(both.length).toBeGreaterThan(400);
    expect(new Set(both.map((number) => number % 6)).size).toBe(6);
    for (const number of both) expect(three.get(number), `number ${number}`).toBe(one.get(number));
    expect(new Set(one.values()).size).toBe(one.size);
  });
});

const turnOf = (text: string): string => /X-Turn\n(\S+)/.exec(text)?.[1] ?? '';

describe('the requests that functions of a profile make', () => {
  const code = { text: module, ending: 'ts' };

  it('are the same bytes for 1 and 3 workers', async () => {
    const load = `rate: 200, requests: ${arrivals}`;
    const one = await sentBy(load, 1, code);
    expect(one).toHaveLength(arrivals);
    expect(new Set(one.map((text) => text.split('\n').at(-1))).size).toBe(arrivals);
    expect(await sentBy(load, 3, code)).toEqual(one);
  });

  it('are those of a user and its iteration, whichever worker has the user', async () => {
    const load = 'users: 6, requests: 300, think: "20ms"';
    // A user's next iteration begins when the one before has ended: the time is that of the machine.
    const sent = async (workers: number): Promise<readonly string[]> =>
      (await sentBy(load, workers, code)).map((text) => text.replace(/"at":\d+,/, ''));
    const one = new Set(await sent(1));
    const three = await sent(3);
    expect(one.size).toBe(300);
    expect(three).toHaveLength(300);
    // How far each user comes depends on the machine; what it sends then does not.
    const turns = new Set([...one].map(turnOf));
    const common = three.filter((text) => turns.has(turnOf(text)));
    expect(common.length).toBeGreaterThan(150);
    for (const text of common) expect(one).toContain(text);
  });
});

describe('rows that are used once', () => {
  it('end the run, each used by one of three workers', async () => {
    log = new Map();
    const file = path.join(folder, 'unique.yaml');
    writeFileSync(
      file,
      `target: ${origin}
load: { rate: 300 }
record: false
data: { made: { generate: { rows: 450, columns: { id: "{{sequence}}" } }, order: unique } }
headers: { X-Arrival: "{{arrival}}" }
steps: [get: "/{{made.id}}"]
`,
    );
    const { code, stderr } = await runFile(file, 3);
    expect([0, 96], stderr).toContain(code);
    expect(stderr).toContain('each row of made is used once: the run ends after 450 iterations at the latest');
    expect([...log].map(([n, text]) => [n, text.split('\n')[1]]).sort(([a], [b]) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 450 }, (_, n) => [n, `/${n}`]),
    );
  });
});
