// Every shipped profile in a shortened form against the demo target: it comes to its end, and what it claims to send is what
// the target counted.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shippedProfiles } from '../../source/commands/effective-profile.ts';
import { type DemoTarget, startDemoTarget } from '../helpers/demo-target.ts';
import { type Ended, startProgram } from '../helpers/start-program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'loadtop-profiles-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running: DemoTarget[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.stop()));
});

interface Ran extends Ended {
  readonly summary: {
    readonly requests: number;
    readonly good: number;
    readonly notGood: number;
    readonly endReason: string;
    readonly rounds: readonly { readonly size: number; readonly good: number; readonly notGood: number }[];
    readonly metrics: readonly { readonly name: string; readonly count: number; readonly sum?: number }[];
  };
  readonly counters: Awaited<ReturnType<DemoTarget['counters']>>;
}

const secrets = { GSA_AUTH_TOKEN: 'demo-chat-token', auth_key: 'demo-upload-key' };

/** Runs a profile against a demo target of its own. */
const ran = async (name: string, args: readonly string[], flags: readonly string[] = []): Promise<Ran> => {
  const target = await startDemoTarget([
    '--capacity',
    '50000',
    '--buffer',
    '100000',
    '--first-event-ms',
    '20',
    ...flags,
  ]);
  running.push(target);
  const cache = { XDG_CACHE_HOME: folder };
  const options = { folder, env: { ...secrets, ...cache } };
  const all = ['run', name, '--host', target.origin, '--json', '--no-record', ...args];
  const { code, stdout, stderr } = await startProgram(all, options).ended;
  const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
  return { code, stdout, stderr, summary, counters: await target.counters() };
};

/** How each is shortened. */
const short: Readonly<Record<string, readonly string[]>> = {
  'agents-health': ['--set', 'users=20', '--set', 'spawn=20', '--set', 'duration=3s'],
  'agents-mixed': ['--set', 'users=20', '--set', 'spawn=20', '--set', 'duration=3s'],
  'agents-query': ['--set', 'users=20', '--set', 'spawn=20', '--set', 'duration=3s'],
  'agents-quick': ['--set', 'users=10', '--set', 'requests=100'],
  'batch-insert': ['--set', 'rows=1000', '--set', 'max_requests=40'],
  'batch-insert-files': ['--set', 'rows=1000', '--set', 'users=4', '--set', 'requests=20'],
  'batch-insert-initial': ['--set', 'rows=1000', '--set', 'initial_concurrency=20'],
  burst: ['--burst', '20x3', '--burst-pause', '100ms'],
  'chat-completions': ['--set', 'users=5', '--set', 'spawn=5', '--set', 'duration=4s'],
  'events-batch': ['-q', '20', '-z', '2s'],
  'events-full': ['--set', 'RATE=100', '--set', 'duration=3s'],
  'events-simple': ['--set', 'RATE=200', '--set', 'duration=2s'],
  'full-speed': ['-c', '2', '-z', '1s'],
  ...Object.fromEntries(
    ['light', 'medium', 'heavy', 'stress', 'spike', 'custom'].map((kind) => [
      `gateway-${kind}`,
      ['--set', 'users=10', '--set', 'spawn=10', '--set', 'duration=3s'],
    ]),
  ),
  overload: ['--stages', '1s:50,1s:50'],
  ramp: ['--set', 'rate=50', '--set', 'rise=1s', '--set', 'duration=1s', '-z', '2s'],
  smoke: ['--set', 'duration=2s'],
  soak: ['--set', 'rate=50', '--set', 'duration=2s', '-z', '3s'],
  spike: ['--set', 'rate=20', '--set', 'peak=200', '--set', 'duration=1s', '--set', 'quiet=1s', '--set', 'recovery=1s'],
  steady: ['--set', 'rate=50', '--set', 'duration=2s', '--set', 'warmup=0s'],
  stress: ['--set', 'rate=50', '--set', 'duration=1s', '--set', 'most=200'],
  users: ['-u', '5', '-z', '4s'],
};

describe('a shipped profile', () => {
  it.each(shippedProfiles())(
    '%s comes to its end, and the target has nothing against it',
    async (name) => {
      const args = short[name];
      expect(args, 'how it is shortened').toBeDefined();
      const { code, summary, stderr, counters } = await ran(name, args ?? []);
      expect([code, summary.notGood], stderr).toEqual([0, 0]);
      expect(summary.good).toBeGreaterThan(0);
      // What was sent is what came; health and metrics are asked by probes as well.
      const routes = Object.entries(counters.routes).filter(([route]) => !/ \/(health|metrics|counters)$/.test(route));
      expect(routes.map(([route, { faults }]) => [route, faults]).filter(([, faults]) => faults !== 0)).toEqual([]);
    },
    40_000,
  );
});

describe('what a profile claims', () => {
  it('of events: ten types in turn, one, ten and a hundred at a time, one to one to three', async () => {
    const { counters, summary } = await ran('events-full', ['--set', 'RATE=200', '--set', 'duration=3s']);
    const sizes = counters.events.bySize as Readonly<Record<string, { requests: number; outOfTurn: number }>>;
    expect(Object.keys(sizes).sort()).toEqual(['10', '100', 'alone']);
    const sent = sizes.alone!.requests + 10 * sizes['10']!.requests + 100 * sizes['100']!.requests;
    expect(summary.good).toBe(600);
    expect(summary.metrics.find(({ name }) => name === 'events_sent')?.sum).toBe(sent);
    expect(sizes['100']!.requests / 600).toBeGreaterThan(0.5);
    expect(sizes['100']!.outOfTurn).toBe(0);
    expect(Object.keys(counters.events.byType as object)).toHaveLength(10);
  }, 30_000);

  it('of uploads: steps of ten, all at once, in the order of the parts, up to the first that has errors', async () => {
    const good = await ran('batch-insert', ['--set', 'rows=1000', '--set', 'max_requests=30']);
    expect(good.summary.rounds.map(({ size, good: well }) => [size, well])).toEqual([
      [10, 10],
      [20, 20],
      [30, 30],
    ]);
    expect(good.counters.uploads).toMatchObject({ accepted: 60 });
    // A proxy that gives up early: its 524 is one, not a timeout.
    const bad = await ran('batch-insert', ['--set', 'rows=1000'], ['--proxy-limit-ms', '60', '--upload-ms', '50']);
    expect(bad.summary.endReason).toMatch(
      /^\d+ errors in a burst of \d+; (the last good burst was \d+|it was the first)$/,
    );
    expect(bad.stdout).toContain('"outcome":"524"');
    expect(bad.stdout).not.toContain('"outcome":"timeout"');
  }, 60_000);

  it('of a chat: streams to their end, with the time to the first event', async () => {
    const { summary, counters } = await ran('chat-completions', ['--set', 'users=5', '--set', 'spawn=5', '-z', '6s']);
    const of = (metric: string) => summary.metrics.find(({ name }) => name === metric);
    expect(of('time to first event')!.count).toBe(summary.good);
    expect(of('events')!.sum).toBeGreaterThan(40 * summary.good);
    expect(counters.routes['POST /api/chat/completions']).toMatchObject({ faults: 0 });
  }, 40_000);
});
