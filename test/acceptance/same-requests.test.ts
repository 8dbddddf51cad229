// A run with the same seed and the same start sends the same bytes, however many workers share it: against a real server
// that keeps every request as it came, from the built program, with everything that requests can be made of.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

const profile = (load: string): string => `
name: same
target: ${origin}
load: { ${load}, seed: 9, now: 2026-01-31T12:00:00Z }
record: false
data:
  people: { csv: people.csv, order: random }
  products: { ndjson: products.ndjson }
  made: { generate: { rows: 200, columns: 20 } }
  events:
    order: random
    items:
      - { id: "{{uuid}}", at: "{{now}}", who: "{{people.name}}", n: "{{integer 1 9}}", price: "{{number products.price}}" }
      - { id: "{{hex 20}}", words: "{{words 3}}", at: "{{now iso}}", mail: "{{email}}", tags: "{{number products.tags}}" }
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
        body: "{{weighted a:3 b:1}} {{cycle x y z}} {{string 9}} {{now seconds}} {{faker commerce.productName}} {{made.note}}"
`;

/** What came of a run with so many workers, in the order of arrival numbers. */
const sentBy = async (load: string, workers: number): Promise<readonly string[]> => {
  log = new Map();
  const file = path.join(folder, `same-${workers}.yaml`);
  writeFileSync(file, profile(load));
  const { code, stderr } = await runFile(file, workers);
  expect([0, 96], stderr).toContain(code);
  return [...log].sort(([a], [b]) => a - b).map(([, text]) => text);
};

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
    expect(bodies.length).toBeGreaterThan(arrivals / 3);
    for (const body of bodies) expect(body).toHaveLength(7);
    const prices = bodies.flat().flatMap(({ price }) => price ?? []);
    expect(prices.length).toBeGreaterThan(100);
    for (const price of prices) expect(price * 4).toBe(Math.round(price * 4));
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
