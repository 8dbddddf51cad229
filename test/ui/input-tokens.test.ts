import { describe, expect, it } from 'vitest';
import { inputTokens } from '../../source/ui/input-tokens.ts';

describe('the keys of a chunk', () => {
  it.each([
    ['++p', ['+', '+', 'p']],
    [':rate 1k\r', [':', 'r', 'a', 't', 'e', ' ', '1', 'k', 'return']],
    ['a\nb', ['a', 'return', 'b']],
    ['\u001b[A\u001b[B', ['up', 'down']],
    ['\u001bOA', ['up']],
    ['\t\u001b[Z', ['tab', 'shift+tab']],
    ['\u001b[5~\u001b[6~', ['pageup', 'pagedown']],
    ['\u001b[H\u001b[F\u001b[1~\u001b[4~', ['home', 'end', 'home', 'end']],
    ['\u001b[3~', ['delete']],
    ['\u001b[15~\u001b[6;5~', []],
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
    [{ tab: true }, ['tab']],
    [{ tab: true, shift: true }, ['shift+tab']],
    [{ pageUp: true }, ['pageup']],
    [{ pageDown: true }, ['pagedown']],
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
