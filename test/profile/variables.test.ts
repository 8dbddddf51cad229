import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { loadAny, loadDraft, type ProfileInputs } from '../../source/profile/load-profile.ts';
import { type Declaration, typedScalar, Variables } from '../../source/profile/variables.ts';

const top = mkdtempSync(join(tmpdir(), 'loadtop-variables-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folder: string;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(top, String(count));
  mkdirSync(folder);
});

const write = (content: string, name = 'x.yaml'): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const errorOf = (content: string, inputs: ProfileInputs = {}, name = 'x.yaml'): UserError => {
  try {
    loadDraft(write(content, name), inputs);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('the profile was accepted');
};
const messageOf = (content: string, inputs: ProfileInputs = {}, name = 'x.yaml'): string =>
  errorOf(content, inputs, name).message.replaceAll(`${folder}/`, '');

const declared = (name: string, more: Partial<Declaration> = {}): Declaration => ({
  name,
  aliases: [],
  text: undefined,
  secret: false,
  description: undefined,
  ...more,
});
const none = { set: new Map<string, string>(), environment: {}, dotEnv: () => ({}) };
const textOf = (text: string, environment: Record<string, string> = {}): string =>
  new Variables([], { ...none, environment }).replace(text).text;

describe('variables in a text', () => {
  test.each([
    ['no variable', 'no variable'],
    ['${A}', 'one'],
    ['a ${A} b ${B}', 'a one b two'],
    ['${C:-three}', 'three'],
    ['${A:-three}', 'one'],
    ['${C:-}', ''],
    ['${EMPTY:-three}', 'three'],
    ['${C:-http://localhost:8000/{{uuid}}}', 'http://localhost:8000/{{uuid}}'],
    ['${C:-${D:-${A}}}', 'one'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['$A $ {A} {{arrival}}', '$A $ {A} {{arrival}}'],
    ['${A}$${A}${A}', 'one${A}one'],
  ])('%j becomes %j', (text, expected) => {
    expect(textOf(text, { A: 'one', B: 'two', EMPTY: '' })).toBe(expected);
  });

  test.each(['${', '${}', '${1A}', '${A B}', '${A:=x}', '${A', 'x ${-A}'])('%j is none, and is said', (text) => {
    const { faults } = new Variables([], none).replace(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.expected).toContain('a variable such as ${NAME}');
  });

  test('what came from a value is not looked into again', () => {
    expect(textOf('${A}', { A: '${B}', B: 'x' })).toBe('${B}');
  });

  test('a text without a dollar stays as it is, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('$', '');
        expect(textOf(plain)).toBe(plain);
      }),
    );
  });

  test('a text with each ${ doubled comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('${A}', '{', '}', 'x', '${', ' '), { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(textOf(text.replaceAll('${', () => '$${'))).toBe(text);
      }),
    );
  });
});

