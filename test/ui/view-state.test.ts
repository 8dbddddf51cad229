import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { expire, firstView, modeOf, ofNextRun, type View } from '../../source/ui/view.ts';
import { handleInput, handlePaste } from '../../source/ui/view-state.ts';
import { toastMs } from '../../source/ui/walk.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { probeStates } from '../helpers/probe-states.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const running = fixtureState();
const size = { columns: 120, rows: 40 };
const draining = fixtureState({ phase: 'draining' });

const press = (chunk: string, options: { view?: Partial<View>; state?: RunState } = {}) => {
  const view = { ...firstView, ...options.view };
  const handled = handleInput(view, chunk, {}, options.state ?? running, 1000, size);
  return { ...handled, types: handled.commands.map(({ command }) => command.type) };
};

describe('keys on the dashboard', () => {
  it.each([
    ['+', [{ type: 'rate/step', steps: 1 }]],
    ['k', [{ type: 'rate/step', steps: 1 }]],
    ['\u001b[A', [{ type: 'rate/step', steps: 1 }]],
    ['-', [{ type: 'rate/step', steps: -1 }]],
    ['K', [{ type: 'rate/step', steps: 10 }]],
    ['J', [{ type: 'rate/step', steps: -10 }]],
    ['>', [{ type: 'rate/scale', factor: 2 }]],
    ['<', [{ type: 'rate/scale', factor: 0.5 }]],
    ['0', [{ type: 'rate/zero' }]],
    ['a', [{ type: 'marker/set' }]],
    ['p', [{ type: 'run/pause' }]],
    ['pp', [{ type: 'run/pause' }, { type: 'run/resume' }]],
    ['++p', [{ type: 'rate/step', steps: 1 }, { type: 'rate/step', steps: 1 }, { type: 'run/pause' }]],
    [':rate 1k\r', [{ type: 'rate/set', rate: 1000 }]],
    [
      ':rate 1k\r+',
      [
        { type: 'rate/set', rate: 1000 },
        { type: 'rate/step', steps: 1 },
      ],
    ],
    ['?+', [{ type: 'rate/step', steps: 1 }]],
    ['z', [{ type: 'change/undo' }]],
    ['s', [{ type: 'report/write' }]],
    ['xyw[]\t', []],
    ['\u001b[31m\u001b[?25l', []],
  ])('%j', (chunk, commands) => {
    const handled = press(chunk);
    expect(handled.commands.map(({ command }) => command)).toEqual(commands);
    expect(handled.effect).toBeUndefined();
  });

  it('goes on after a pause', () => {
    expect(press('p', { state: fixtureStates.paused }).types).toEqual(['run/resume']);
  });

  it('tells keys from typed lines', () => {
    expect(press('+').commands[0]?.source).toBe('key');
    expect(press(':500\r').commands[0]?.source).toBe('command line');
  });

  it('opens and closes the help with the same key, and closes it with Esc', () => {
    expect(press('?').view.mode).toBe('help');
    expect(press('??').view.mode).toBe('dashboard');
    expect(press('?\u001b').view.mode).toBe('dashboard');
  });

  it('says why a key does nothing, until the time is over', () => {
    const { view, commands } = press('>', { state: fixtureStates['full speed'] });
    expect(commands).toEqual([]);
    expect(view.toast).toEqual({
      text: '>: full speed has no rate to change; give -q a number',
      until: 1000 + toastMs,
    });
    expect(expire(view, 1000 + toastMs - 1)).toBe(view);
    expect(expire(view, 1000 + toastMs).toast).toBeUndefined();
    const arrow = handleInput(firstView, '', { upArrow: true }, fixtureStates['full speed'], 0, size);
    expect(arrow.view.toast?.text).toMatch(/^↑ k \+: full speed/);
  });
});

describe('a word that is no command', () => {
  it('stands there with a way to those there are, which fits into the line', () => {
    const { view } = press(':pasue\r');
    expect(view.prompt.error).toBe("no command 'pasue': Tab goes through all there are");
    expect(press('\t', { view }).view.prompt).toMatchObject({ text: 'rate ', error: undefined });
  });
});

describe('a key that works', () => {
  it('takes away what an earlier one could not do', () => {
    const refused = press('<', { state: fixtureStates['full speed'] });
    expect(refused.view.toast).toBeDefined();
    expect(press('a', { view: refused.view }).view.toast).toBeUndefined();
  });
});

