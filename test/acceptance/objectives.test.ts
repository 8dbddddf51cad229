// Objectives on the built program: what a broken one does to the exit code, the summary and the run, and what is said of a
// text that is none.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, startProgram } from '../helpers/start-program.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-objectives-'));
let server: http.Server;
let origin = '';

beforeAll(async () => {
  server = http.createServer((request, response) => {
    request.resume();
    if (request.url === '/fail') response.writeHead(503).end();
    else if (request.url === '/slow') setTimeout(() => response.end('ok'), 400);
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const loadtop = (args: readonly string[], env?: Record<string, string>): Promise<Ended> =>
  startProgram(args, { folder, env }).ended;

const load = (target: string, ...more: string[]): string[] => [
  `${origin}${target}`,
  ...['--no-tui', '--no-probe', '-q', '50', '-z', '3s'],
  ...more,
];

/** With users there is no verdict on the generator, so that a busy machine does not come before an objective. */
const users = (target: string, ...more: string[]): string[] => [
  `${origin}${target}`,
  ...['--no-tui', '--no-probe', '-u', '20', '-z', '3s'],
  ...more,
];

describe('a run with objectives', () => {
  it('ends with 99 where one was broken, and says which, for how long and how far', async () => {
    const file = path.join(folder, 'broken.json');
    const slo = ['--slo', 'p99<300ms over 1s', '--slo', 'errors<1% over 1s', '-o', file];
    const { code, stdout } = await loadtop(users('/slow', ...slo));
    expect(code).toBe(99);
    expect(stdout).toMatch(/ objective: p99<300ms over 1s broken: \d+ ms\n/);
    expect(stdout).toMatch(/ {2}broken p99<300ms over 1s\n/);
    expect(stdout).toMatch(/Objectives\n.*\n {2}p99<300ms over 1s {2}BROKEN for [\d.]+ s +\d+ ms/);
    expect(stdout).toMatch(/\n {2}errors<1% over 1s +met +0\.0 %/);
    expect(stdout).toMatch(/from 0:0\d to 0:0\d p99<300ms over 1s was broken/);
    const { objectives } = JSON.parse(readFileSync(file, 'utf8'));
    expect(objectives).toMatchObject([
      { verdict: 'broken', unit: 'ms', bound: 300 },
      { verdict: 'met', brokenMs: 0 },
    ]);
    expect(objectives[0].worst).toBeGreaterThanOrEqual(400);
  });

  it('ends with 0 where all were met', async () => {
    const slo = ['--slo', 'p50<2s over 1s', '--slo', 'errors<1% over 1s', '--slo', 'rate>=10/s over 2s'];
    const { code, stdout } = await loadtop(load('/', ...slo));
    expect([0, 96]).toContain(code);
    expect(stdout).not.toContain('BROKEN');
    expect(stdout.match(/ {2}met/g)).toHaveLength(3);
  });

  it('counts answers that are not good, and good ones per second', async () => {
    const { code, stdout } = await loadtop(load('/fail', '--slo', 'errors<1% over 1s', '--slo', 'rate>=1/s over 1s'));
    // Not one request was good, which comes first.
    expect(code).toBe(1);
    expect(stdout).toMatch(/errors<1% over 1s +BROKEN .* 100 % /);
    expect(stdout).toMatch(/rate>=1\/s over 1s +BROKEN .* 0\/s /);
  });

  it('ends with the first broken one under --abort-on-slo, as at a planned end', async () => {
    const { code, stdout } = await loadtop([
      `${origin}/slow`,
      '--no-tui',
      '--no-probe',
      '-u',
      '20',
      '-z',
      '60s',
      '--slo',
      'p99<300ms over 1s',
      '--abort-on-slo',
    ]);
    expect(code).toBe(99);
    expect(stdout).toMatch(/phase: draining \(objective p99<300ms over 1s broken\)/);
    expect(stdout).toMatch(/ended {4}after \d\.?\d* s: objective p99<300ms over 1s broken/);
  });

  it('that is shorter than a window is judged at its end', async () => {
    const { code, stdout } = await loadtop(users('/slow', '--slo', 'p99<300ms over 30s'));
    expect(code).toBe(99);
    expect(stdout).toMatch(/p99<300ms over 30s {2}BROKEN/);
  });

  it('takes those of the profile and of the flags together, and leaves the warm-up out', async () => {
    const profile = path.join(folder, 'held.yaml');
    writeFileSync(
      profile,
      `target: ${origin}\nobjectives:\n  - p99<300ms over 1s\nload: { users: 3, duration: 3, warmup: 2 }\nsteps: [get: /slow]\nrecord: false\n`,
    );
    const { code, stdout } = await loadtop(['run', profile, '--no-tui', '--no-probe', '--slo', 'errors<1%']);
    expect(code).not.toBe(99);
    expect(stdout).toMatch(/\n {2}p99<300ms over 1s {2}not judged/);
    expect(stdout).toMatch(/\n {2}errors<1% /);
  });

  it('writes them into NDJSON and the recording', async () => {
    const recording = path.join(folder, 'held.jsonl');
    const words = users('/slow', '--slo', 'p99<300ms over 1s', '--json', '--record', recording);
    const { stdout } = await loadtop(words);
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.at(-1)).toMatchObject({ type: 'summary', objectives: [{ verdict: 'broken' }] });
    expect(objects.filter(({ type }) => type === 'objective/changed').length).toBeGreaterThan(0);
    const seconds = objects.filter(({ type }) => type === 'second');
    expect(seconds.at(1).objectives).toMatchObject([{ text: 'p99<300ms over 1s', status: 'broken' }]);
    const kept = readFileSync(recording, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(kept[0].run.objectives).toMatchObject([{ metric: 'p99', bound: 300, windowMs: 1000 }]);
    expect(kept.some(({ type }) => type === 'objective/changed')).toBe(true);
  });
});

describe('a text that is no objective', () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    [
      'another figure',
      ['--slo', 'p98<300ms'],
      {},
      /--slo: found "p98<300ms", expected one of p50, [\s\S]*did you mean/,
    ],
    [
      'a bound without a unit',
      ['--slo', 'p99<300'],
      {},
      /a time with its unit[\s\S]*\n {2}for example --slo 'p99<300ms over 30s'/,
    ],
    ['from the environment', [], { LOADTOP_SLO: 'p99>1s' }, /LOADTOP_SLO: found "p99>1s", expected < or <=/],
    ['an abort without any', ['--abort-on-slo'], {}, /--abort-on-slo: found no objective/],
  ])('%s is refused with 2, in words', async (_, words, env, expected) => {
    const { code, stdout, stderr } = await loadtop(load('/', ...words), env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(expected);
  });
});
