import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { expire, firstView, handleInput, handlePaste, modeOf, toastMs, type View } from '../../source/ui/view-state.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const running = fixtureState();
const draining = fixtureState({ phase: 'draining' });

const press = (chunk: string, options: { view?: Partial<View>; state?: RunState } = {}) => {
  const view = { ...firstView, ...options.view };
  const handled = handleInput(view, chunk, {}, options.state ?? running, 1000);
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
    ['xyz[]\t', []],
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
    const arrow = handleInput(firstView, '', { upArrow: true }, fixtureStates['full speed'], 0);
    expect(arrow.view.toast?.text).toMatch(/^↑ k \+: full speed/);
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

  it.each(['n', '\u001b', 'x', '+', '\u001b[A'])('takes %j for a no and does nothing else with it', (key) => {
    const { view, commands, effect } = press(key, { view: { mode: 'confirm quit' } });
    expect([view.mode, commands, effect]).toEqual(['dashboard', [], undefined]);
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

describe('the command line on the screen', () => {
  it('keeps what was typed with what was wrong, and forgets the error with the next key', () => {
    const { view } = press(':rate fast\r');
    expect(view.mode).toBe('prompt');
    expect(view.prompt).toEqual({ text: 'rate fast', cursor: 9, error: expect.stringMatching(/^expected a rate/) });
    expect(press('\u007f', { view }).view.prompt.error).toBeUndefined();
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
