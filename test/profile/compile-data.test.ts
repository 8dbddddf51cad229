// Templates that draw from data are compiled with what was found of it: escaped for their place, refused where they cannot
// be meant.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { compile } from '../../source/profile/compile.ts';
import { type FeederTable, noTemplateData, type TemplateData } from '../../source/profile/data.ts';
import { feedersOfProfile, listsOfProfile, rowsPerIteration } from '../../source/profile/data-needs.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Profile, Step } from '../../source/profile/profile.ts';

const column = (name: string, over: Partial<FeederTable['columns'][number]> = {}) => ({
  name,
  most: { text: 9, path: 27, field: 27, json: 54 },
  missingAt: undefined,
  controlAt: undefined,
  ...over,
});

const people: FeederTable = {
  name: 'people',
  file: 'people.csv',
  format: 'csv',
  order: 'random',
  delimiter: 44,
  columns: [
    column('id'),
    column('email'),
    column('note', { controlAt: 7 }),
    column('age', { missingAt: 3 }),
    column('full name'),
  ],
  rows: 3,
  offsets: new SharedArrayBuffer(32),
  bytes: undefined,
};

const data: TemplateData = {
  ...noTemplateData.data,
  lists: new Map([['person.fullName', ['Ada "L" é', 'B/C']]]),
  feeders: [people],
  sources: ['people', 'unused'],
};

const base: Step = { name: 'x', method: 'POST', path: '/', headers: [], body: undefined, expectStatus: undefined };
const profileOf = (step: Partial<Step>, sources: Profile['data'] = []): Profile =>
  completeProfile({
    name: 'test',
    origin: 'http://localhost:3000',
    scenarios: [{ name: 's', weight: 1, steps: [{ ...base, ...step }] }],
    data: sources,
  });
const compiled = (step: Partial<Step>, sources?: Profile['data']) =>
  compile(profileOf(step, sources), { userAgent: 'x', data });
const stepOf = (step: Partial<Step>, sources?: Profile['data']) => compiled(step, sources).scenarios[0]!.steps[0]!;
const json = [['Content-Type', 'application/json']] as const;

const events: Profile['data'][number] = {
  type: 'catalogue',
  name: 'events',
  order: 'cycle',
  items: ['{"id":"{{uuid}}","who":"{{people.email}}"}', '7'],
  weights: [1, 1],
};

describe('a column', () => {
  const at = (column: number, place: string) => ({ type: 'column', feeder: 0, column, place });

  it('knows where its value goes', () => {
    expect(stepOf({ path: '/u/{{people.email}}' }).path).toEqual(['/u/', at(1, 'path')]);
    expect(stepOf({ headers: [['A', '{{people.id}}']] }).headers.at(-1)).toEqual([at(0, 'header')]);
    expect(stepOf({ body: '{"a":"{{people.id}}"}' }).body).toEqual(['{"a":"', at(0, 'text'), '"}']);
    expect(stepOf({ headers: json, body: '{"\\"{{people.id}}":{{number people.email}}}' }).body).toEqual([
      '{"\\"',
      at(0, 'json string'),
      '":',
      at(1, 'json value'),
      '}',
    ]);
    expect(stepOf({ path: '/{{people."full name"}}' }).path).toEqual(['/', at(4, 'path')]);
    const quoted = JSON.stringify({ a: '{{people."full name"}}' });
    expect(stepOf({ headers: json, body: quoted }).body).toEqual(['{"a":"', at(4, 'json string'), '"}']);
    const file = new TextEncoder().encode('{{people.id}} {{other.id}}');
    expect(stepOf({ body: file }).body).toEqual([at(0, 'text'), ' {{other.id}}']);
  });

  it.each<[Partial<Step>, string, string | undefined]>([
    [
      { path: '/{{people.emial}}' },
      'path of "x": found {{people.emial}}, expected a column of people.csv: id, email, note, age, full name',
      'did you mean {{people.email}}?',
    ],
    [
      { path: '/{{peple.email}}' },
      'path of "x": found {{peple.email}}, expected a column of people or unused, as named under data',
      'did you mean {{people.email}}?',
    ],
    [{ path: '/{{people.email 1}}' }, 'path of "x": found {{people.email 1}}, expected {{people.email}}', undefined],
    [
      { path: '/{{people.full name}}' },
      'path of "x": found {{people.full name}}, expected {{people.full}}',
      'did you mean {{people."full name"}}?',
    ],
    [
      { body: '{{people.age}}' },
      'body of "x": found {{people.age}}, expected a column that each row has: line 3 of people.csv has no age',
      undefined,
    ],
    [
      { headers: [['A', '{{people.note}}']] },
      'header A of "x": found {{people.note}}, expected values without control characters in a header: line 7 of people.csv has one in note',
      undefined,
    ],
  ])('%o is refused', (step, message, hint) => {
    try {
      stepOf(step);
      expect.unreachable('nothing was thrown');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.message).toBe(message);
      expect(error.hint).toBe(hint);
    }
  });
});

