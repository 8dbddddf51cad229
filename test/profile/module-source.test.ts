import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { loadAny, type ProfileInputs } from '../../source/profile/load-profile.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-module-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: string, name: string): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

let count = 0;
const errorOf = async (content: string, inputs: ProfileInputs = {}, ending = 'mjs'): Promise<UserError> => {
  count += 1;
  const file = write(content, `p${count}.${ending}`);
  try {
    await loadAny(file, inputs);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('the profile was accepted');
};
const messageOf = async (content: string, inputs: ProfileInputs = {}, ending = 'mjs'): Promise<string> =>
  (await errorOf(content, inputs, ending)).message.replaceAll(/\S*\/p\d+\./g, 'p.');

describe('a profile in TypeScript', () => {
  const file = new URL('../fixtures/profiles/valid/typed.ts', import.meta.url).pathname;

  test('is the same as one in YAML, variables and all', async () => {
    const { draft } = await loadAny(file, { environment: { TOKEN: 'hush' }, set: [['SHARE', '7']] });
    expect(draft).toMatchObject({
      name: 'typed',
      origin: 'http://localhost:3000',
      load: {
        model: 'open',
        stages: [
          { lengthMs: 30_000, rate: 500 },
          { lengthMs: 120_000, rate: 1000 },
          { lengthMs: 10_000, rate: 0 },
        ],
      },
      arrivals: 'poisson',
      warmupMs: 5000,
      secrets: ['hush'],
    });
    expect(draft.scenarios.map(({ name, weight, steps }) => [name, weight, steps.length])).toEqual([
      ['look', 2, 2],
      ['send', 1, 1],
    ]);
    expect(draft.scenarios[1]?.steps[0]).toMatchObject({ body: '{"id":{{arrival}},"n":7}', expectStatus: [202] });
  });

  test('is read anew each time', async () => {
    const other = write("export default { target: 'http://localhost:1', steps: [{ get: '/' }] }", 'again.mjs');
    expect((await loadAny(other)).draft.origin).toBe('http://localhost:1');
    write("export default { target: 'http://localhost:2', steps: [{ get: '/' }] }", 'again.mjs');
    expect((await loadAny(other)).draft.origin).toBe('http://localhost:2');
  });

  test('may be named by a relative path, and have values that are undefined', async () => {
    const name = 'test/fixtures/profiles/valid/typed.ts';
    expect((await loadAny(name)).draft.name).toBe('typed');
    const bare = write(
      "export default { name: undefined, target: 'http://localhost', steps: [{ get: '/' }], load: undefined }",
      'bare.mjs',
    );
    expect((await loadAny(bare)).draft.name).toBe('bare');
  });
});

describe('what is wrong with a module', () => {
  test('faults name file and key path, what was found and what was expected', async () => {
    const text = "export default { target: 'http://localhost', load: { rate: 'fast', rat: 1 }, steps: [{ get: 'x' }] }";
    expect((await messageOf(text)).split('\n')).toEqual([
      'p.mjs  load.rate: found "fast", expected a rate such as 500, 2.5k, 50/s or 3000/m, or \'max\' for full speed',
      expect.stringMatching(
        /^p\.mjs {2}load\.rat: found an unknown key, expected one of rate, .* \(did you mean "rate"\?\)$/,
      ),
      'p.mjs  steps[0].get: found "x", expected a path that starts with / (the origin is the target, a fragment is never sent)',
    ]);
  });

  test.each<[string, string | RegExp]>([
    ['export const profile = {}', /found no default export, expected a profile$/],
    ['export default undefined', /found no default export/],
    ['export default () => ({})', /the file: found a function, expected a mapping with a target and steps$/],
    ['export default []', /the file: found an empty list, expected a mapping/],
    ['export default 5', /the file: found 5, expected a mapping/],
    ['export default { target: ', /could not be loaded: /],
    ["throw new Error('no\\nway'); export default {}", /could not be loaded: .*no way$/],
    ["import './gone.mjs'; export default {}", /could not be loaded: .*gone\.mjs/],
    [
      "const s = { get: '/' }; s.name = s; export default { target: 'http://localhost', steps: [s] }",
      'p.mjs  steps[0].name: found a value that contains itself, expected one that ends',
    ],
    [
      "export default { target: 'http://localhost', steps: [{ get: '/', body: new Date(0) }] }",
      /steps\[0\]\.body: found an object, expected text/,
    ],
    [
      "export default { target: 'http://localhost', probes: { headers: { A: () => 1 } }, steps: [{ get: '/' }] }",
      /probes\.headers\.A: found a function, expected a header value: text/,
    ],
    ...[
      ["expect: { json: { '$.ok': () => true } }", 'expect.json.$.ok'],
      ['expect: { header: { a: { equals: [() => 1] } } }', 'expect.header.a.equals[0]'],
      ["capture: { a: { json: '$.a', default: () => 1 } }", 'capture.a.default'],
    ].map(([keys, place]): [string, string] => [
      `export default { target: 'http://localhost', steps: [{ get: '/', ${keys} }] }`,
      `p.mjs  steps[0].${place}: found a function, expected a value that JSON has; check may be a function`,
    ]),
    [
      "export default { target: 'http://localhost', load: { rate: '${RATE}' }, steps: [{ get: '/' }] }",
      /^p\.mjs {2}load\.rate: found \$\{RATE\}, which is not set/,
    ],
  ])('%#: %s', async (content, expected) => {
    const message = await messageOf(content);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
    expect(message).not.toMatch(/\n\s+at |node:internal/);
  });

  test('a missing module proposes one with a similar name', async () => {
    write('export default {}', 'orders.ts');
    const error = await loadAny(join(folder, 'ordres.ts')).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ message: expect.stringMatching(/ordres\.ts: no such file, expected a profile$/) });
    expect(error).toMatchObject({ hint: `did you mean ${join(folder, 'orders.ts')}?` });
  });
});
