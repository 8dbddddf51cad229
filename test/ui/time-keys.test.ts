// Keys for time, for questions of the run and for the command line, as they come from a keyboard.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstLook } from '../../source/ui/look.ts';
import type { PastStates } from '../../source/ui/past.ts';
import { firstView, modeOf, type View } from '../../source/ui/view.ts';
import { handleInput, handlePaste } from '../../source/ui/view-state.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { probeStates } from '../helpers/probe-states.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const running = fixtureState();
const size = { columns: 120, rows: 40 };
const question = { command: { type: 'rate/set', rate: 4000 }, text: 'from 500/s to 4,000/s: go there?' } as const;

interface Given {
  readonly view?: Partial<View>;
  readonly state?: RunState;
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly past?: PastStates;
}

const press = (chunk: string, given: Given = {}) => {
  const view = { ...firstView, ...given.view };
  const handled = handleInput(view, chunk, {}, given.state ?? running, 1000, given.size ?? size, given.past);
  return { ...handled, asked: handled.commands.map(({ command }) => command) };
};

const [up, down, right, left] = ['\u001b[A', '\u001b[B', '\u001b[C', '\u001b[D'];
const [pageUp, pageDown, home, end] = ['\u001b[5~', '\u001b[6~', '\u001b[H', '\u001b[F'];

it('pages of a frozen list end where the list of then does, not where that of now would', () => {
  const [line] = running.log;
  const log = (count: number) => ({ log: Array.from({ length: count }, () => line!) });
  const frozen = { end: 252_000, cursor: 230_000 };
  const view = {
    ...firstView,
    zoom: { ...noZoom, focus: 'log', zoomed: true },
    look: { ...firstLook, frozen },
  } as const;
  const then = { at: (second: number) => ({ second, state: fixtureState(log(45)) }) };
  const topAfter = (keys: string): number =>
    handleInput(view, keys, {}, fixtureState(log(400)), 1000, size, then).view.zoom.top;
  expect(topAfter(pageDown.repeat(3))).toBe(topAfter(end));
  expect(topAfter(end)).toBeLessThan(45);
  expect(topAfter(`${pageDown.repeat(3)}${pageUp}`)).toBeLessThan(topAfter(end));
});

