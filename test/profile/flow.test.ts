// Expectations, captures and flows of a profile: what they become, and what is said of those that cannot be.

import { describe, expect, it } from 'vitest';
import { compileText, profileOf } from '../helpers/compile-text.ts';

const fault = (text: string): string => {
  try {
    compileText(text);
  } catch (error) {
    const hint = error instanceof Error && 'hint' in error && error.hint ? ` (${String(error.hint)})` : '';
    return `${String(error)}${hint}`.replace(/^UserError: /, '').replace(/\S*profile\.yaml/, 'profile.yaml');
  }
  return 'nothing';
};

describe('a plain list of steps', () => {
  it('has no program, whatever is expected of its answers', () => {
    const run = compileText(
      'steps:\n  - get: /a/{{arrival}}\n    expect: { json: { $.a: 1 } }\n    timeout: 2s\n  - get: /b\n',
    );
    expect(run.scenarios[0]!.program).toBeUndefined();
    expect(run.scenarios[0]!.steps.map(({ general }) => general)).toEqual([undefined, undefined]);
    expect(run.metrics).toEqual([
      { name: '$.a is 1', kind: 'rate', unit: undefined, source: 'expectation', series: 0 },
    ]);
  });
});

describe('a flow', () => {
  it('becomes a flat program', () => {
    const [scenario] = compileText(`steps:
  - get: /a
    capture: { rows: $.rows }
  - if: "{{rows}}"
    steps:
      - each: rows
        steps: [{ get: "/b/{{item.id}}" }, { repeat: 2, steps: [{ get: /c }] }]
    else: [{ get: /d }]
  - get: /e
`).scenarios;
    expect(scenario!.steps.map(({ method }) => method)).toHaveLength(5);
    expect(scenario!.program).toMatchObject([
      { type: 'request', step: 0, looped: false },
      { type: 'unless', to: 9, condition: { type: 'there' } },
      { type: 'each', loop: 0, list: { name: 'rows', path: [] }, to: 8 },
      { type: 'request', step: 1, looped: true },
      { type: 'repeat', loop: 1, times: 2 },
      { type: 'request', step: 2, looped: true },
      { type: 'again', loop: 1, to: 5 },
      { type: 'again', loop: 0, to: 3 },
      { type: 'jump', to: 10 },
      { type: 'request', step: 3, looped: false },
      { type: 'request', step: 4, looped: false },
    ]);
    // What is the same each time is made once, in a repetition too.
    expect(scenario!.steps.map(({ general = false }) => general)).toEqual([false, true, false, false, false]);
  });

  it('keeps the steps of set-up and tear-down among the others', () => {
    const { scenarios } = profileOf(`load: { users: 1 }
scenarios:
  - setup: [{ post: /in }]
    steps: [{ get: /a }]
    teardown: [{ post: /out }]
`);
    expect(scenarios[0]!.steps.map(({ name }) => name)).toEqual(['POST /in', 'GET /a', 'POST /out']);
    expect(scenarios[0]).toMatchObject({
      setup: [{ type: 'step', step: 0 }],
      flow: [{ type: 'step', step: 1 }],
      teardown: [{ type: 'step', step: 2 }],
    });
  });

  it.each<[string, string]>([
    ['think: 2s', '{"type":"fixed","ms":2000}'],
    ['think: 1s-5s', '{"type":"uniform","leastMs":1000,"mostMs":5000}'],
    ['think: { exponential: 500ms }', '{"type":"exponential","meanMs":500}'],
  ])('has %s', (key, think) => {
    expect(JSON.stringify(profileOf(`steps:\n  - get: /a\n    ${key}\n`).scenarios[0]!.steps[0]!.think)).toBe(think);
  });
});

