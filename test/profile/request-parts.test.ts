// What a request is made of beside path, headers and a body of text: query, login, form, parts, files. From the words of a
// profile to what the engine gets.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { encodeForm, encodeQuery } from '../../source/common/url-encoding.ts';
import { type CompiledStep, compile } from '../../source/profile/compile.ts';
import { noTemplateData, type TemplateData } from '../../source/profile/data.ts';
import { loadProfile } from '../../source/profile/load-profile.ts';
import { mediaTypeOf } from '../../source/profile/media-type.ts';
import { boundaryOutside } from '../../source/profile/multipart.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadtop-parts-'));
  writeFileSync(join(folder, 'people.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'empty.csv'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (text: string): string => {
  const file = join(folder, 'x.yaml');
  writeFileSync(file, `target: http://localhost:3000\n${text}`);
  return file;
};

/** The first step of a profile as the engine gets it, and the name of its series. */
const stepOf = (text: string): CompiledStep & { readonly name: string } => {
  const run = compile(loadProfile(fileOf(text)), { userAgent: 'test' });
  return { ...run.scenarios[0]!.steps[0]!, name: run.series[0]! };
};

const faultOf = (text: string): string => {
  try {
    loadProfile(fileOf(text));
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  throw new Error('the profile was accepted');
};

const headerOf = ({ headers }: CompiledStep, name: string): readonly unknown[] =>
  headers.filter((_, index) => index % 2 === 1 && String(headers[index - 1]).toLowerCase() === name);

const textOf = ({ body }: CompiledStep): string =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);

describe('a query', () => {
  test('is put behind the path, encoded, and is no part of the name', () => {
    const step = stepOf('steps: [{ get: /find, query: { q: "a b&c=ü", n: 5, tag: [x, true] } }]');
    expect(step.path).toBe('/find?q=a%20b%26c%3D%C3%BC&n=5&tag=x&tag=true');
    expect(step.name).toBe('GET /find');
  });

  test('goes on where the path has one already', () => {
    expect(stepOf('steps: [{ get: "/find?a=1", query: { b: 2 } }]').path).toBe('/find?a=1&b=2');
  });

  test('has templates, whose choices are encoded', () => {
    const step = stepOf(`steps: [{ get: "/{{arrival}}", query: { q: 'x {{pick "a b" c}}/', n: "{{arrival}}" } }]`);
    expect(step.path).toMatchObject([
      '/',
      { type: 'arrival' },
      '?q=x%20',
      { type: 'pick', choices: ['a%20b', 'c'] },
      '%2F&n=',
      { type: 'arrival' },
    ]);
    expect(step.templated).toBe(true);
  });

  test('escapes choices in turn, by weight, and what stands between words, once', () => {
    const lists = new Map([
      ['word.sample', ['a b', 'ü']],
      ['person.firstName', ['José']],
    ]);
    const text = `steps: [{ get: /, query: { q: '{{cycle "a b" c}}{{weighted "d e:1" f:2}}{{words 2}}{{email}}' } }]`;
    const profile = loadProfile(fileOf(text));
    const run = compile(profile, { userAgent: 'test', data: { ...noTemplateData.data, lists } });
    expect(run.scenarios[0]!.steps[0]!.path).toMatchObject([
      '/?q=',
      { type: 'cycle', choices: ['a%20b', 'c'] },
      { type: 'weighted', choices: ['d%20e', 'f'] },
      { type: 'words', choices: ['a%20b', '%C3%BC'], between: '%20' },
      { type: 'email', choices: ['jos'], domain: '%40example.com' },
    ]);
  });

  test('of any value comes back as it was, and so does a form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const wanted = value.toWellFormed();
        expect(new URL(`http://x/?v=${encodeQuery(value)}`).searchParams.get('v')).toBe(wanted);
        expect(new URLSearchParams(`v=${encodeForm(value)}`).get('v')).toBe(wanted);
        expect(new URLSearchParams([['v', value]]).toString()).toBe(`v=${encodeForm(value)}`);
      }),
    );
  });
});

describe('a login', () => {
  test('of all steps gives way to that of a step, whichever way it is written', () => {
    const both = 'auth: { bearer: abc }\n';
    expect(headerOf(stepOf(`${both}steps: [{ get: / }]`), 'authorization')).toEqual(['Bearer abc']);
    expect(headerOf(stepOf(`${both}steps: [{ get: /, auth: { basic: "me:se:cret" } }]`), 'authorization')).toEqual([
      `Basic ${btoa('me:se:cret')}`,
    ]);
    expect(headerOf(stepOf(`${both}steps: [{ get: /, headers: { authorization: plain } }]`), 'authorization')).toEqual([
      'plain',
    ]);
  });

  test('may be a template in a token', () => {
    expect(headerOf(stepOf('steps: [{ get: /, auth: { bearer: "x{{arrival}}" } }]'), 'authorization')).toEqual([
      ['Bearer x', { type: 'arrival' }],
    ]);
  });

  test.each([
    ['auth: { bearer: a b }', 'x.yaml:2:9  auth.bearer: found "***", expected a token in one word'],
    ['auth: { basic: me }', 'x.yaml:2:9  auth.basic: found "***", expected a user and a password such as me:secret'],
    ['auth: { basic: "{{uuid}}:x" }', /found "\*\*\*", expected a user and a password without templates$/],
    ['auth: { basic: "a:b", bearer: c }', /auth: found a mapping, expected one of bearer and basic$/],
    ['auth: { bearer: c }\nheaders: { Authorization: d }', /expected either auth or an Authorization header$/],
  ])('%s is refused without showing it', (text, expected) => {
    const fault = faultOf(`${text}\nsteps: [{ get: / }]`);
    if (typeof expected === 'string') expect(fault).toBe(expected);
    else expect(fault).toMatch(expected);
  });
});

