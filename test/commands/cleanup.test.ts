// `loadtop cleanup`: what a recording says is left is removed, whatever the load of its run was.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../source/commands/main.ts';
import type { Io } from '../../source/commands/terminal.ts';
import { fixtureRunInfo } from '../helpers/events.ts';
import { listen } from '../helpers/listen.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-cleanup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const steps = `setup: [{ post: /user, capture: { user: $.id } }]
    steps: [{ post: /things, capture: { id: $.id }, creates: { delete: "/things/{{id}}" } }]`;

/** Cleans up after a run of a profile, whose text lacks its target. */
const cleanedUp = async (text: string): Promise<{ code: number; seen: readonly string[]; told: string }> => {
  const seen: string[] = [];
  const { port } = await listen(
    http.createServer(({ method, url }, response) => {
      seen.push(`${method} ${url}`);
      response.end('{}');
    }),
  );
  const target = `http://127.0.0.1:${port}`;
  const profile = path.join(folder, 'profile.yaml');
  writeFileSync(profile, `target: ${target}\n${text}`);
  const recording = path.join(folder, 'run.jsonl');
  const run = { ...fixtureRunInfo(), target, cleanUp: { profile, set: [], processId: 0 } };
  const lines = [
    { loadtop: 1, run, plan: { revision: 0, segments: [] }, endsAt: null },
    { sequence: 1, at: 1, type: 'resources/changed', made: ['DELETE /things/7'], removed: [] },
    { sequence: 2, at: 2, type: 'run/closed', reason: 'stopped', summary: {} },
  ];
  writeFileSync(recording, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let told = '';
  const stream = new PassThrough().on('data', (chunk) => {
    told += String(chunk);
  });
  const io = { stdin: new PassThrough(), stdout: stream, stderr: stream, env: {} } as unknown as Io;
  return { code: await main(['cleanup', recording], io), seen, told };
};

describe('what a run left', () => {
  it.each([
    [
      'a phase whose load only the phase has',
      `phases: [{ load: { users: 2, duration: 1s } }]\nscenarios:\n  - ${steps}\n`,
    ],
    ['users that a flag asked for', `scenarios:\n  - ${steps}\n`],
    ['scenarios with loads of their own', `scenarios:\n  - load: { users: 2 }\n    ${steps}\n`],
  ])('is removed after %s', async (_, text) => {
    const { code, seen, told } = await cleanedUp(text);
    expect(told).toBe('cleaned up 1 of 1\n');
    expect([code, seen]).toEqual([0, ['DELETE /things/7']]);
  });
});