describe('where a value comes from', () => {
  const rate = declared('RATE', { aliases: ['RPS'], text: 'default' });
  const valueFrom = (sources: Partial<typeof none>) => {
    const variables = new Variables([rate], { ...none, ...sources });
    const [variable] = variables.all();
    return [variables.replace('${RATE} ${RPS}').text, variable?.from];
  };

  test('--set comes before the environment, that before .env, and that before the default', () => {
    const set = new Map([['RATE', 'set']]);
    const environment = { RATE: 'environment' };
    const dotEnv = () => ({ RATE: 'file' });
    expect(valueFrom({ set, environment, dotEnv })).toEqual(['set set', '--set']);
    expect(valueFrom({ environment, dotEnv })).toEqual(['environment environment', 'the environment']);
    expect(valueFrom({ dotEnv })).toEqual(['file file', '.env']);
    expect(valueFrom({})).toEqual(['default default', 'default']);
  });

  test('an alias is the same variable, in each of the places', () => {
    expect(valueFrom({ set: new Map([['RPS', 'a']]), environment: { RATE: 'b' } })).toEqual(['a a', '--set']);
    expect(valueFrom({ environment: { RPS: 'a' }, dotEnv: () => ({ RATE: 'b' }) })).toEqual(['a a', 'the environment']);
    expect(valueFrom({ environment: { RPS: 'a', RATE: 'b' } })).toEqual(['b b', 'the environment']);
  });

  test('an empty value in the environment says nothing, one that was set does', () => {
    expect(valueFrom({ environment: { RATE: '' }, dotEnv: () => ({ RATE: '' }) })).toEqual([
      'default default',
      'default',
    ]);
    expect(valueFrom({ set: new Map([['RATE', '']]) })).toEqual([' ', '--set']);
  });

  test('a default may hold variables, but not lead back to itself', () => {
    const all = [declared('A', { text: '${B}/a' }), declared('B', { text: '${HOME_OF_B:-b}' })];
    expect(new Variables(all, none).replace('${A}').text).toBe('b/a');
    const loop = [declared('A', { text: '${B}' }), declared('B', { text: '${A}' })];
    expect(new Variables(loop, none).replace('${A}').faults).toEqual([
      { found: '${A} in its own default', expected: 'a default that does not lead back to its variable' },
    ]);
  });

  test('a default that holds a secret is one', () => {
    const all = [declared('A', { text: 'Bearer ${T}' }), declared('T', { text: 'x', secret: true })];
    expect(new Variables(all, none).all()).toMatchObject([{ name: 'A', secret: true }, { name: 'T' }]);
  });

  test.each([
    ['API_TOKEN', true],
    ['apiKey', true],
    ['auth_key', true],
    ['DB_PASSWORD', true],
    ['MAX_TOKENS', false],
    ['TOKEN_COUNT', false],
    ['KEY', false],
    ['MONKEY', false],
  ])('%s is a secret by its name: %s', (name, secret) => {
    expect(new Variables([declared(name, { secret: undefined })], none).all()).toMatchObject([{ secret }]);
    expect(new Variables([declared(name, { secret: !secret })], none).all()).toMatchObject([{ secret: !secret }]);
  });

  test('names of the prototype are no variables', () => {
    expect(new Variables([], none).replace('${constructor}').faults).toHaveLength(1);
  });
});

