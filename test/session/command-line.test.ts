import { describe, expect, it } from 'vitest';
import { commandRows, commandsMarkdown, parseCommandLine } from '../../source/session/command-line.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const state = fixtureState();

describe('the phases of a profile', () => {
  const phase = { name: 'validate', number: 1, count: 2, load: '500/s' };
  const run = { ...state.run!, phase };
  const interlude = { next: { ...phase, name: 'stress', number: 2 }, leftMs: 7000 };

  it('can be ended while one of them ends, where another follows', () => {
    const stop = { type: 'command', command: { type: 'run/stop' } };
    expect(parseCommandLine('stop', fixtureState({ run, phase: 'draining' }))).toEqual(stop);
    const last = { ...run, phase: { ...phase, number: 2 } };
    expect(parseCommandLine('stop', fixtureState({ run: last, phase: 'draining' })).type).toBe('error');
  });

  it('are gone through with next, in the rest between two as well', () => {
    const next = { type: 'command', command: { type: 'phase/next' } };
    expect(parseCommandLine('next', state)).toEqual({ type: 'error', message: 'the profile has no phases' });
    expect(parseCommandLine('next', fixtureState({ run }))).toEqual(next);
    expect(parseCommandLine('next', fixtureState({ run, phase: 'closed', interlude }))).toEqual(next);
  });

  it('are ended by stop in the rest between two, and by nothing else steered', () => {
    const resting = fixtureState({ run, phase: 'closed', interlude });
    expect(parseCommandLine('stop', resting)).toEqual({ type: 'command', command: { type: 'run/stop' } });
    const message = 'no phase goes on: the next one has not begun yet';
    for (const line of ['rate 5', 'pause', 'mark', 'extend 1m', 'report']) {
      expect(parseCommandLine(line, resting)).toEqual({ type: 'error', message });
    }
  });
});

