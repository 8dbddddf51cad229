// Paths into JSON: what they may look like, and what they lead to.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonPath, valueAt, valuesAt } from '../../source/common/json-path.ts';

const shop = {
  id: 's1',
  none: null,
  'odd key': { 'a.b': 1, "it's": 2, 'say "x"': 3 },
  items: [{ id: 7, tags: [] }, { id: 8, tags: ['a', 'b'] }, { name: 'last' }],
};

describe('a JSON path', () => {
  it.each<[string, unknown]>([
    ['$', shop],
    ['$.id', 's1'],
    ['$.none', null],
    ['$.items[0].id', 7],
    ['$.items[-1].name', 'last'],
    ['$.items[ 1 ].tags[1]', 'b'],
    ['$["odd key"]["a.b"]', 1],
    ["$['odd key']['it\\'s']", 2],
    [`$['odd key']['say "x"']`, 3],
    ['$["odd key"]["say \\"x\\""]', 3],
    ['$.items[*].tags[0]', 'a'],
    ['$.*[0].id', 7],
  ])('%s leads to its first value', (path, value) => {
    expect(valueAt(shop, readJsonPath(path))).toEqual(value);
  });

  it.each([
    '$.ID',
    '$.items[3]',
    '$.items[-4]',
    '$.items.id',
    '$.id[0]',
    '$.id.length',
    '$.none.x',
    '$.toString',
    '$.items.length',
    '$.__proto__',
    '$.items[*].missing',
  ])('%s leads nowhere', (path) => {
    expect(valueAt(shop, readJsonPath(path))).toBeUndefined();
    expect(valuesAt(shop, readJsonPath(path))).toEqual([]);
  });

  it('leads to all values in their order', () => {
    expect(valuesAt(shop, readJsonPath('$.items[*].id'))).toEqual([7, 8]);
    expect(valuesAt(shop, readJsonPath('$.items[*].tags[*]'))).toEqual(['a', 'b']);
  });

  it.each(['', 'id', '.id', '$id', '$.', '$..id', '$.a b', '$[', '$[x]', '$["x]', '$.items[0', '$.items[1.5]', '$.a]'])(
    '%j is none',
    (text) => {
      expect(() => readJsonPath(text)).toThrow('a JSON path such as $.items[0].id');
    },
  );

  it('reaches any key in quotes, and any place in a list', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (key, value) => {
        const path = readJsonPath(`$[${JSON.stringify(key)}][2]`);
        const data = Object.fromEntries([[key, [0, 1, value]]]);
        expect(valueAt(data, path)).toEqual(value);
      }),
    );
  });

  it('finds the first of all', () => {
    const paths = ['$[*]', '$[*][0]', '$.a[*]', '$[*].a', '$.*.*', '$[1][*]'].map(readJsonPath);
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...paths), (value, path) => {
        expect(valueAt(value, path)).toEqual(valuesAt(value, path)[0]);
      }),
    );
  });
});
