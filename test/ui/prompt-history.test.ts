import { describe, expect, it } from 'vitest';
import { emptyPrompt, insert } from '../../source/ui/prompt.ts';
import { noHistory, type PromptHistory, recalled, remembered, rewound } from '../../source/ui/prompt-history.ts';

const of = (...lines: string[]): PromptHistory => lines.reduce(remembered, noHistory);
/** What stands in the prompt after each key. */
const walk = (history: PromptHistory, typed: string, keys: readonly (1 | -1)[]): string[] => {
  let now = { history, prompt: insert(emptyPrompt, typed) };
  return keys.map((by) => {
    now = recalled(now.history, now.prompt, by);
    return now.prompt.text;
  });
};

describe('the history of the command line', () => {
  it('goes back to the oldest and forth to what had been typed', () => {
    const keys = [-1, -1, -1, -1, 1, 1, 1, 1] as const;
    expect(walk(of('rate 1k', 'pause', 'resume'), 'ra', keys)).toEqual([
      ...['resume', 'pause', 'rate 1k', 'rate 1k', 'pause', 'resume', 'ra', 'ra'],
    ]);
    expect(walk(noHistory, 'ra', [-1, 1])).toEqual(['ra', 'ra']);
  });

  it('takes a line once where it is repeated, nothing empty, and no more than a hundred', () => {
    expect(of('500', '500', ' ', ' 500 ', '600').lines).toEqual(['500', '600']);
    const many = of(...Array.from({ length: 130 }, (_, line) => `rate ${line}`));
    expect([many.lines.length, many.lines[0], many.lines.at(-1)]).toEqual([100, 'rate 30', 'rate 129']);
  });

  it('begins anew with each line', () => {
    const back = recalled(of('a', 'b'), emptyPrompt, -1).history;
    expect(back.at).toBe(1);
    expect(rewound(back)).toEqual({ lines: ['a', 'b'], at: undefined, draft: '' });
    expect(walk(rewound(back), '', [-1])).toEqual(['b']);
  });
});
