// What a profile says of things that happen once for a run: its set-up and tear-down, and the removal of what its steps make.

import { describe, expect, it } from 'vitest';
import { compile } from '../../source/profile/compile.ts';
import { compileText, profileOf } from '../helpers/compile-text.ts';

const frame = `setup:
  - post: /login
    capture: { token: $.token, user: $.user }
headers: { Authorization: "Bearer {{token}}" }
steps:
  - post: /u/{{user.id}}/{{token}}?q={{token}}
    json: { t: "{{token}}", u: "{{user}}", n: "{{number user.n}}" }
  - get: /plain
    headers: { Authorization: none }
teardown:
  - post: /logout/{{user.id}}
`;

const captured = new Map<string, unknown>([
  ['token', 'a"b/ü'],
  ['user', { id: 7, n: 3 }],
]);

const fault = (text: string): string => {
  try {
    compileText(text);
  } catch (error) {
    return `${String(error)}`.replace(/^UserError: /, '').replace(/\S*profile\.yaml/, 'profile.yaml');
  }
  return 'nothing';
};

const decoded = (body: unknown): string => (body instanceof Uint8Array ? new TextDecoder().decode(body) : 'no bytes');

describe('what the set-up captures', () => {
  it('is a captured value as long as it is not known', () => {
    const { setup, teardown, scenarios } = compileText(frame);
    expect(setup?.series).toEqual(['POST /login']);
    expect(teardown!.scenario.steps[0]!.path).toMatchObject(['/logout/', { type: 'captured', name: 'user' }]);
    expect(scenarios[0]!.steps.map(({ general }) => general)).toEqual([true, undefined]);
    expect(setup!.scenario.steps[0]!.headers).toEqual(['User-Agent', 'test']);
  });

  it('stands as text in the requests once it is known, escaped for where it stands', () => {
    const run = compile(profileOf(frame), { userAgent: 'test', captured: new Map([...captured, ['token', 'a"b/c']]) });
    const [first, second] = run.scenarios[0]!.steps;
    expect(first!.path).toBe('/u/7/a%22b%2Fc?q=a%22b%2Fc');
    expect(first!.headers).toEqual([
      'User-Agent',
      'test',
      'Authorization',
      'Bearer a"b/c',
      'Content-Type',
      'application/json',
    ]);
    expect(JSON.parse(decoded(first!.body))).toEqual({ t: 'a"b/c', u: '{"id":7,"n":3}', n: 3 });
    expect([first, second].map((step) => [step!.templated, step!.general])).toEqual([
      [false, undefined],
      [false, undefined],
    ]);
    expect(run.scenarios[0]!.program).toBeUndefined();
    expect(run.teardown!.scenario.steps[0]!.path).toBe('/logout/7');
    // It has none yet.
    expect(run.setup!.scenario.steps[0]!.headers).toEqual(['User-Agent', 'test']);
  });

  it('is encoded once in a query, a form and the name of a file', () => {
    const text = `setup: [{ post: /login, capture: { token: $.token } }]
steps:
  - post: /q
    query: { t: "x {{token}}", n: "{{number token}}" }
    form: { a: "x {{token}}" }
  - post: /{{number token}}
    headers: { X-Token: "{{number token}}" }
`;
    const options = { userAgent: 'test', captured: new Map([['token', 'a b/é"&']]) };
    const [first, second] = compile(profileOf(text), options).scenarios[0]!.steps;
    expect(first!.path).toBe('/q?t=x%20a%20b%2F%C3%A9%22%26&n=a%20b%2F%C3%A9%22%26');
    expect(decoded(first!.body)).toBe('a=x+a+b%2F%C3%A9%22%26');
    expect(second!.path).toBe('/a%20b%2F%C3%A9%22%26');
  });

  it('cannot break out of a header as a number', () => {
    const text = `setup: [{ post: /login, capture: { token: $.token } }]
steps: [{ get: /, headers: { X-Token: "{{number token}}" } }]
`;
    const options = { userAgent: 'test', captured: new Map([['token', 'a\r\nX: y']]) };
    expect(() => compile(profileOf(text), options)).toThrow('a control character in a header');
  });

  it('makes a way through the scenario where it may not be there', () => {
    const text = `setup: [{ if: "0", steps: [{ get: /, capture: { id: $.id } }] }]
steps: [{ get: "/{{id}}" }]
`;
    const run = compile(profileOf(text), { userAgent: 'test', captured: new Map() });
    expect(run.scenarios[0]!.program).toHaveLength(1);
  });

  it('draws nothing away from the load', () => {
    const drawn = 'steps: [{ get: "/{{uuid}}" }]\n';
    const alone = compileText(drawn).scenarios[0]!.steps[0]!.path;
    const framed = compileText(`setup: [{ get: "/{{uuid}}" }]\n${drawn}`).scenarios[0]!.steps[0]!.path;
    expect(framed).toEqual(alone);
  });

  it('may be a list that a scenario goes through', () => {
    const text =
      'setup: [{ get: /all, capture: { all: $.all } }]\nsteps: [{ each: all, steps: [{ get: "/{{item}}" }] }]\n';
    const run = compile(profileOf(text), { userAgent: 'test', captured: new Map([['all', ['a', 'b']]]) });
    expect(run.scenarios[0]!.program?.[0]).toMatchObject({ type: 'each', list: { values: ['a', 'b'] } });
  });

  it('gives way to what a step of the scenario captures under the same name', () => {
    const text = `setup: [{ get: /a, capture: { id: $.id } }]
steps: [{ get: "/{{id}}", capture: { id: $.id } }, { get: "/{{id}}" }]
`;
    const run = compile(profileOf(text), { userAgent: 'test', captured: new Map([['id', 'one']]) });
    expect(run.scenarios[0]!.steps.map(({ path }) => path)).toMatchObject(['/one', ['/', { name: 'id' }]]);
  });

  it('cannot stand in a header where it holds a line', () => {
    expect(() =>
      compile(profileOf(frame), { userAgent: 'test', captured: new Map([...captured, ['token', 'a\nb']]) }),
    ).toThrow('expected a value without a control character in a header');
  });

  it('is named among what there is', () => {
    expect(fault('setup: [{ get: /a, capture: { token: $.t } }]\nsteps: [{ get: "/{{tokn}}" }]\n')).toMatch(
      /found \{\{tokn\}\}, expected one of \{\{token\}\}, /,
    );
  });
});

