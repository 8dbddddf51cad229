// Expectations beyond the status, seen by the real engine on real sockets: what passes, what fails and why, and that rows
// still add up.

import http from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import { compileText, runSpec } from '../helpers/compile-text.ts';
import { type Driven, drive } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

/** 10 requests at 100/s to a server; what was counted of the metrics, by their names. */
const judge = async (
  profile: string,
  handler: http.RequestListener,
): Promise<{ driven: Driven; rates: Record<string, string>; examples: Record<string, string> }> => {
  const run = compileText(profile);
  const { port } = await listen(http.createServer(handler));
  const paths = run.series.map((name): [string, number] => [name, 1]);
  const driven = await drive({
    port,
    segments: constantSegments(100, 100),
    forMs: 150,
    paths,
    spec: runSpec(run),
  });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  const rates: Record<string, string> = {};
  const examples: Record<string, string> = {};
  for (const { metric, count, sum, example } of driven.intervals.flatMap(({ metrics }) => metrics)) {
    const { name } = run.metrics[metric]!;
    const [passed = 0, all = 0] = (rates[name] ?? '0/0').split('/').map(Number);
    rates[name] = `${passed + sum}/${all + count}`;
    if (example !== undefined) examples[name] ??= example;
  }
  return { driven, rates, examples };
};

const outcomes = ({ driven }: { driven: Driven }) =>
  driven.summary.outcomes.map(({ outcome, count, causes }) => [outcome, count, causes.map(({ cause }) => cause)]);

const json =
  (value: unknown, headers: http.OutgoingHttpHeaders = {}): http.RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

describe('expectations', () => {
  it('pass where all is as expected', async () => {
    const judged = await judge(
      `steps:
  - get: /
    expect:
      status: 200
      header: { content-type: json, x-id: present, x-n: { matches: '^\\d+$' } }
      json: { $.ok: true, '$.items[*].id': 7, $.list: { length: 2 }, $.n: { above: 1, below: 3 }, $.no: { exists: false } }
      text: { matches: '"ok":true' }
      size: "<1KiB"
      time: "<5s"
`,
      json({ ok: true, items: [{}, { id: 7 }], list: [1, 2], n: 2 }, { 'x-id': '', 'x-n': '12' }),
    );
    expect(outcomes(judged)).toEqual([['2xx', 10, ['2xx']]]);
    expect(judged.rates).toEqual({
      'status 200': '10/10',
      'header content-type contains "json"': '10/10',
      'header x-id is there': '10/10',
      'header x-n matches /^\\d+$/': '10/10',
      '$.ok is true': '10/10',
      '$.items[*].id is 7': '10/10',
      '$.list has length 2': '10/10',
      '$.n is above 1 and is below 3': '10/10',
      '$.no is not there': '10/10',
      'text matches /"ok":true/': '10/10',
      'size < 1 KiB': '10/10',
      'time < 5 s': '10/10',
    });
  });

  it.each<[string, string, string, http.RequestListener, string]>([
    ['a header', 'header: { x-a: b }', 'header', json({}), 'expected header x-a contains "b", found nothing'],
    ['a value', 'json: { $.a.b: 1 }', 'JSON', json({ a: { b: '1' } }), 'expected $.a.b is 1, found "1"'],
    ['no JSON', 'json: { $.a: 1 }', 'JSON', (_, r) => r.end('<html>'), 'expected $.a is 1, found no JSON: "<html>"'],
    ['a text', 'text: done', 'text', (_, r) => r.end('not yet'), 'expected text contains "done", found "not yet"'],
    ['a size', 'size: ">=1KiB"', 'size', (_, r) => r.end('x'), 'expected size >= 1 KiB, found 1 B'],
    ['a time', 'time: "<1ms"', 'time', (_, r) => setTimeout(() => r.end(), 20), 'expected time < 1 ms, found'],
    [
      'a large body',
      'text: x',
      'body not judged',
      (_, r) => r.end('x'.repeat(2_000_000)),
      'expected text contains "x", found a body of 1.91 MiB, more than 1 MiB',
    ],
    [
      'a large body once decoded',
      'text: x',
      'body not judged',
      (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(2_000_000))),
      'found a body of more than 1 MiB once its gzip is decoded',
    ],
    [
      'a broken encoding',
      'text: x',
      'body not judged',
      (_, r) => r.writeHead(200, { 'content-encoding': 'br' }).end('xxxxxxx'),
      'found a body that is not valid br',
    ],
  ])('fail for %s', async (_, expected, cause, handler, example) => {
    const judged = await judge(`steps:\n  - get: /\n    expect: { ${expected} }\n`, handler);
    expect(outcomes(judged)).toEqual([['expectation failed', 10, [`expectation failed: ${cause}`]]]);
    expect(judged.driven.summary.iterations).toMatchObject({ good: 0, notGood: 10 });
    expect(Object.values(judged.rates)).toEqual(['0/10']);
    expect(Object.values(judged.examples)[0]).toContain(example);
    expect(judged.driven.summary.outcomes[0]!.example).toContain(example);
  });

  it.each<[string, (text: string) => Buffer, string]>([
    ['gzip', gzipSync, 'gzip'],
    ['deflate', deflateSync, 'deflate'],
    ['bare deflate', deflateRawSync, 'deflate'],
    ['br', brotliCompressSync, 'br'],
    ['gzip over br', (text) => gzipSync(brotliCompressSync(text)), 'br, gzip'],
    ['nothing', (text) => Buffer.from(text), 'identity'],
  ])('look through %s', async (_, encode, encoding) => {
    const judged = await judge(
      'steps:\n  - get: /\n    expect: { json: { $.a: { matches: "^x+$" } } }\n',
      (_, response) =>
        response
          .writeHead(200, { 'content-encoding': encoding })
          .end(encode(JSON.stringify({ a: 'x'.repeat(100_000) }))),
    );
    expect(judged.rates).toEqual({ '$.a matches /^x+$/': '10/10' });
  });

  it('count each by itself, and the status where nothing else is looked at', async () => {
    let n = 0;
    const judged = await judge(
      'steps:\n  - get: /\n    expect: { status: [200, 204], json: { $.a: 1, $.b: 1 } }\n',
      (request, response) => {
        n += 1;
        if (n === 1) response.writeHead(202).end();
        else json({ a: n % 2, b: 1 })(request, response);
      },
    );
    expect(judged.rates).toEqual({ 'status 200 or 204': '9/10', '$.a is 1': '4/9', '$.b is 1': '9/9' });
    expect(judged.examples).toEqual({ 'status 200 or 204': '202 Accepted', '$.a is 1': 'expected $.a is 1, found 0' });
    expect(judged.driven.summary).toMatchObject({ completed: 10, good: 4, notGood: 6 });
  });
});
