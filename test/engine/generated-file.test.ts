// A file that a profile describes is made once, the same each time, whole or not at all; the oldest go for the newest.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { generatedFile, generatedFolder } from '../../source/engine/generated-file.ts';
import { indexRows } from '../../source/engine/row-index.ts';
import { compileColumns } from '../../source/profile/compile-columns.ts';
import { noTemplateData } from '../../source/profile/data.ts';
import { columnText, readerOf } from '../helpers/feeder-rows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-made-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = (columns: Readonly<Record<string, string>>, rows: number) => ({
  rows,
  ...compileColumns(
    { type: 'generated', name: 'up', rows, columns: Object.entries(columns), order: 'sequential' },
    noTemplateData.data,
  ),
});

const told: string[] = [];
const make = (what: ReturnType<typeof content>, totalLimitBytes?: number): Promise<string> =>
  generatedFile(what, {
    folder,
    tell: (text) => told.push(text),
    ...(totalLimitBytes !== undefined && { totalLimitBytes }),
  });

const columns = { 'id "x"': '{{sequence 1}}', text: 'a,"b" {{pick "1\n2" é}}', at: '{{now iso}}', key: '{{uuid}}' };

describe('a file that is made', () => {
  it('is the same each time, and read like any other', async () => {
    const file = await make(content(columns, 40_000));
    const bytes = readFileSync(file);
    rmSync(file);
    expect(await make(content(columns, 40_000))).toBe(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const table = indexRows({ name: 'up', format: 'csv', order: 'sequential', file });
    expect(table).toMatchObject({ rows: 40_000, columns: [{ name: 'id "x"' }, {}, {}, {}] });
    const reader = readerOf(table);
    expect(columnText(reader, 'id "x"', 39_999)).toBe('40000');
    expect(columnText(reader, 'text', 3)).toMatch(/^a,"b" (?:1\n2|é)$/);
    expect(columnText(reader, 'at', 61)).toBe('2026-01-01T00:01:01.000Z');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is used again, and made anew only where something else is wanted', async () => {
    told.length = 0;
    const file = await make(content(columns, 5));
    expect(await make(content(columns, 5))).toBe(file);
    expect(await make(content(columns, 6))).not.toBe(file);
    expect(await make(content({ a: '1' }, 5))).not.toBe(file);
    expect(told).toHaveLength(3);
    expect(told[0]).toBe(`making ${file} (5 rows), once`);
  });

  it('makes the oldest go, but for those in use and what is not ours', async () => {
    const old = await make(content({ a: '1' }, 100));
    const used = await make(content({ a: '2' }, 100));
    const own = join(folder, 'own.csv');
    writeFileSync(own, 'x'.repeat(1000));
    utimesSync(old, new Date(0), new Date(0));
    const newest = await make(content({ a: '3' }, 100), 300);
    expect([old, used, own, newest].map((file) => existsSync(file))).toEqual([false, true, true, true]);
  });

  it('that cannot be written is said, and nothing of it stays', async () => {
    const what = content({ a: '1' }, 5);
    writeFileSync(join(folder, 'file'), '');
    const attempt = generatedFile(what, { folder: join(folder, 'file'), tell: () => {} });
    await expect(attempt).rejects.toThrow(UserError);
    mkdirSync(join(folder, 'other'));
    expect(readdirSync(folder).sort()).toEqual(['file', 'other']);
  });
});

describe('its folder', () => {
  it('is that of the system for what can be made again', () => {
    expect(generatedFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/loadtop');
    expect(generatedFolder({ XDG_CACHE_HOME: 'c', HOME: '/h' })).toBe('/h/.cache/loadtop');
    expect(generatedFolder({})).toBeUndefined();
  });
});