describe('in a terminal that is too small for panels', () => {
  const small = (chunk: string, view: Partial<View> = {}, state = running) =>
    handleInput({ ...firstView, ...view }, chunk, {}, state, 1000, { columns: 50, rows: 15 });

  it.each(['>', '<', '0', '+', 'K', 'z', 'a', 's'])('%s changes nothing and says what would help', (key) => {
    const { view, commands } = small(key);
    expect(commands).toEqual([]);
    expect(view.toast?.text).toMatch(/: enlarge the terminal to steer$/);
  });

  it.each([':', '/', '\t', 'v', '7', 'f', '[', '?'])('%j opens and moves nothing that cannot be seen', (key) => {
    const { view } = small(key);
    expect({ ...view, toast: undefined }).toEqual(firstView);
    expect(view.toast?.text).toMatch(/: enlarge the terminal first$/);
  });

  it('pauses, asks before leaving, leaves and ends', () => {
    expect(small('p').commands).toMatchObject([{ command: { type: 'run/pause' } }]);
    expect(small('q').view.mode).toBe('confirm quit');
    expect(small('qy')).toMatchObject({ commands: [{ command: { type: 'run/stop' } }], effect: 'quit' });
    expect(small('\u0003').effect).toBe('quit');
  });
});

describe('leaving', () => {
  it('asks while load runs', () => {
    const asked = press('q');
    expect(asked.view.mode).toBe('confirm quit');
    expect(asked.commands).toEqual([]);
    const yes = press('y', { view: asked.view });
    expect(yes.types).toEqual(['run/stop']);
    expect(yes.effect).toBe('quit');
    expect(yes.view.mode).toBe('dashboard');
  });

  it.each(['n', '\u001b', 'x', 'u'])('takes %j for a no and does nothing else with it', (key) => {
    const { view, commands, effect } = press(key, { view: { mode: 'confirm quit' } });
    expect([view.mode, commands, effect]).toEqual(['dashboard', [], undefined]);
  });

  it('is left by every other key, which does what it does elsewhere', () => {
    const view = { mode: 'confirm quit' } as const;
    expect(press('+', { view })).toMatchObject({ types: ['rate/step'], view: { mode: 'dashboard' } });
    expect(press(':pause', { view })).toMatchObject({ types: [], view: { mode: 'prompt', prompt: { text: 'pause' } } });
    expect(press('qq', {}).view.mode).toBe('confirm quit');
  });

  it('is not done by a word that happens to begin with q and to hold a y', () => {
    const { view, effect } = press('query');
    expect([view.mode, effect]).toEqual(['dashboard', undefined]);
  });

  it('leaves at once when the run has ended', () => {
    expect(press('q', { state: fixtureStates.ended })).toMatchObject({ commands: [], effect: 'quit' });
    expect(press('\u0003', { state: fixtureStates.ended })).toMatchObject({ commands: [], effect: 'quit' });
    expect(press(':quit\r', { state: fixtureStates.ended })).toMatchObject({ commands: [], effect: 'quit' });
  });

  it('waits for the end of a run that is ending', () => {
    const { view, commands, effect } = press('q', { state: draining });
    expect([commands, effect]).toEqual([[], 'quit']);
    expect(view.toast?.text).toMatch(/Ctrl\+C ends at once/);
  });

  it.each(['dashboard', 'help', 'prompt', 'confirm quit'] as const)(
    'takes Ctrl+C in %s: end, then end at once',
    (mode) => {
      const first = press('\u0003', { view: { mode } });
      expect([first.types, first.effect]).toEqual([['run/stop'], 'quit']);
      const second = press('\u0003', { view: first.view, state: draining });
      expect([second.types, second.effect]).toEqual([['run/abort'], 'abort']);
    },
  );

  it('does not take the first Ctrl+C while the planned end is under way for a second one', () => {
    const { view, types, effect } = press('\u0003', { state: draining });
    expect([types, effect]).toEqual([[], 'quit']);
    expect(view.toast?.text).toMatch(/ends at once/);
    expect(press('\u0003', { view, state: draining }).types).toEqual(['run/abort']);
  });

  it.each(['q', '\u0003', ':quit\r'])('skips the clean-up by %j', (chunk) => {
    const state = fixtureState({ phase: 'draining', cleanUp: { gone: 3, total: 9 } });
    const { view, types, effect } = press(chunk, { state });
    expect([types, effect]).toEqual([['run/stop'], 'quit']);
    expect(view.toast?.text).toBe('the clean-up is skipped');
  });

  it('takes a yes that comes once the run has ended by itself for none to skipping the clean-up', () => {
    const state = fixtureState({ phase: 'draining', cleanUp: { gone: 3, total: 9 } });
    expect(press('y', { view: press('q').view, state }).types).toEqual([]);
  });

  it('ends the run by command', () => {
    expect(press(':stop\r')).toMatchObject({ types: ['run/stop'] });
    expect(press(':stop\r').effect).toBeUndefined();
    expect(press(':quit\r')).toMatchObject({ types: ['run/stop'], effect: 'quit' });
    expect(press(':abort\r')).toMatchObject({ types: ['run/abort'], effect: 'abort' });
  });

  it('hears nothing after it', () => {
    expect(press('qy+p').types).toEqual(['run/stop']);
  });

  it('pauses before it suspends, unless there is nothing to pause', () => {
    expect(press('\u001a').commands[0]?.command).toEqual({ type: 'run/pause', dropBacklog: true });
    expect(press('\u001a').effect).toBe('suspend');
    expect(press('\u001a', { state: fixtureStates.ended })).toMatchObject({ commands: [], effect: 'suspend' });
  });
});

