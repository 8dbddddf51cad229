// Steps that make something, seen by the real engine: what is told of them, and that their answers are awaited when all else is
// given up.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { constantSegments } from '../../source/load/arrival-plan.ts';
import type { ResourceChange } from '../../source/measure/resources.ts';
import { compileText, runSpec } from '../helpers/compile-text.ts';
import { type DriveOptions, drive, sleep } from '../helpers/drive.ts';
import { listen } from '../helpers/listen.ts';

interface Asked {
  readonly line: string;
  readonly number: number;
}

/** What a server does with a request: a status, or how long it takes and then that. */
type Answer = (asked: Asked) => {
  readonly status?: number;
  readonly afterMs?: number;
  readonly body?: object;
  /** Where it redirects to. */
  readonly to?: string;
};

const run = async (
  profile: string,
  answer: Answer,
  options: Partial<DriveOptions> & { readonly count?: number } = {},
) => {
  const compiled = compileText(profile);
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    seen.push(line);
    request.resume();
    const { status = 200, afterMs = 0, body = {}, to } = answer({ line, number: seen.length });
    const timer = setTimeout(
      () => response.writeHead(status, { ...(to && { location: to }) }).end(JSON.stringify(body)),
      afterMs,
    );
    response.on('close', () => clearTimeout(timer));
  });
  const { port } = await listen(server);
  const { count = 1, ...rest } = options;
  const driven = await drive({
    port,
    segments: constantSegments(100, count * 10),
    forMs: count * 10 + 300,
    graceMs: 3000,
    paths: compiled.series.map((name): [string, number] => [name, 1]),
    spec: runSpec(compiled),
    ...rest,
  });
  expect(driven.problems).toEqual([]);
  expect(driven.summary.balanced).toBe(true);
  return { seen, driven, resources: added(driven.resources) };
};

/** Changes as they add up: removed first. */
const added = (changes: readonly ResourceChange[]) => {
  const held = new Set<string>();
  const counts = { made: 0, gone: 0, unanswered: 0 };
  for (const { made, removed, madeCount, goneCount, unansweredCount } of changes) {
    for (const one of removed) if (held.delete(one)) counts.gone += 1;
    for (const one of made) held.add(one);
    counts.made += madeCount;
    counts.gone += goneCount;
    counts.unanswered += unansweredCount;
  }
  return { held: [...held], ...counts };
};

const creating = (more = '') => `steps:
  - post: /things
    capture: { id: $.id }
    creates: { delete: "/things/{{id}}" }
${more}`;

const deleting = creating('  - get: /things\n  - delete: /things/{{id}}\n');

describe('what a step makes', () => {
  it('is told by the request that removes it, escaped as in any path', async () => {
    const { resources } = await run(creating(), ({ number }) => ({ status: 201, body: { id: `a/${number} ü` } }), {
      count: 3,
    });
    expect(resources.held.toSorted()).toEqual([1, 2, 3].map((n) => `DELETE /things/a%2F${n}%20%C3%BC`));
    expect(resources).toMatchObject({ made: 3, gone: 0, unanswered: 0 });
  });

  it('is gone once a step of the run removed it, or found it gone', async () => {
    const { resources, seen } = await run(
      deleting,
      ({ line, number }) => {
        if (line.startsWith('POST')) return { status: 201, body: { id: number } };
        return line.startsWith('DELETE') && number % 2 === 0 ? { status: 404 } : { status: 200 };
      },
      { count: 6 },
    );
    expect(seen.filter((line) => line.startsWith('DELETE'))).toHaveLength(6);
    expect(resources).toEqual({ held: [], made: 6, gone: 6, unanswered: 0 });
  });

  it('is gone once a removal was redirected and followed, and stays where it was sent to a login', async () => {
    const followed = creating('  - delete: /things/{{id}}\n    redirects: 1\n');
    const { resources, seen } = await run(
      followed,
      ({ line }) => {
        if (line.startsWith('POST')) return { status: 201, body: { id: 7 } };
        return line === 'DELETE /things/7' ? { status: 307, to: '/v2/things/7' } : { status: 204 };
      },
      { forMs: 1000 },
    );
    expect(seen).toEqual(['POST /things', 'DELETE /things/7', 'DELETE /v2/things/7']);
    expect(resources).toMatchObject({ held: [], made: 1, gone: 1 });
    const sent = await run(deleting, ({ line }) =>
      line.startsWith('DELETE') ? { status: 302, to: '/login' } : { status: 200, body: { id: 7 } },
    );
    expect(sent.resources).toMatchObject({ held: ['DELETE /things/7'], gone: 0 });
  });

  it('stays where its removal failed', async () => {
    const { resources } = await run(deleting, ({ line }) =>
      line.startsWith('DELETE') ? { status: 500 } : { status: 200, body: { id: 7 } },
    );
    expect(resources).toMatchObject({ held: ['DELETE /things/7'], made: 1, gone: 0 });
  });

  it('is there also where more was expected of the answer, but not where the answer was a refusal', async () => {
    const strict = `steps:
  - post: /things
    expect: { json: { $.ready: true } }
    capture: { id: $.id }
    creates: { delete: "/things/{{id}}" }
`;
    const { resources } = await run(
      strict,
      ({ number }) => ({ status: number === 1 ? 201 : 503, body: { id: number, ready: false } }),
      { count: 2 },
    );
    expect(resources).toMatchObject({ held: ['DELETE /things/1'], made: 1 });
  });

  it('is not known where the answer does not say it, or does not come', async () => {
    const unnamed = await run(creating(), () => ({ status: 201 }));
    expect(unnamed.resources).toEqual({ held: [], made: 0, gone: 0, unanswered: 1 });
    const silent = await run(creating('    timeout: 50ms\n'), () => ({ afterMs: 2000 }));
    expect(silent.resources).toEqual({ held: [], made: 0, gone: 0, unanswered: 1 });
  });
});

