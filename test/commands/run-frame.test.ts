// What stands around the load of a run, where it does not go on to the load: somebody stops it, or wants nothing of it any more.

import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { SetUpStopped } from '../../source/commands/coming-run.ts';
import { RunFrame } from '../../source/commands/run-frame.ts';
import { transportOf } from '../../source/commands/transport.ts';
import { compile } from '../../source/profile/compile.ts';
import type { Profile } from '../../source/profile/profile.ts';
import { profileOf } from '../helpers/compile-text.ts';
import { listen } from '../helpers/listen.ts';

const text = `setup:
  - { post: /sessions, capture: { id: $.id }, creates: { delete: "/sessions/{{id}}" } }
  - post: /slow
  - post: /more
teardown: [{ post: /logout }]
steps: [{ get: / }]
`;

/** A frame against a server. @param answer false: it never comes */
const begin = async (answer: (asked: string) => number | false, phase?: Profile['phase']) => {
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  const { port } = await listen(
    http.createServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      asked.push(line);
      const status = answer(line);
      if (status !== false) response.writeHead(status).end('{"id":7}');
      waiting.get(line)?.();
    }),
  );
  const profile = { ...profileOf(text), phase, origin: `http://127.0.0.1:${port}` };
  const [stopping, skipping] = [new AbortController(), new AbortController()];
  const frame = new RunFrame({
    profile,
    compiled: (captured) => compile(profile, { userAgent: 'test', ...(captured && { captured }) }),
    transport: transportOf(profile, 1),
    addresses: [{ address: '127.0.0.1', family: 4 }],
    seed: 1,
  });
  const reached = (line: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(line, resolve);
    });
  return { frame, asked, reached, stopping, skipping };
};

const faultOf = (setUp: Promise<void>): Promise<unknown> =>
  setUp.then(
    () => 'nothing went wrong',
    (error: unknown) => error,
  );

describe('a set-up that is stopped', () => {
  it('begins no further step, and undoes what it did', async () => {
    const { frame, asked, reached, stopping, skipping } = await begin(() => 200);
    const slow = reached('POST /slow');
    const setUp = faultOf(frame.setUp(stopping.signal, skipping.signal));
    await slow;
    stopping.abort();
    const fault = await setUp;
    expect(fault).toBeInstanceOf(SetUpStopped);
    expect(fault).toMatchObject({ faults: [] });
    expect(asked).toEqual(['POST /sessions', 'POST /slow', 'DELETE /sessions/7', 'POST /logout']);
  });

  it('says what is left where it could not be undone', async () => {
    const { frame, reached, stopping, skipping } = await begin((line) => (line.startsWith('DELETE') ? 500 : 200));
    const slow = reached('POST /slow');
    const setUp = faultOf(frame.setUp(stopping.signal, skipping.signal));
    await slow;
    stopping.abort();
    expect(await setUp).toMatchObject({
      faults: ['clean-up: DELETE /sessions/7 is left: 500 Internal Server Error'],
    });
  });

  it('is over at once where nothing is to be awaited any more, and says what is left', async () => {
    const { frame, asked, reached, stopping, skipping } = await begin((line) => line !== 'POST /slow' && 200);
    const slow = reached('POST /slow');
    const setUp = faultOf(frame.setUp(stopping.signal, skipping.signal));
    await slow;
    stopping.abort();
    skipping.abort();
    expect(await setUp).toMatchObject({
      faults: ['clean-up: DELETE /sessions/7 is left: it was skipped', 'tear-down: skipped, as was asked for'],
    });
    expect(asked).toEqual(['POST /sessions', 'POST /slow']);
  });

  it.each([
    [undefined, 'no load was sent'],
    [1, 'no load was sent'],
    [2, 'no load of phase stress was sent'],
  ])('says what was not sent where it fails, in phase %s', async (number, hint) => {
    const phase = number === undefined ? undefined : { name: 'stress', number, count: 2, pauseMs: 0 };
    const { frame, stopping, skipping } = await begin((line) => (line === 'POST /slow' ? 503 : 200), phase);
    expect(await faultOf(frame.setUp(stopping.signal, skipping.signal))).toMatchObject({ hint });
  });

  it('is undone once only', async () => {
    const { frame, asked, stopping, skipping } = await begin((line) => (line === 'POST /slow' ? 503 : 200));
    const fault = await faultOf(frame.setUp(stopping.signal, skipping.signal));
    expect(fault).toMatchObject({ message: expect.stringMatching(/^set-up: POST \/slow: /) });
    expect(await frame.undo()).toEqual([]);
    expect(asked.filter((line) => line === 'POST /logout')).toHaveLength(1);
  });
});