describe('between two phases', () => {
  const phase = { name: 'validate', number: 1, count: 2, load: '500/s' };
  const run = { ...running.run!, phase };
  const interlude = { next: { ...phase, name: 'stress', number: 2 }, leftMs: 7000 };
  const resting = fixtureState({ run, phase: 'closed', interlude });

  it.each([
    ['e', ['phase/next']],
    [':next\r', ['phase/next']],
    ['q', ['run/stop']],
    ['\u0003', ['run/stop']],
    [':quit\r', ['run/stop']],
    ['+', []],
    ['p', []],
  ])('%j', (chunk, types) => {
    expect(press(chunk, { state: resting }).types).toEqual(types);
  });

  it('says that it ends, as the set-up of the next one may take a while', () => {
    expect(press('q', { state: resting }).view.toast?.text).toBe(
      'ending: no further phase begins; Ctrl+C ends at once',
    );
  });

  it('says why other keys do nothing', () => {
    expect(press('p', { state: resting }).view.toast?.text).toBe('p: no phase goes on: the next one has not begun yet');
  });

  it('ends the phases that would follow one that is ending already, and nothing where none does', () => {
    expect(press('q', { state: fixtureState({ run, phase: 'draining' }) }).types).toEqual(['run/stop']);
    const last = { ...run, phase: { ...phase, number: 2 } };
    expect(press('q', { state: fixtureState({ run: last, phase: 'draining' }) }).types).toEqual([]);
  });

  it('asks nothing about the phase before in the next one, and shows none of its seconds', () => {
    const asked = press('q', { state: fixtureState({ run }) }).view;
    expect(asked.mode).toBe('confirm quit');
    const next = ofNextRun({ ...asked, look: { ...asked.look, frozen: { end: 3000, cursor: 2000 } } });
    expect([next.mode, next.look.frozen]).toEqual(['dashboard', undefined]);
    expect(ofNextRun({ ...asked, mode: 'help' }).mode).toBe('help');
  });

  it('asks before a phase is ended by its key', () => {
    const [asked] = press('e', { state: fixtureState({ run }) }).commands;
    expect(asked?.command).toEqual({ type: 'phase/next', ask: true });
    expect(press('e').view.toast?.text).toBe('e: the profile has no phases');
  });
});