test.each([
  ['20', 20],
  ['-1', -1],
  ['007', 7],
  ['2.5', 2.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['0x1f', 31],
  ['true', true],
  ['False', false],
  ['null', null],
  ['~', null],
  ['', ''],
  ['10k', '10k'],
  ['30s', '30s'],
  ['1.2.3', '1.2.3'],
  ['yes', 'yes'],
  ['12345678901234567890', '12345678901234567890'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
])('%j is typed as YAML would', (text, expected) => {
  expect(typedScalar(text)).toBe(expected);
});

const head = 'target: http://localhost:3000\n';
const rest = 'steps: [get: /]\n';

describe('a profile with variables', () => {
  const text = `
name: \${NAME:-orders}
target: \${GATEWAY_HOST:-http://localhost:8000}
variables:
  RATE: { default: 10k, alias: RPS, description: requests per second }
  SHARE: 3
  CODE: { default: 202 }
  LATER: true
  TOKEN: { secret: true, description: from your account page }
load: { rate: \${RATE}, duration: "\${DURATION:-30s}" }
headers: { Authorization: Bearer \${TOKEN}, X-Code: \${CODE} }
scenarios:
  - weight: \${SHARE}
    steps:
      - post: /v1/\${PLACE:-a, b}
        json: { n: \${SHARE}, text: "\${SHARE}", both: x\${SHARE}, on: \${LATER}, "\${KEY}": 1 }
        expect: { status: [\${CODE}] }
`;

  test('has their values, typed where they stand alone and bare', () => {
    const draft = loadDraft(write(text), { environment: { TOKEN: 'hush' }, set: [['RPS', '5']] });
    expect(draft).toMatchObject({
      name: 'orders',
      origin: 'http://localhost:8000',
      load: { model: 'constant', rate: 5 },
      durationMs: 30_000,
      secrets: ['hush'],
    });
    const [step] = draft.scenarios[0]!.steps;
    expect(draft.scenarios[0]?.weight).toBe(3);
    expect(step).toMatchObject({ path: '/v1/a, b', expectStatus: [202] });
    expect(step?.headers).toEqual([
      ['Authorization', 'Bearer hush'],
      ['X-Code', '202'],
      ['Content-Type', 'application/json'],
    ]);
    expect(step?.body).toBe('{"n":3,"text":"3","both":"x3","on":true,"${KEY}":1}');
  });

  test('in JSON a text that is one variable is typed, as there is no other way to write it', () => {
    const data = { target: '${T:-http://localhost}', scenarios: [{ weight: '${W:-2}', steps: [{ get: '/' }] }] };
    expect(loadDraft(write(JSON.stringify(data), 'x.json')).scenarios[0]?.weight).toBe(2);
  });

  test('takes .env from beside it, else from the working folder', () => {
    write('# hosts\nexport A="http://localhost:1"\nB=2\n', '.env');
    const file = write('target: ${A}\nload: { rate: ${B} }\nsteps: [get: /]\n');
    expect(loadDraft(file)).toMatchObject({ origin: 'http://localhost:1', load: { rate: 2 } });
    expect(loadDraft(file, { environment: { B: '3' } })).toMatchObject({ load: { rate: 3 } });
    mkdirSync(join(folder, 'inner'));
    const other = write('target: ${A}\nsteps: [get: /]\n', 'inner/y.yaml');
    expect(() => loadDraft(other)).toThrow('${A}, which is not set');
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
    try {
      expect(loadDraft(other).origin).toBe('http://localhost:1');
      write('A=http://localhost:2\n', 'inner/.env');
      expect(loadDraft(other).origin).toBe('http://localhost:2');
    } finally {
      cwd.mockRestore();
    }
  });

  test('finds files beside itself, and those that are set from outside where loadtop was started', () => {
    mkdirSync(join(folder, 'inner'));
    write('beside', 'inner/rows.csv');
    write('outside', 'rows.csv');
    const file = write(
      'target: http://a\nvariables: { ROWS: rows.csv }\ndata: { rows: { csv: "${ROWS}" } }\nsteps: [{ post: /, file: "${ROWS}" }]\n',
      'inner/x.yaml',
    );
    const pathsOf = (inputs: ProfileInputs) => {
      const { data, scenarios } = loadDraft(file, inputs);
      return [...new Set(JSON.stringify([data, scenarios]).match(/[^"]*rows\.csv(?=")/g))].filter((text) =>
        text.startsWith(folder),
      );
    };
    const inside = join(folder, 'inner/rows.csv');
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
    try {
      expect(pathsOf({})).toEqual([inside]);
      const outside = join(folder, 'rows.csv');
      expect(pathsOf({ set: [['ROWS', 'rows.csv']] })).toEqual([outside]);
      expect(pathsOf({ environment: { ROWS: 'inner/rows.csv' } })).toEqual([inside]);
      expect(() => loadDraft(file, { set: [['ROWS', 'none.csv']] })).toThrow(
        'found "none.csv" (no such file), expected a readable file, its path relative to the working folder',
      );
    } finally {
      cwd.mockRestore();
    }
  });

  test('whose target is given by a flag does not need its variable', () => {
    expect(loadDraft(write(`target: \${NOWHERE}\n${rest}`), { host: 'http://localhost:9' }).origin).toBe(
      'http://localhost:9',
    );
  });

  test('says of each variable where its value came from, and keeps what was not set', async () => {
    const { variables } = await loadAny(write(text), { look: true, environment: { RATE: '1k' } });
    expect(variables.map(({ name, text: value, from, secret }) => [name, value, from, secret])).toEqual([
      ['RATE', '1k', 'the environment', false],
      ['SHARE', '3', 'default', false],
      ['CODE', '202', 'default', false],
      ['LATER', 'true', 'default', false],
      ['TOKEN', undefined, undefined, true],
      ['NAME', 'orders', 'default', false],
      ['GATEWAY_HOST', 'http://localhost:8000', 'default', false],
      ['DURATION', '30s', 'default', false],
      ['PLACE', 'a, b', 'default', false],
    ]);
  });

  test('can be looked at while a secret is not set, also where only the secret would make it whole', async () => {
    const profile = `${head}probes: { mongo: "\${MONGO_PASSWORD}", health: /up }\n${rest}`;
    const { draft } = await loadAny(write(profile), { look: true });
    expect(draft.probes).toMatchObject({ mongo: undefined, health: [{ url: '/up' }] });
    expect(() => loadDraft(write(profile))).toThrow('${MONGO_PASSWORD}, which is not set');
  });
});

test('a value that has no variable in it comes through as it is, whatever it is', () => {
  // Double braces are templates, which are looked at.
  const plain = (each: string): boolean => !each.includes('{{');
  const key = fc.string().filter(plain);
  const hostile = fc.string({ unit: fc.constantFrom('$', '{', '}', ':', ',', '#', ' ', 'A', '\ufdd0') }).filter(plain);
  const text = fc.oneof(key, hostile);
  const value = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.dictionary(key, text, { maxKeys: 3 }));
  const escaped = (from: unknown): unknown => {
    if (typeof from === 'string') return from.replaceAll('${', () => '$${');
    if (Array.isArray(from)) return from.map(escaped);
    if (typeof from !== 'object' || from === null) return from;
    return Object.fromEntries(Object.entries(from).map(([key, each]) => [key, escaped(each)]));
  };
  fc.assert(
    fc.property(value, fc.constantFrom('x.json', 'x.yaml'), (json, name) => {
      const content = { target: 'http://localhost', steps: [{ post: '/', json: escaped(json) }] };
      const [step] = loadDraft(write(JSON.stringify(content), name)).scenarios[0]!.steps;
      expect(JSON.parse(String(step?.body))).toEqual(JSON.parse(JSON.stringify(json)));
    }),
    { numRuns: 300 },
  );
});

describe('faults of variables', () => {
  test('an unset one is named with its place, its meaning and how to set it', () => {
    expect(
      messageOf(`variables: { RATE: { alias: RPS, description: per second } }\n${head}load:\n  rate: \${RPS}\n${rest}`),
    ).toBe(
      'x.yaml:4:3  load.rate: found ${RPS}, which is not set, expected a value (per second): RATE or RPS in the environment or in .env, or --set RATE=VALUE',
    );
  });

  test('a secret is not proposed for the command line, where others could read it', () => {
    const message = messageOf(`${head}headers: { Authorization: "Bearer \${API_TOKEN}" }\n${rest}`);
    expect(message).toBe(
      'x.yaml:2:12  headers.Authorization: found ${API_TOKEN}, which is not set, expected a value: API_TOKEN in the environment or in .env',
    );
  });

  test('places are those of the file, whatever the values are', () => {
    const long = 'x'.repeat(200);
    expect(
      messageOf(`name: \${A}\n${head}load: { seed: \${A}, rate: quick }\n${rest}`, { set: [['A', long]] }),
    ).toMatch(
      /^x\.yaml:3:21 {2}load\.rate: .*\nx\.yaml:3:9 {2}load\.seed: found "x+…" \(A from --set\), expected a whole number\b/,
    );
  });

  test('each value is said to come from where it came from', () => {
    expect(messageOf(`${head}load: { rate: \${A:-fast} }\n${rest}`)).toMatch(
      /found "fast" \(A by default\), expected a/,
    );
    expect(messageOf(`${head}load: { rate: \${A} }\n${rest}`, { environment: { A: 'fast' } })).toMatch(
      /found "fast" \(A from the environment\), expected/,
    );
  });

  test('all that is wrong is said at once, and of an unset variable nothing else', () => {
    const lines = messageOf(`${head}load: { rate: \${A}, seed: \${B}, grace: soon }\n${rest}`, {
      environment: { B: 'x' },
    }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('load.rate: found ${A}, which is not set');
  });

  test('defaults within defaults without end are a fault, and no stack overflows', () => {
    const nested = `${'${A:-'.repeat(5000)}x${'}'.repeat(5000)}`;
    expect(messageOf(`target: http://a\nname: ${nested}\nsteps: [get: /]\n`)).toMatch(
      /^x\.yaml:2:1 {2}name: found "\$\{A:-/,
    );
    const chain = Array.from({ length: 2000 }, (_, n) => `V${n}: "\${V${n + 1}}"`).join(', ');
    expect(messageOf(`target: http://a\nvariables: { ${chain}, V2000: x }\nname: \${V0}\nsteps: [get: /]\n`)).toBe(
      'x.yaml:3:1  name: found ${V101}, expected defaults that lead on at most 100 times',
    );
  });

  test('a secret is shown in no message', () => {
    const secret = 'hush-hush';
    const inputs = { environment: { TOKEN: secret } };
    const at = (body: string): string =>
      messageOf(`variables: { TOKEN: { secret: true } }\n${head}${body}${rest}`, inputs);
    for (const body of [
      'probes: { mongo: ${TOKEN} }\n',
      'probes: { health: { url: /, bearer: a ${TOKEN} } }\n',
      'headers: { A: "${TOKEN}\\n" }\n',
      'name: ${TOKEN}\n',
      'load: { rate: ${TOKEN} }\n',
      'objectives: ${TOKEN}\n',
    ]) {
      const message = at(body);
      expect(message).not.toContain(secret);
      expect(message).toMatch(/TOKEN/);
    }
    expect(at('load: { rate: ${TOKEN} }\n')).toMatch(/load\.rate: found the secret TOKEN, expected none here/);
  });

  test('a mistyped name proposes the one that was declared', () => {
    const message = messageOf(`variables: { RATE: 5 }\n${head}load: { rate: \${RAET} }\n${rest}`);
    expect(message).toMatch(/found \$\{RAET\}, which is not set, .* \(did you mean \$\{RATE\}\?\)$/);
  });

  test('a secret that would be read as a template is refused, and not shown', () => {
    const inputs = { environment: { TOKEN: 'a{{hush}}' } };
    const message = messageOf(`${head}headers: { A: "\${TOKEN}" }\n${rest}`, inputs);
    expect(message).toBe(
      'x.yaml:2:12  headers.A: found the secret TOKEN with {{ in it, expected a value without double braces, which would be a template',
    );
  });

  test('.env is read only where it is needed, and named where it cannot be', () => {
    mkdirSync(join(folder, '.env'));
    expect(loadDraft(write(`${head}${rest}`)).origin).toBe('http://localhost:3000');
    expect(messageOf(`name: \${A}\n${head}${rest}`)).toContain('${A}, which is not set');
  });

  test('a default of a secret is not shown where its declaration is at fault', () => {
    const message = messageOf(`variables: { TOKEN: { secret: ye, default: [hush] } }\n${head}${rest}`);
    expect(message).not.toContain('hush');
  });

  test('a name that was set and is not known proposes one', () => {
    const error = errorOf(`variables: { RATE: 5 }\n${head}load: { rate: \${RATE} }\n${rest}`, { set: [['RAET', '5']] });
    expect(error.message).toBe('--set RAET: found a name that the profile does not know, expected one of RATE');
    expect(error.hint).toBe('did you mean --set RATE=…?');
    expect(errorOf(`${head}${rest}`, { set: [['A', '5']] }).message).toContain('the profile has no variables');
  });

  test.each([
    ['variables: [A]', 'variables: found a list, expected a mapping of names to values'],
    ['variables: { "a-b": 1 }', 'variables.a-b: found 1, expected a name of letters, digits and _, such as RATE'],
    [
      'variables: { A: { defalt: 1 } }',
      'found an unknown key, expected one of default, alias, secret, description (did you mean "default"?)',
    ],
    ['variables: { A: [1] }', 'variables.A: found a list, expected a mapping such as { default: 10k'],
    [
      'variables: { A: 1, B: { alias: A } }',
      'variables.B.alias: found "A", expected a name that no other variable has',
    ],
    ['name: ${A', 'name: found "${A", expected a variable such as ${NAME}'],
  ])('%s is refused in words', (line, expected) => {
    expect(messageOf(`${line}\n${head}${rest}`)).toContain(expected);
  });

  test('what YAML itself does not take shows the text as it was written', () => {
    expect(messageOf(`${head}load: { rate: \${A}, [\n`)).not.toMatch(/[\ufdd0-\ufdef]/);
  });
});
