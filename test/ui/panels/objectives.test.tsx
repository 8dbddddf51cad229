// The panel of objectives at several sizes: status in words, the worst ones where there is no room for all.

import { Box, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { bandPresets } from '../../../source/measure/band-presets.ts';
import { judgeBands } from '../../../source/measure/bands.ts';
import type { RunState } from '../../../source/session/state.ts';
import { displayWidth } from '../../../source/ui/display-width.ts';
import { firstLook } from '../../../source/ui/look.ts';
import { ObjectivesPanel } from '../../../source/ui/panels/objectives.tsx';
import { seenOf } from '../../../source/ui/seen.ts';
import type { Theme } from '../../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../../source/ui/use-session.ts';
import { plainUnicode } from '../../helpers/frame.tsx';
import { FixtureStore, fixtureState, fixtureStates, objective } from '../../helpers/run-state.ts';

const panel = (
  width: number,
  height: number,
  of: RunState = fixtureStates.overload,
  theme: Theme = plainUnicode,
): string[] =>
  renderToString(
    <SessionContext value={{ store: new FixtureStore(of), dispatch: () => {} }}>
      <ThemeContext value={theme}>
        <Box width={width} height={height}>
          <ObjectivesPanel rect={{ x: 0, y: 0, width, height }} state={seenOf(of, firstLook)} />
        </Box>
      </ThemeContext>
    </SessionContext>,
    { columns: width },
  ).split('\n');

const many = fixtureState({
  objectives: [
    objective('p50<20ms', 'met', 12),
    objective('p95<=250ms', 'not enough data', Number.NaN),
    objective('p99<300ms over 30s', 'broken', 1204, 6_245_000),
    objective('errors<=0%', 'met', 0),
    objective('max<2s over 10m', 'at risk', 1950),
  ],
});

describe('the panel of objectives', () => {
  it('says of each how it stands, since when, its value, and how much of its bound is used up', () => {
    expect(panel(80, 4).join('\n')).toMatchInlineSnapshot(`
      "─ objectives ───────────────────────────────────────────── 2 BROKEN  1 at risk ─
       ▲ p99<300ms over 30s BROKEN since 4:01        431 ms  ████████████████████████
       ▲ errors<1%          BROKEN since 3:41        13.6 %  ████████████████████████
       △ rate>=8000/s       at risk                 8,112/s  ███████████████████████▋"
    `);
  });

  it('has less in a narrow place, but always the word and the value', () => {
    for (const width of [34, 40, 50]) {
      const [, first = ''] = panel(width, 4);
      expect(first).toContain('BROKEN');
      expect(first).toContain('431 ms');
    }
    expect(panel(40, 4).join('\n')).toMatchInlineSnapshot(`
      "─ objectives ───── 2 BROKEN  1 at risk ─
       ▲ p99<300ms over 3… BROKEN      431 ms
       ▲ errors<1%         BROKEN      13.6 %
       △ rate>=8000/s      at risk    8,112/s"
    `);
  });

  it('tells more of each where there is room', () => {
    expect(panel(100, 12).join('\n')).toMatchInlineSnapshot(`
      "─ objectives ───────────────────────────────────────────────────────────────── 2 BROKEN  1 at risk ─
       ▲ p99<300ms over 30s BROKEN since 4:01        431 ms  ██████████████████████████████
         response time p99, good, over 30 s, broken for 11 s   each second ▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂▄▆██████
       ▲ errors<1%          BROKEN since 3:41        13.6 %  ██████████████████████████████
         share not good, over 10 s, broken for 31 s            each second ▁▁▁▁▁▁▁▁▁▁▁▁██████████████████
       △ rate>=8000/s       at risk                 8,112/s  █████████████████████████████▋
         good per second, over 10 s                            each second ██████████████████████████████




      "
    `);
  });

  it('says below them in which band the run is', () => {
    const bands: RunState['bands'] = judgeBands(bandPresets.events, {
      ended: 1000,
      notGood: 60,
      classes: new Map(),
      good: { count: 940, meanMs: 20, p50Ms: 20, p95Ms: 44, p99Ms: 900, maxMs: 900 },
      rate: 94,
      requests: 100,
      offeredRatio: 1,
    });
    const run = { ...fixtureStates.overload.run!, bands: bandPresets.events };
    const state = { ...fixtureStates.overload, run, bands };
    expect(panel(80, 5, state)[4]).toBe('   band  warning · p95 44 ms, p99 900 ms, errors 6.0 %');
    expect(panel(110, 5, state)[4]).toMatch(/ms, errors 6.0 %, timeouts 0 %, 503 0 %, refused 0 % {2}over 30 s$/);
    expect(panel(40, 5, state)[4]).toBe('   band  warning · errors 6.0 %');
    expect(panel(80, 2, { ...state, objectives: [] })[1]).toMatch(/^ {3}band {2}warning/);
    // Objectives come first where there is no room for both.
    expect(panel(80, 4, state).join()).not.toContain('band');
    expect(panel(80, 5, { ...state, bands: undefined })[4]).toBe('   band  not enough data');
  });

  it('keeps the worst where there is no room for all, in the order they were given', () => {
    const lines = panel(80, 4, many);
    expect(lines[1]).toMatch(/^ ▲ p99<300ms over 30s +BROKEN since 1:44:05 +1,204 ms/);
    expect(lines[2]).toMatch(/^ △ max<2s over 10m +at risk +1,950 ms/);
    expect(lines[3]).toBe(' and 3 more');
    expect(lines[0]).toContain('1 BROKEN');
  });

  it('puts them into one line, the worst first', () => {
    expect(panel(80, 2)[1]).toBe(' p99<300ms over 30s BROKEN   errors<1% BROKEN   rate>=8000/s at risk');
    expect(panel(120, 2)[1]).toBe(
      ' p99<300ms over 30s BROKEN 431 ms   errors<1% BROKEN 13.6 %   rate>=8000/s at risk 8,112/s',
    );
    expect(panel(40, 2)[1]).toBe(' p99<300ms over 30s BROKEN 431 ms');
  });

  it('says that all are met, or that there is none and how to have one', () => {
    const met = fixtureState({ objectives: [objective('errors<1%', 'met', 0.001)] });
    expect(panel(80, 3, met)[0]).toMatch(/ all met ─$/);
    expect(panel(80, 3, fixtureState())[1]).toContain('--slo');
  });

  it('is told apart in ASCII and without colour', () => {
    const lines = panel(80, 4, fixtureStates.overload, { ...plainUnicode, ascii: true });
    expect(lines[1]).toMatch(/^ ! p99<300ms over 30s BROKEN since 4:01 +431 ms {2}#+$/);
    expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('fits into any place', () => {
    for (const state of [many, fixtureStates.overload, fixtureState()]) {
      for (let width = 20; width <= 200; width += 7) {
        for (const height of [1, 2, 3, 5, 8, 15]) {
          const lines = panel(width, height, state);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }
    }
  });
});
