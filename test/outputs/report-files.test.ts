// Reports of the run so far: numbered files beside the recording, whole, and a disk that refuses is only told.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProbeRemarks } from '../../source/outputs/probe-remarks.ts';
import { ReportFiles } from '../../source/outputs/report-files.ts';
import type { EventBody } from '../../source/session/events.ts';
import { fixturePlan, fixtureRunInfo, fixtureSummary, numbered } from '../helpers/events.ts';

const folderOf = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'loadtop-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const taken: EventBody = { type: 'report/taken', summary: fixtureSummary(), source: 'key' };

/** Writes so many reports of a run. */
const written = async (count: number, recording: string | undefined, folder: string) => {
  const told: string[] = [];
  const report = new ReportFiles({
    probes: new ProbeRemarks(),
    note: (text) => told.push(text),
    raise: (text, hint) => told.push(`problem: ${text} (${hint})`),
    folder,
  });
  await report.open();
  const opened: EventBody = { type: 'run/opened', run: fixtureRunInfo({ recording }), plan: fixturePlan, endsAt: null };
  const events = [opened, ...Array.from({ length: count }, () => taken)];
  for (const event of numbered(events.map((body) => [2000, body]))) report.take(event);
  await report.close();
  return told;
};

describe('a report', () => {
  it('stands beside the recording, numbered, as text and as JSON', async () => {
    const folder = folderOf();
    const base = path.join(folder, '20260301-120000-events');
    expect(await written(2, `${base}.jsonl`, '/nowhere')).toEqual([
      `report so far: ${base}-report-1.txt and .json`,
      `report so far: ${base}-report-2.txt and .json`,
    ]);
    const text = readFileSync(`${base}-report-1.txt`, 'utf8');
    expect(text).toMatch(/so far {3}the first .* of a run that goes on/);
    expect(text).not.toMatch(/^ {2}ended/m);
    const json: unknown = JSON.parse(readFileSync(`${base}-report-2.json`, 'utf8'));
    expect(json).toMatchObject({ schema_version: 1, completed: fixtureSummary().completed });
    expect(statSync(`${base}-report-1.txt`).mode & 0o777).toBe(0o600);
  });

  it('of a run without a recording stands in the working directory, and leaves what is there', async () => {
    const folder = folderOf();
    writeFileSync(path.join(folder, 'loadtop-report-1.txt'), 'mine');
    await written(1, undefined, folder);
    expect(readdirSync(folder).toSorted()).toEqual([
      'loadtop-report-1.txt',
      'loadtop-report-2.json',
      'loadtop-report-2.txt',
    ]);
    expect(readFileSync(path.join(folder, 'loadtop-report-1.txt'), 'utf8')).toBe('mine');
  });

  it('takes the next number where only one of its two files is there already', async () => {
    const folder = folderOf();
    writeFileSync(path.join(folder, 'loadtop-report-1.json'), 'mine');
    await written(1, undefined, folder);
    expect(readdirSync(folder).toSorted()).toEqual([
      'loadtop-report-1.json',
      'loadtop-report-2.json',
      'loadtop-report-2.txt',
    ]);
    expect(readFileSync(path.join(folder, 'loadtop-report-1.json'), 'utf8')).toBe('mine');
  });

  it('that cannot be written is told, and so is the next one', async () => {
    const told = await written(2, '/proc/nowhere/run.jsonl', '/');
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^problem: the report could not be written: .*\(the run goes on/);
  });
});