describe('the command line', () => {
  it.each([
    ['rate 2.5k', { type: 'rate/set', rate: 2500 }],
    ['  rate   50/s ', { type: 'rate/set', rate: 50 }],
    ['rate 3000/m', { type: 'rate/set', rate: 50 }],
    ['rate 0', { type: 'rate/set', rate: 0 }],
    ['RATE 500', { type: 'rate/set', rate: 500 }],
    ['500', { type: 'rate/set', rate: 500 }],
    ['1.2k', { type: 'rate/set', rate: 1200 }],
    [':rate 500', { type: 'rate/set', rate: 500 }],
    ['ramp 2k 30s', { type: 'rate/ramp', rate: 2000, overMs: 30_000 }],
    ['ramp  3000/m  1h 30m', { type: 'rate/ramp', rate: 50, overMs: 5_400_000 }],
    ['connections 1,000', { type: 'limit/set', limit: 'connections', value: 1000 }],
    ['max-in-flight 10k', { type: 'limit/set', limit: 'max in flight', value: 10_000 }],
    ['timeout 250ms', { type: 'limit/set', limit: 'timeout', value: 250 }],
    ['ceiling 20k/s', { type: 'limit/set', limit: 'ceiling', value: 20_000 }],
    ['pause', { type: 'run/pause' }],
    ['resume', { type: 'run/resume' }],
    ['zero', { type: 'rate/zero' }],
    ['plan', { type: 'rate/plan' }],
    ['extend 10m', { type: 'run/extend', byMs: 600_000 }],
    ['extend 1h30m', { type: 'run/extend', byMs: 5_400_000 }],
    ['extend 90', { type: 'run/extend', byMs: 90_000 }],
    ['mark deploy 7', { type: 'marker/set', name: 'deploy 7' }],
    ['mark \u001b[31mred', { type: 'marker/set', name: '[31mred' }],
    ['mark', { type: 'marker/set' }],
    ['stop', { type: 'run/stop' }],
    ['abort', { type: 'run/abort' }],
  ])('%s', (line, command) => {
    expect(parseCommandLine(line, state)).toEqual({ type: 'command', command });
  });

  it.each([
    ['', { type: 'nothing' }],
    ['  : ', { type: 'nothing' }],
    ['quit', { type: 'quit' }],
  ])('understands "%s"', (line, parsed) => {
    expect(parseCommandLine(line, state)).toEqual(parsed);
  });

  it.each([
    ['rate', /^expected a rate such as 500/],
    ['rate fast', /^expected a rate such as 500/],
    ['rate -5', /^expected a rate/],
    ['rate 5 6', /^expected a rate/],
    ['500x', /^expected a rate/],
    ['rate max', /full speed is chosen at the start/],
    ['ramp', /^expected a rate, or users, and a time/],
    ['ramp 2k', /^expected a rate, or users, and a time/],
    ['ramp 2k soon', /^expected a rate, or users, and a time/],
    ['ramp 2k 0', /^expected a rate, or users, and a time/],
    ['connections', /^expected a whole number/],
    ['connections 0', /^expected a whole number/],
    ['max-in-flight 1.5', /^expected a whole number/],
    ['timeout', /^expected a duration/],
    ['timeout 0', /^expected a duration/],
    ['ceiling 0', /^expected a rate/],
    ['extend', /^expected a duration/],
    ['extend 0', /^expected a duration/],
    ['extend soon', /^expected a duration/],
    ['pause now', /pause stands alone/],
    ['quit please', /quit stands alone/],
    ['fly', /^no command 'fly'; expected one of: rate, users, spawn, ramp, hold, plan,/],
    ['\u202efly\u0007', /^no command 'fly'/],
    ['x'.repeat(5000), /^no command 'x{19}…'/],
  ])('says what it expected instead of "%.20s"', (line, message) => {
    expect(parseCommandLine(line, state)).toMatchObject({ type: 'error', message: expect.stringMatching(message) });
  });

  it.each([
    ['full speed', 'rate 500', 'full speed has no rate to change; give -q a number'],
    ['full speed', 'plan', 'full speed has no rate to change; give -q a number'],
    ['full speed', 'ramp 5 5s', 'full speed has no rate to change; give -q a number'],
    ['burst', 'rate 500', 'a burst has no rate to change; give -q a number'],
    ['healthy', 'users 5', 'the open model has a rate, not users: :rate RATE'],
    ['healthy', 'spawn 5', 'the open model has a rate, not users: :rate RATE'],
    ['closed model', 'rate 500', 'the closed model has users, not a rate: :users N'],
    ['ended', 'connections 5', 'the run has ended'],
    ['ended', 'pause', 'the run has ended'],
    ['ended', 'stop', 'the run has ended'],
    ['ended', 'undo', 'the run has ended'],
    ['ended', 'report', 'the run has ended'],
    ['healthy', 'yes', 'nothing is asked'],
    ['healthy', 'no', 'nothing is asked'],
  ] as const)('says why at %s "%s" does nothing', (name, line, message) => {
    expect(parseCommandLine(line, fixtureStates[name])).toEqual({ type: 'error', message });
  });

  it.each([
    ['users 1,500', { type: 'users/set', users: 1500 }],
    ['users 0', { type: 'users/set', users: 0 }],
    ['200', { type: 'users/set', users: 200 }],
    ['spawn 2.5', { type: 'spawn/set', perSecond: 2.5 }],
    ['ramp 200 1m', { type: 'rate/ramp', rate: 200, overMs: 60_000 }],
    ['zero', { type: 'rate/zero' }],
    ['hold', { type: 'rate/hold' }],
    ['undo', { type: 'change/undo' }],
    ['report', { type: 'report/write' }],
  ])('in the closed model, %s', (line, command) => {
    expect(parseCommandLine(line, fixtureStates['closed model'])).toEqual({ type: 'command', command });
  });

  it.each([
    ['users', /^expected a whole number/],
    ['users 1.5', /^expected a whole number/],
    ['2.5', /^expected a whole number/],
    ['spawn 0', /^expected a rate/],
    ['spawn max', /^expected a rate/],
  ])('in the closed model, says what it expected instead of "%s"', (line, message) => {
    expect(parseCommandLine(line, fixtureStates['closed model'])).toEqual({
      type: 'error',
      message: expect.stringMatching(message),
    });
  });

  it('takes an answer where something is asked', () => {
    const asked = { ...state, question: { command: { type: 'rate/set', rate: 4000 }, text: 'go there?' } } as const;
    for (const yes of [true, false]) {
      expect(parseCommandLine(yes ? 'yes' : ':no', asked)).toEqual({
        type: 'command',
        command: { type: 'question/answer', yes },
      });
    }
  });

  it('lets a report be written while the run drains', () => {
    expect(parseCommandLine('report', { ...state, phase: 'draining' }).type).toBe('command');
  });

  it("makes README's table with every command", () => {
    const lines = commandsMarkdown().split('\n');
    expect(lines).toHaveLength(commandRows.length + 2);
    expect(lines[2]).toBe('| `:rate RATE` | set rate; RATE alone too |');
    expect(lines[7]).toBe('| `:plan` | rate as the profile says |');
  });
});
