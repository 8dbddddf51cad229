// The section `data` of a profile, and bodies made of it: what is written becomes data with every default filled in, and what
// cannot be meant is said with its place.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-data-'));
  writeFileSync(join(folder, 'people.csv'), 'id\n1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (data: string, step = 'get: /') => {
  const file = join(folder, 'x.yaml');
  writeFileSync(file, `target: http://localhost:3000\nsteps:\n  - ${step}\ndata:\n  ${data}\n`);
  return loadProfile(file);
};

const faultOf = (data: string, step?: string): string => {
  try {
    load(data, step);
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return expect.unreachable('nothing was thrown');
};

describe('data', () => {
  it.each([
    ['people: { csv: people.csv }', { type: 'file', format: 'csv', order: 'sequential' }],
    ['people: { ndjson: people.csv, order: unique }', { type: 'file', format: 'ndjson', order: 'unique' }],
    ['people: { json: ./people.csv, order: random }', { type: 'file', format: 'json', order: 'random' }],
  ])('%s is a file of rows beside the profile', (text, expected) => {
    expect(load(text).data).toEqual([{ name: 'people', file: join(folder, 'people.csv'), ...expected }]);
  });

  it('may be a file that is made, its columns known by number or by name', () => {
    const [few] = load('up: { generate: { rows: 4k, columns: 2 } }').data;
    expect(few).toEqual({
      type: 'generated',
      name: 'up',
      rows: 4000,
      order: 'sequential',
      columns: [
        ['id', '{{sequence 1}}'],
        ['name', '{{name}}'],
      ],
    });
    const [many] = load('up: { generate: { rows: 1, columns: 25 } }').data;
    expect(many).toMatchObject({ columns: { length: 25, 24: ['value_25', expect.stringContaining('{{')] } });
    const [named] = load('up: { generate: { rows: 1, columns: { a: "{{uuid}}", b: 7 } }, order: random }').data;
    expect(named).toMatchObject({
      order: 'random',
      columns: [
        ['a', '{{uuid}}'],
        ['b', '7'],
      ],
    });
  });

  it('may be a catalogue, in turn or by weight', () => {
    const step = 'post: /e\n    items: { of: events, count: 10 }';
    const { data, scenarios } = load('events: { items: [{ n: "{{integer 1 9}}" }, text, null] }', step);
    expect(data).toEqual([
      {
        type: 'catalogue',
        name: 'events',
        order: 'cycle',
        items: ['{"n":{{integer 1 9}}}', '"text"', 'null'],
        weights: [1, 1, 1],
      },
    ]);
    expect(scenarios[0]?.steps[0]).toMatchObject({
      items: { of: 'events', count: 10 },
      body: undefined,
      headers: [['Content-Type', 'application/json']],
    });
    const weighted = load(
      'events: { order: weighted, items: [{ weight: 3, item: { a: 1 } }, { weight: 0, item: 2 }] }',
    );
    expect(weighted.data).toMatchObject([{ order: 'weighted', items: ['{"a":1}', '2'], weights: [3, 0] }]);
  });

  it.each<[string, string | undefined, string]>([
    [
      'people: people.csv',
      undefined,
      'x.yaml:5:3  data.people: found "people.csv", expected a file or a list such as { csv: people.csv } or { items: [{ type: page_view }] }',
    ],
    [
      'people: { csv: poeple.csv }',
      undefined,
      'x.yaml:5:13  data.people.csv: found "poeple.csv" (no such file), expected a readable file, its path relative to the profile',
    ],
    [
      'people: { csv: . }',
      undefined,
      'x.yaml:5:13  data.people.csv: found "." (not a file), expected a readable file, its path relative to the profile',
    ],
    [
      'people: { csv: people.csv, json: people.csv }',
      undefined,
      'x.yaml:5:30  data.people.json: found "people.csv", expected one of csv, json, ndjson, generate, items',
    ],
    [
      'people: { order: random }',
      undefined,
      'x.yaml:5:3  data.people: found a mapping, expected one of csv, json, ndjson, generate, items',
    ],
    [
      'people: { csv: people.csv, order: cycle }',
      undefined,
      'x.yaml:5:30  data.people.order: found "cycle", expected sequential, random, unique',
    ],
    [
      'events: { items: [1], order: unique }',
      undefined,
      'x.yaml:5:25  data.events.order: found "unique", expected cycle, random, weighted',
    ],
    [
      'events: { items: [] }',
      undefined,
      'x.yaml:5:13  data.events.items: found an empty list, expected at least one value',
    ],
    [
      'events: { items: [{ a: 1 }], order: weighted }',
      undefined,
      'x.yaml:5:21  data.events.items[0].weight: found nothing, expected a number of at least 0',
    ],
    [
      'events: { items: [{ weight: 0, item: 1 }], order: weighted }',
      undefined,
      'x.yaml:5:13  data.events.items: found a list, expected at least one weight above 0',
    ],
    [
      'name: { csv: people.csv }',
      undefined,
      'x.yaml:5:3  data.name: found a mapping, expected a name of letters, digits, - and _ that is no template function',
    ],
    [
      'a.b: { csv: people.csv }',
      undefined,
      'x.yaml:5:3  data.a.b: found a mapping, expected a name of letters, digits, - and _ that is no template function',
    ],
    [
      'up: { generate: { rows: 0 } }',
      undefined,
      'x.yaml:5:21  data.up.generate.rows: found 0, expected a whole number of at least 1',
    ],
    [
      'up: { generate: { rows: 1, columns: 0 } }',
      undefined,
      'x.yaml:5:30  data.up.generate.columns: found 0, expected a number of columns from 1 to 1000, or a mapping of names to texts',
    ],
    [
      'events: { items: [1] }',
      'post: /\n    items: { of: event }',
      'x.yaml:4:14  steps[0].items.of: found "event", expected events (did you mean "events"?)',
    ],
    [
      'people: { csv: people.csv }',
      'post: /\n    items: { of: people }',
      'x.yaml:4:14  steps[0].items.of: found "people", expected the name of a list of items under data',
    ],
    [
      'events: { items: [1] }',
      'post: /\n    items: { of: events, count: 0 }',
      'x.yaml:4:26  steps[0].items.count: found 0, expected a whole number from 1 to 100,000',
    ],
    [
      'events: { items: [1] }',
      'post: /\n    json: 1\n    items: { of: events }',
      'x.yaml:5:5  steps[0].items: found a mapping, expected one of json, body, bodyFile, form, multipart, file and items',
    ],
  ])('%s (%s) is refused', (data, step, message) => {
    expect(faultOf(data, step)).toBe(message);
  });
});

describe('the instant at which a run begins', () => {
  const nowOf = (text: string): number | undefined => {
    const file = join(folder, 'now.yaml');
    writeFileSync(file, `target: http://localhost:3000\nsteps: [get: /]\nload: { rate: 1, now: ${text} }\n`);
    return loadProfile(file).nowAt;
  };

  it('is read with its zone, and refused without', () => {
    expect(nowOf('2026-01-31T12:00:00Z')).toBe(Date.UTC(2026, 0, 31, 12));
    expect(nowOf('2026-01-31T12:00:00.250+02:00')).toBe(Date.UTC(2026, 0, 31, 10) + 250);
    for (const text of ['2026-01-31', '2026-01-31T12:00:00', 'now', '5']) {
      expect(() => nowOf(text)).toThrow(/expected an instant such as 2026-01-31T12:00:00Z/);
    }
  });
});