describe('a form', () => {
  test('is encoded and says what it is, whatever is common to all steps', () => {
    const common = 'headers: { Content-Type: application/json }\n';
    const step = stepOf(`${common}steps: [{ post: /, form: { "e mail": "a+b@c d", n: 1, k: [x, "ü"] } }]`);
    expect(textOf(step)).toBe('e+mail=a%2Bb%40c+d&n=1&k=x&k=%C3%BC');
    expect(headerOf(step, 'content-type')).toEqual(['application/x-www-form-urlencoded']);
  });

  test('has templates, whose choices are encoded', () => {
    expect(stepOf(`steps: [{ post: /, form: { a: '{{pick "x y" "é"}}!', b: "{{arrival}}" } }]`).body).toMatchObject([
      'a=',
      { choices: ['x+y', '%C3%A9'] },
      '%21&b=',
      { type: 'arrival' },
    ]);
  });
});

describe('compression', () => {
  test('asks for what can be undone, unless the step asks itself', () => {
    expect(headerOf(stepOf('steps: [{ get: /, compression: true }]'), 'accept-encoding')).toEqual([
      'gzip, deflate, br',
    ]);
    expect(headerOf(stepOf('steps: [{ get: / }]'), 'accept-encoding')).toEqual([]);
    const own = 'steps: [{ get: /, compression: true, headers: { Accept-Encoding: zstd } }]';
    expect(headerOf(stepOf(own), 'accept-encoding')).toEqual(['zstd']);
  });
});

describe('redirects', () => {
  test('are followed as often as the step says', () => {
    expect(stepOf('steps: [{ get: /, redirects: 5 }]').redirects).toBe(5);
    expect(stepOf('steps: [{ get: /, redirects: 0 }]').redirects).toBeUndefined();
    expect(faultOf('steps: [{ get: /, redirects: 21 }]')).toMatch(/found 21, expected a number from 0 to 20$/);
  });
});

describe('a file under data', () => {
  const data = 'data: { people: { csv: people.csv }, made: { generate: { rows: 3 } }, all: { items: [1] } }\n';
  const dataOf = (found: Readonly<Record<string, string>>): TemplateData => ({
    ...noTemplateData.data,
    fileOf: (name) => (found[name] === undefined ? undefined : { path: found[name], size: 7 }),
  });
  const compiled = (steps: string, found: Readonly<Record<string, string>>): CompiledStep => {
    const profile = loadProfile(fileOf(`${data}steps:\n  - post: /\n    ${steps}\n`));
    return compile(profile, { userAgent: 'test', data: dataOf(found) }).scenarios[0]!.steps[0]!;
  };

  test.each(['made', '"{{made}}"', '"{{ made }}"'])('is named as %s, before it is taken for a path', (name) => {
    const step = compiled(`file: ${name}`, { made: '/cache/rows.csv' });
    expect(step.upload?.pieces).toEqual([{ path: '/cache/rows.csv', size: 7 }]);
    expect(headerOf(step, 'content-type')).toEqual(['text/csv']);
  });

  test('is a part with its own name, or that of the entry where it is made', () => {
    const found = { made: '/cache/rows.csv', people: '/p/people.csv' };
    const step = compiled('multipart: [{ name: a, file: made }, { name: b, file: "{{people}}" }]', found);
    expect(JSON.stringify(step.upload?.pieces)).toContain('filename=\\"made.csv\\"');
    expect(JSON.stringify(step.upload?.pieces)).toContain('filename=\\"people.csv\\"');
  });

  test.each([
    ['"{{peopel}}"', 'expected {{people}} or {{made}} (did you mean {{people}}?)'],
    ['"{{all}}"', 'expected {{people}} or {{made}}'],
    ['all', 'found "all" (no such file), expected a readable file, its path relative to the profile'],
  ])('is not %s', (name, expected) => {
    expect(faultOf(`${data}steps:\n  - post: /\n    file: ${name}\n`)).toContain(expected);
  });

  test('that is nowhere is said with its step', () => {
    expect(() => compiled('file: made', {})).toThrow('file of "POST /": found made, expected the name of a file');
  });
});

