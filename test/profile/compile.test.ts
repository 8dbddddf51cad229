import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { type CompiledStep, compile } from '../../source/profile/compile.ts';
import { completeProfile } from '../../source/profile/defaults.ts';
import type { Profile, Scenario, Step } from '../../source/profile/profile.ts';

const step = (over: Partial<Step> = {}): Step => ({
  name: 'GET /',
  method: 'GET',
  path: '/',
  headers: [],
  body: undefined,
  expectStatus: undefined,
  ...over,
});

const profileOf = (...scenarios: (Partial<Scenario> & { steps: readonly Step[] })[]): Profile =>
  completeProfile({
    name: 'test',
    origin: 'http://localhost:3000',
    scenarios: scenarios.map((scenario, index) => ({ name: `s${index + 1}`, weight: 1, ...scenario })),
  });

const options = { userAgent: 'loadtop/1.2.3' };
const compileOne = (over: Partial<Step>): CompiledStep =>
  compile(profileOf({ steps: [step(over)] }), options).scenarios[0]!.steps[0]!;

describe('a compiled step', () => {
  test('has a user agent, its headers flat, and its body in bytes', () => {
    const compiled = compileOne({ headers: [['Accept', '*/*']], body: 'grün', expectStatus: [202] });
    expect(compiled).toEqual({
      series: 0,
      method: 'GET',
      path: '/',
      headers: ['User-Agent', 'loadtop/1.2.3', 'Accept', '*/*'],
      body: new TextEncoder().encode('grün'),
      expectStatus: [202],
      statusMetric: 0,
      templated: false,
    });
  });

  test('keeps a user agent of its own', () => {
    expect(compileOne({ headers: [['user-agent', 'mine']] }).headers).toEqual(['user-agent', 'mine']);
  });

  test('has no body, or an empty one, as it was said', () => {
    expect(compileOne({}).body).toBeUndefined();
    expect(compileOne({ body: '' }).body).toEqual(new Uint8Array());
  });

  test.each([
    ['/a b?q=ü', '/a%20b?q=%C3%BC'],
    ['/a%20b', '/a%20b'],
    ['/\ud800', '/%EF%BF%BD'],
  ])('has the path %j as %s', (path, expected) => {
    expect(compileOne({ path }).path).toBe(expected);
  });
});

const arrival = { type: 'arrival' };
const encode = (piece: string): Uint8Array => new TextEncoder().encode(piece);