describe('what cannot be', () => {
  it.each<[string, string, string]>([
    ['a path that is none', 'expect: { json: { ok: true } }', 'expect.json.ok: found true, expected a JSON path'],
    ['an unknown test', 'expect: { json: { $.a: { abov: 1 } } }', 'did you mean "above"?'],
    ['no test', 'expect: { json: { $.a: {} } }', 'expected at least one test'],
    ['a broken expression', "expect: { text: { matches: '(' } }", 'found "(", expected a regular expression'],
    ['a size that is none', 'expect: { size: 1MiB }', 'found "1MiB", expected a bound such as <1MiB'],
    [
      'a time that is none',
      'expect: { time: "<soon" }',
      'found "<soon", expected a bound with its unit such as <500ms',
    ],
    [
      'a time without a unit',
      'expect: { time: "<500" }',
      'found "<500", expected a bound with its unit such as <500ms',
    ],
    ['two sources', 'capture: { a: { json: $.a, header: b } }', 'expected one of json, header, regex and cookie'],
    ['no source', 'capture: { a: { default: 1 } }', 'expected one of json, header, regex and cookie'],
    ['all of a header', 'capture: { a: { header: x, all: true } }', 'expected all with json only'],
    ['the name of a function', 'capture: { uuid: $.a }', 'a name that no function has: {{uuid}} is one'],
    ['the name of each', 'capture: { item: $.a }', 'another name: {{item}} is that of each'],
    ['a name with a space', 'capture: { a b: $.a }', 'a name of letters, digits, - and _'],
    ['think time backwards', 'think: 5s-1s', 'two durations of which the first is not the longer'],
    ['a limit that is none', 'idle: never', 'found "never", expected a duration'],
  ])('%s', (_, key, text) => {
    const said = fault(`steps:\n  - get: /a\n    ${key}\n`);
    expect(said).toContain('profile.yaml:4:');
    expect(said).toContain(text);
  });

  it.each<[string, string, string]>([
    ['repeats that are none', '- repeat: 0\n    steps: [{ get: /a }]', 'expected a whole number from 1 to 10000'],
    ['a block without steps', '- if: x', 'steps[0].steps: found nothing'],
    ['a key beside a block', '- repeat: 2\n    get: /a\n    steps: [{ get: /b }]', 'expected one of repeat, steps'],
    ['a step inside', '- repeat: 2\n    steps: [{ get: a }]', 'steps[0].steps[0].get: found "a"'],
  ])('%s', (_, steps, text) => {
    expect(fault(`steps:\n  ${steps}\n`)).toContain(text);
  });

  it('a name that nothing captured, with the one that was meant', () => {
    const steps = 'steps:\n  - get: /a\n    capture: { session_id: $.id }\n  - get: /b/{{sesion_id}}\n';
    const said = fault(steps);
    expect(said).toContain('steps[1].get: found {{sesion_id}}, expected one of {{session_id}}');
    expect(said).toContain('(did you mean {{session_id}}?)');
  });

  it('a name that is captured only later, or in another scenario', () => {
    expect(fault('steps:\n  - get: /{{id}}\n  - get: /b\n    capture: { id: $.id }\n')).toContain('found {{id}}');
    expect(
      fault(`scenarios:
  - steps: [{ get: /a, capture: { id: $.id } }]
  - steps: [{ get: "/{{id}}" }]
`),
    ).toContain('found {{id}}');
  });

  it('an item outside of each, and a list that nothing captured', () => {
    expect(fault('steps:\n  - get: /{{item}}\n')).toContain('found {{item}}');
    const list = 'steps:\n  - get: /a\n    capture: { rows: $.rows }\n  - each: rwos\n    steps: [{ get: /b }]\n';
    expect(fault(list)).toContain('each of scenario "main": found rwos, expected rows (did you mean rows?)');
  });

  it('an argument to a captured value', () => {
    const text = 'steps:\n  - get: /a\n    capture: { id: $.id }\n  - get: /{{id 5}}\n';
    expect(fault(text)).toContain('found {{id 5}}, expected {{id}} or a part of it');
  });
});
