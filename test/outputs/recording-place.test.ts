import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallNow } from '../../source/common/clock.ts';
import { UserError } from '../../source/common/errors.ts';
import { defaultRecording, namedRecording, recordingFolder } from '../../source/outputs/recording-place.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-place-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const startedAtWall = new Date(2026, 2, 1, 9, 5, 7).getTime();

const place = (patch: Partial<Parameters<typeof defaultRecording>[0]> = {}) =>
  defaultRecording({ environment: { LOADTOP_HOME: folder }, name: 'Checkout', startedAtWall, ...patch });

describe('the folder of recordings', () => {
  it.each([
    [{ LOADTOP_HOME: '/l', XDG_STATE_HOME: '/x', HOME: '/h' }, '/l/runs'],
    [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/loadtop/runs'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, '/h/.local/state/loadtop/runs'],
    [{ LOADTOP_HOME: '', XDG_STATE_HOME: '', HOME: '/h' }, '/h/.local/state/loadtop/runs'],
    [{}, undefined],
  ])('%j gives %s', (environment, wanted) => {
    expect(recordingFolder(environment)).toBe(wanted);
  });
});

describe('the default place of a recording', () => {
  it('is a new private file, named by the local time and the profile', async () => {
    const { path } = await place();
    expect(path).toBe(`${folder}/runs/20260301-090507-checkout.jsonl`);
    expect(statSync(path!).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['GET http://localhost:3000/é?a=1', 'get-http-localhost-3000-e-a-1'],
    ['../../etc/passwd', 'etc-passwd'],
    ['測試', 'run'],
    ['', 'run'],
    [`${'a'.repeat(39)}-bc`, 'a'.repeat(39)],
  ])('calls the file of the profile %j by %s', async (name, slug) => {
    const { path } = await place({ name });
    expect(path).toBe(`${folder}/runs/20260301-090507-${slug}.jsonl`);
  });

  it('is unique, also when several runs begin in one second', async () => {
    const places = await Promise.all([place(), place(), place()]);
    expect(new Set(places.map(({ path }) => path)).size).toBe(3);
    expect(readdirSync(`${folder}/runs`).sort()).toEqual([
      '20260301-090507-checkout-2.jsonl',
      '20260301-090507-checkout-3.jsonl',
      '20260301-090507-checkout.jsonl',
    ]);
  });

  it('is none, with a reason, where there is no home', async () => {
    const { path, reason } = await place({ environment: {} });
    expect(path).toBeUndefined();
    expect(reason).toMatch(/HOME/);
  });

  it('is none, with a reason, where the folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { path, reason } = await place({ environment: { LOADTOP_HOME: join(folder, 'file') } });
    expect(path).toBeUndefined();
    expect(reason).toMatch(/ENOTDIR|EEXIST/);
  });
});

describe('pruning', () => {
  const old = (name: string, ageMs: number, bytes = 100): string => {
    const path = join(folder, 'runs', name);
    mkdirSync(join(folder, 'runs'), { recursive: true });
    writeFileSync(path, 'x'.repeat(bytes));
    utimesSync(path, (wallNow() - ageMs) / 1000, (wallNow() - ageMs) / 1000);
    return path;
  };

  it('removes the oldest until all together are within the limit', async () => {
    const hour = 3_600_000;
    const oldest = old('20260101-000000-a.jsonl', 3 * hour);
    const middle = old('20260102-000000-a.jsonl', 2 * hour);
    const newest = old('20260103-000000-a.jsonl', hour);
    const { path } = await place({ totalLimitBytes: 200 });
    expect([oldest, middle, newest, path!].map((file) => existsSync(file))).toEqual([false, true, true, true]);
  });

  it('removes nothing that is not named like a recording, and nothing that is being written', async () => {
    const hour = 3_600_000;
    const kept = [
      old('notes.jsonl', hour),
      old('20260101-000000-a.jsonl.bak', hour),
      old('20260101-000000-a.json', hour),
      old('20260102-000000-running.jsonl', 500),
    ];
    mkdirSync(join(folder, 'runs', '20260101-000000-folder.jsonl'));
    const gone = old('20260103-000000-b.jsonl', hour);
    const { path } = await place({ totalLimitBytes: 0 });
    expect([...kept, path!].every((file) => existsSync(file))).toBe(true);
    expect(existsSync(join(folder, 'runs', '20260101-000000-folder.jsonl'))).toBe(true);
    expect(existsSync(gone)).toBe(false);
  });
});

describe('a recording that the user named', () => {
  it('is created', async () => {
    const path = join(folder, 'mine.jsonl');
    expect(await namedRecording(path)).toBe(path);
    expect(existsSync(path)).toBe(true);
  });

  it('is a mistake of use where it cannot be created', async () => {
    const error = await namedRecording(join(folder, 'missing', 'mine.jsonl')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining('--no-record') });
  });
});