describe('templates', () => {
  test.each<[string, Partial<Step>]>([
    ['path', { path: '/users/{{arrival}}' }],
    ['header', { headers: [['X-Id', 'id-{{ arrival }}']] }],
    ['body', { body: '{"n": {{arrival}}}' }],
    ['bytes of a file', { body: new TextEncoder().encode('a,{{arrival}}') }],
    ['far end of a file', { body: new TextEncoder().encode(`${'x'.repeat(65_530)}{{arrival}}`) }],
  ])('in the %s make the step templated', (_, over) => {
    expect(compileOne(over).templated).toBe(true);
  });

  test.each<[string, Partial<Step>]>([
    ['no braces', { path: '/arrival', body: '{"a":{"b":{}}}' }],
    ['other braces in a file', { body: new TextEncoder().encode('{{user}} {{ arrival') }],
  ])('are not seen in %s', (_, over) => {
    expect(compileOne(over).templated).toBe(false);
  });

  test('are read into parts, wherever they stand', () => {
    const compiled = compileOne({
      path: '/{{ arrival }}/ü?q={{pick "a b" ü}}',
      headers: [['X-Id', 'é{{uuid}}']],
      body: 'ü{{pick ü "z"}}',
    });
    expect(compiled).toMatchObject({
      path: ['/', arrival, '/%C3%BC?q=', { type: 'pick', choices: ['a%20b', '%C3%BC'], stream: 100 }],
      headers: ['User-Agent', 'loadtop/1.2.3', 'X-Id', ['é', { type: 'uuid', stream: 101 }]],
      body: ['\u00c3\u00bc', { type: 'pick', choices: ['\u00c3\u00bc', 'z'], stream: 105 }],
    });
  });

  test('keep the bytes of a file', () => {
    expect(compileOne({ body: Uint8Array.from([0xff, 0x80, ...encode('{{arrival}}')]) }).body).toEqual([
      '\u00ff\u0080',
      arrival,
    ]);
  });

  test('draw from streams of their own in every step of the run', () => {
    const uuids = step({ path: '/{{uuid}}', body: '{{uuid}} {{hex 20}}' });
    const run = compile(profileOf({ steps: [uuids, uuids] }, { steps: [uuids] }), options);
    const streams = run.scenarios.flatMap(({ steps }) =>
      steps.flatMap(({ path, body }) =>
        [...path, ...(body ?? [])].flatMap((part) => (typeof part === 'object' && 'stream' in part ? part : [])),
      ),
    );
    const taken = streams.flatMap((part) => {
      const count = part.type === 'uuid' ? 4 : 3;
      return Array.from({ length: count }, (_, index) => part.stream + index);
    });
    expect(taken).toHaveLength(3 * 11);
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('that are none are refused, the known ones listed', () => {
    const attempt = () => compileOne({ body: '{{arival}}' });
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow('body of "GET /": found {{arival}}, expected one of {{arrival}}, {{sequence}}');
    expect(() => compileOne({ path: '/{{guid}}' })).toThrow('path of "GET /": found {{guid}}');
    expect(() => compileOne({ headers: [['A', '{{}}']] })).toThrow('header A of "GET /": found {{}}');
    expect(() => compileOne({ body: encode('{{hex}}') })).toThrow('body of "GET /": found {{hex}}');
  });

  test('propose the name that was meant', () => {
    try {
      compileOne({ body: '{{arival}}' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ hint: 'did you mean {{arrival}}?', exitCode: 2 });
    }
  });
});

describe('series', () => {
  test('are numbered over all scenarios, each with its name', () => {
    const run = compile(
      profileOf({ weight: 2, steps: [step({ name: 'a' }), step({ name: 'b' })] }, { steps: [step({ name: 'c' })] }),
      options,
    );
    expect(run.series).toEqual(['a', 'b', 'c']);
    expect(run.scenarios.map(({ weight }) => weight)).toEqual([2, 1]);
    expect(run.scenarios.flatMap(({ steps }) => steps.map(({ series }) => series))).toEqual([0, 1, 2]);
  });

  test.each<[string, readonly (readonly [string, readonly string[]])[], readonly string[]]>([
    [
      'in two scenarios',
      [
        ['single', ['x', 'y']],
        ['batch', ['x']],
      ],
      ['x  single', 'y', 'x  batch'],
    ],
    ['twice in one', [['single', ['x', 'x']]], ['x', 'x #2']],
    [
      'in both ways',
      [
        ['p', ['x', 'x']],
        ['q', ['x']],
      ],
      ['x  p', 'x  p #2', 'x  q'],
    ],
    [
      'in scenarios of one name',
      [
        ['p', ['x']],
        ['p', ['x']],
      ],
      ['x  p', 'x  p #2'],
    ],
    [
      'that another step already has',
      [
        ['p', ['x', 'x  p']],
        ['q', ['x']],
      ],
      ['x  p #2', 'x  p', 'x  q'],
    ],
  ])('with the same name %s are told apart', (_, scenarios, expected) => {
    const profile = profileOf(
      ...scenarios.map(([name, steps]) => ({ name, steps: steps.map((stepName) => step({ name: stepName })) })),
    );
    expect(compile(profile, options).series).toEqual(expected);
  });

  test('of a profile that can send nothing are refused', () => {
    expect(() => compile(profileOf({ weight: 0, steps: [step()] }), options)).toThrow(UserError);
    expect(() => compile(profileOf({ steps: [] }), options)).toThrow(/at least one scenario/);
  });
});

test('a compiled run crosses into a worker unchanged', () => {
  const run = compile(
    profileOf({ steps: [step({ body: 'x' }), step({ path: '/{{uuid}}', body: '{{pick a b}}' })] }),
    options,
  );
  expect(structuredClone(run)).toEqual(run);
});
