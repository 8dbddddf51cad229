// The data of a profile is got ready before it is compiled: only what is used is read, and rows that are used once end the
// run.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PreparedData, prepareData } from '../../source/commands/prepare-data.ts';
import { sketchRun } from '../../source/commands/sketch-run.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';
import type { Profile } from '../../source/profile/profile.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-prepare-'));
  writeFileSync(
    join(folder, 'people.csv'),
    `id,name\n${Array.from({ length: 25 }, (_, row) => `${row},n`).join('\n')}\n`,
  );
  writeFileSync(join(folder, 'broken.csv'), 'id,name\n1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profileOf = (text: string): Profile => {
  const file = join(folder, 'x.yaml');
  writeFileSync(file, `target: http://localhost:3000\n${text}`);
  return loadProfile(file);
};

const told: string[] = [];
const prepare = (profile: Profile): Promise<PreparedData> =>
  prepareData(profile, { env: { XDG_CACHE_HOME: join(folder, 'cache') }, tell: (text) => told.push(text) });

describe('the data of a profile', () => {
  it('is read where a template draws from it, and found in any case', async () => {
    const data = 'data: { people: { csv: people.csv }, broken: { csv: broken.csv }, up: { generate: { rows: 3 } } }\n';
    const prepared = await prepare(profileOf(`${data}steps: [get: "/{{people.id}}"]\n`));
    expect(prepared).toMatchObject({
      feeders: [{ name: 'people', rows: 25 }],
      sources: ['people', 'broken', 'up'],
      notes: [],
    });
    expect(prepared.fileOf('broken')).toMatchObject({ path: join(folder, 'broken.csv') });
    expect(prepared.fileOf('up')?.path).toMatch(/cache\/loadtop\/rows-3-[0-9a-f]{16}\.csv$/);
    expect(prepared.fileOf('up')?.size).toBe(statSync(prepared.fileOf('up')!.path).size);
    expect(prepared.fileOf('other')).toBeUndefined();
    expect(told).toEqual([`making ${prepared.fileOf('up')?.path} (3 rows), once`]);
    await expect(prepare(profileOf(`${data}steps: [get: "/{{broken.id}}"]\n`))).rejects.toThrow(
      `${join(folder, 'broken.csv')}:2: found 1 field, expected 2 as in the first line`,
    );
  });

  it('ends the run when rows that are used once are used up', async () => {
    const data = 'data: { people: { csv: people.csv, order: unique }, all: { items: [{ id: "{{people.id}}" }] } }\n';
    const one = profileOf(`${data}steps: [get: "/{{people.id}}"]\n`);
    const prepared = await prepare(one);
    const sketch = sketchRun(one, false, prepared);
    expect(sketch.plan).toMatchObject({ limit: 25 });
    expect(sketch.plan.notes).toContain(
      'each row of people is used once: the run ends after 25 iterations at the latest, when its 25 rows are used up',
    );
    const batches = profileOf(`${data}steps: [{ post: /, items: { of: all, count: 10 } }]\n`);
    expect(sketchRun(batches, false, await prepare(batches)).plan.limit).toBe(2);
    const few = profileOf(`${data}load: { rate: 5, requests: 20 }\nsteps: [get: "/{{people.id}}"]\n`);
    const within = sketchRun(few, false, await prepare(few));
    expect([within.plan.limit, within.plan.notes]).toEqual([20, []]);
    const alone = 'data: { people: { csv: people.csv, order: unique } }\n';
    const before = profileOf(`${alone}setup: [get: "/{{people.id}}"]\nsteps: [get: /]\n`);
    expect(await prepare(before)).toMatchObject({ limit: undefined, notes: [] });
    const many = profileOf(`${data}steps: [{ post: /, items: { of: all, count: 26 } }]\n`);
    await expect(prepare(many)).rejects.toThrow('found 25 rows, expected at least 26 for a request');
  });

  it('takes no time where there is none', async () => {
    expect(await prepare(profileOf('steps: [get: "/{{uuid}}"]\n'))).toMatchObject({
      feeders: [],
      sources: [],
      limit: undefined,
    });
  });
});
