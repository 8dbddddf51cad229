import { describe, expect, it } from 'vitest';
import { edit, emptyPrompt, insert, type Prompt, pasteable } from '../../source/ui/prompt.ts';

/** A prompt with its cursor where the bar stands. */
const at = (text: string): Prompt => ({ text: text.replace('|', ''), cursor: text.indexOf('|'), error: 'old' });
const shown = (prompt: Prompt | undefined): string | undefined =>
  prompt && `${prompt.text.slice(0, prompt.cursor)}|${prompt.text.slice(prompt.cursor)}`;

describe('the prompt', () => {
  it.each([
    ['rate 5|0', 'left', 'rate |50'],
    ['|50', 'left', '|50'],
    ['5|0', 'right', '50|'],
    ['50|', 'right', '50|'],
    ['rate 50|', 'home', '|rate 50'],
    ['|rate 50', 'ctrl+e', 'rate 50|'],
    ['rate 50|', 'backspace', 'rate 5|'],
    ['|50', 'backspace', '|50'],
    ['|50', 'delete', '|0'],
    ['50|', 'delete', '50|'],
    ['rate 5|0', 'ctrl+u', '|0'],
    ['rate 5|0', 'ctrl+k', 'rate 5|'],
    ['mark deploy seven |', 'ctrl+w', 'mark deploy |'],
    ['mark 👍|', 'backspace', 'mark |'],
    ['mark 👍|', 'left', 'mark |👍'],
    ['mark |👍', 'delete', 'mark |'],
  ])('%s, %s: %s', (before, token, after) => {
    expect(shown(edit(at(before), token))).toBe(after);
  });

  it('edits with nothing else', () => {
    for (const token of ['a', 'up', 'tab', 'return', 'escape', 'ctrl+c']) expect(edit(at('x|'), token)).toBeUndefined();
  });

  it('takes text at the cursor and forgets the error', () => {
    const after = insert(at('rate |00'), '5');
    expect(shown(after)).toBe('rate 5|00');
    expect(after.error).toBeUndefined();
  });

  it('takes no more than a line of it, and never half a character', () => {
    expect(insert(emptyPrompt, 'x'.repeat(500)).text).toHaveLength(120);
    expect(insert(insert(emptyPrompt, 'x'.repeat(119)), '👍').text.isWellFormed()).toBe(true);
  });

  it('takes the first line of what is pasted, without control characters', () => {
    expect(pasteable('rate 500\nabort\n')).toBe('rate 500');
    expect(pasteable('\u001b[31mmark\u0007 a')).toBe('[31mmark a');
    expect(pasteable('\r\nabort')).toBe('');
    expect(pasteable('y'.repeat(100_000)).length).toBeLessThanOrEqual(120);
  });
});