describe('keys for time', () => {
  const lookOf = (chunk: string, given?: Given) => press(chunk, given).view.look;
  const cursorOf = (chunk: string): number => lookOf(chunk).frozen!.cursor / 1000;

  it('freeze the view at the newest second, and go back to live with f or Esc', () => {
    expect(lookOf('f').frozen).toEqual({ end: 252_000, cursor: 251_000 });
    expect(lookOf('ff').frozen).toBeUndefined();
    expect(lookOf('f\u001b').frozen).toBeUndefined();
    expect(press('f', { state: fixtureStates.fresh }).view.toast?.text).toBe('f: no second has been measured yet');
    expect(lookOf('f', { state: fixtureStates.ended }).frozen).toBeDefined();
  });

  it.each([
    [left, 250],
    [left + left + right, 250],
    ['\u001b[1;2D', 241],
    ['\u001b[1;2D\u001b[1;2C', 251],
    [pageUp, 191],
    [pageUp + pageDown, 251],
    [home, 0],
    [home + left, 0],
    [home + right, 1],
    [left + end, 251],
    [right, 251],
    [`]${pageUp}`, 131],
  ])('move the cursor: f%j', (keys, second) => {
    expect(cursorOf(`f${keys}`)).toBe(second);
  });

  it('do nothing while the view is live, and say why', () => {
    for (const key of [left, right]) {
      expect(press(key!).view.toast?.text).toBe('← →: moves the time cursor of a frozen view: f freezes it');
    }
    expect(press(home!).view.toast?.text).toMatch(/scrolls a zoomed panel/);
  });

  it('leave steering as it is', () => {
    expect(press(`f${up}${left}+${right}>`).asked).toEqual([
      { type: 'rate/step', steps: 1 },
      { type: 'rate/step', steps: 1 },
      { type: 'rate/scale', factor: 2 },
    ]);
  });

  it('close what is open one after the other: the zoom, the frozen view, the choice', () => {
    const view = press('\t\rf').view;
    expect([view.zoom.zoomed, view.look.frozen !== undefined]).toEqual([true, true]);
    const unzoomed = press('\u001b', { view }).view;
    expect([unzoomed.zoom.zoomed, unzoomed.look.frozen !== undefined]).toEqual([false, true]);
    const live = press('\u001b', { view: unzoomed }).view;
    expect([live.zoom.focus, live.look.frozen]).toEqual(['load', undefined]);
    expect(press('\u001b', { view: live }).view.zoom).toEqual(noZoom);
  });

  it('scroll what is zoomed, though the view is frozen', () => {
    const view = { zoom: { ...noZoom, focus: 'log', zoomed: true } } as const;
    const state = fixtureState({ log: new Array<(typeof running.log)[number]>(90).fill(running.log[0]!) });
    const scrolled = press(`f${pageDown}`, { view, state, past: { at: (second) => ({ second, state }) } }).view;
    expect(scrolled.zoom.top).toBeGreaterThan(0);
    expect(scrolled.look.frozen?.cursor).toBe(251_000);
    const chart = { zoom: { ...noZoom, focus: 'load', zoomed: true } } as const;
    expect(press(`f${pageUp}`, { view: chart }).view.look.frozen?.cursor).toBe(191_000);
  });

  it('choose the window, and whose response times', () => {
    expect(lookOf(']]').windowMs).toBe(300_000);
    expect(lookOf('[').windowMs).toBe(30_000);
    expect(press('[[').view.toast?.text).toBe('[: this is the shortest window');
    expect(press('g').view.toast?.text).toMatch(/^g: every request was good/);
    const some = fixtureState({ totals: { ...running.totals, notGood: 9, noResponse: 9 } });
    expect(lookOf('g', { state: some }).latency).toBe('notGood');
    expect(lookOf('gg', { state: some }).latency).toBe('good');
  });

  it('lead back from the help to where they show', () => {
    expect(press('?f').view.mode).toBe('dashboard');
    expect(press('?]').view).toMatchObject({ mode: 'dashboard', look: { windowMs: 120_000 } });
  });
});

it('takes keys in any order without losing the cursor, the run or itself', () => {
  const keys = [up, down, right, left, pageUp, pageDown, home, end, '\u001b', '\t', '\r', ...'f[]gzsynpq?:/+a0>x'];
  const states = [running, fixtureStates.ended, fixtureStates.fresh, fixtureState({ question }), probeStates.whole];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...states)), { maxLength: 60 }),
      (pressed) => {
        let view = firstView;
        for (const [key, state] of pressed) {
          const handled = press(key!, { view, state });
          view = handled.view;
          for (const { type } of handled.asked) expect(type).not.toBe('run/abort');
          if (handled.asked.some(({ type }) => type === 'question/answer')) expect(state.question).toBe(question);
          const { frozen, windowMs } = view.look;
          if (frozen === undefined) continue;
          expect(frozen.cursor).toBeGreaterThanOrEqual(Math.max(0, frozen.end - windowMs));
          expect(frozen.cursor).toBeLessThan(frozen.end);
        }
      },
    ),
  );
});

describe('the help', () => {
  it('is scrolled by pages from its beginning, and no further than its end', () => {
    const small = { columns: 60, rows: 20 };
    const top = (keys: string) => press(`?${keys}`, { size: small }).view.helpTop;
    expect([top(''), top(pageDown!), top(pageDown + pageUp!), top(pageUp!)]).toEqual([0, 17, 0, 0]);
    expect(top(end!)).toBe(top(pageDown!.repeat(9)));
    expect(top(end!)).toBeGreaterThan(40);
    expect(top(`${end}??`)).toBe(0);
    expect(press(`?${pageDown}`, { size: { columns: 200, rows: 60 } }).view.helpTop).toBe(0);
  });

  it('leaves the time cursor and a zoomed panel where they are', () => {
    const { view } = press(`f?${pageUp}`);
    expect([view.mode, view.look.frozen?.cursor]).toEqual(['help', 251_000]);
  });
});

