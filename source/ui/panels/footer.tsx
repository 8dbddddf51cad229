// The last line: the keys that work now, the command line or the filter while one is open, a question, or for a moment why
// a key did nothing.

import { followed } from '../../session/availability.ts';
import type { Interlude } from '../../session/state.ts';
import type { Armed } from '../armed-state.ts';
import { offered } from '../completion.ts';
import { lineWidth, spreadLine, tail } from '../format.ts';
import { footerEntries } from '../key-texts.ts';
import { Area, type PanelProps } from '../parts/panel.tsx';
import { dim, firstThatFits, run } from '../parts/runs.ts';
import type { Prompt } from '../prompt.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { useTheme } from '../use-session.ts';
import { type Mode, modeOf, type View } from '../view.ts';
import { interludeWords } from './interlude-words.ts';

export const FooterPanel = ({ rect, state, view }: PanelProps & { readonly view: View }) => {
  const { ascii } = useTheme();
  return <Area rect={rect} lines={[footerLine(state, view, rect.width, ascii)]} />;
};

/** The line itself. */
export const footerLine = (state: Seen, view: View, width: number, ascii: boolean): Line => {
  const mode = modeOf(view, state.live);
  if (mode === 'prompt') {
    const { ghost, hint } = offered(view.prompt, state.live, view);
    const right = hint === '' ? 'Enter runs, Esc leaves, Tab completes ' : `${hint} `;
    return promptLine(':', right, view.prompt, width, ascii, ghost);
  }
  if (mode === 'filter') return promptLine('/', 'Enter keeps it, Esc shows all ', view.prompt, width, ascii);
  // Before anything that is said for a moment: an answer must not go to a question that is not in sight.
  if (mode === 'question') return questionLine(state.live.question?.text ?? '', width, ascii);
  if (view.toast !== undefined) return [run(` ${view.toast.text}`, 'warn')];
  if (mode === 'confirm quit') {
    if (view.armed !== undefined) return [run(' stop the run? y and leave / r and stay / n', 'warn')];
    const all = followed(state.live) ? ' and the phases after it' : '';
    return [run(` stop the run${all}? y / n`, 'warn'), dim('   what is in flight may finish')];
  }
  if (mode === 'armed help') return [dim(' any key goes back to the fields')];
  const said = view.armed === undefined ? undefined : armedFooter(mode, view.armed, view.zoom.focus !== undefined);
  if (said !== undefined && view.look.frozen === undefined) return said;
  if (mode === 'help') return [dim(' ? or Esc back to the run   PgUp PgDn scroll   q quit')];
  const { interlude } = state.live;
  if (interlude !== undefined && view.look.frozen === undefined)
    return interludeFooter(interlude, width, view.readOnly);
  if (mode === 'ended' && view.look.frozen === undefined) {
    const keys = ['f looks back   ', ''].map((back) => [dim(`   q leaves with the summary   ${back}? help`)]);
    const ended = run(' the run has ended');
    return [ended, ...firstThatFits(keys, width - lineWidth([ended]))];
  }
  const entries = footerEntries(state.live, view, width - 1);
  return entries.flatMap(({ text, works }, index) => [
    run(index === 0 ? ' ' : '  '),
    ...(works ? keyRuns(text) : [dim(text)]),
  ]);
};

/** Between two phases: what comes, and what can be done about it. */
const interludeFooter = (interlude: Interlude, width: number, readOnly: boolean): Line => {
  const words: Line = [run(` ${interludeWords(interlude)}`, 'title')];
  if (interlude.leftMs === 0) return [...words, dim('   q ends without it')];
  const keys = readOnly
    ? ['q ends without it   f looks back   ? help', 'q ends without it', 'q ends']
    : [
        'e begins it now   q ends without it   f looks back   ? help',
        'e begins it now   q ends without it',
        'e now   q ends',
      ];
  return [
    ...words,
    ...firstThatFits(
      keys.map((text) => [dim(`   ${text}`)]),
      width - lineWidth(words),
    ),
  ];
};

/** Of a run that is started from fields: while it is prepared, and when it has ended. @param chosen a panel is */
const armedFooter = (mode: Mode, { status }: Armed, chosen: boolean): Line | undefined => {
  // With a panel chosen, Enter zooms it.
  if (mode === 'ended') {
    return [run(' the run has ended'), dim(`   ${chosen ? 'r' : 'Enter or r'}: fields   q leaves   ? help`)];
  }
  if (mode !== 'armed' || status.type === 'open') return undefined;
  return status.type === 'starting'
    ? [run(' starting'), dim('   q leaves without load')]
    : [run(' y sends load there', 'warn'), dim('   any other key does not')];
};

/** The key itself stands out from what it does. */
const keyRuns = (text: string): Line => {
  const at = text.indexOf(' ');
  return [run(text.slice(0, at), 'title'), run(text.slice(at))];
};

/** Of a question that is too long its end goes, not the way to answer it. */
const questionLine = (text: string, width: number, ascii: boolean): Line =>
  spreadLine([run(` ${text}`, 'warn')], [run('y / n ', 'title')], width, ascii);

const promptLine = (sign: string, hint: string, prompt: Prompt, width: number, ascii: boolean, ghost = ''): Line => {
  const right: Line = prompt.error === undefined ? [dim(hint)] : [run(`${prompt.error} `, 'alarm')];
  // At least a third of the line is for what is typed, and the cursor is always in it.
  const room = Math.max(Math.floor(width / 3), width - lineWidth(right) - 3);
  const before = tail(prompt.text.slice(0, prompt.cursor), room - 4);
  const left: Line = [
    run(` ${sign}`, 'focus'),
    run(before),
    run('▏', 'focus'),
    run(prompt.text.slice(prompt.cursor)),
    ...(prompt.error === undefined ? [dim(ghost)] : []),
  ];
  return lineWidth(right) > width - room
    ? joinCut(left, right, width, room, ascii)
    : spreadLine(left, right, width, ascii);
};

const joinCut = (left: Line, right: Line, width: number, room: number, ascii: boolean): Line =>
  spreadLine(left, spreadLine(right, [], Math.max(0, width - room - 1), ascii), width, ascii);
