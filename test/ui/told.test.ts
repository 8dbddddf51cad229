import { describe, expect, it } from 'vitest';
import { told } from '../../source/ui/told.ts';
import { firstView } from '../../source/ui/view.ts';
import { handleInput } from '../../source/ui/view-state.ts';
import { toastMs } from '../../source/ui/walk.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState } from '../helpers/run-state.ts';

const running = fixtureState();
const refused = { type: 'refused', text: 'the load is not paused' } as const;
const typed = handleInput(firstView, ':resume\r', {}, running, 1000, { columns: 80, rows: 24 });
const [asked] = typed.commands;

describe('a line that the run refuses', () => {
  it('stands there again with the reason, and can be corrected', () => {
    const view = told(typed.view, asked!, refused, 1000);
    expect(view).toMatchObject({ mode: 'prompt', prompt: { text: 'resume', cursor: 6, error: refused.text } });
    const next = handleInput(view, '\b\b\b\b\b\bpause\r', {}, running, 1000, { columns: 80, rows: 24 });
    expect(next.commands).toMatchObject([{ command: { type: 'run/pause' } }]);
  });

  it.each([
    ['zoomed', { zoom: { ...firstView.zoom, focus: 'load', zoomed: true } }],
    ['frozen', { look: { ...firstView.look, frozen: { end: 252_000, cursor: 251_000 } } }],
    ['without a log', { choice: { ...firstView.choice, hidden: ['9'] } }],
  ] as const)('is seen on a screen that is %s', (_, other) => {
    const view = told({ ...typed.view, ...other }, asked!, refused, 1000);
    expect(frameOf(running, 80, 24, { view }).split('\n').at(-1)).toMatch(/:resume.*the load is not paused/);
  });

  it('does not take away what is typed meanwhile', () => {
    const view = { ...typed.view, mode: 'prompt', prompt: { text: 'ra', cursor: 2, error: undefined } } as const;
    expect(told(view, asked!, refused, 1000).prompt).toBe(view.prompt);
  });
});

describe('a key that the run refuses', () => {
  it('is answered in the footer for a moment', () => {
    const view = told(firstView, { command: { type: 'change/undo' }, source: 'key' }, refused, 1000);
    expect(view).toEqual({ ...firstView, toast: { text: refused.text, until: 1000 + toastMs } });
  });
});

describe('what the run does', () => {
  it('is seen by itself, but for a report', () => {
    const done = { type: 'done', text: 'writing a report of the first 12 s' } as const;
    expect(told(firstView, { command: { type: 'run/pause' }, source: 'key' }, done, 1000)).toBe(firstView);
    expect(told(firstView, { command: { type: 'report/write' }, source: 'key' }, done, 1000).toast?.text).toBe(
      done.text,
    );
  });
});
