import { describe, expect, it } from 'vitest';
import { inputTokens } from '../../source/ui/input-tokens.ts';

describe('the keys of a chunk', () => {
  it.each([
    ['++p', ['+', '+', 'p']],
    [':rate 1k\r', [':', 'r', 'a', 't', 'e', ' ', '1', 'k', 'return']],
    ['a\nb', ['a', 'return', 'b']],
    ['\u001b[A\u001b[B', ['up', 'down']],
    ['\u001bOA', ['up']],
    ['+\u001b[1;5A-', ['+', '-']],
    ['\u001b[31mq\u001b[0m', ['q']],
    ['\u001b[?1;2c', []],
    ['\u001b[12', []],
    ['\u001b', ['escape']],
    ['\u0003\u001a', ['ctrl+c', 'ctrl+z']],
    ['\u007f\b', ['backspace', 'backspace']],
    ['\u009b31m', ['3', '1', 'm']],
    ['é日👍', ['é', '日', '👍']],
    ['\ud83d', []],
    ['', []],
  ])('%j', (chunk, tokens) => {
    expect(inputTokens(chunk, {})).toEqual(tokens);
  });

  it.each([
    [{ upArrow: true }, ['up']],
    [{ return: true }, ['return']],
    [{ escape: true, meta: true }, ['escape']],
    [{ upArrow: true, eventType: 'release' }, []],
    [{ meta: true }, []],
    [{ super: true }, []],
    [{ ctrl: true }, ['ctrl+q']],
  ] as const)('%j', (key, tokens) => {
    expect(inputTokens('q', key)).toEqual(tokens);
  });

  it('gives nothing for a key with Ctrl that has a longer name', () => {
    expect(inputTokens('pagedown', { ctrl: true })).toEqual([]);
  });
});