describe('the command line on the screen', () => {
  it('keeps what was typed with what was wrong, and forgets the error with the next key', () => {
    const { view } = press(':rate fast\r');
    expect(view.mode).toBe('prompt');
    expect(view.prompt).toEqual({ text: 'rate fast', cursor: 9, error: expect.stringMatching(/^expected a rate/) });
    expect(press('\u007f', { view }).view.prompt.error).toBeUndefined();
  });

  it('gives way to the next line where that begins with its colon', () => {
    const { view } = press(':rate fast\r');
    expect(press(':pau', { view }).view.prompt).toMatchObject({ text: 'pau', error: undefined });
    expect(press(':mark a:b').view.prompt.text).toBe('mark a:b');
  });

  it.each([':rate\u001b', ':\u007f', ':\r'])('closes after %j', (chunk) => {
    expect(press(chunk).view).toMatchObject({ mode: 'dashboard', prompt: { text: '' } });
  });

  it('takes keys of the dashboard for text', () => {
    const { view, commands } = press(':+q0p?');
    expect([view.prompt.text, commands]).toEqual(['+q0p?', []]);
  });
});

describe('what was not typed', () => {
  const paste = '+-q\ny0p>< :abort\r'.repeat(6000);

  it('steers nothing, however long, and costs no time', () => {
    expect(paste.length).toBeGreaterThan(100_000);
    const { view, commands, effect } = press(paste);
    expect([view.mode, commands, effect]).toEqual(['dashboard', [], undefined]);
    expect(view.toast?.text).toMatch(/pasted text/);
    expect(press(paste, { view: { mode: 'confirm quit' } })).toMatchObject({
      commands: [],
      view: { mode: 'confirm quit' },
    });
  });

  it('is no held key: many of the same are taken', () => {
    expect(press('+'.repeat(100)).commands).toHaveLength(100);
  });

  it('goes into an open command line as one line that is not run', () => {
    const open = { ...firstView, mode: 'prompt' } as const;
    expect(handlePaste(open, 'rate 5\nabort\n', 0).prompt.text).toBe('rate 5');
    expect(handlePaste(firstView, 'rate 5\n', 0)).toMatchObject({ mode: 'dashboard', prompt: { text: '' } });
    expect(press('x'.repeat(100_000), { view: open }).view.prompt.text).toHaveLength(120);
  });
});

it('shows the last picture when the run ends, whatever was asked', () => {
  const { ended } = fixtureStates;
  expect(modeOf(firstView, ended)).toBe('ended');
  expect(modeOf({ ...firstView, mode: 'confirm quit' }, ended)).toBe('ended');
  expect(modeOf({ ...firstView, mode: 'help' }, ended)).toBe('help');
  expect(modeOf(firstView, running)).toBe('dashboard');
});

