// What the run's answer to a key or a typed line makes of the view: a refusal is read where it was asked, whatever panel is in
// sight. Pure.

import type { Reply } from '../session/commands.ts';
import { emptyPrompt, insert } from './prompt.ts';
import { rewound } from './prompt-history.ts';
import type { Asked, View } from './view.ts';
import { say } from './walk.ts';

/** The view after the answer to `asked`. @param at monotonic time in ms, for what expires */
export const told = (view: View, { command, line }: Asked, { type, text }: Reply, at: number): View => {
  // What comes of everything else is seen; that a file is written is not.
  if (type === 'done' && command.type === 'report/write') return say(view, text, at);
  if (type !== 'refused') return view;
  // Whoever types the next line already must not lose it.
  if (line === undefined || view.mode !== 'dashboard') return say(view, text, at);
  const prompt = { ...insert(emptyPrompt, line), error: text };
  return { ...view, mode: 'prompt', prompt, history: rewound(view.history), toast: undefined };
};
