import { describe, expect, it } from 'vitest';
import { commandRows } from '../../source/session/command-line.ts';
import { completed, offered } from '../../source/ui/completion.ts';
import { emptyPrompt, insert } from '../../source/ui/prompt.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const typed = (text: string) => insert(emptyPrompt, text);
const offer = (text: string, state = fixtureState()) => offered(typed(text), state);

describe('Tab', () => {
  it.each([
    ['us', 'users '],
    ['con', 'connections '],
    ['max', 'max-in-flight '],
    ['ab', 'abort'],
    ['AB', 'ABort'],
    ['pl', 'plan'],
    [':ra', ':ra'],
    ['rat', 'rate '],
    ['nothing', 'nothing'],
    ['', ''],
    ['rate 5', 'rate 5'],
    ['mark ra', 'mark ra'],
  ])('makes of %j: %j', (before, after) => {
    expect(completed(typed(before)).text).toBe(after);
  });

  it('goes as far as several names agree', () => {
    expect(completed(typed('r')).text).toBe('r');
    expect(completed(typed('p')).text).toBe('p');
    for (const { name } of commandRows) expect(completed(typed(name.slice(0, -1))).text.trim()).toMatch(/^[a-z-]+$/);
  });

  it('leaves alone what is edited in its middle', () => {
    const prompt = { ...typed('rat 5'), cursor: 3 };
    expect(completed(prompt)).toBe(prompt);
  });
});

describe('what is offered while a line is typed', () => {
  it('names what is left, then the rest with an example, then what the command does', () => {
    expect(offer('ra')).toEqual({ ghost: '', hint: expect.stringContaining('rate') });
    expect(offer('rat')).toEqual({ ghost: 'e 2.5k', hint: expect.stringMatching(/^set rate/) });
    expect(offer('rate ').ghost).toBe('2.5k');
    expect(offer('rate 5').ghost).toBe('');
    expect(offer('ramp ').ghost).toBe('5k 30s');
    expect(offer('ramp 2k ').ghost).toBe('30s');
    expect(offer('ramp 2k 5').ghost).toBe('');
    expect(offer('abort').ghost).toBe('');
    expect(offer('mark ').ghost).not.toBe('');
  });

  it('says beforehand why a command does nothing now', () => {
    expect(offer('users ').hint).toBe('the open model has a rate, not users: :rate RATE');
    expect(offer('stop', fixtureStates.ended).hint).toBe('the run has ended');
  });

  it('is nothing for a number, an unknown name, an empty line, and while a line is edited', () => {
    for (const text of ['', ' ', '500', 'nothing', 'nothing 5']) expect(offer(text)).toEqual({ ghost: '', hint: '' });
    expect(offered({ ...typed('rate'), cursor: 2 }, fixtureState())).toEqual({ ghost: '', hint: '' });
  });

  it('has an example for every argument', () => {
    for (const { name, argument } of commandRows) {
      if (argument !== '') expect([name, offer(`${name} `).ghost]).not.toEqual([name, argument]);
    }
  });
});