describe('multipart', () => {
  const parts = `steps:
  - post: /
    multipart:
      - { name: 'a "b"', value: grün }
      - { name: json, json: { id: "{{arrival}}" } }
      - { name: note, value: 5, type: text/plain }
`;

  test('without a file is a body like another', () => {
    const step = stepOf(parts);
    const [type] = headerOf(step, 'content-type');
    const [, boundary] = /^multipart\/form-data; boundary=(loadtop-[0-9a-f]{24})$/.exec(String(type))!;
    expect(step.upload).toBeUndefined();
    expect(step.body).toEqual([
      `--${boundary}\r\nContent-Disposition: form-data; name="a %22b%22"\r\n\r\ngr\u00c3\u00bcn\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="json"\r\nContent-Type: application/json\r\n\r\n{"id":`,
      { type: 'arrival' },
      `}\r\n--${boundary}\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain\r\n\r\n5\r\n--${boundary}--\r\n`,
    ]);
    expect(stepOf(parts)).toEqual(step);
  });

  test('with files is pieces, each with its type and name', () => {
    const step = stepOf(`headers: { content-type: text/plain }
steps:
  - post: /
    multipart:
      - { name: file, file: people.csv, filename: '4"{{arrival}}.csv' }
      - { name: other, file: ./people.csv, type: a/b }
`);
    const file = { path: join(folder, 'people.csv'), size: 8 };
    expect(step.body).toBeUndefined();
    expect(step.upload?.sendRate).toBe(0);
    const pieces = step.upload!.pieces;
    expect(pieces).toHaveLength(5);
    expect(pieces[1]).toEqual(file);
    expect(pieces[3]).toEqual(file);
    expect(JSON.stringify(pieces[0])).toContain('filename=\\"4%22');
    expect(JSON.stringify(pieces[0])).toContain('\\r\\nContent-Type: text/csv\\r\\n\\r\\n');
    expect(JSON.stringify(pieces[2])).toContain('filename=\\"people.csv\\"\\r\\nContent-Type: a/b');
    expect(headerOf(step, 'content-type')).toHaveLength(1);
    expect(headerOf(step, 'content-type')[0]).toMatch(/^multipart/);
  });

  test('has a boundary that is in none of its texts', () => {
    const first = boundaryOutside([]);
    const second = boundaryOutside([`x${first}y`]);
    expect(second).not.toBe(first);
    expect(boundaryOutside([{ type: 'pick', choices: ['a', second, first], stream: 1 }])).not.toMatch(
      new RegExp(`${first}|${second}`),
    );
  });

  test.each([
    ['multipart: []', /steps\[0\]\.multipart: found an empty list, expected at least one part$/],
    ['multipart: [{ value: a }]', /multipart\[0\]\.name: found nothing, expected the name of the part$/],
    ['multipart: [{ name: a }]', /multipart\[0\]: found a mapping, expected one of value, json and file in each part$/],
    ['multipart: [{ name: a, value: b, filename: c }]', /filename: found "c", expected a filename only beside file$/],
    ['multipart: [{ name: a, file: people.csv, type: csv }]', /expected a media type such as text\/csv$/],
    ['multipart: [{ name: a, value: b }]\n    headers: { Content-Type: x/y }', /it is written with the boundary$/],
    ['multipart: [{ name: a, file: gone.csv }]', /multipart\[0\]\.file: found "gone\.csv" \(no such file\)/],
    ['file: empty.csv', /steps\[0\]\.file: found "empty\.csv" \(an empty file\), expected a readable file/],
    ['file: .', /found "\." \(a folder, not a file\)/],
    ['file: people.csv\n    form: { a: b }', /expected one of json, body, bodyFile, form, multipart, file and items$/],
  ])('%s is refused', (text, expected) => {
    expect(faultOf(`steps:\n  - post: /\n    ${text}\n`)).toMatch(expected);
  });
});

describe('a file', () => {
  test('is named with its size, and its type is that of its ending unless it is said', () => {
    const step = stepOf('steps: [{ put: /, file: people.csv }]');
    expect(step.upload).toEqual({ pieces: [{ path: join(folder, 'people.csv'), size: 8 }], sendRate: 0 });
    expect(headerOf(step, 'content-type')).toEqual(['text/csv']);
    const said = 'headers: { content-type: x/y }\nsteps: [{ put: /, file: people.csv }]';
    expect(headerOf(stepOf(said), 'content-type')).toEqual(['x/y']);
  });

  test('gives its series a metric of its own', () => {
    const text = 'steps: [{ get: / }, { put: /a, file: people.csv }, { put: /b, file: people.csv }]';
    const run = compile(loadProfile(fileOf(text)), { userAgent: 'test' });
    expect(run.metrics).toEqual(
      [1, 2].map((series) => ({ name: 'send rate', kind: 'trend', unit: 'bytes/s', source: 'upload', series })),
    );
    expect(run.scenarios[0]!.steps.map(({ upload }) => upload?.sendRate)).toEqual([undefined, 0, 1]);
  });

  test.each([
    ['a.CSV', 'text/csv'],
    ['a.tar.gz', 'application/gzip'],
    ['a', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
  ])('%s is %s', (name, type) => expect(mediaTypeOf(name)).toBe(type));
});