describe('panels', () => {
  const whole = probeStates.whole;
  const zoomAfter = (chunk: string, view: Partial<View> = {}, state: RunState = whole) =>
    press(chunk, { view, state }).view.zoom;

  it('are chosen in their order, round and round, those that are not there left out', () => {
    const names = Array.from({ length: 12 }, (_, count) => zoomAfter('\t'.repeat(count + 1)).focus);
    expect(names).toEqual([
      ...['load', 'latency', 'errors', 'health', 'metrics', 'mongodb', 'target host', 'host', 'generator'],
      ...['target process', 'log', 'load'],
    ]);
    expect(zoomAfter('\u001b[Z').focus).toBe('log');
    expect(zoomAfter('\t\t\u001b[Z').focus).toBe('load');
    expect(zoomAfter('\t'.repeat(4), {}, fixtureState({ probes: [] })).focus).toBe('generator');
  });

  it('are zoomed with Enter; Esc goes back a step at a time', () => {
    expect(zoomAfter('\t\r')).toEqual({ ...noZoom, focus: 'load', zoomed: true });
    expect(zoomAfter('\t\r\r')).toEqual({ ...noZoom, focus: 'load' });
    expect(zoomAfter('\t\r\u001b')).toEqual({ ...noZoom, focus: 'load' });
    expect(zoomAfter('\t\u001b')).toEqual(noZoom);
    const early = press('\r');
    expect(early.view.zoom).toEqual(noZoom);
    expect(early.view.toast?.text).toMatch(/^Enter: no panel is chosen/);
  });

  it('change while one is zoomed, without what was scrolled and filtered', () => {
    const zoom = { focus: 'metrics', zoomed: true, top: 7, filter: 'x' } as const;
    expect(zoomAfter('\t', { zoom })).toEqual({ focus: 'mongodb', zoomed: true, top: 0, filter: '' });
  });

  it('leave the rate keys as they are', () => {
    const zoom = { ...noZoom, focus: 'host', zoomed: true } as const;
    for (const [chunk, type] of [
      ['\u001b[A', 'rate/step'],
      ['j', 'rate/step'],
      ['>', 'rate/scale'],
      ['p', 'run/pause'],
    ]) {
      expect(press(chunk!, { view: { zoom }, state: whole }).types).toEqual([type]);
    }
    expect(press('\t\r\u001b[6~\u001b/', { state: whole }).types).toEqual([]);
  });

  it('are scrolled by pages that share a row, never beyond their ends', () => {
    const view = { zoom: { ...noZoom, focus: 'metrics', zoomed: true } } as const;
    const top = (chunk: string) => zoomAfter(chunk, view).top;
    // 36 rows of the screen, one of them the title: pages of 35, of which one row stays.
    expect(top('\u001b[6~')).toBe(34);
    expect(top('\u001b[6~\u001b[6~\u001b[5~')).toBe(34);
    expect(top('\u001b[5~')).toBe(0);
    const end = top('\u001b[F');
    expect(end).toBeGreaterThan(250);
    expect(top('\u001b[6~'.repeat(14))).toBe(end);
    expect(top(`${'\u001b[6~'.repeat(14)}\u001b[5~`)).toBe(end - 34);
    expect(top('\u001b[F\u001b[H')).toBe(0);
    const dashboard = press('\u001b[6~', { state: whole });
    expect(dashboard.view.zoom).toEqual(noZoom);
    expect(dashboard.view.toast?.text).toMatch(/scrolls a zoomed panel/);
  });

  it('go back from the help when they are asked for', () => {
    expect(press('?\t').view.mode).toBe('dashboard');
    expect(press('?\u001b', { view: { zoom: { ...noZoom, focus: 'load', zoomed: true } } }).view.zoom.zoomed).toBe(
      true,
    );
  });

  it('stay as they are through the question before quitting', () => {
    const zoom = { ...noZoom, focus: 'load', zoomed: true } as const;
    expect(press('qn', { view: { zoom } }).view).toMatchObject({ mode: 'dashboard', zoom });
    expect(press('q\u001b', { view: { zoom } }).view.zoom).toEqual(zoom);
  });
});

describe('the filter', () => {
  const whole = probeStates.whole;

  it('opens the metrics, or what is zoomed, and holds while it is typed', () => {
    const { view } = press('/buf', { state: whole });
    expect(view.mode).toBe('filter');
    expect(view.prompt.text).toBe('buf');
    expect(view.zoom).toEqual({ focus: 'metrics', zoomed: true, top: 0, filter: 'buf' });
    const zoom = { ...noZoom, focus: 'mongodb', zoomed: true } as const;
    expect(press('/x', { state: whole, view: { zoom } }).view.zoom.focus).toBe('mongodb');
  });

  it('is kept by Enter, goes on from there, and is cleared by Esc', () => {
    expect(press('/buf\r', { state: whole }).view).toMatchObject({ mode: 'dashboard', zoom: { filter: 'buf' } });
    expect(press('/buf\r/fer', { state: whole }).view.zoom.filter).toBe('buffer');
    const cleared = press('/buf\u001b', { state: whole }).view;
    expect(cleared).toMatchObject({ mode: 'dashboard', zoom: { filter: '', zoomed: true } });
    expect(press('/\u007f', { state: whole }).view.mode).toBe('dashboard');
  });

  it('takes every key as text but those that end the program or scroll', () => {
    const typed = press('/q+?p:0', { state: whole });
    expect(typed.view.zoom.filter).toBe('q+?p:0');
    expect(typed.commands).toEqual([]);
    expect(press('/a\u0003', { state: whole }).types).toEqual(['run/stop']);
    expect(press('/\u001b[6~', { state: whole }).view).toMatchObject({ mode: 'filter', zoom: { top: 34 } });
  });

  it('takes pasted text', () => {
    const { view } = press('/', { state: whole });
    expect(handlePaste(view, 'http_*\nrest', 0).zoom.filter).toBe('http_*');
  });

  it('has a reason where there is nothing to filter', () => {
    expect(press('/', { state: fixtureState({ probes: [] }) }).view.toast?.text).toMatch(/no metrics are polled/);
    const zoom = { ...noZoom, focus: 'load', zoomed: true } as const;
    expect(press('/', { view: { zoom } }).view.toast?.text).toMatch(/no rows to choose from/);
  });
});
