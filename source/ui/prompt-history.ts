// The command lines that were run, for ↑ and ↓ in the command line. Pure; kept for the life of the screen.

import { emptyPrompt, insert, type Prompt } from './prompt.ts';

export interface PromptHistory {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** Which line stands in the prompt; undefined for one that was not called back. */
  readonly at: number | undefined;
  /** What had been typed before a line was called back. */
  readonly draft: string;
}

export const noHistory: PromptHistory = { lines: [], at: undefined, draft: '' };

const mostLines = 100;

/** With a line that was run; one that is already the newest is not taken twice. */
export const remembered = ({ lines }: PromptHistory, line: string): PromptHistory => {
  const text = line.trim();
  const all = text === '' || lines.at(-1) === text ? lines : [...lines, text].slice(-mostLines);
  return { lines: all, at: undefined, draft: '' };
};

/** As at the beginning of a new line. */
export const rewound = ({ lines }: PromptHistory): PromptHistory => ({ lines, at: undefined, draft: '' });

/** The line before (`by` -1) or after (1); behind the newest stands what had been typed. Ends stay. */
export const recalled = (
  history: PromptHistory,
  prompt: Prompt,
  by: 1 | -1,
): { readonly history: PromptHistory; readonly prompt: Prompt } => {
  const { lines, at = lines.length } = history;
  const draft = at === lines.length ? prompt.text : history.draft;
  const next = Math.min(lines.length, Math.max(0, at + by));
  if (next === at) return { history, prompt };
  const text = next === lines.length ? draft : lines[next]!;
  return {
    history: { lines, at: next === lines.length ? undefined : next, draft },
    prompt: insert(emptyPrompt, text),
  };
};
