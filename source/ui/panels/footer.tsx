// The last line: the keys that work now, the command line or the filter while one is open, the question before quitting, or for a moment
// why a key did nothing.

import { displayWidth, lineWidth, spreadLine } from '../format.ts';
import { footerEntries } from '../key-texts.ts';
import { Area, type PanelProps } from '../parts/panel.tsx';
import { dim, run } from '../parts/runs.ts';
import type { Prompt } from '../prompt.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { modeOf, type View } from '../view-state.ts';

export const FooterPanel = ({ rect, state, view }: PanelProps & { readonly view: View }) => {
  const { ascii } = useTheme();
  const mode = modeOf(view, state);
  const line = (): Line => {
    if (mode === 'prompt') return promptLine(':', 'Enter runs, Esc leaves ', view.prompt, rect.width, ascii);
    if (mode === 'filter') return promptLine('/', 'Enter keeps it, Esc shows all ', view.prompt, rect.width, ascii);
    if (view.toast !== undefined) return [run(` ${view.toast.text}`, 'warn')];
    if (mode === 'confirm quit') {
      return [run(' stop the run? y / n', 'warn'), dim('   what is in flight may finish')];
    }
    if (mode === 'help') return [dim(' ? or Esc back to the run   q quit')];
    if (mode === 'ended') return [run(' the run has ended'), dim('   q leaves with the summary   ? help')];
    const entries = footerEntries(state, view, rect.width - 1);
    return entries.flatMap(({ text, works }, index) => [
      run(index === 0 ? ' ' : '  '),
      ...(works ? keyRuns(text) : [dim(text)]),
    ]);
  };
  return <Area rect={rect} lines={[line()]} />;
};

/** The key itself stands out from what it does. */
const keyRuns = (text: string): Line => {
  const at = text.indexOf(' ');
  return [run(text.slice(0, at), 'title'), run(text.slice(at))];
};

const promptLine = (sign: string, hint: string, prompt: Prompt, width: number, ascii: boolean): Line => {
  const right: Line = prompt.error === undefined ? [dim(hint)] : [run(`${prompt.error} `, 'alarm')];
  // At least a third of the line is for what is typed, and the cursor is always in it.
  const room = Math.max(Math.floor(width / 3), width - lineWidth(right) - 3);
  const before = tail(prompt.text.slice(0, prompt.cursor), room - 4);
  const left: Line = [run(` ${sign}`, 'focus'), run(before), run('▏', 'focus'), run(prompt.text.slice(prompt.cursor))];
  return lineWidth(right) > width - room
    ? joinCut(left, right, width, room, ascii)
    : spreadLine(left, right, width, ascii);
};

const joinCut = (left: Line, right: Line, width: number, room: number, ascii: boolean): Line =>
  spreadLine(left, spreadLine(right, [], Math.max(0, width - room - 1), ascii), width, ascii);

/** The end of a text in at most `cells` cells. */
const tail = (text: string, cells: number): string => {
  const characters = [...text];
  while (displayWidth(characters.join('')) > cells) characters.shift();
  return characters.join('');
};
