// What the profile counts, as it is drawn: on the dashboard, alone on the screen, and where nothing is counted.

import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { firstChoice } from '../../source/ui/choice.ts';
import { displayWidth } from '../../source/ui/format.ts';
import type { View } from '../../source/ui/view.ts';
import { noZoom, type Zoom } from '../../source/ui/zoom.ts';
import { countedStates, countingState } from '../helpers/counted-metrics.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState } from '../helpers/run-state.ts';

const state = countingState();
const client: Partial<View> = { choice: { ...firstChoice, preset: 'client' } };
const zoomed = (patch: Partial<Zoom> = {}): Partial<View> => ({
  zoom: { ...noZoom, focus: 'counted', zoomed: true, ...patch },
});
const linesOf = (of: RunState, columns: number, rows: number, view: Partial<View> = {}): string[] =>
  frameOf(of, columns, rows, { view }).split('\n');

const sizes = [
  [60, 20],
  [80, 24],
  [80, 50],
  [120, 40],
  [200, 60],
] as const;

describe('the panel of what the profile counts', () => {
  it.each(sizes)('fits at %ix%i, whatever is counted', (columns, rows) => {
    const metrics = countedStates.map((metric) => ({ ...metric, name: metric.name.repeat(9), sum: 9_999_999_999_999 }));
    for (const of of [state, { ...state, metrics }, { ...state, metrics: [] }]) {
      for (const view of [{}, client, zoomed(), zoomed({ top: 3 })]) {
        const lines = linesOf(of, columns, rows, view);
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });

  it.each([
    ['all', 120, 40, {}],
    ['all', 80, 50, {}],
    ['client', 80, 24, client],
    ['client', 200, 60, client],
    ['zoomed', 120, 40, zoomed()],
    ['zoomed', 80, 24, zoomed()],
  ] as const)('looks as it should: %s at %ix%i', async (name, columns, rows, view) => {
    await expect(`${linesOf(state, columns, rows, view).join('\n')}\n`).toMatchFileSnapshot(
      `frames/counted-${name}-${columns}x${rows}.txt`,
    );
  });

  it('has what failed first where not all fit, and says how many are left', () => {
    const metrics = Array.from({ length: 40 }, (_, index) => ({ ...countedStates[index % 7]!, name: `m${index}` }));
    const text = linesOf({ ...state, metrics }, 120, 40).join('\n');
    expect(text).toMatch(/counted by the profile ─.* ▲ 5 of 10 expectations failed/);
    expect(text).toMatch(/\n m6 .*▲ 99\.99 % {2}12 failed/);
    expect(text).toMatch(/and \d+ more: Tab chooses the panel, Enter shows all/);
  });

  it('is not there where nothing is counted', () => {
    for (const [columns, rows] of sizes) {
      expect(linesOf(fixtureState(), columns, rows, client).join('\n')).not.toContain('counted by');
    }
  });

  it('lists all of them zoomed, and finds them by what they are', () => {
    const text = linesOf(state, 120, 40, zoomed()).join('\n');
    expect(text).toMatch(/first failure at 3:34: found false, expected true in/);
    expect(linesOf(state, 120, 40, zoomed({ filter: 'expectation' }))[3]).toMatch(/2 of 7 rows/);
  });
});