describe('at the end of a run', () => {
  const mixed = `scenarios:
  - steps: [{ get: /slow }]
  - steps:
      - post: /things
        capture: { id: $.id }
        creates: { delete: "/things/{{id}}" }
      - get: /never
`;

  it('what makes something is awaited, though the grace is over, and nothing follows it', async () => {
    const begun = monotonicNow();
    const { driven, seen, resources } = await run(
      mixed,
      ({ line, number }) => (line.startsWith('POST') ? { afterMs: 900, body: { id: number } } : { afterMs: 8000 }),
      { count: 10, graceMs: 0, forMs: 120 },
    );
    const posts = seen.filter((line) => line.startsWith('POST')).length;
    expect(posts).toBeGreaterThan(0);
    expect(resources).toMatchObject({ made: posts, unanswered: 0 });
    expect(seen).not.toContain('GET /never');
    expect(driven.summary.iterations).toMatchObject({ due: 10, cutOff: 10, inFlight: 0 });
    expect(monotonicNow() - begun).toBeLessThan(6000);
  });

  it('what was given up follows no redirect any more', async () => {
    const { seen } = await run(
      mixed.replace('get: /slow', 'get: /slow, redirects: 1'),
      ({ line, number }) =>
        line.startsWith('POST') ? { afterMs: 1200, body: { id: number } } : { status: 302, to: '/after', afterMs: 600 },
      { count: 10, graceMs: 0, forMs: 120 },
    );
    expect(seen).toContain('GET /slow');
    expect(seen).not.toContain('GET /after');
  });

  it('what was left out, as the target lacks it, is not awaited', async () => {
    const lacking = creating('    optional: true\n  - get: /slow\n');
    const begun = monotonicNow();
    const { driven } = await run(
      lacking,
      ({ line }) => (line.startsWith('POST') ? { status: 404 } : { afterMs: 9000 }),
      { count: 5, graceMs: 0, forMs: 300 },
    );
    expect(driven.summary.iterations).toMatchObject({ due: 5, cutOff: 5, inFlight: 0 });
    expect(monotonicNow() - begun).toBeLessThan(4000);
  });

  it('at once, it is awaited for a moment only, and said that it had no answer', async () => {
    const { driven, resources } = await run(mixed, ({ line }) => ({ afterMs: line.startsWith('POST') ? 9000 : 9000 }), {
      count: 10,
      forMs: 120,
      during: async (engine) => {
        await sleep(150);
        const begun = monotonicNow();
        await engine.stop(0, true);
        expect(monotonicNow() - begun).toBeGreaterThan(1500);
        expect(monotonicNow() - begun).toBeLessThan(4000);
      },
    });
    expect(resources.made).toBe(0);
    expect(resources.unanswered).toBeGreaterThan(0);
    expect(driven.summary.iterations).toMatchObject({ due: 10, cutOff: 10 });
  });

  it('at once, a run that makes nothing does not wait', async () => {
    const plain = 'steps: [{ get: /slow }]\n';
    await run(plain, () => ({ afterMs: 9000 }), {
      count: 5,
      forMs: 60,
      during: async (engine) => {
        await sleep(100);
        const begun = monotonicNow();
        await engine.stop(0, true);
        expect(monotonicNow() - begun).toBeLessThan(1000);
      },
    });
  });
});
