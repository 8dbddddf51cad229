// A run as it is put together for real: its engine, its outputs, and what becomes of what they say.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Preparing, prepareRun } from '../../source/commands/prepare-run.ts';
import { sketchRun } from '../../source/commands/sketch-run.ts';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import { loadAny } from '../../source/profile/load-profile.ts';
import { profileOf } from '../helpers/compile-text.ts';
import { listen } from '../helpers/listen.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'loadtop-prepare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const target = async (): Promise<string> => {
  const server = http.createServer((_, response) => response.end('fine'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const step = { name: 'GET /', method: 'GET', path: '/', headers: [], body: undefined, expectStatus: undefined };

const sketchOf = (origin: string, record?: string) =>
  sketchRun(
    completeProfile({
      name: 'small',
      origin,
      scenarios: [{ name: 'url', weight: 1, steps: [step] }],
      load: { model: 'constant', rate: 100 },
      limit: 5,
      probes: { enabled: false },
      record,
    }),
    false,
  );

const preparing = (more: Partial<Preparing> = {}): Preparing => ({
  env: { LOADTOP_HOME: folder },
  out: undefined,
  yes: false,
  checkHealth: false,
  control: undefined,
  onHangup: 'stop',
  remarks: new ProbeRemarks(),
  outputs: [],
  agree: async () => {},
  stopped: new AbortController().signal,
  skip: new AbortController().signal,
  ...more,
});

describe('a run that is not wanted any more', () => {
  it('is waited for no longer, and leaves no recording', async () => {
    const home = path.join(folder, 'unwanted');
    const stopping = new AbortController();
    const asked = Promise.withResolvers<void>();
    const preparation = prepareRun(
      sketchOf('http://192.0.2.1'),
      preparing({
        env: { LOADTOP_HOME: home },
        agree: () => {
          asked.resolve();
          return new Promise(() => {});
        },
        stopped: stopping.signal,
      }),
    );
    await asked.promise;
    stopping.abort(new Error('not wanted'));
    await expect(preparation).rejects.toThrow('not wanted');
    expect(existsSync(home)).toBe(false);
  });
});

describe('a run that is discarded', () => {
  it.each([
    ['leaves no recording that was not there before', false],
    ['leaves a file that was', true],
  ])('%s', async (_, exists) => {
    const record = path.join(folder, `discarded-${exists}.jsonl`);
    if (exists) writeFileSync(record, 'mine');
    const prepared = await prepareRun(sketchOf(await target(), record), preparing());
    expect(existsSync(record)).toBe(true);
    await prepared.discard();
    expect(existsSync(record)).toBe(exists);
  });
});

describe('a set-up', () => {
  it('that takes long is told of', async () => {
    const { port } = await listen(http.createServer((_, response) => setTimeout(() => response.end('{}'), 1200)));
    const profile = profileOf('setup: [{ post: /login }]\nsteps: [{ get: / }]\nprobes: { enabled: false }');
    const told: string[] = [];
    const prepared = await prepareRun(
      sketchRun({ ...profile, origin: `http://127.0.0.1:${port}` }, false),
      preparing({ tell: (text) => told.push(text) }),
    );
    await prepared.discard();
    expect(told).toEqual(['the set-up is under way']);
  });
});

describe('an output', () => {
  it('that fails once the run is closed is told of all the same', async () => {
    const late = {
      name: 'late',
      open: async () => {},
      take: () => {},
      close: async () => {
        throw new Error('no space left');
      },
    };
    const prepared = await prepareRun(sketchOf(await target()), preparing({ outputs: [late] }));
    prepared.session.start();
    const { summary } = await prepared.session.ended;
    await prepared.outputs.close();
    await prepared.close();
    expect(summary.problems).toEqual([]);
    expect(prepared.untold).toEqual(['late: no space left']);
  });
});

describe('what a profile in TypeScript prints in this thread', () => {
  it('is told in the log, and does not reach stdout', async () => {
    const file = path.join(folder, 'printing.ts');
    writeFileSync(
      file,
      `const told = (text: string) => () => { console.log(text); return 'x'; };
export default { target: '${await target()}', load: { rate: 50, requests: 2 }, probes: { enabled: false },
  setup: [{ post: '/', body: told('in set-up of key-of-mine'), headers: { Authorization: 'Bearer key-of-mine' } }],
  steps: [{ post: '/', creates: { delete: '/x' }, headers: { 'X-A': 'a' } }],
  teardown: [{ post: '/', body: told('in tear-down') }] };`,
    );
    const before = globalThis.console;
    const printed: unknown[] = [];
    const own = { ...before, log: (...texts: unknown[]) => void printed.push(texts) };
    globalThis.console = own;
    try {
      const { draft } = await loadAny(file);
      const { session, close, outputs } = await prepareRun(sketchRun(completeProfile(draft), false), preparing());
      session.start();
      await session.ended;
      await close();
      await outputs.close();
      const log = session.store
        .getState()
        .log.map(({ text }) => text)
        .filter((text) => text.includes('printed'));
      expect(log).toEqual(['printed by the profile: in set-up of ***', 'printed by the profile: in tear-down']);
      expect(printed).toEqual([]);
      expect(globalThis.console).toBe(own);
    } finally {
      globalThis.console = before;
    }
  });
});