describe('a value of a list', () => {
  const choicesOf = (text: unknown): unknown => (text as { choices?: unknown }[])[1]?.choices;

  it('is escaped for its place', () => {
    expect(choicesOf(stepOf({ path: '/{{name}}' }).path)).toEqual(['Ada%20%22L%22%20%C3%A9', 'B%2FC']);
    expect(choicesOf(stepOf({ body: '"{{name}}"', headers: json }).body)).toEqual(['Ada \\"L\\" \u00c3\u00a9', 'B/C']);
    expect(choicesOf(stepOf({ body: ' {{name}}', headers: json }).body)).toEqual([
      '"Ada \\"L\\" \u00c3\u00a9"',
      '"B/C"',
    ]);
    const bytes = new TextEncoder().encode('ü{{name}}');
    expect(choicesOf(stepOf({ body: bytes }).body)).toEqual(['Ada "L" \u00c3\u00a9', 'B/C']);
    expect(choicesOf(stepOf({ body: ' {{name}}' }).body)).toEqual(['Ada "L" \u00c3\u00a9', 'B/C']);
  });
});

describe('functions of lists', () => {
  const lists = new Map(
    ['person.fullName', 'person.firstName', 'person.lastName', 'word.sample', 'lorem.sentence', 'color.human'].map(
      (name) => [name, [`${name} of Ünal-2`]] as const,
    ),
  );
  const partsOf = (body: string) =>
    compile(profileOf({ body }), { userAgent: 'x', data: { ...data, lists } }).scenarios[0]!.steps[0]!.body;

  it.each([
    ['{{name}}', { type: 'pick', choices: ['person.fullName of \u00c3\u009cnal-2'], stream: 101 }],
    ['{{first_name}}', { type: 'pick', choices: ['person.firstName of \u00c3\u009cnal-2'], stream: 101 }],
    ['{{last_name}}', { type: 'pick', choices: ['person.lastName of \u00c3\u009cnal-2'], stream: 101 }],
    ['{{word}}', { type: 'pick', choices: ['word.sample of \u00c3\u009cnal-2'], stream: 101 }],
    [
      '{{words 3}}',
      { type: 'words', choices: ['word.sample of \u00c3\u009cnal-2'], count: 3, between: ' ', stream: 101 },
    ],
    ['{{sentence}}', { type: 'pick', choices: ['lorem.sentence of \u00c3\u009cnal-2'], stream: 101 }],
    ['{{email}}', { type: 'email', choices: ['personfirstnameofnal'], domain: '@example.com', stream: 101 }],
    ['{{faker color.human}}', { type: 'pick', choices: ['color.human of \u00c3\u009cnal-2'], stream: 101 }],
  ])('%s draws from its list', (text, expected) => {
    expect(partsOf(text)).toEqual([expected]);
  });

  it.each([
    ['{{name 1}}', '{{name}}'],
    ['{{words}}', '{{words N}}: a number of words from 1 to 100'],
    ['{{words 101}}', '{{words N}}: a number of words from 1 to 100'],
    ['{{email a}}', '{{email}}'],
    ['{{faker}}', '{{faker MODULE.FUNCTION}}: a function such as commerce.productName'],
    ['{{number name}}', 'numbers as JSON has them after {{number …}}'],
  ])('%s is refused', (text, expected) => {
    expect(() => partsOf(text)).toThrow(`found ${text}, expected ${expected}`);
  });
});

describe('a body of items', () => {
  it('is one value of its own, and says how many a request holds', () => {
    const run = compiled({ items: { of: 'events', count: 10 } }, [events]);
    expect(run).toMatchObject({ items: ['events'], feeders: [{ name: 'people', stream: 100 }] });
    expect(run.scenarios[0]!.steps[0]).toMatchObject({ items: 10, templated: true });
    expect(run.scenarios[0]!.steps[0]!.body).toMatchObject([
      {
        type: 'items',
        count: 10,
        order: 'cycle',
        items: [['{"id":"', { type: 'uuid' }, '","who":"', { type: 'column', place: 'json string' }, '"}'], ['7']],
      },
    ]);
    expect(stepOf({ items: { of: 'events', count: undefined } }, [events]).items).toBe(1);
    expect(stepOf({}).items).toBeUndefined();
  });

  it('of no catalogue is refused', () => {
    expect(() => compiled({ items: { of: 'event', count: 1 } }, [events])).toThrow(
      'body of "x": found event, no catalogue, expected events',
    );
  });

  it('whose items are no templates is refused by the item', () => {
    const broken = { ...events, items: ['7', '"{{uiud}}"'] };
    expect(() => compiled({ items: { of: 'events', count: 1 } }, [broken])).toThrow(
      'body of "x", item 2 of events: found {{uiud}}',
    );
  });
});

describe('what a profile needs', () => {
  it('is found in whatever text it has', () => {
    const profile = profileOf(
      { path: '/{{people.id}}', headers: [['A', '{{text name}}']], items: { of: 'events', count: 5 } },
      [{ ...events, items: ['"{{faker commerce.product}} {{words 3}} {{number others.id}}"'] }],
    );
    expect(new Set(listsOfProfile(profile))).toEqual(new Set(['person.fullName', 'commerce.product', 'word.sample']));
    expect([...feedersOfProfile(profile)].filter((name) => name !== '')).toEqual(['people', 'others']);
    expect([rowsPerIteration(profile, 'people'), rowsPerIteration(profile, 'others')]).toEqual([1, 5]);
    const bytes = profileOf({ body: new TextEncoder().encode('{{email}}') });
    expect(listsOfProfile(bytes)).toEqual(['person.firstName']);
  });
});
