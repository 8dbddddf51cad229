import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginning } from '../../source/session/reduce.ts';
import { type Armed, answered, armedAfter, armedAt, fieldsOf, reopened } from '../../source/ui/armed-state.ts';
import { runBegun } from '../../source/ui/armed-view.ts';
import { bindingOf, keymap } from '../../source/ui/keymap.ts';
import type { FieldTexts } from '../../source/ui/lobby.ts';
import { firstView, modeOf, type View } from '../../source/ui/view.ts';
import { handleInput, handlePaste } from '../../source/ui/view-state.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const texts: FieldTexts = {
  target: 'http://localhost:3000/a',
  load: 'rate',
  rate: '50',
  users: '10',
  spawn: '',
  duration: '1h',
  connections: '',
};
const atFirst = armedAt({ first: texts, fixed: {} });
const resting = beginning().state;
const size = { columns: 80, rows: 24 };

/** The state after keys, each a token. */
const pressed = (tokens: readonly string[], armed = atFirst): Armed =>
  tokens.reduce((state, token) => armedAfter(state, token).armed, armed);

const armedView: View = { ...firstView, mode: 'armed', armed: atFirst };
const press = (chunk: string, view: View = armedView, state = resting) =>
  handleInput(view, chunk, {}, state, 1000, size);

describe('the fields', () => {
  it('begin at what is changed most often', () => {
    expect(atFirst).toMatchObject({ field: 'rate', cursor: 2 });
    expect(armedAt({ first: { ...texts, load: 'users' }, fixed: {} }).field).toBe('users');
  });

  it('are those of the load model that is chosen', () => {
    expect(fieldsOf(texts)).toEqual(['target', 'load', 'rate', 'duration', 'connections']);
    expect(fieldsOf({ ...texts, load: 'users' })).toEqual([
      ...['target', 'load', 'users', 'spawn', 'duration', 'connections'],
    ]);
  });

  it.each([
    [['tab'], 'duration'],
    [['down', 'down'], 'connections'],
    [['tab', 'tab', 'tab'], 'target'],
    [['up'], 'load'],
    [['shift+tab', 'shift+tab', 'shift+tab'], 'connections'],
  ])('%j lead to %s', (tokens, field) => {
    expect(pressed(tokens).field).toBe(field);
  });

  it('are edited as the command line is', () => {
    expect(pressed(['0', '0']).texts.rate).toBe('5000');
    expect(pressed(['home', '1']).texts.rate).toBe('150');
    expect(pressed(['ctrl+u', '2', '.', '5', 'k']).texts.rate).toBe('2.5k');
    expect(pressed(['backspace', 'left', 'left', '9']).texts.rate).toBe('95');
  });

  it('choose the model on their own field, where nothing can be typed', () => {
    const users = pressed(['up', ' ']);
    expect(users.texts.load).toBe('users');
    expect(pressed(['tab'], users).field).toBe('users');
    expect(pressed(['left'], users).texts.load).toBe('rate');
    expect(pressed(['x', 'backspace'], users).texts).toEqual(users.texts);
    expect(pressed([' ']).texts.load).toBe('rate');
  });

  it('bring back with Esc what stood there', () => {
    expect(pressed(['0', '0', 'escape'])).toMatchObject({ texts, cursor: 2 });
    expect(pressed(['up', 'right', 'escape']).texts.load).toBe('rate');
    // What was left with Tab stays.
    expect(pressed(['0', 'tab', '9', 'escape']).texts).toMatchObject({ rate: '500', duration: '1h' });
  });

  it('take q and ? as text in the target only', () => {
    expect(armedAfter(atFirst, 'q').deed).toBe('leave');
    expect(armedAfter(atFirst, '?').deed).toBe('help');
    const target = pressed(['up', 'up', '?', 'q', '=', '1', ' ']);
    expect(target.texts.target).toBe('http://localhost:3000/a?q=1 ');
    expect(armedAfter(target, 'ctrl+c').deed).toBe('leave');
  });

  it('leave out a field that is fixed', () => {
    const fixed = armedAt({ first: texts, fixed: { target: 'the demo has a target of its own' } });
    expect(pressed(['up', 'up'], fixed).field).toBe('connections');
    const onTarget: Armed = { ...fixed, field: 'target', cursor: 0 };
    expect(pressed(['x', 'backspace'], onTarget).texts).toEqual(texts);
  });

  it('keep the cursor within the text, whatever is pressed', () => {
    const tokens = keymap
      .flatMap(({ keys }) => keys)
      .concat(['left', 'right', 'delete', '5', 'k', 'é', '🙂', 'ctrl+w']);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 60 }), (keys) => {
        const { texts: now, field, cursor } = pressed(keys);
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThanOrEqual(now[field].length);
        expect(fieldsOf(now)).toContain(field);
      }),
    );
  });
});