describe('what a step creates', () => {
  const creating = `headers: { X-Team: load, X-Id: "{{uuid}}" }
steps:
  - post: /things
    capture: { id: $.id }
    creates: { delete: "/things/{{id}}" }
  - get: /things
  - delete: /things/{{id}}
`;

  it('is removed by a request with the headers of all', () => {
    const { cleanUp, scenarios } = compileText(creating);
    expect(cleanUp).toMatchObject(['User-Agent', 'test', 'X-Team', 'load', 'X-Id', [{ type: 'uuid' }]]);
    const [post, get, remove] = scenarios[0]!.steps;
    expect(post!.creates).toMatchObject({ method: 'DELETE', path: ['/things/', { type: 'captured', name: 'id' }] });
    expect([post!.removes, get!.removes, remove!.removes]).toEqual([undefined, undefined, true]);
  });

  it('makes a way through the scenario, so that it is known who made it', () => {
    const { scenarios } = compileText('steps: [{ put: /only, creates: { delete: /only } }]\n');
    expect(scenarios[0]!.program).toHaveLength(1);
  });

  it('is nothing where no step says so', () => {
    const { cleanUp, scenarios } = compileText('headers: { X-A: "{{uuid}}" }\nsteps: [{ delete: /things/1 }]\n');
    expect([cleanUp, scenarios[0]!.steps[0]!.general]).toEqual([undefined, undefined]);
  });

  it('cannot be removed with what only a user knows', () => {
    const text = creating.replace('X-Team: load', 'X-Team: "{{id}}"');
    expect(fault(text)).toMatch(/^header X-Team of/);
  });
});
