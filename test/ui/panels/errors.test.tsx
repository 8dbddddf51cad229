// The table of outcomes in panels of several sizes: why requests end so, where there is room to say it.

import { Box, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { CauseName } from '../../../source/measure/cause.ts';
import type { CauseState, OutcomeState, RunState } from '../../../source/session/state.ts';
import { firstLook } from '../../../source/ui/look.ts';
import { ErrorsPanel, errorsRows } from '../../../source/ui/panels/errors.tsx';
import { seenOf } from '../../../source/ui/seen.ts';
import { SessionContext, ThemeContext } from '../../../source/ui/use-session.ts';
import { plainUnicode } from '../../helpers/frame.tsx';
import { type Curve, FixtureStore, fixtureState, seriesOf, turn, wave } from '../../helpers/run-state.ts';

const cause = (name: CauseName, detail: string, perSecond: number, example?: string): CauseState => ({
  name,
  detail,
  fault: 'target',
  perSecond,
  total: perSecond * 10,
  example,
});

const outcome = (name: OutcomeState['name'], all: number, causes: readonly CauseState[]): OutcomeState => {
  const perSecond = causes.reduce((sum, one) => sum + one.perSecond, 0);
  return { name, perSecond, share: perSecond / all, total: perSecond * 10, example: causes[0]?.example, causes };
};

const state = fixtureState({
  outcomes: [
    outcome('2xx', 1000, [cause('2xx', '', 900)]),
    outcome('4xx', 1000, [cause('404', '404', 9, '404 Not Found'), cause('401', '401', 1, '401 Unauthorized')]),
    outcome('503', 1000, [
      cause('503', '', 30, '503 Retry-After 7'),
      cause('503, through an edge', 'through an edge', 5),
    ]),
    outcome('524', 1000, []),
    outcome('TLS', 1000, [cause('TLS: certificate expired', 'certificate expired', 20, 'certificate has expired')]),
    outcome('timeout', 1000, [
      cause('timeout, waiting for headers', 'waiting for headers', 25, 'no answer within 10 s'),
      cause('timeout, stuck', 'stuck', 10),
    ]),
  ],
});

const panel = (width: number, height: number, of: RunState = state): string[] =>
  renderToString(
    <SessionContext value={{ store: new FixtureStore(of), dispatch: () => {} }}>
      <ThemeContext value={plainUnicode}>
        <Box width={width} height={height}>
          <ErrorsPanel rect={{ x: 0, y: 0, width, height }} state={seenOf(of, firstLook)} />
        </Box>
      </ThemeContext>
    </SessionContext>,
    { columns: width },
  ).split('\n');

/** The names at the left of the rows, with what is said behind them. */
const said = (width: number, height: number): string[] =>
  panel(width, height)
    .slice(1)
    .map((line) => line.replace(/ +[█▏▎▍▌▋▊▉]* +[\d,]+ +[\d.]+ % +[\d,]+ *$/, '').trimEnd())
    .filter((line) => line !== '');

describe('the panel of outcomes', () => {
  it('says why behind the class, each of several causes with its number, and what one looked like', () => {
    expect(said(140, 7)).toEqual([
      ' 2xx',
      ' 4xx, 404 9, 401 1  404 Not Found',
      ' 503  Retry-After 7',
      ' 524',
      ' TLS, certificate expired  certificate has expired',
      ' timeout, waiting for headers 25, stuck 10  no answer within 10 s',
    ]);
  });

  it('says the one that counts most where there is no room for more', () => {
    expect(said(76, 7)).toEqual([
      ' 2xx',
      ' 4xx, 404 9, 401 1',
      ' 503  Retry-After 7',
      ' 524',
      ' TLS, certificate expired',
      ' timeout, waiting for headers',
    ]);
  });

  it('breaks classes of several causes down where it has more rows than classes', () => {
    expect(said(140, 13)).toEqual([
      ' 2xx',
      ' 4xx',
      '   404  404 Not Found',
      '   401  401 Unauthorized',
      ' 503',
      '   503  503 Retry-After 7',
      '   through an edge',
      ' 524',
      ' TLS, certificate expired  certificate has expired',
      ' timeout',
      '   waiting for headers  no answer within 10 s',
      '   stuck',
    ]);
    const numbers = panel(140, 13).find((line) => line.includes('through an edge'));
    expect(numbers).toMatch(/ 5 +0\.5 % +50 *$/);
  });

  it('wishes for as many rows as there are classes, so that causes do not push charts about', () => {
    expect(errorsRows(state)).toBe(7);
  });

  it('shows the classes only in a single line', () => {
    expect(panel(80, 2)[1]).toMatch(/^ 2xx 900 \(90 %\) {2}4xx 10 \(1 %\) {2}503 35 \(4 %\)/);
  });

  it('does not say why nothing happened', () => {
    expect(panel(140, 7, fixtureState({ outcomes: [outcome('refused', 0, [])] }))[1]).toMatch(
      /^ refused +0 +n\/a +0 *$/,
    );
  });

  it('shows over time how requests ended, where it has rows to spare', () => {
    const curves: Record<string, Curve> = {
      '2xx': turn(220, wave(900), wave(600)),
      '4xx': () => 0,
      '503': turn(220, () => 0, wave(300)),
      timeout: (second) => (second >= 240 ? 100 : second < 200 ? Number.NaN : 0),
    };
    const history = { ...state.history, outcome: (name: string) => curves[name] && seriesOf(curves[name]) };
    const lines = panel(100, 24, { ...state, history });
    expect(lines).toHaveLength(24);
    const at = lines.findIndex((line) => line.startsWith(' over time /s'));
    expect(lines[at]).toBe(' over time /s   ░ good  ▒ 429  ▓ 503, 504, 52x  █ other not good  × no response');
    const chart = lines.slice(at + 1);
    expect(chart.at(-1)).toMatch(/^ {5}-60s .*now$/);
    expect(chart.join('')).toMatch(/ {3}1k ┤/);
    const last = chart.slice(0, -2).map((line) => line[99] ?? ' ');
    expect(last.join('')).toMatch(/^ *×+▓+░+$/);
    expect(
      chart
        .slice(0, -2)
        .map((line) => line[20] ?? ' ')
        .join(''),
    ).toMatch(/^ *░+$/);
  });
});