describe('Enter', () => {
  const asking = answered(pressed(['return']), { type: 'asks', question: 'Send load there?' });

  it('starts once, whatever is pressed meanwhile', () => {
    const step = armedAfter(atFirst, 'return');
    expect(step).toMatchObject({ deed: 'start', armed: { status: { type: 'starting' } } });
    expect(armedAfter(step.armed, 'return').deed).toBeUndefined();
    expect(pressed(['5', 'tab'], step.armed)).toEqual(step.armed);
    expect(armedAfter(step.armed, 'q').deed).toBe('leave');
  });

  it('may lead to a question, which only y answers with yes', () => {
    expect(asking.status).toEqual({ type: 'asks', question: 'Send load there?' });
    expect(armedAfter(asking, 'y')).toMatchObject({
      deed: 'start',
      armed: { status: { type: 'starting', agreed: 'Send load there?' } },
    });
    for (const key of ['n', 'return', 'escape', 'q', '5', 'r', ' ']) {
      expect([key, armedAfter(asking, key)]).toEqual([key, { armed: { ...asking, status: { type: 'open' } } }]);
    }
    expect(armedAfter(asking, 'ctrl+c').deed).toBe('leave');
  });

  it('shows what is wrong at its field until something is changed', () => {
    const fault = { message: 'the name does not resolve', hint: 'mend it' };
    const refused = answered(pressed(['return']), { type: 'refused', fault, field: 'duration' });
    expect(refused).toMatchObject({ field: 'duration', fault, status: { type: 'open' } });
    expect(pressed(['left'], refused).fault).toBe(fault);
    expect(pressed(['5'], refused).fault).toBeUndefined();
    // Esc still brings back what stood there before the mistake.
    const mistaken = pressed(['x', 'return']);
    expect(answered(mistaken, { type: 'refused', fault, field: 'rate' })).toMatchObject({ before: '50' });
    // The field of another model is not gone to.
    expect(answered(pressed(['return']), { type: 'refused', fault, field: 'users' }).field).toBe('rate');
  });

  it('hears of no answer that comes too late', () => {
    expect(answered(atFirst, { type: 'asks', question: '?' })).toBe(atFirst);
  });
});

describe('the armed screen in the view', () => {
  it('leaves without a command', () => {
    expect(press('q')).toMatchObject({ commands: [], effect: 'quit' });
    expect(press('\u0003')).toMatchObject({ commands: [], effect: 'quit' });
    expect(press('\u001a')).toMatchObject({ commands: [], effect: 'suspend' });
  });

  it('starts what was typed in one piece with it', () => {
    const { view, effect } = press('00\rq');
    expect(view.armed?.texts.rate).toBe('5000');
    expect(effect).toBe('start');
  });

  it('starts nothing in a terminal that is too small to show it', () => {
    const { view, effect } = handleInput(armedView, '\r', {}, resting, 1000, { columns: 59, rows: 24 });
    expect([view.armed?.status.type, effect]).toEqual(['open', undefined]);
    expect(handleInput(armedView, 'q', {}, resting, 1000, { columns: 59, rows: 24 }).effect).toBe('quit');
  });

  it('opens its help, which any key closes and which starts nothing', () => {
    const { view } = press('?');
    expect(view.mode).toBe('armed help');
    expect(press('\r', view)).toMatchObject({ view: { mode: 'armed' }, commands: [] });
    expect(press('\r', view).effect).toBeUndefined();
    expect(press('\u0003', view).effect).toBe('quit');
  });

  it('takes pasted text into the field, without its line feed', () => {
    const onTarget = press('\u001b[A\u001b[A\u0015').view;
    expect(handlePaste(onTarget, 'http://10.0.0.1/q?a=1\r\nx', 0).armed?.texts.target).toBe('http://10.0.0.1/q?a=1');
    const long = `http://10.0.0.1/${'quite/long/'.repeat(6)}`;
    expect(press(long, onTarget)).toMatchObject({ commands: [], view: { armed: { texts: { target: long } } } });
  });

  it('gives way to a run, whoever started it', () => {
    expect(modeOf(armedView, resting)).toBe('armed');
    expect(modeOf(armedView, fixtureState())).toBe('dashboard');
    expect(modeOf(armedView, fixtureStates.ended)).toBe('armed');
    const begun = runBegun({ ...armedView, stopping: true });
    expect(begun).toMatchObject({ mode: 'dashboard', stopping: false, armed: { runs: 1, status: { type: 'open' } } });
  });
});

describe('a run that was started from fields', () => {
  const running = runBegun(armedView);
  const { ended } = fixtureStates;

  it.each(['r', '\r'])('leads back to them by %j when it has ended', (key) => {
    expect(press(key, running, ended).view).toMatchObject({ mode: 'armed', armed: { field: 'rate' } });
  });

  it('is looked at first: Enter zooms a panel that is chosen', () => {
    const chosen = press('\t', running, ended).view;
    expect(press('\r', chosen, ended).view).toMatchObject({ mode: 'dashboard', zoom: { zoomed: true } });
    expect(press('r', chosen, ended).view.mode).toBe('armed');
  });

  it('says while it goes on why there is no way back', () => {
    expect(press('r', running, fixtureState()).view.toast?.text).toMatch(/r: the run goes on: :stop ends it/);
    expect(press('r', firstView, fixtureState()).view.toast?.text).toMatch(/not started from fields: --armed/);
  });

  it('is ended by q and r without leaving, by q and y with it', () => {
    const asked = press('q', running, fixtureState()).view;
    const stay = press('r', asked, fixtureState());
    expect(stay.commands.map(({ command }) => command.type)).toEqual(['run/stop']);
    expect(stay.effect).toBeUndefined();
    expect(press('y', asked, fixtureState())).toMatchObject({ effect: 'quit' });
    // Elsewhere r is no answer, and so a no.
    expect(press('r', { ...firstView, mode: 'confirm quit' }, fixtureState())).toMatchObject({
      commands: [],
      view: { mode: 'dashboard' },
    });
  });

  it('comes back to the fields as they were left', () => {
    const changed = pressed(['0', 'tab', 'tab']);
    expect(reopened(changed)).toMatchObject({ field: 'rate', before: '500', texts: { rate: '500' } });
  });
});

describe('the keys of the armed screen', () => {
  it('are rows of the table in a place of their own', () => {
    expect(bindingOf('return', 'armed')?.intent.type).toBe('start');
    expect(bindingOf('escape', 'armed')?.intent.type).toBe('restore');
    expect(bindingOf('escape', 'screen')?.intent.type).toBe('back');
    expect(bindingOf('return', 'screen')?.intent.type).toBe('zoom');
    const keys = keymap.filter(({ where }) => where === 'armed').flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
