// Frames of the screen through time: frozen at an earlier second, with other windows, and an hour of data.

import { describe, expect, it } from 'vitest';
import { monotonicNow } from '../../source/common/clock.ts';
import { Series } from '../../source/common/series.ts';
import { commandRows } from '../../source/session/command-line.ts';
import { columnNames, type RunState } from '../../source/session/state.ts';
import { displayWidth } from '../../source/ui/format.ts';
import { keymap } from '../../source/ui/keymap.ts';
import { type Frozen, firstLook, type Look } from '../../source/ui/look.ts';
import type { PastStates } from '../../source/ui/past.ts';
import type { TerminalFacts } from '../../source/ui/screen-cost.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import {
  fixtureHistory,
  fixtureState,
  fixtureStates,
  healthyColumns,
  objective,
  readingCurves,
  seriesOf,
  turn,
  wave,
} from '../helpers/run-state.ts';

const sizes = [
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** Before the overload: what was at 3:50. */
const before = fixtureState({
  now: 231_200,
  history: fixtureStates.overload.history,
  plan: { ...fixtureState().plan, wanted: 8900, applied: 8900 },
  rates: { ...fixtureState().rates, offered: 8920, achieved: 8911, good: 7990, notGood: 921 },
  log: fixtureStates.overload.log.slice(0, 2),
});
const past: PastStates = {
  at: (second) => (second >= 200 && second < 252 ? { second, state: before } : undefined),
};

const frozen: Frozen = { end: 252_000, cursor: 230_000 };
const lookAt = (patch: Partial<Look>): Partial<View> => ({ look: { ...firstLook, ...patch } });
const terminal: TerminalFacts = {
  name: 'xterm-256color',
  fps: 4,
  cost: {
    bytesSent: 4_812_300,
    framesSent: 5021,
    framesDropped: 12,
    bytesPerSecond: 5318,
    framesPerSecond: 3.9,
    droppedPerSecond: 0,
  },
};
const framed = (state: RunState, columns: number, rows: number, view: Partial<View>): string =>
  frameOf(state, columns, rows, { view, past, terminal });
const linesOf = (...args: Parameters<typeof framed>): string[] => framed(...args).split('\n');

describe('a frozen view', () => {
  it.each(sizes)('has exactly the terminal size and says which second it shows, at %ix%i', (columns, rows) => {
    const lines = linesOf(fixtureStates.overload, columns, rows, lookAt({ frozen }));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines[0]).toMatch(/FROZEN (at )?3:50(, 21 s ago| -21s) +now/);
    expect(lines.at(-1)).toMatch(/←→ time/);
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("has the cursor's second in every panel, a line through the charts, and what is wanted now", () => {
    const frame = framed(fixtureStates.overload, 120, 40, lookAt({ frozen }));
    const [first, second] = frame.split('\n');
    expect(first).toMatch(/FROZEN at 3:50, 21 s ago {3}now: running, wanted 9,400\/s$/);
    expect(second).toMatch(/^ wanted 8,900\/s .*achieved 9,166 {2}good 8,173/);
    expect(frame).toMatch(/throughput \/s ─+ offered {2}9,133 {2}achieved {2}9,166 {2}good {2}8,173/);
    expect(frame).toMatch(/buffer +1,812 of 10,000/);
    expect(frame).toMatch(/log ─+\n {2}3:25 {2}rate 7,800/);
    expect(frame).not.toMatch(/4:06|4:10/);
    expect(frame.match(/┃/g)!.length).toBeGreaterThan(10);
    expect(frame).toMatch(/3:12 +3:32 +3:52 +4:12/);
  });

  it('says how the run is now where it has no rate, or does not go on', () => {
    const firstOf = (state: RunState, columns: number): string => linesOf(state, columns, 30, lookAt({ frozen }))[0]!;
    expect(firstOf(fixtureStates['full speed'], 120)).toMatch(/21 s ago {3}now: running$/);
    expect(firstOf(fixtureStates.paused, 120)).toMatch(/now: PAUSED, wanted 7,800\/s$/);
    expect(firstOf(fixtureStates.paused, 80)).toMatch(/now: PAUSED$/);
    expect(firstOf(fixtureStates['closed model'], 100)).toMatch(/now: running, wanted 200 users$/);
  });

  it('tells the cursor from markers in ASCII, too', () => {
    const theme = { ...plainUnicode, ascii: true };
    const view = lookAt({ frozen: { end: 252_000, cursor: 220_000 } });
    const frame = frameOf(fixtureStates.overload, 120, 40, { view, past, theme });
    expect(frame).toMatch(/!.*\|/);
    expect(frame).toMatch(/^[ -~\n]+$/);
  });

  it('says where a second is not known any more, and keeps its charts', () => {
    const view = lookAt({ frozen: { end: 252_000, cursor: 199_000 } });
    for (const [columns, rows] of sizes) {
      const lines = linesOf(fixtureStates.overload, columns, rows, view);
      expect(lines[2]).toContain('of this second only what charts show is still known');
      expect(lines[1]).toMatch(/wanted +n\/a.*achieved 7,[78]\d\d {2}good 7,[78]\d\d/);
      expect(lines.join('\n')).toMatch(/2xx +n\/a/);
      expect(lines.join('\n')).toMatch(/[⠀-⣿]/);
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('passes nothing of now off as of a second that is not known any more', () => {
    const live = fixtureState({
      totals: { ...fixtureState().totals, notSent: 7, lost: 9 },
      objectives: [objective('p99<300ms', 'broken', 412, 250_000)],
    });
    const view = lookAt({ frozen: { end: 252_000, cursor: 199_000 } });
    const frame = framed(live, 120, 40, view);
    expect(frame).not.toMatch(/7 not sent|9 lost|BROKEN|412|of 1,000|nothing has been sent|no data yet/);
    const troubled = (trouble: number): string =>
      framed({ ...live, history: fixtureHistory({ ...healthyColumns, trouble: () => trouble }) }, 120, 40, view);
    expect(troubled(2)).toMatch(/▲ the generator is the limit$/m);
    expect(troubled(0)).toContain('can be trusted');
    const unknown = troubled(Number.NaN);
    expect(unknown).toContain('verdict not known');
    expect(unknown).not.toContain('can be trusted');
    const zoom = { ...noZoom, focus: 'errors', zoomed: true } as const;
    expect(framed(fixtureStates.overload, 80, 24, { ...view, zoom })).not.toMatch(/as expected|rate limit exceeded/);
  });

  it("has the cursor's second in the numbers of the network, too", () => {
    const history = fixtureHistory({ ...healthyColumns, bytesOut: (second) => second * 125 });
    const zoom = { ...noZoom, focus: 'load', zoomed: true } as const;
    const sent = (view: Partial<View>) =>
      /sent bit\/s ─+ ([^─]+) ─/.exec(framed(fixtureState({ history }), 120, 40, view))?.[1];
    expect(sent({ zoom, ...lookAt({ frozen }) })).toBe('230 kbit/s');
    expect(sent({ zoom })).toBe('251 kbit/s');
  });

  it('says which second the numbers are of, where only one in ten is kept', () => {
    const near = { at: () => ({ second: 225, state: before }) };
    const frame = frameOf(fixtureStates.overload, 80, 24, { view: lookAt({ frozen }), past: near });
    expect(frame).toContain('numbers of 3:45, the nearest second that is kept');
  });

  it('says why courses are blank where only columns of ten seconds are left', () => {
    const long = 5000;
    const columns = Object.fromEntries(columnNames.map((name) => [name, seriesOf(() => 5, long)]));
    const tens = new Series(10_000, 8640);
    for (let step = 0; step < long / 10; step += 1) tens.set(step, 5);
    const history: RunState['history'] = {
      ...fixtureStates.overload.history,
      column: (name, stepMs) => (stepMs === 10_000 ? tens : columns[name]!),
      outcome: () => seriesOf(() => 5, long),
      latencies: () => ({ edges: [1, 10], row: (second) => (second < 1400 ? undefined : Uint32Array.of(5)) }),
    };
    const state = { ...fixtureStates.overload, history, now: long * 1000 };
    const at = (second: number, zoom: View['zoom']): string =>
      framed(state, 120, 40, { zoom, ...lookAt({ frozen: { end: second * 1000, cursor: (second - 1) * 1000 } }) });
    const zooms = (['heatmap', 'errors'] as const).map((focus) => ({ ...noZoom, focus, zoomed: true }));
    for (const zoom of zooms) {
      expect(at(1400, zoom).match(/kept for an hour/g)).toHaveLength(2);
      expect(at(1500, zoom)).not.toContain('kept for an hour');
    }
    expect(at(1400, noZoom)).toContain('courses, outcomes and heat map: kept for an hour');
  });

  it('says that tables of details are of now only', () => {
    const table = { title: 'operations', columns: [{ label: 'what' }], rows: [['find']] };
    const state = { ...fixtureStates.overload, details: { tables: () => [table] } };
    const zoom = { ...noZoom, focus: 'mongodb', zoomed: true } as const;
    expect(frameOf(state, 80, 24, { view: { zoom } })).toContain('operations');
    const then = frameOf(state, 80, 24, { view: { zoom, ...lookAt({ frozen }) }, past });
    expect(then).not.toContain('operations');
    expect(then).toContain('of now only; f goes back to live');
  });

  it('goes on when the run has ended: the keys for time stay in sight', () => {
    expect(linesOf(fixtureStates.ended, 80, 24, {}).at(-1)).toMatch(/f looks back/);
    expect(linesOf(fixtureStates.ended, 80, 24, lookAt({ frozen })).at(-1)).toMatch(/←→ time {2}Esc live/);
    expect(linesOf(fixtureStates.ended, 80, 24, lookAt({ frozen }))[0]).toMatch(/now: ENDED/);
  });
});

/** A run of an hour with one spike. */
const hour = fixtureState({
  now: 3_600_400,
  plan: { ...fixtureState().plan, remainingMs: 600_000 },
  history: fixtureHistory(
    {
      ...healthyColumns,
      good: turn(1800, wave(7798, 0.004), wave(6200, 0.01), 60),
      p99: (second) => (second === 1234 ? 900 : 44),
    },
    readingCurves,
    {},
    3600,
  ),
});

describe('the window', () => {
  it.each([
    [30_000, '-30s +-20s +-10s +now'],
    [300_000, '-5m +-4m +-3m +-2m +-60s +now'],
    [900_000, '-15m +-10m +-5m +now'],
    [3_600_000, '-1h +-40m +-20m +now'],
  ])('of %i ms is said below the charts', (windowMs, axis) => {
    expect(framed(hour, 120, 40, lookAt({ windowMs }))).toMatch(new RegExp(axis));
  });

  it('is said in the title where a chart has no time axis', () => {
    expect(framed(hour, 80, 24, lookAt({ windowMs: 900_000 }))).toMatch(/─ throughput \/s · 15m ─/);
    expect(framed(hour, 80, 24, lookAt({ windowMs: 900_000, frozen }))).toMatch(/─ throughput \/s · 15m ─/);
    expect(framed(hour, 99, 24, lookAt({ windowMs: 900_000, frozen }))).toMatch(/─ throughput \/s · 15m until 4:12 ─/);
  });

  it('is said in the title of a zoomed list, whose courses have no axis either', () => {
    const zoom = { ...noZoom, focus: 'host', zoomed: true } as const;
    expect(framed(hour, 80, 24, { zoom, ...lookAt({ windowMs: 900_000 }) })).toMatch(/━ this machine · 15m ━/);
    expect(framed(hour, 80, 24, { zoom })).toMatch(/━ this machine ━/);
  });

  it('of an hour loses no spike', () => {
    const rows = linesOf(hour, 120, 40, lookAt({ windowMs: 3_600_000 }));
    const latency = rows.findIndex((line) => line.includes('response time'));
    expect(rows[latency + 1]).toMatch(/1000 ┤ +[⠁-⣿] */);
  });

  it('longer than the run leaves gaps at the left', () => {
    const lines = linesOf(fixtureState(), 120, 40, lookAt({ windowMs: 3_600_000 }));
    expect(lines[4]).toMatch(/8k ┤ {55,}[⠁-⣿]{3,6} /);
  });

  it('of an hour costs little more than that of a minute', () => {
    const costOf = (windowMs: number): number => {
      const costs = Array.from({ length: 7 }, () => {
        const from = monotonicNow();
        framed(hour, 120, 40, lookAt({ windowMs }));
        return monotonicNow() - from;
      });
      return Math.min(...costs);
    };
    costOf(60_000);
    expect(costOf(3_600_000)).toBeLessThan(costOf(60_000) + 15);
  });
});

describe('whose response times', () => {
  const some = fixtureState({
    latency: fixtureStates.overload.latency,
    totals: { ...fixtureState().totals, notGood: 900 },
    history: fixtureHistory({ ...healthyColumns, notGoodP50: wave(2), notGoodP95: wave(4), notGoodP99: wave(9) }),
  });

  it('is said in the title, with their numbers and their lines', () => {
    const frame = framed(some, 120, 40, lookAt({ latency: 'notGood' }));
    expect(frame).toMatch(/─ response time ms, NOT good ─+ last 5 s {2}p50 +2 {2}p95 +4 {2}p99 +9/);
    expect(frame).toMatch(/ 10 ┤/);
    expect(framed(some, 120, 40, {})).toMatch(/─ response time ms, good ─+ last 5 s {2}p50 +84/);
  });

  it('is said at every size and in the closed model', () => {
    const closed = { ...some, run: fixtureStates['closed model'].run };
    for (const [columns, rows] of sizes) {
      expect(framed(some, columns, rows, lookAt({ latency: 'notGood' }))).toMatch(/NOT good/);
      const frame = framed(closed, columns, rows, lookAt({ latency: 'notGood' }));
      expect(frame).toMatch(/NOT good · closed model: waiting is not seen/);
    }
  });
});

describe('the help', () => {
  const pages = (state: RunState, columns: number, rows: number): string =>
    Array.from({ length: 8 }, (_, page) =>
      framed(state, columns, rows, { mode: 'help', helpTop: page * (rows - 3) }),
    ).join('\n');

  it.each(sizes)('has every key and command, uncut, in pages of %ix%i', (columns, rows) => {
    const text = pages(fixtureState(), columns, rows);
    // Those of the fields are only there where there are fields.
    const keys = keymap.filter(({ group }) => group !== 'armed');
    for (const { shown, label } of keys) expect(text).toContain(`${shown.padEnd(9)} ${label}`);
    for (const { name, label } of commandRows) expect(text).toMatch(new RegExp(`:${name} .*${label}`));
    expect(text).not.toMatch(/…/);
  });

  it.each(sizes)('says why a key does nothing, in whole words, at %ix%i', (columns, rows) => {
    const text = pages(fixtureStates['full speed'], columns, rows).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/not now: full speed has no rate to change; give -q a/);
    expect(text).not.toMatch(/…/);
  });

  it('says what the screen costs, and what the terminal is', () => {
    const text = pages(fixtureState(), 60, 20);
    expect(text).toMatch(/sends +5\.19 KiB\/s in 3\.9 frames\/s, --fps 4/);
    expect(text).toMatch(/sent +4\.59 MiB in 5,021 frames/);
    expect(text).toMatch(/dropped +0\.0 frames\/s, 12 in all \(slow terminal\)/);
    expect(text).toMatch(/terminal +xterm-256color, no colours, Unicode$/m);
    expect(text).toMatch(/size +60x20, charts over 60s$/m);
  });

  it('says where it is and how to see more', () => {
    const first = linesOf(fixtureState(), 80, 24, { mode: 'help' })[0];
    expect(first).toMatch(/lines 1-22 of \d\d {2}PgDn more ─$/);
    expect(linesOf(fixtureState(), 80, 24, { mode: 'help', helpTop: 999 })[0]).toMatch(/PgUp back ─$/);
    expect(linesOf(fixtureState(), 200, 60, { mode: 'help' })[0]).not.toMatch(/PgDn/);
  });
});

describe('the frames to read', () => {
  it.each([
    ['frozen', fixtureStates.overload, 120, 40, lookAt({ frozen })],
    ['frozen', fixtureStates.overload, 80, 24, lookAt({ frozen })],
    ['window-30s', hour, 120, 40, lookAt({ windowMs: 30_000 })],
    ['window-1h', hour, 120, 40, lookAt({ windowMs: 3_600_000 })],
    ['window-1h', hour, 80, 24, lookAt({ windowMs: 3_600_000 })],
    ['help', fixtureStates['full speed'], 60, 20, { ...firstView, mode: 'help' as const }],
    ['help-end', fixtureStates['full speed'], 60, 20, { ...firstView, mode: 'help' as const, helpTop: 999 }],
    ['help-end', fixtureStates['full speed'], 80, 24, { ...firstView, mode: 'help' as const, helpTop: 999 }],
    ['help', fixtureStates['full speed'], 120, 40, { ...firstView, mode: 'help' as const }],
  ] as const)('%s', async (name, state, columns, rows, view) => {
    await expect(`${framed(state, columns, rows, view)}\n`).toMatchFileSnapshot(
      `frames/${name}-${columns}x${rows}.txt`,
    );
  });
});
