import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { shippedProfiles } from '../../source/commands/effective-profile.ts';
import { profileJsonSchema } from '../../source/profile/json-schema.ts';
import { checkProfile } from '../../source/profile/schema.ts';
import { keyTexts } from '../../source/profile/schema-texts.ts';
import { schemaFaults } from '../helpers/json-schema.ts';

const folder = new URL('../../profiles/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('profile.schema.json', folder), 'utf8'));
const faultsOf = (data: unknown): readonly string[] => schemaFaults(schema, data, schema);
const textOf = (name: string): string => readFileSync(new URL(`${name}.yaml`, folder), 'utf8');

/** Every list of keys in the schema, and where it stands. */
function* sectionsOf(at: unknown, path: readonly string[] = []): Generator<[readonly string[], object]> {
  if (typeof at !== 'object' || at === null) return;
  for (const [key, value] of Object.entries(at)) {
    if (key !== 'properties') yield* sectionsOf(value, path);
    else {
      yield [path, value];
      for (const [name, each] of Object.entries(value)) yield* sectionsOf(each, [...path, name]);
    }
  }
}

describe('the published schema', () => {
  test('is that of the program (npm run schema writes it)', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(profileJsonSchema())));
  });

  test('says of every key what it means', () => {
    const keys = [...sectionsOf(schema)].flatMap(([path, section]) =>
      Object.entries(section).map(([name, value]) => [[...path, name].join('.'), value.description]),
    );
    expect(keys.length).toBeGreaterThan(60);
    const meanings = Object.values(keyTexts);
    const without = keys.filter(([, text]) => !meanings.some((meaning) => String(text).startsWith(meaning)));
    expect(without.map(([name]) => name)).toEqual([]);
  });

  test('knows words, and the short and the long form of what has both', () => {
    const { properties } = schema.definitions.load;
    expect(properties.arrivals.anyOf[0].enum).toEqual(['uniform', 'poisson']);
    expect(properties.burst.anyOf).toHaveLength(2);
    expect(properties.stages.items.anyOf).toHaveLength(3);
  });

  test.each(shippedProfiles())('takes %s, which names it in its first line', (name) => {
    const text = textOf(name);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=profile.schema.json');
    // As an editor reads it: what is bare in braces would be no YAML.
    expect(faultsOf(parse(text, { maxAliasCount: 10_000 }))).toEqual([]);
  });
});

const least = { target: 'http://localhost:3000', steps: [{ get: '/' }] };

test.each<[string, object]>([
  [
    'a variable in any scalar',
    {
      target: '${HOST}',
      load: { rate: '${RATE}', arrivals: '${A}', seed: '${S}', stages: ['${ST}'] },
      connection: { http2: '${H2:-true}' },
      scenarios: [{ weight: '${W}', steps: [{ get: '${P}', expect: { status: '${C}' } }] }],
    },
  ],
  ['the address of the schema itself', { $schema: 'profile.schema.json', ...least }],
  [
    'declared variables',
    { ...least, variables: { A: 1, B: null, C: { default: '10k', alias: ['D', 'E'], secret: true } } },
  ],
  [
    'each way to write a stage',
    { ...least, load: { stages: [{ '30s': 500 }, { over: '2m', rate: '1k' }, '10s:0', { 5: '1M' }] } },
  ],
  [
    'users as a number and as stages',
    { ...least, load: { users: [{ '30s': 20 }, { over: 5, users: 7 }], spawnRate: 2.5 } },
  ],
  [
    'quantities in each spelling',
    {
      ...least,
      timeout: '1h 30m',
      load: { rate: '9,400/s', duration: '1.5S', connections: '1_000', requests: '1,000' },
    },
  ],
  ['full speed and automatic workers', { ...least, load: { rate: 'MAX', workers: 'auto' } }],
  [
    'one or several',
    { ...least, objectives: 'errors<1%', allow: ['http://a.example'], probes: { health: ['/a', { url: '/b' }] } },
  ],
])('it takes %s', (_, data) => {
  expect(faultsOf(data)).toEqual([]);
});

test.each<[string, unknown]>([
  ['a list', []],
  ['nothing to send', { target: 'http://localhost' }],
  ['steps beside scenarios', { ...least, scenarios: [{ steps: [{ get: '/' }] }] }],
  ['an unknown key', { ...least, stepps: [] }],
  ['an unknown key deep inside', { ...least, load: { burst: { size: 1, round: 2 } } }],
  ['a target that is a number', { ...least, target: 3000 }],
  ['a rate in words', { ...least, load: { rate: 'fast' } }],
  ['a duration without a unit that is known', { ...least, load: { duration: '30 days' } }],
  ['an unknown word', { ...least, load: { arrivals: 'random' } }],
  ['a stage of two lengths', { ...least, load: { stages: [{ '30s': 1, '40s': 2 }] } }],
  ['two methods in a step', { ...least, steps: [{ get: '/', post: '/' }] }],
  ['a step without a method', { ...least, steps: [{ name: 'x' }] }],
  ['a path without its slash', { ...least, steps: [{ get: 'health' }] }],
  ['a status that is none', { ...least, steps: [{ get: '/', expect: { status: [99] } }] }],
  ['a weight below 0', { target: 'http://localhost', scenarios: [{ weight: -1, steps: [{ get: '/' }] }] }],
  ['a switch that is a word', { ...least, connection: { http2: 'yes' } }],
  ['a probe without its URL', { ...least, probes: { health: { period: '5s' } } }],
  ['a declaration with an unknown key', { ...least, variables: { A: { defalt: 1 } } }],
  ['no steps at all', { ...least, steps: [] }],
])('it refuses %s, as the program does', (_, data) => {
  expect(faultsOf(data)).not.toEqual([]);
  expect(checkProfile(data)).toHaveProperty('faults');
});
