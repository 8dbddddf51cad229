import { describe, expect, it } from 'vitest';
import { commandRows } from '../../source/session/command-line.ts';
import { footerEntries } from '../../source/ui/key-texts.ts';
import { keymap } from '../../source/ui/keymap.ts';
import { whyNoCommand, whyNot } from '../../source/ui/read-only.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { handleInput } from '../../source/ui/view-state.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const running = fixtureState();
const watching: View = { ...firstView, readOnly: true };
const reason = 'read-only: started with --read-only';
const press = (chunk: string, view: View = watching) =>
  handleInput(view, chunk, {}, running, 1000, { columns: 120, rows: 40 });

describe('a screen for watching', () => {
  it('sends no command by any key but those that end the run, and a report', () => {
    for (const binding of keymap) {
      if (binding.where === 'question') continue;
      for (const key of binding.keys.filter((each) => [...each].length === 1)) {
        const asked = press(key).commands.map(({ command }) => command.type);
        expect([key, asked]).toEqual([key, key === 's' ? ['report/write'] : []]);
      }
    }
    expect(press('\u001a')).toMatchObject({ commands: [], view: { toast: { text: `Ctrl+Z: ${reason}` } } });
    expect(press('\u001a').effect).toBeUndefined();
  });

  it('offers no key between two phases that does nothing there', () => {
    const interlude = { next: { name: 'stress', number: 2, count: 2, load: '5/s' }, leftMs: 7000 };
    const resting = fixtureState({ phase: 'closed', interlude });
    const footerOf = (readOnly: boolean) =>
      frameOf(resting, 120, 40, { view: { readOnly } }).trimEnd().split('\n').at(-1);
    expect(footerOf(true)).toBe(' phase 2 of 2: stress begins in 0:07   q ends without it   f looks back   ? help');
    expect(footerOf(false)).toContain('e begins it now');
  });

  it.each(['+', '-', 'K', 'J', '>', '<', '0', 'p', 'a'])('says why %s does nothing', (key) => {
    expect(press(key).view.toast?.text).toMatch(new RegExp(`: ${reason}$`));
  });

  it.each([':rate 1k\r', ':500\r', ':pause\r', ':mark x\r', ':extend 1m\r', ':timeout 1s\r'])(
    'refuses the line %j where it stands',
    (line) => {
      const { view, commands } = press(line);
      expect(commands).toEqual([]);
      expect(view).toMatchObject({ mode: 'prompt', prompt: { error: reason } });
    },
  );

  it('says what is wrong with a line before it says that it may not run', () => {
    expect(press(':rate fast\r').view.prompt.error).toMatch(/a rate such as/);
  });

  it('asks before q ends the run, and ends it by Ctrl+C', () => {
    const asked = press('q');
    expect(asked.view.mode).toBe('confirm quit');
    expect(press('y', asked.view).commands.map(({ command }) => command.type)).toEqual(['run/stop']);
    const first = press('\u0003');
    expect(first.commands.map(({ command }) => command.type)).toEqual(['run/stop']);
    expect(press('\u0003', first.view).commands.map(({ command }) => command.type)).toEqual(['run/abort']);
    expect(press(':stop\r').commands.map(({ command }) => command.type)).toEqual(['run/stop']);
  });

  it('looks at everything', () => {
    expect(press('\t').view.zoom.focus).toBe('load');
    expect(press('\t\r').view.zoom.zoomed).toBe(true);
    expect(press('/').view.mode).toBe('filter');
    expect(press('?').view.mode).toBe('help');
  });

  it('dims what does nothing, in the footer and in the help', () => {
    const dimmed = footerEntries(running, watching, 200).filter(({ works }) => !works);
    expect(dimmed.map(({ text }) => text)).toEqual(['↑↓ rate', '>< ×2 ÷2', 'p pause', '0 zero', 'z undo', 'a mark']);
    const help = frameOf(running, 200, 60, { view: { readOnly: true, mode: 'help' } });
    expect(help.replaceAll(/\s+/g, ' ')).toMatch(/Ctrl\+Z .*not now: read-only: started with/);
    const off = commandRows.filter((row) => whyNoCommand(row, running, watching) === undefined);
    expect(off.map(({ name }) => name)).toEqual(expect.arrayContaining(['stop', 'abort', 'quit']));
    expect(off.map(({ name }) => name)).not.toContain('rate');
  });

  it('leaves a reason of the run itself to those keys that only look', () => {
    const scroll = keymap.find(({ shown }) => shown === 'PgUp PgDn')!;
    expect(whyNot(scroll, running, { ...watching, zoom: noZoom })).toMatch(/scrolls a zoomed panel/);
    const pause = keymap.find(({ shown }) => shown === 'p')!;
    expect(whyNot(pause, fixtureStates.ended, watching)).toBe(reason);
    expect(whyNot(pause, fixtureStates.ended, firstView)).toBe('the run has ended');
  });
});
