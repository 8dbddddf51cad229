// What charts say in words: which line is which where no colour does, and why there is nothing to see.

import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstChoice } from '../../source/ui/choice.ts';
import { firstLook } from '../../source/ui/look.ts';
import type { View } from '../../source/ui/view.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import { fixtureHistory, fixtureState, fixtureStates, wave } from '../helpers/run-state.ts';

const linesOf = (state: RunState, view: Partial<View> = {}, color = false): string[] =>
  frameOf(state, 120, 40, { view, theme: { ...plainUnicode, color } }).split('\n');

describe('the lines of a chart', () => {
  it('have their names at their ends where no colour tells them apart', () => {
    const chartOf = (state: RunState, color = false): string =>
      linesOf(state, {}, color)
        .filter((line) => /^ +\S* ?[│┤]/.test(line))
        .map((line) => line.slice(0, 73))
        .join('\n');
    for (const name of ['offered', 'achieved', 'good', 'p50', 'p95', 'p99'])
      expect(chartOf(fixtureStates.healthy)).toMatch(new RegExp(` ${name} ?$`, 'm'));
    // Where markers run through the ends, a little left of them.
    for (const name of ['p50', 'p95', 'p99']) expect(chartOf(fixtureStates.overload)).toMatch(new RegExp(name, 'm'));
    expect(chartOf(fixtureStates.healthy, true)).not.toMatch(/p50|p99|offered/);
  });
});

describe('response times of good requests, where there were none', () => {
  const dead = fixtureState({
    history: fixtureHistory({ offered: wave(500), notGood: wave(500), notGoodP50: wave(1), notGoodP99: wave(3) }),
  });
  const heat: Partial<View> = { choice: { ...firstChoice, preset: 'latency' } };

  it('point to those of others, and have no axis that nothing stands behind', () => {
    for (const view of [{}, heat]) {
      const frame = linesOf(dead, view).join('\n');
      expect(frame).toContain('no good ones in sight: g shows the others');
      expect(frame).not.toMatch(/^ +1 ┤/m);
    }
  });

  it('are drawn where those of others are looked at', () => {
    const frame = linesOf(dead, { look: { ...firstLook, latency: 'notGood' } }).join('\n');
    expect(frame).not.toContain('no good ones');
  });
});
