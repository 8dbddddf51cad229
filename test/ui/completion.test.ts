import { describe, expect, it } from 'vitest';
import { commandRows } from '../../source/session/command-line.ts';
import { completed, offered } from '../../source/ui/completion.ts';
import { emptyPrompt, insert } from '../../source/ui/prompt.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const typed = (text: string) => insert(emptyPrompt, text);
const steers = { readOnly: false };
const offer = (text: string, state = fixtureState(), view = steers) => offered(typed(text), state, view);

describe('Tab', () => {
  it.each([
    ['us', 'users '],
    ['con', 'connections '],
    ['max', 'max-in-flight '],
    ['ab', 'abort'],
    ['AB', 'ABort'],
    ['pl', 'plan'],
    [':ra', 'rate '],
    ['rat', 'rate '],
    ['rate 5', 'rate 5'],
    ['mark ra', 'mark ra'],
  ])('makes of %j: %j', (before, after) => {
    expect(completed(typed(before)).text).toBe(after);
  });

  it('goes as far as several names agree', () => {
    expect(completed(typed('re')).text).toBe('resume');
    expect(completed(typed('e')).text).toBe('extend ');
    for (const { name } of commandRows) expect(completed(typed(name.slice(0, -1))).text.trim()).toMatch(/^[a-z-]+$/);
  });

  /** What stands there after each of so many. */
  const pressed = (text: string, times: number, by: 1 | -1 = 1): string[] => {
    let prompt = typed(text);
    return Array.from({ length: times }, () => {
      prompt = completed(prompt, by);
      return prompt.text;
    });
  };

  it('goes from one to the next where several begin like this, and back', () => {
    expect(pressed('ra', 3)).toEqual(['rate ', 'ramp ', 'rate ']);
    expect(pressed('ra', 2, -1)).toEqual(['ramp ', 'rate ']);
  });

  it.each(['', 'nothing'])('goes through all commands where %j stands, which none begins with', (text) => {
    const all = pressed(text, commandRows.length + 1).map((line) => line.trim());
    expect(all).toEqual([...commandRows.map(({ name }) => name), commandRows[0]!.name]);
  });

  it('completes what is typed anew after an edit', () => {
    const rate = completed(typed('ra'));
    expect(completed(insert(rate, '5')).text).toBe('rate 5');
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

  it('says beforehand that one who only watches may not', () => {
    expect(offer('rate 5', fixtureState(), { readOnly: true }).hint).toMatch(/^read-only/);
    expect(offer('report', fixtureState(), { readOnly: true }).hint).not.toMatch(/^read-only/);
  });

  it('is nothing for a number, an unknown name, an empty line, and while a line is edited', () => {
    for (const text of ['', ' ', '500', 'nothing', 'nothing 5']) expect(offer(text)).toEqual({ ghost: '', hint: '' });
    expect(offered({ ...typed('rate'), cursor: 2 }, fixtureState(), steers)).toEqual({ ghost: '', hint: '' });
  });

  it('has an example for every argument', () => {
    for (const { name, argument } of commandRows) {
      if (argument !== '') expect([name, offer(`${name} `).ghost]).not.toEqual([name, argument]);
    }
  });
});
