// Whole frames of the screen: their size, what stands where, and a few of them as files to read.
import { describe, expect, it } from 'vitest';
import type { ObjectiveState, RunState } from '../../source/session/state.ts';
import { displayWidth } from '../../source/ui/format.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import { fixtureState, fixtureStates, logLine } from '../helpers/run-state.ts';

const sizes = [
  [60, 20],
  [80, 24],
  [80, 50],
  [99, 30],
  [100, 20],
  [120, 40],
  [160, 45],
  [200, 60],
] as const;

const linesOf = (state: RunState, columns: number, rows: number, view: Partial<View> = {}): string[] =>
  frameOf(state, columns, rows, { view }).split('\n');

/** Every name of a state with every size. */
const cases = Object.keys(fixtureStates).flatMap((name) =>
  sizes.map(([columns, rows]) => [name as keyof typeof fixtureStates, columns, rows] as const),
);

describe('every frame', () => {
  it.each(cases)('%s at %ix%i has exactly the terminal size and no NaN', (name, columns, rows) => {
    const lines = linesOf(fixtureStates[name], columns, rows);
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it.each(cases)(
    '%s at %ix%i answers the three questions on top and shows keys at the bottom',
    (name, columns, rows) => {
      const lines = linesOf(fixtureStates[name], columns, rows);
      expect(lines[0]).toMatch(/^ loadtop events-full → .*(RUNNING|PAUSED|ENDED)/);
      expect(lines[1]).toMatch(name === 'ended' ? /^ whole run: .*good .*p99/ : /^ wanted .*achieved .*good/);
      expect(lines[2]).toMatch(/nothing wrong seen|nothing measured yet|▲|△|paused|ended/);
      expect(lines.at(-1)).toMatch(/\? help/);
    },
  );

  it.each([
    ['help', [60, 20]],
    ['help', [120, 40]],
    ['prompt', [60, 20]],
    ['confirm quit', [80, 24]],
  ] as const)('with %s open at %j has exactly the terminal size', (mode, [columns, rows]) => {
    const lines = linesOf(fixtureStates.overload, columns, rows, { mode });
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });
});

describe('the frames to read', () => {
  it.each([
    ['overload', 80, 24],
    ['overload', 120, 40],
    ['overload', 200, 60],
    ['healthy', 120, 40],
    ['probes failing', 120, 40],
    ['full speed', 80, 24],
    ['closed model', 120, 40],
    ['stuck', 80, 24],
    ['generator bad', 100, 30],
    ['fresh', 80, 24],
  ] as const)('%s at %ix%i', async (name, columns, rows) => {
    const file = `frames/${name.replace(' ', '-')}-${columns}x${rows}.txt`;
    await expect(`${frameOf(fixtureStates[name], columns, rows)}\n`).toMatchFileSnapshot(file);
  });

  it('help at 80x24', async () => {
    const frame = frameOf(fixtureStates['full speed'], 80, 24, { view: { mode: 'help' } });
    await expect(`${frame}\n`).toMatchFileSnapshot('frames/help-80x24.txt');
  });
});

it('a generator that nothing is known of is not said to be trusted, nor has it a number in ms', () => {
  const frame = linesOf(fixtureStates.fresh, 80, 24).join('\n');
  expect(frame).toMatch(/generator +nothing measured yet: loop n\/a, pacing n\/a/);
  expect(frame).not.toContain('can be trusted');
});

describe('a target that is gone and a generator that is late', () => {
  it('are both told where there is room, the target first', () => {
    const { rates, generator } = fixtureStates.healthy;
    const state = fixtureState({
      rates: { ...rates, achieved: 0, good: 0, notGood: 502 },
      generator: { ...generator, level: 'bad', reasons: ['pacing delay p99 70.9 ms, wanted at most 10 ms'] },
    });
    expect(linesOf(state, 80, 24)[2]).toMatch(/^ ▲ 100 % not good {3}the generator is the limit( |$)/);
    expect(linesOf(state, 120, 40)[2]).toMatch(/^ ▲ 100 % not good {3}the generator is the limit: pacing delay p99/);
  });
});

describe('a zoomed chart', () => {
  const zoomed = (focus: 'load' | 'latency' | 'errors'): Partial<View> => ({
    zoom: { focus, zoomed: true, top: 0, filter: '' },
  });

  it('of the throughput has what is on its way, what waits and what goes over the network', () => {
    const frame = linesOf(fixtureStates.overload, 120, 40, zoomed('load')).join('\n');
    expect(frame).toMatch(/─ in flight ─+ oldest 0\.1 s {2}212 of 1,000 ─ ─ backlog ─+ 0 ─/);
    expect(frame).toMatch(/─ sent bit\/s ─+ n\/a ─ ─ received bit\/s ─+ n\/a ─/);
    expect(linesOf(fixtureStates['closed model'], 80, 24, zoomed('load')).join('\n')).toMatch(/─ users ─+ 180 ─/);
  });

  it.each(sizes)('of response times has good ones and others side by side, at %ix%i', (columns, rows) => {
    const frame = linesOf(fixtureStates.overload, columns, rows, zoomed('latency')).join('\n');
    expect(frame).toMatch(/good +not good/);
    expect(frame).toMatch(/p99 +431 +9/);
    expect(frame).toMatch(/max +1,204 +31/);
    expect(frame).toMatch(/─ response time ms, not good ─/);
  });

  it('of outcomes tells why, whose matter it is, and what one looked like', () => {
    const frame = linesOf(fixtureStates.overload, 80, 24, zoomed('errors')).join('\n');
    expect(frame).toMatch(/^ 524 +0 +0\.0 % +0$/m);
    expect(frame).toMatch(/^ {3}waiting for headers {2}the target's +11 +0\.1 % +195$/m);
    expect(frame).toMatch(/^ {5}429 Retry-After: 1 \{"error":"buffer full","size":10000\}$/m);
    const large = linesOf(fixtureStates.overload, 120, 40, zoomed('errors')).join('\n');
    expect(large).toMatch(/─? why, with an example of each /);
    expect(linesOf(fixtureStates.healthy, 120, 40, zoomed('errors')).join('\n')).toContain(
      'every request ended as expected',
    );
  });
});

describe('the objectives in the header', () => {
  const objective = (text: string, status: ObjectiveState['status']): ObjectiveState => ({
    text,
    metric: 'p99',
    bound: 300,
    status,
    value: 431,
    brokenSince: undefined,
  });
  const third = (columns: number, objectives: readonly ObjectiveState[], state: RunState = fixtureStates.overload) =>
    linesOf({ ...state, objectives }, columns, 40)[2];
  const broken = objective('p99<300ms over 30s', 'broken');

  it('stand at the right, worst first, without their window', () => {
    expect(third(120, [objective('errors<1%', 'at risk'), broken])).toMatch(
      /^ ▲ 13\.7 % not good: 429, 503 .* p99<300ms BROKEN {2}errors<1% at risk$/,
    );
    expect(third(120, [objective('errors<1%', 'met'), broken])).toMatch(/ p99<300ms BROKEN {2}errors<1% met$/);
  });

  it.each([60, 80, 100])('say the worst one whatever else there is, at %i columns', (columns) => {
    const many = [...Array.from({ length: 6 }, (_, index) => objective(`p9${index}<300ms`, 'at risk')), broken];
    expect(third(columns, many)).toMatch(/ p99<300ms BROKEN/);
    expect(displayWidth(third(columns, many)!)).toBeLessThanOrEqual(columns);
  });

  it('are said to be met where all are, and nothing is wrong', () => {
    const met = Array.from({ length: 5 }, (_, index) => objective(`p9${index}<300ms`, 'met'));
    expect(third(80, met, fixtureStates.healthy)).toMatch(/^ nothing wrong seen +objectives met$/);
    expect(third(80, met.slice(0, 1), fixtureStates.healthy)).toMatch(/^ nothing wrong seen +p90<300ms met$/);
  });

  it('are not said to be unmet while none of them can be judged', () => {
    const early = Array.from({ length: 5 }, (_, index) => objective(`p9${index}<300ms`, 'not enough data'));
    expect(third(80, early, fixtureStates.healthy)).toMatch(/^ nothing wrong seen +objectives: no data yet$/);
    const mixed = [objective('errors<1%', 'met'), ...early];
    expect(third(80, mixed, fixtureStates.healthy)).toMatch(/^ nothing wrong seen +1 of 6 objectives met$/);
  });
});

describe('the header', () => {
  it('says what was asked and what happens', () => {
    const [, second] = linesOf(fixtureStates.overload, 120, 40);
    expect(second).toBe(
      ' wanted 9,400/s  applied 9,400  achieved 9,398  good 8,112    in flight   212 of 1,000  backlog     0    step ± 500',
    );
    const [, narrow] = linesOf(fixtureStates.overload, 80, 24);
    expect(narrow).toBe(' wanted 9,400/s  applied 9,400  achieved 9,398  good 8,112  in flight 212  ±500');
  });

  it('keeps its numbers in place while they change', () => {
    const place = (achieved: number): number => {
      const state = fixtureState();
      const [, line] = linesOf({ ...state, rates: { ...state.rates, achieved } }, 120, 40);
      return line!.indexOf('in flight');
    };
    expect(new Set([0, 9, 98, 987, 7798, Number.NaN].map(place)).size).toBe(1);
  });

  it('counts the stages of a plan', () => {
    const state = fixtureState();
    const stages = [
      { lengthMs: 200_000, rate: 100 },
      { lengthMs: 100_000, rate: 200 },
      { lengthMs: 100_000, rate: 0 },
    ];
    const plan = { ...state.plan, remainingMs: 147_600 };
    expect(linesOf({ ...state, plan, run: { ...state.run!, stages } }, 120, 40)[0]).toMatch(/stage 2 of 3 · RUNNING/);
  });

  it('speaks of users in the closed model', () => {
    const [first, second] = linesOf(fixtureStates['closed model'], 120, 40);
    expect(first).toMatch(/closed · by hand · RUNNING/);
    expect(second).toBe(
      ' wanted 200  users 180  spawn 20/s    achieved 7,798/s  good 7,798  total 1,914,220    in flight 180    step ± 10',
    );
    expect(linesOf(fixtureStates['closed model'], 80, 24)[1]).toBe(
      ' wanted 200  users 180  spawn 20/s  achieved 7,798/s  good 7,798  total 1.91M',
    );
    const { plan } = fixtureStates['closed model'];
    const atOnce = { ...fixtureStates['closed model'], plan: { ...plan, spawnRate: Infinity } };
    expect(linesOf(atOnce, 120, 40)[1]).toMatch(/spawn at once {4}achieved/);
  });

  it('counts bursts', () => {
    const [first, second] = linesOf(fixtureStates.burst, 120, 40);
    expect(first).toMatch(/burst · 3 done · RUNNING/);
    expect(second).toMatch(/^ wanted bursts of 1,000 {2}achieved/);
  });

  it('shows limits as they are now', () => {
    const state = fixtureState();
    const limits = { ...state.limits!, maxInFlight: 5000 };
    expect(linesOf({ ...state, limits }, 120, 40)[1]).toContain('in flight   182 of 5,000');
  });

  it('says while it warms up that it is kept out of the summary', () => {
    const state = fixtureState();
    const run = { ...state.run!, warmupMs: 300_000 };
    expect(linesOf({ ...state, run }, 120, 40)[2]).toBe(' warm-up until 5:00: kept out of the summary');
    expect(linesOf({ ...state, run: { ...run, warmupMs: 200_000 } }, 120, 40)[2]).toMatch(/nothing wrong seen/);
  });

  it('has no end where the run has none', () => {
    const state = fixtureState();
    expect(linesOf({ ...state, plan: { ...state.plan, remainingMs: undefined } }, 120, 40)[0]).toMatch(
      /RUNNING {2}4:12 {3}12:04:12$/,
    );
  });

  it('waits for the run to begin', () => {
    expect(linesOf({ ...fixtureStates.fresh, run: undefined }, 80, 24)[0]).toBe(' loadtop  the run has not begun yet');
  });
});

describe('the panels', () => {
  const at120 = (name: keyof typeof fixtureStates): string => linesOf(fixtureStates[name], 120, 40).join('\n');

  it('state the window of the percentiles', () => {
    expect(at120('healthy')).toMatch(/response time ms, good ─+ last 5 s {2}p50 18\.2 {2}p95 31\.4 {2}p99 44\.1/);
  });

  it.each((['full speed', 'closed model'] as const).flatMap((name) => sizes.map((size) => [name, ...size] as const)))(
    'say at %s what is not seen, at %ix%i',
    (name, columns, rows) => {
      const frame = linesOf(fixtureStates[name], columns, rows).join('\n');
      expect(frame).toMatch(/closed model: waiting is not seen/);
      expect(frame).not.toMatch(/offered|applied/);
    },
  );

  it.each(sizes)('say what is stuck, with a sign, at %ix%i', (columns, rows) => {
    const lines = linesOf(fixtureStates.stuck, columns, rows);
    expect(lines[2]).toMatch(/^ ▲ stuck 12/);
    expect(lines[3]).toMatch(/─ throughput \/s (· 60s )?─+ ▲ stuck 12 /);
  });

  it('show limits, checks, gaps with their reason, and the network in bits', () => {
    const frame = at120('overload');
    expect(frame).toMatch(/● degraded {3}mongodb ok {3}kafka ok/);
    expect(frame).toMatch(/buffer +10,000 of 10,000 /);
    expect(frame).toMatch(/heap +312 of 512 MiB /);
    expect(frame).toMatch(/cpu +n\/a {2}needs two readings/);
    expect(frame).toMatch(/net out +1\.5 Gbit\/s /);
  });

  it('show a flat zero as a low line', () => {
    expect(at120('healthy')).toMatch(/retransmits {2}\/s +0 ▁+$/m);
  });

  it('say why a probe has no values and what to do, and how to get one that is missing', () => {
    const frame = at120('probes failing');
    expect(frame).toMatch(/▲ no answer since 4:00: connection refused/);
    expect(frame).toMatch(/is the target running\? --health names another/);
    expect(frame).toMatch(/metrics ─.*\n.*waiting for the first answer/);
    expect(frame).toMatch(/mongodb ─+ not configured: --mongo URI ─/);
    const small = linesOf(fixtureStates['probes failing'], 80, 24).join('\n');
    expect(small).toMatch(/health +▲ no answer: connection refused/);
  });

  it('list 2xx, 429, 503, 524 and refused always, with what one of the worst looked like', () => {
    for (const name of ['2xx', '429', '503', '524', 'refused']) {
      expect(at120('healthy')).toMatch(new RegExp(`^ ${name} `, 'm'));
    }
    expect(at120('overload')).toMatch(/^ 429 {2}Retry-After: 1 .* 1,243 +13\.2 % +41,876/m);
    expect(linesOf(fixtureStates.healthy, 80, 24).join('\n')).toMatch(
      /^ 2xx 7,798 \(100 %\) {2}429 0 {2}503 0 {2}524 0 {2}refused 0$/m,
    );
  });

  it('leave out what did not happen where there are more outcomes than rows', () => {
    const { outcomes } = fixtureStates.overload;
    const more = (['4xx', '504', '5xx', 'DNS', 'reset', 'TLS'] as const).map((name) => ({ ...outcomes[1]!, name }));
    const frame = linesOf({ ...fixtureStates.overload, outcomes: [...outcomes, ...more] }, 120, 40).join('\n');
    expect(frame).toMatch(/^ reset /m);
    expect(frame).not.toMatch(/^ refused /m);
  });

  it('mark the seconds in which the generator was not to be trusted', () => {
    const state = fixtureState();
    const { history } = fixtureStates['generator bad'];
    const trouble = {
      ...history,
      column: (name: Parameters<typeof history.column>[0], step: 100 | 1000 | 10_000) =>
        name === 'trouble' ? columnOfTwos : history.column(name, step),
    };
    const columnOfTwos = { read: () => new Float64Array(60).fill(2, 55) } as unknown as ReturnType<
      typeof history.column
    >;
    const lines = linesOf({ ...state, history: trouble }, 120, 40);
    expect(lines.find((line) => line.startsWith('      └'))).toMatch(/─▲▲▲▲▲ /);
  });

  it('say whether the numbers can be trusted', () => {
    expect(at120('healthy')).toMatch(/─ generator ─+ can be trusted ─/);
    const bad = linesOf(fixtureStates['generator bad'], 120, 40).join('\n');
    expect(bad).toMatch(/─ generator ─+ NOT to be trusted ─/);
    expect(bad).toMatch(/▲ the generator is the limit: pacing delay p99 83 ms, event loop 97 % busy/);
    expect(linesOf(fixtureStates.healthy, 80, 24).join('\n')).toMatch(
      /generator +can be trusted: loop 41 %, pacing p99 0\.6 ms, fd 1,031 of 65,536/,
    );
  });

  it('tell a warning of the generator from an alarm by its sign', () => {
    const near = { ...fixtureStates['generator bad'].generator, level: 'warn' as const };
    const lines = linesOf({ ...fixtureStates.healthy, generator: near }, 120, 40);
    expect(lines[2]).toMatch(/^ △ the generator is near its limit/);
    expect(lines.join('\n')).toMatch(/ △ pacing delay p99 83 ms/);
  });

  it('have the newest line of the log on top', () => {
    const lines = linesOf(fixtureStates.overload, 120, 40);
    const log = lines.findIndex((line) => line.includes('─ log ─'));
    expect(lines[log + 1]).toMatch(/^ {2}4:10 {2}rate 9,000\/s → 9,400\/s by key/);
    expect(lines[log + 2]).toMatch(/^ {2}4:06 {2}health ok → degraded/);
  });
});

describe('the last line', () => {
  const last = (view: Partial<View>, state: RunState = fixtureStates.healthy, columns = 80): string =>
    linesOf(state, columns, 24, { ...firstView, ...view }).at(-1)!;

  it('asks before quitting', () => {
    expect(last({ mode: 'confirm quit' })).toMatch(/^ stop the run\? y \/ n/);
  });

  it('shows what is typed, with the cursor in it and what was wrong', () => {
    const prompt = { text: 'rate fast', cursor: 4, error: 'expected a rate such as 500' };
    expect(last({ mode: 'prompt', prompt })).toMatch(/^ :rate▏ fast +expected a rate such as 500$/);
  });

  it.each([60, 80, 120])('keeps the cursor in sight however long the line is, at %i columns', (columns) => {
    const text = 'mark '.padEnd(120, 'abcdefghij');
    for (const error of [undefined, `no command: ${'x'.repeat(100)}`]) {
      const line = last({ mode: 'prompt', prompt: { text, cursor: text.length, error } }, undefined, columns);
      expect(line).toContain('▏');
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('says for a moment why a key did nothing', () => {
    expect(last({ toast: { text: '+: the run has ended', until: 1 } })).toBe(' +: the run has ended');
  });

  it('says how to leave when the run has ended', () => {
    expect(last({}, fixtureStates.ended)).toMatch(/the run has ended {3}q leaves with the summary/);
  });
});

describe('text of the target', () => {
  const evil = '\u001b[2J\u0007evil\r\n\u009b31m';

  it('never reaches the terminal as control characters, nor breaks a line', () => {
    const state = fixtureState();
    const probes = state.probes.map((probe) => ({ ...probe, title: evil }));
    const hostile = { ...state, probes, log: [logLine(0, 'info', evil)] };
    const lines = linesOf(hostile, 120, 40);
    expect(lines).toHaveLength(40);
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('may be wide: the columns beside it stay where they are', () => {
    const state = fixtureState();
    const log = [logLine(0, 'info', '日本語のとても長いログ'.repeat(20))];
    const lines = linesOf({ ...state, log }, 80, 24);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });
});

it('is ASCII where the terminal has nothing else, cell for cell', () => {
  for (const [columns, rows] of sizes) {
    const ascii = frameOf(fixtureStates.overload, columns, rows, { theme: { ...plainUnicode, ascii: true } });
    expect(ascii).toMatch(/^[ -~\n]+$/);
    expect(ascii.split('\n')).toHaveLength(rows);
    for (const line of ascii.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  }
});

describe('the header', () => {
  const healthy = fixtureState();
  const info = healthy.run!;

  it('says how much waits where something does, at every width', () => {
    const stocks = { ...healthy.stocks, inFlight: 1000, backlog: 1950 };
    for (const columns of [60, 80, 100, 120]) {
      expect(linesOf(fixtureState({ stocks }), columns, 24)[1]).toMatch(/backlog +1,950/);
    }
  });

  it('says what is applied where that is not what is wanted, at every width', () => {
    const plan = { ...healthy.plan, wanted: 7800, applied: 0 };
    for (const columns of [60, 80, 100]) {
      expect(linesOf(fixtureState({ plan }), columns, 24)[1]).toMatch(/wanted 7,800\/s +applied +0 /);
    }
  });

  it('does not name a host twice where room is short', () => {
    const run = { ...info, name: 'GET 127.0.0.1:42907/health', target: 'http://127.0.0.1:42907' };
    expect(linesOf(fixtureState({ run }), 60, 20)[0]).toMatch(/^ loadtop GET 127\.0\.0\.1:42907\/health +RUNNING/);
  });

  it('says which burst of how many it is', () => {
    const { burst } = fixtureStates;
    const run = { ...burst.run!, rounds: 5 };
    expect(linesOf({ ...burst, run, rounds: { ...burst.rounds, ended: 3 } }, 80, 24)[0]).toContain(
      'burst · 3 of 5 done',
    );
  });

  it('says that nothing was sent or measured before anything was', () => {
    const fresh = linesOf(fixtureStates.fresh, 120, 40).join('\n');
    expect(fresh).toMatch(/\n nothing measured yet/);
    expect(fresh).toMatch(/generator ─+ nothing measured yet ─/);
    expect(fresh).not.toMatch(/can be trusted|n\/a ms/);
    expect(linesOf({ ...fixtureStates.fresh, run: undefined }, 120, 40)[1]).toBe(' nothing was sent yet');
  });
});