describe('a question of the run', () => {
  const asking = fixtureState({ question });
  const yes = { type: 'question/answer', yes: true };
  const no = { type: 'question/answer', yes: false };

  it.each([
    ['y', yes],
    ['Y', yes],
    ['n', no],
    ['\u001b', no],
  ])('is answered with %j', (key, command) => {
    const { asked, view, effect } = press(key, { state: asking });
    expect([asked, view.mode, effect]).toEqual([[command], 'dashboard', undefined]);
    expect(press(key, { state: asking, view: { mode: 'help' } }).asked).toEqual([command]);
  });

  it('is answered once, however often a key is pressed', () => {
    expect(press('yyn', { state: asking }).asked).toEqual([yes]);
  });

  it('leaves other keys what they are; after them an answer that follows at once means nothing', () => {
    expect(press('++p', { state: asking }).asked.map(({ type }) => type)).toEqual([
      ...['rate/step', 'rate/step', 'run/pause'],
    ]);
    expect(press('+y', { state: asking }).asked).toEqual([{ type: 'rate/step', steps: 1 }]);
    expect(press(']y', { state: asking }).asked).toEqual([yes]);
    expect(press('>y').asked).toEqual([{ type: 'rate/scale', factor: 2 }]);
    expect(press('y').asked).toEqual([]);
  });

  it('is not answered by what is typed into a line, by what is pasted, or in a terminal that cannot show it', () => {
    expect(press('y', { state: asking, view: { mode: 'prompt' } }).view.prompt.text).toBe('y');
    expect(press('y', { state: asking, view: { mode: 'filter' } }).asked).toEqual([]);
    expect(handlePaste(firstView, 'y', 0).mode).toBe('dashboard');
    expect(press('y', { state: asking, size: { columns: 12, rows: 2 } }).asked).toEqual([]);
    expect(press('y', { state: asking, view: { readOnly: true } }).asked).toEqual([]);
  });

  it('waits while the screen asks before quitting', () => {
    const { view } = press('q', { state: asking });
    expect(modeOf(view, asking)).toBe('confirm quit');
    expect(press('y', { state: asking, view }).asked).toEqual([{ type: 'run/stop' }]);
    const stayed = press('n', { state: asking, view });
    expect([stayed.asked, modeOf(stayed.view, asking)]).toEqual([[], 'question']);
  });

  it('is none when the run has ended', () => {
    expect(press('y', { state: { ...fixtureStates.ended, question } }).asked).toEqual([]);
  });
});

describe('the command line', () => {
  it('completes with Tab and runs what was completed', () => {
    expect(press(':us\t').view.prompt.text).toBe('users ');
    expect(press(':ex\t10m\r').asked).toEqual([{ type: 'run/extend', byMs: 600_000 }]);
    expect(press(':ex\t10m\r').view.mode).toBe('dashboard');
  });

  it('brings back what was run, and not what was wrong', () => {
    const { view } = press(':500\r:rate fast\r\u001b:mark a\r');
    expect(view.history.lines).toEqual(['500', 'mark a']);
    expect(press(`:${up}`, { view }).view.prompt.text).toBe('mark a');
    expect(press(`:${up}${up}${down}\r`, { view }).asked).toEqual([{ type: 'marker/set', name: 'a' }]);
    expect(press(`:ra${up}${up}${up}${down}${down}`, { view }).view.prompt.text).toBe('ra');
    expect(press(`:${up}\u001b:${up}`, { view }).view.prompt.text).toBe('mark a');
  });

  it('shares nothing with the filter, in which ↑ and Tab mean nothing', () => {
    const { view } = press('/buf\r', { state: probeStates.whole });
    expect(view.history.lines).toEqual([]);
    const typed = press(`/x${up}\t`, { state: probeStates.whole, view: press(':500\r').view });
    expect([typed.view.prompt.text, typed.asked]).toEqual(['x', []]);
  });
});
