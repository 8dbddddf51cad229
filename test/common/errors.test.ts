// What is printed of anything that was thrown.

import { describe, expect, it } from 'vitest';
import { errorCode, errorMessage, UserError } from '../../source/common/errors.ts';

describe('an error', () => {
  it.each([
    [new Error('no such\n  file'), 'no such file'],
    [new TypeError(''), 'TypeError'],
    ['just text', 'just text'],
    [undefined, 'undefined'],
    [42, '42'],
  ])('%o is told in one line', (thrown, text) => {
    expect(errorMessage(thrown)).toBe(text);
  });

  it.each([
    [Object.assign(new Error('x'), { code: 'ENOENT' }), 'ENOENT'],
    [{ code: 'UND_ERR_SOCKET' }, 'UND_ERR_SOCKET'],
    [Object.assign(new Error('x'), { code: 5 }), undefined],
    [new Error('x'), undefined],
    [null, undefined],
    ['ENOENT', undefined],
  ])('%o has its system code, where it has one', (thrown, code) => {
    expect(errorCode(thrown)).toBe(code);
  });
});

describe('a fault of the user', () => {
  it('ends with 2 unless it says otherwise, and keeps hint and cause', () => {
    const cause = new Error('inner');
    expect(new UserError('wrong')).toMatchObject({ message: 'wrong', hint: undefined, exitCode: 2 });
    expect(new UserError('gone', { hint: 'look', exitCode: 1, cause })).toMatchObject({
      hint: 'look',
      exitCode: 1,
      cause,
    });
  });
});
