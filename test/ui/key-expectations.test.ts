// A key that nobody presses in a test may do anything.
import { describe, expect, it } from 'vitest';
import { keymap } from '../../source/ui/keymap.ts';
import { expectationName, keyExpectations } from '../helpers/key-expectations.ts';

describe('the keys that are pressed in the acceptance tests', () => {
  const names = keymap.map(expectationName);

  it('are those of the table: each has a row in test/helpers/key-expectations.ts', () => {
    expect(names.filter((name) => !Object.hasOwn(keyExpectations, name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has no row for a key that there is not', () => {
    expect(Object.keys(keyExpectations).filter((name) => !names.includes(name))).toEqual([]);
  });
});
