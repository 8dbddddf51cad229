// How the figures of processes are to be taken: limits, levels, gaps with their reasons.
import { describe, expect, test } from 'vitest';
import { measuredText } from '../../source/common/quantity.ts';
import { openFilesLevel } from '../../source/probes/open-files.ts';
import { type ProcessFigures, processTable, processValues } from '../../source/probes/process-values.ts';
import type { ProcessLook } from '../../source/probes/process-watch.ts';

const look = (more: Partial<ProcessLook> = {}): ProcessLook => ({
  pid: 40,
  name: 'node',
  cpuRatio: 0.5,
  rssBytes: 1000,
  threads: 11,
  openFiles: 100,
  openFileLimit: 1000,
  waitRatio: 0.01,
  firstThreadOnly: false,
  readRate: undefined,
  writeRate: undefined,
  ...more,
});

const row = (metric: string, looks: readonly ProcessLook[], more: Partial<ProcessFigures> = {}) =>
  processValues({ looks, cores: 4, queue: { waiting: 0, lasting: false }, ...more }).find(
    (value) => value.metric === metric,
  );

describe('open files', () => {
  test.each([
    [799, 'ok'],
    [800, 'warn'],
    [949, 'warn'],
    [950, 'bad'],
    [1000, 'bad'],
  ])('%i of 1000 are %s', (openFiles, level) => {
    expect(openFilesLevel(openFiles, 1000)).toBe(level);
    expect(row('descriptors', [look({ openFiles })])).toMatchObject({ value: openFiles, limit: 1000, level });
    expect(processTable([look({ openFiles })]).rows[0]!.at(-1)).toEqual({ value: openFiles, limit: 1000, level });
  });

  test('without a limit they are a number and nothing more', () => {
    const value = row('descriptors', [look({ openFileLimit: undefined })]);
    expect(value).toMatchObject({ type: 'value', value: 100 });
    expect(value).not.toHaveProperty('limit');
    expect(value).not.toHaveProperty('level');
    expect(processTable([look({ openFileLimit: undefined })]).rows[0]!.at(-1)).toBe(100);
  });

  test('of several processes it is the one closest to its limit', () => {
    const several = [
      look({ openFiles: 500, openFileLimit: 10_000 }),
      look({ pid: 41, openFiles: 90, openFileLimit: 100 }),
    ];
    expect(row('descriptors', several)).toMatchObject({
      value: 90,
      limit: 100,
      level: 'warn',
      label: 'open files, most',
    });
  });

  test('where they may not be counted they are a gap', () => {
    const value = row('descriptors', [look({ openFiles: undefined })]);
    expect(value).toMatchObject({ type: 'gap', reason: expect.stringContaining('root') });
    expect(processTable([look({ openFiles: undefined })]).rows[0]!.at(-1)).toBeUndefined();
  });
});

test.each([
  [1, '1.25 of 1 core'],
  [1.5, '1.25 of 1.5 cores'],
  [16, '1.25 of 16 cores'],
  [undefined, '125.0 %'],
])('with %s cores to use it reads %s', (cores, text) => {
  const value = row('cpu', [look(), look({ pid: 41, cpuRatio: 0.75 })], { cores });
  expect(value).toMatchObject({
    label: 'cpu',
    value: 1.25,
    unit: 'ratio',
    ...(cores !== undefined && { limit: cores }),
  });
  expect(value?.type === 'value' && measuredText(value)).toBe(text);
});

test('a thread that waits for a core in more than a tenth of the time is worth a look; the worst one counts', () => {
  expect(row('core.wait', [look({ waitRatio: 0.1 })])).toMatchObject({ level: 'ok' });
  const worst = [look({ waitRatio: 0.02 }), look({ waitRatio: 0.11 }), look({ waitRatio: undefined })];
  expect(row('core.wait', worst)).toMatchObject({ value: 0.11, level: 'warn' });
});

test('what a kernel does not tell is a gap, and what it keeps no books of is left out', () => {
  const silent = [look({ rssBytes: undefined, threads: undefined })];
  expect(row('rss', silent)).toMatchObject({ type: 'gap', reason: expect.any(String) });
  expect(row('threads', silent)).toMatchObject({ type: 'gap' });
  expect(row('disk.read', silent)).toBeUndefined();
  expect(row('processes', silent)).toBeUndefined();
  expect(row('disk.write', [look({ writeRate: 5 }), look({ writeRate: 6 })])).toMatchObject({ value: 11 });
});

test('an accept queue that is not counted says why', () => {
  expect(row('accept.queue', [look()], { queue: { reason: 'so it is' } })).toMatchObject({
    type: 'gap',
    reason: 'so it is',
  });
});
