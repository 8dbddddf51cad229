import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstChoice } from '../../source/ui/choice.ts';
import { slipText } from '../../source/ui/choice-keys.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { handleInput } from '../../source/ui/view-state.ts';
import { inSight } from '../../source/ui/wishes.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { fixtureEndpoints } from '../helpers/endpoints.ts';
import { probeStates } from '../helpers/probe-states.ts';

const state: RunState = { ...probeStates.whole, endpoints: fixtureEndpoints };
const wide = { columns: 120, rows: 40 };
const small = { columns: 80, rows: 24 };

const press = (chunk: string, view: Partial<View> = {}, size = wide, at = 1000) =>
  handleInput({ ...firstView, ...view }, chunk, {}, state, at, size);
const names = (view: View, size = wide) => inSight(state, view, size);

describe('presets', () => {
  it('are gone through with v and back with V, and said', () => {
    expect(press('v').view.choice.preset).toBe('client');
    expect(press('v').view.toast?.text).toBe('view client: throughput, response times, outcomes, endpoints');
    expect(press('vv').view.choice.preset).toBe('server');
    expect(press('vV').view.choice.preset).toBe('all');
    expect(press('V').view.choice.preset).toBe('log');
    expect(press('vvvvv').view.choice).toEqual(firstChoice);
  });

  it('begin as they are by themselves', () => {
    expect(press('7v').view.choice).toEqual({ preset: 'client', shown: [], hidden: [] });
  });
});

describe('digits', () => {
  it('hide what is in sight and show what is not', () => {
    expect(names(firstView)).not.toContain('heatmap');
    const shown = press('3');
    expect(names(shown.view)).toContain('heatmap');
    expect(shown.view.toast?.text).toBe('3 heat map: shown; v goes to the next view');
    expect(names(press('33').view)).not.toContain('heatmap');
    expect(names(press('7').view)).not.toContain('mongodb');
    expect(names(press('7').view)).toContain('host');
  });

  it('show a panel that the preset would have, and has no place for at this size', () => {
    expect(names(firstView, small)).not.toContain('endpoints');
    expect(names(press('5', {}, small).view, small)).toContain('endpoints');
    expect(names(press('55', {}, small).view, small)).not.toContain('endpoints');
  });

  it('leave one panel', () => {
    const { view } = press('1245789');
    expect(names(view)).toEqual(['log']);
    expect(view.toast?.text).toBe('9 log: the last panel in sight stays');
  });

  it('send nothing to the run', () => {
    expect(press('123456789').commands).toEqual([]);
  });

  it('are never the beginning of a number: a 0 right behind one does nothing and says why', () => {
    const { view, commands } = press('500');
    expect(commands).toEqual([]);
    expect(view.toast?.text).toBe(slipText);
    expect(press('0', { digitAt: 500 }).commands).toEqual([]);
    expect(press('0', { digitAt: -1000 }).commands.map(({ command }) => command.type)).toEqual(['rate/zero']);
    expect(press('0').commands).toHaveLength(1);
  });
});

describe('a chosen panel', () => {
  it('is one in sight: Tab goes no further', () => {
    const hidden = press('78').view;
    let view = hidden;
    const seen: (string | undefined)[] = [];
    for (let index = 0; index < 5; index += 1) {
      view = press('\t', view).view;
      seen.push(view.zoom.focus);
    }
    expect(seen).toEqual(['load', 'latency', 'errors', 'endpoints', 'log']);
    expect(press('\t', view).view.zoom.focus).toBe('load');
  });

  it('is not chosen any more when it is hidden, nor zoomed', () => {
    const zoom = { ...noZoom, focus: 'mongodb', zoomed: true } as const;
    expect(press('7', { zoom }).view.zoom).toEqual(noZoom);
    expect(press('v', { zoom }).view.zoom).toEqual(noZoom);
    expect(press('8', { zoom }).view.zoom).toEqual(zoom);
  });

  it('is not one that has no place, once it has not the whole screen any more', () => {
    const filtered = press('v/buffer\r').view;
    expect(filtered.zoom).toMatchObject({ focus: 'metrics', zoomed: true, filter: 'buffer' });
    expect(press('\u001b', filtered).view.zoom).toEqual(noZoom);
    expect(press('+', { zoom: { ...noZoom, focus: 'endpoints' } }, small).view.zoom).toEqual(noZoom);
  });
});

it('o sorts endpoints by the next column, O turns the order round', () => {
  expect(press('o').view.sort).toEqual({ column: 'p99', down: true });
  expect(press('oO').view.sort).toEqual({ column: 'p99', down: false });
  expect(press('o').view.toast?.text).toBe('endpoints by p99, highest first');
  const none = handleInput(firstView, 'o', {}, { ...state, endpoints: [] }, 0, wide);
  expect(none.view.toast?.text).toBe('o: there is one endpoint only, or none yet');
});
