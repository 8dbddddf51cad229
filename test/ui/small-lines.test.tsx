import { describe, expect, it } from 'vitest';
import { isAskedWhole } from '../../source/ui/small-lines.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const running = fixtureState();
const text = 'from 500/s to 4,000/s is 8 times as much: go there?';
const asking = fixtureState({ question: { command: { type: 'rate/set', rate: 4000 }, text } });

describe('a terminal that is too small for panels', () => {
  it.each([
    [50, 15],
    [50, 3],
    [59, 40],
  ])('says at %ix%i how the run is and which size it needs', (columns, rows) => {
    const frame = frameOf(running, columns, rows);
    expect(frame.split('\n')).toHaveLength(rows);
    expect(frame).toMatch(/RUNNING +4:12/);
    expect(frame).toMatch(/wanted 7,800\/s +achieved [\d,]+/);
    expect(frame).toContain('needs 60x20');
  });

  it('asks what the run asks, and whether to leave, in its last lines', () => {
    expect(frameOf(asking, 50, 4)).toMatch(/wanted[\s\S]*8 times as much: go\n there\? y \/ n$/);
    expect(frameOf(running, 50, 3, { view: { mode: 'confirm quit' } })).toMatch(/wanted[\s\S]*stop the run\? y \/ n$/);
  });

  it('shows why a key did nothing, and a line that was begun before it became so small', () => {
    const toast = { text: '>: enlarge the terminal to steer', until: 2000 };
    expect(frameOf(running, 50, 3, { view: { toast } })).toContain('>: enlarge the terminal to steer');
    const prompt = { text: 'rate 1k', cursor: 7, error: undefined };
    expect(frameOf(running, 50, 3, { view: { mode: 'prompt', prompt } })).toContain(':rate 1k');
  });

  it('does not ask what it has no room for', () => {
    expect(isAskedWhole(text, { columns: 50, rows: 2 })).toBe(true);
    expect(isAskedWhole(text, { columns: 50, rows: 1 })).toBe(false);
  });

  it('says that a run is paused, or has ended', () => {
    expect(frameOf(fixtureStates.paused, 50, 3)).toContain('PAUSED');
    expect(frameOf(fixtureStates.ended, 50, 4)).toMatch(/ENDED[\s\S]*q leaves/);
  });

  it('says what goes on after the load, and names no key that does nothing then', () => {
    const ending = frameOf(fixtureState({ phase: 'draining' }), 50, 6);
    expect(ending).toMatch(/ENDING[\s\S]*wanted[\s\S]*Ctrl\+C ends at once/);
    const cleaning = frameOf(fixtureState({ phase: 'draining', cleanUp: { gone: 25, total: 1200 } }), 50, 6);
    expect(cleaning).toMatch(/ENDING[\s\S]*cleaning up 25 of 1,200[\s\S]*q skips it/);
    const interlude = { next: { name: 'stress', number: 2, count: 2, load: '5/s' }, leftMs: 7000 };
    const resting = frameOf(fixtureState({ phase: 'closed', interlude }), 50, 6);
    expect(resting).toMatch(/ENDED[\s\S]*stress begins in 0:07[\s\S]*q ends without it/);
    for (const frame of [ending, cleaning, resting]) expect(frame).not.toContain('p pauses');
  });
});
