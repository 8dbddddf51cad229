import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { SummaryFile } from '../../source/outputs/summary-file.ts';
import { fixtureRun, fixtureSummary } from '../helpers/events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-summary-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = async (path: string): Promise<void> => {
  const file = new SummaryFile(path);
  await file.open();
  for (const event of fixtureRun()) file.take(event);
  await file.close();
};

describe('the summary file', () => {
  it('holds the whole summary, readable, and nothing is left beside it', async () => {
    const path = join(folder, 'out.json');
    await write(path);
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text)).toEqual({ schema_version: 1, ...fixtureSummary() });
    expect(text).toContain('\n  "completed": 3500,\n');
    expect(readdirSync(folder)).toEqual(['out.json']);
  });

  it('replaces an older one only when the run has ended', async () => {
    const path = join(folder, 'out.json');
    writeFileSync(path, 'older');
    const file = new SummaryFile(path);
    await file.open();
    const events = fixtureRun();
    for (const event of events.slice(0, -1)) file.take(event);
    expect(readFileSync(path, 'utf8')).toBe('older');
    file.take(events.at(-1)!);
    await file.close();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ name: 'events' });
  });

  it('is not written for a run that was never closed', async () => {
    const file = new SummaryFile(join(folder, 'out.json'));
    await file.open();
    await file.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('follows a symbolic link instead of replacing it', async () => {
    writeFileSync(join(folder, 'real.json'), '');
    symlinkSync('real.json', join(folder, 'link.json'));
    await write(join(folder, 'link.json'));
    expect(readlinkSync(join(folder, 'link.json'))).toBe('real.json');
    expect(JSON.parse(readFileSync(join(folder, 'real.json'), 'utf8'))).toMatchObject({ completed: 3500 });
  });

  it.each(['out.html', 'out', 'json', 'out.json.gz'])('refuses the suffix of %s and says which there are', (path) => {
    expect(() => new SummaryFile(path)).toThrow(UserError);
    try {
      new SummaryFile(path);
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining('.json') });
    }
  });

  it('says before the run that it cannot be written', async () => {
    mkdirSync(join(folder, 'folder.json'));
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['missing/out.json', 'folder.json', 'file/out.json']) {
      const error = await new SummaryFile(join(folder, path)).open().catch((thrown: unknown) => thrown);
      expect(error, path).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(path) });
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder.json']);
  });

  it('rejects, and leaves nothing behind, where the folder has gone meanwhile', async () => {
    mkdirSync(join(folder, 'sub'));
    const file = new SummaryFile(join(folder, 'sub', 'out.json'));
    await file.open();
    file.take(fixtureRun().at(-1)!);
    rmSync(join(folder, 'sub'), { recursive: true });
    await expect(file.close()).rejects.toThrow('ENOENT');
  });
});
