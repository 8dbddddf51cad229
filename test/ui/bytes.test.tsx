// What the live view sends to a terminal in a second, over a bad link the only thing that counts: a recorded run at 120x40,
// four frames a second, figures that change with each of them and charts that move once a second.
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import { afterEach, describe, expect, it } from 'vitest';
import { draw } from '../../source/common/random.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { beginning, type Folded, reduce } from '../../source/session/reduce.ts';
import type { ColumnName, RunState } from '../../source/session/state.ts';
import { Screen } from '../../source/ui/app.tsx';
import { CellWriter } from '../../source/ui/cell-writer.ts';
import { seenOf } from '../../source/ui/seen.ts';
import { detectTheme } from '../../source/ui/theme.ts';
import { SessionContext, ThemeContext } from '../../source/ui/use-session.ts';
import { firstView } from '../../source/ui/view.ts';
import { frameOf } from '../helpers/frame.tsx';
import { recordedEvents } from '../helpers/recording-lines.ts';
import { FixtureStore } from '../helpers/run-state.ts';
import { EmulatedTerminal, FakeSink, FakeTerminal } from './emulated-terminal.ts';

const columns = 120;
const rows = 40;
const frameMs = 250;
const theme = detectTheme({ TERM: 'xterm-256color', LANG: 'C.UTF-8' }, true);

/** Near a value, another place for each turn. */
const about = (value: number, turn: number, by = 0.1): number => value * (1 - by + 2 * by * draw(9, turn));

/** The run as restless as one can be: no line on a chart, and no sparkline, is flat. */
const restless = (event: RunEvent): RunEvent => {
  const turn = event.sequence * 64;
  if (event.type === 'second/closed') {
    const { second } = event;
    const { flows, good } = second;
    const [due, well] = [about(flows.due, turn, 0.3), about(flows.good, turn + 1, 0.3)].map(Math.round);
    const spans = { p50: about(good.p50, turn + 2, 0.3), p95: about(good.p95, turn + 3, 0.3) };
    const tail = { p99: about(good.p99, turn + 4, 0.3), max: about(good.max, turn + 5, 0.3) };
    return {
      ...event,
      second: { ...second, flows: { ...flows, due: due!, good: well! }, good: { ...good, ...spans, ...tail } },
    };
  }
  if (event.type !== 'probe/read') return event;
  const values = event.values.map((value, index) =>
    value.type === 'value' ? { ...value, value: about(value.value + 1, turn + index, 0.3) } : value,
  );
  return { ...event, values };
};

/** What a live run's figures are between two seconds: near those of the last one, and never the same. */
const stirred = (state: RunState, frame: number): RunState => {
  const newest = state.history.column('achieved', 1000).newest;
  const of = (name: ColumnName, turn: number): number =>
    about(state.history.column(name, 1000).get(newest) || 0, frame * 32 + turn);
  const rates = { ...state.rates, offered: of('offered', 0), achieved: of('achieved', 1), good: of('good', 2) };
  const good = { count: 2000, p50: of('p50', 3), p95: of('p95', 4), p99: of('p99', 5), max: of('max', 6) };
  return {
    ...state,
    now: frame * frameMs,
    rates: { ...rates, started: rates.offered, requests: rates.achieved, notGood: of('notGood', 7) },
    latency: { ...state.latency, windowMs: 5000, good },
    stocks: { ...state.stocks, inFlight: Math.round(about(60, frame * 32 + 8)), backlog: Math.round(about(5, frame)) },
    outcomes: state.outcomes.map((row, turn) => ({
      ...row,
      total: Math.round(about(row.total, frame * 32 + 10 + turn)),
    })),
  };
};

/** The state of a run at each frame. */
function* frames(events: readonly RunEvent[], from: number, to: number): Generator<RunState, undefined> {
  let folded: Folded = beginning();
  let next = 0;
  for (let frame = 0; frame * frameMs < to; frame += 1) {
    for (; next < events.length && events[next]!.at <= frame * frameMs; next += 1)
      folded = reduce(folded, events[next]!);
    if (frame * frameMs >= from) yield stirred(folded.state, frame);
  }
}

const unmounts: (() => void)[] = [];
afterEach(() => {
  for (const unmount of unmounts.splice(0)) unmount();
});

/** Endpoints keep their order while they are looked at: a first look may have another one. */
const still = (lines: readonly string[]): string[] => {
  const client = lines.map((line) => line.slice(0, 73));
  return [...client.toSorted(), ...lines.map((line) => line.slice(73))];
};

describe('the live view at 120x40, four frames a second', () => {
  it('sends at most 7 kB in a second of the run, and the screen is right', { timeout: 60_000 }, async () => {
    const sink = new FakeSink();
    const output = new CellWriter(new FakeTerminal(columns, rows), sink);
    const shown = new EmulatedTerminal(columns, rows);
    const screenOf = (state: RunState) => (
      <SessionContext value={{ store: new FixtureStore(state), dispatch: () => {}, painted: output.painted }}>
        <ThemeContext value={theme}>
          <Screen columns={columns} rows={rows} state={seenOf(state, firstView.look)} view={firstView} />
        </ThemeContext>
      </SessionContext>
    );
    // One by one: the columns are the newest state's.
    const states = frames(recordedEvents('overload-429').map(restless), 3000, 63_000);
    let state = states.next().value!;
    const app = render(screenOf(state), {
      stdout: output.stream,
      interactive: true,
      alternateScreen: true,
      patchConsole: false,
      exitOnCtrlC: false,
      maxFps: 1000,
    });
    unmounts.push(app.unmount);
    await app.waitUntilRenderFlush();
    await shown.feed(sink.take());
    // The first picture is sent once.
    const [before, framesBefore] = [output.bytesSent, output.framesSent];
    const from = state.now;
    for (state of states) {
      app.rerender(screenOf(state));
      await app.waitUntilRenderFlush();
      await shown.feed(sink.take());
    }
    const seconds = (state.now - from) / 1000;
    const perSecond = (output.bytesSent - before) / seconds;
    const framesPerSecond = (output.framesSent - framesBefore) / seconds;
    expect(seconds).toBeGreaterThan(59);
    expect(framesPerSecond).toBeGreaterThan(3.5);
    expect(perSecond, `${Math.round(perSecond)} bytes/s`).toBeLessThanOrEqual(7000);
    const whole = stripVTControlCharacters(frameOf(state, columns, rows, { theme }));
    expect(still(shown.text())).toEqual(still(whole.split('\n')));
    const panels = shown.text().flatMap((line) => [...line.matchAll(/(?<= |^|\d)─ [a-z]/g)]);
    expect(panels.length).toBeGreaterThanOrEqual(8);
  });
});
