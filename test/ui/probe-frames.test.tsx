// Whole frames of the server's side: every panel, instances, levels, silences, and panels that have the whole screen.
import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { displayWidth } from '../../source/ui/format.ts';
import { plainTheme } from '../../source/ui/theme.ts';
import type { View } from '../../source/ui/view.ts';
import { noZoom, type Zoom } from '../../source/ui/zoom.ts';
import { frameOf, plainUnicode } from '../helpers/frame.tsx';
import { asked, probeStates } from '../helpers/probe-states.ts';
import { failing } from '../helpers/run-state.ts';

const sizes = [
  [60, 20],
  [80, 24],
  [99, 30],
  [100, 20],
  [120, 40],
  [200, 60],
] as const;

type Name = keyof typeof probeStates;

const on = (focus: Zoom['focus'], filter = ''): Partial<View> => ({ zoom: { ...noZoom, focus, zoomed: true, filter } });

const linesOf = (state: RunState, columns: number, rows: number, view: Partial<View> = {}): string[] =>
  frameOf(state, columns, rows, { view }).split('\n');

const text = (name: Name, columns: number, rows: number, view: Partial<View> = {}): string =>
  linesOf(probeStates[name], columns, rows, view).join('\n');

const focusNames = [
  'load',
  'latency',
  'heatmap',
  'objectives',
  'errors',
  'endpoints',
  'health',
  'metrics',
  'mongodb',
  'target host',
  'host',
  'generator',
  'target process',
  'log',
] as const;

describe('every frame', () => {
  const cases = (Object.keys(probeStates) as Name[]).flatMap((name) => sizes.map((size) => [name, ...size] as const));

  it.each(cases)('%s at %ix%i has exactly the terminal size, plain, chosen and zoomed', (name, columns, rows) => {
    const views: Partial<View>[] = [{}, ...focusNames.flatMap((focus) => [{ zoom: { ...noZoom, focus } }, on(focus)])];
    for (const view of views) {
      const lines = linesOf(probeStates[name], columns, rows, view);
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.join('\n')).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(lines[0]).toMatch(/^ loadtop events-full/);
      expect(lines.at(-1)).toMatch(/\? help/);
    }
  });
});

describe('the panels of the server', () => {
  it('stand in their order, each with its title and what matters most, at 120x40', () => {
    const lines = text('whole', 120, 40).split('\n');
    const titles = ['health', 'metrics', 'mongodb', 'target host', 'this machine', 'generator', 'target process'];
    const rows = titles.map((title) => lines.findIndex((line) => line.includes(`─ ${title} ─`)));
    expect(rows.toSorted((a, b) => a - b)).toEqual(rows);
    expect(rows[0]).toBe(3);
    expect(lines[rows[2]!]).toContain('simulated');
    expect(lines[rows[6]!]).toMatch(/pid 4121 {2}node ─$/);
    for (const row of rows) expect(lines[row + 1]!.slice(74)).toMatch(/\d|ok/);
  });

  it.each(sizes)('say at %ix%i wherever it stands that a database is simulated', (columns, rows) => {
    expect(text('whole', columns, rows)).toContain('simulated');
    expect(text('whole', columns, rows, on('mongodb'))).toContain('simulated');
  });

  it('are a row each in the block of a small terminal, the verdict last', () => {
    const lines = text('whole', 80, 24).split('\n');
    const from = lines.findIndex((line) => line.includes('─ server ─'));
    const names = lines.slice(from + 1, from + 7).map((line) => line.slice(1, 12).trim());
    expect(names).toEqual(['health', 'mongodb', 'target host', 'machine', 'target proc', 'generator']);
    expect(lines[from + 1]).toMatch(/http requests/);
    expect(lines[from + 6]).toContain('can be trusted');
  });

  it('share rows where there are too few, and never lose the verdict', () => {
    const lines = text('whole', 60, 20).split('\n');
    const from = lines.findIndex((line) => line.includes('─ server ─'));
    expect(lines[from + 1]).toMatch(/^ health .*http requ/);
    expect(lines[from + 2]).toMatch(/^ mongodb .*machine cpu/);
    expect(lines[from + 3]).toMatch(/^ generator +can be trusted/);
  });
});

describe('levels', () => {
  it('have a sign of their own where there are no colours', () => {
    const frame = text('levels', 120, 40);
    expect(frame).toMatch(/event loop +△ 63\.0 %/);
    expect(frame).toMatch(/cpu +▲ 1\.42 of 2 cores/);
    expect(frame).toMatch(/heap +312 of 512 MiB/);
    expect(linesOf(probeStates.levels, 120, 40)[2]).toBe(' ▲ target process: cpu 1.42 of 2 cores');
  });

  it('bring what is wrong into a panel that has no room for all, where its rank would have', () => {
    expect(text('whole', 120, 40)).not.toMatch(/lock queue/);
    const lines = text('levels', 120, 40).split('\n');
    const row = lines.findIndex((line) => line.includes('─ mongodb ─'));
    expect(lines.slice(row + 1, row + 5).map((line) => line.slice(75, 87).trim())).toEqual([
      ...['connections', 'inserts  /s', 'lock queue', 'cache dirty'],
    ]);
    expect(text('levels', 80, 24)).toMatch(/mongodb +lock queue +▲ 412 /);
  });

  it('are ASCII where nothing else can be drawn', () => {
    const ascii = frameOf(probeStates.levels, 120, 40, { theme: { ...plainUnicode, ascii: true } });
    expect(ascii).toMatch(/event loop +\^ 63\.0 %/);
    expect(ascii).toMatch(/cpu +! 1\.42 of 2 cores/);
  });

  it('decide alone: what a probe calls fine is not coloured by its limit', () => {
    const theme = { ...plainTheme, color: true, attributes: true, ascii: false };
    const coloured = (level: 'ok' | undefined) => {
      const [probe] = probeStates.whole.probes;
      const value = { type: 'value', metric: 'm', label: 'full', kind: 'gauge', unit: 'count', rank: 0 } as const;
      const values = [{ ...value, value: 99, limit: 100, ...(level && { level }) }];
      return frameOf({ ...probeStates.whole, probes: [{ ...probe!, values }] }, 120, 40, { theme });
    };
    const alarm = '\u001b[31m99 of 100';
    expect(coloured(undefined)).toContain(alarm);
    expect(coloured('ok')).not.toContain(alarm);
    expect(coloured('ok')).toContain('99 of 100');
  });
});

describe('a probe that does not answer', () => {
  it('is late first: its numbers stay, dim, and the title says for how long', () => {
    const frame = frameOf(probeStates.late, 120, 40, { theme: { ...plainTheme, attributes: true, ascii: false } });
    expect(text('late', 120, 40)).toMatch(/─ metrics ─+ no answer for 2 s ─/);
    expect(frame).toContain('\u001b[2mhttp requests  /s\u001b[22m');
    expect(frame).toContain('\u001b[2m9,397\u001b[22m');
    expect(text('late', 80, 24)).toMatch(/metrics no answer for 2 s/);
  });

  it('is a break in what it read, not a low line', () => {
    expect(text('late', 120, 40)).toMatch(/http requests {2}\/s +9,397 [▃▄▅]+ {3}[▃▄▅]+$/m);
    expect(text('late', 120, 40)).toMatch(/buffer +1,812 of 10,000 ▂+ {4}▂+$/m);
  });

  it('says why in full, since when, and what to do', () => {
    const frame = text('late', 120, 40).replaceAll(/\n.{74} ?/g, ' ');
    expect(frame).toMatch(/▲ no answer since 4:00: getaddrinfo ENOTFOUND/);
    expect(text('late', 120, 40)).toContain('this machine asks');
    expect(text('late', 120, 40)).toMatch(/--mongo names another/);
  });

  it('says so in a dim line, or not at all, where nobody asked for it', () => {
    const frame = text('late', 120, 40);
    expect(frame).toMatch(/─ target process ─+ port 3000 ─\n.* no answer: nothing listens on port 3000 here$/m);
    expect(frame).not.toMatch(/▲.*nothing listens/);
    expect(text('late', 80, 24)).not.toContain('nothing listens');
  });
});

describe('a probe that fell silent', () => {
  const [health, metrics, ...others] = probeStates.whole.probes;
  const silent = failing(health!, 'connection refused');
  const state = { ...probeStates.whole, probes: [silent, metrics!, ...others] };

  it('keeps what it said last, dim, below the reason; a state that is not known any more is said to be past', () => {
    const frame = frameOf(state, 120, 40, { theme: { ...plainUnicode, attributes: true } });
    const plain = linesOf(state, 120, 40).join('\n');
    expect(plain).toMatch(/▲ no answer since 4:00: connection refused\n/);
    expect(plain).toMatch(/ was ok {3}mongodb ok/);
    expect(plain).not.toMatch(/● ok/);
    expect(plain).toMatch(/buffer +1,812 of 10,000 ▂/);
    expect(frame).toContain('\u001b[2m1,812 of 10,000\u001b[22m');
  });

  it('is not said twice to give no answer', () => {
    const slow = failing(health!, 'no answer for 4 s');
    const frame = linesOf({ ...state, probes: [slow, metrics!, ...others] }, 120, 40).join('\n');
    expect(frame).toMatch(/▲ no answer for 4 s since 4:00/);
    const small = linesOf({ ...state, probes: [slow, metrics!, ...others] }, 80, 24).join('\n');
    for (const text of [frame, small]) expect(text).not.toMatch(/no answer.*: no answer/);
  });

  it('does so where it has the whole screen and in the block of a small terminal', () => {
    expect(linesOf(state, 80, 24, on('health')).join('\n')).toMatch(/connection refused.*buffer .* 1,812 of 10,000/s);
    expect(linesOf(state, 80, 24).join('\n')).toMatch(/health +▲ no answer: connection refused/);
  });

  it('is an alarm, though nobody asked for it, once it had answered', () => {
    const at = (lastAt: number | undefined) => {
      const probe = { ...failing(others.at(-1)!, 'it ended'), lastAt, ...(lastAt === undefined ? { values: [] } : {}) };
      return linesOf({ ...probeStates.whole, probes: [...probeStates.whole.probes.slice(0, -1), probe] }, 120, 40);
    };
    expect(at(240_000)[2]).toBe(' ▲ target process does not answer: it ended');
    expect(at(240_000).join('\n')).toMatch(/▲ no answer since 4:00: it ended/);
    expect(at(undefined)[2]).toBe(' nothing wrong seen');
  });
});

describe('a health that fails', () => {
  const [health, ...others] = probeStates.whole.probes;
  const values = health!.values.map((value) => {
    if (value.type !== 'fact') return value;
    if (value.metric === 'status') return { ...value, text: 'degraded', state: 'degraded' as const };
    return value.metric === 'check.kafka' ? { ...value, text: 'down', state: 'down' as const } : value;
  });
  const state = { ...probeStates.whole, probes: [{ ...health!, values }, ...others] };

  it.each([
    [80, 24],
    [60, 20],
  ] as const)('has the check that fails before any number, at %ix%i', (columns, rows) => {
    expect(linesOf(state, columns, rows)[2]).toBe(' △ health degraded: kafka down');
    expect(linesOf(state, columns, rows).join('\n')).toMatch(/health +● degraded {2}kafka down/);
  });

  it('has it right behind the state in its panel', () => {
    expect(linesOf(state, 120, 40).join('\n')).toMatch(/● degraded {3}kafka down {3}mongodb ok/);
  });
});

it('what the title of a panel says has no row below it', () => {
  const panel = linesOf(probeStates.whole, 200, 60).join('\n');
  expect(panel).toMatch(/─ mongodb ─+ 8\.0\.4 {2}rs0 primary {2}simulated ─/);
  expect(panel).not.toMatch(/role rs0 primary/);
  expect(linesOf(probeStates.whole, 200, 60, on('mongodb')).join('\n')).toMatch(/role +rs0 primary/);
});

describe('several probes of a kind', () => {
  it('are one: the sum or the worst, and each instance, what is worst in front', () => {
    const lines = text('instances', 120, 40).split('\n');
    const row = lines.findIndex((line) => line.includes('─ health ─'));
    expect(lines[row]).toMatch(/3 instances, 1 silent ─$/);
    expect(lines[row + 1]).toMatch(/:3002 {2}▲ silent 12 s: connection refused$/);
    expect(lines[row + 2]).toMatch(/:3003 {2}● degraded {2}buffer 99\.9 % +41\.2 ms$/);
    expect(lines[row + 3]).toMatch(/:3001 {2}● ok +buffer 18\.1 % +3 ms$/);
    expect(lines[row + 4]).toMatch(/buffer {2}worst +9,990 of 10,000 /);
    expect(lines.join('\n')).toMatch(/─ metrics ─+ 2 instances ─/);
    expect(lines.join('\n')).toMatch(/http requests {2}\/s sum +15,035 /);
    expect(lines.join('\n')).toMatch(/server p95 {2}ms worst +31\.2 /);
    expect(lines.join('\n')).toMatch(/:9465 {2}http requests {2}\/s +5,638 /);
  });

  it('are one row in a small terminal', () => {
    const frame = text('instances', 80, 24);
    expect(frame).toMatch(/health +▲ silent :3002 {2}1 of 3 ok/);
    expect(frame).toMatch(/http requests {2}\/s sum +15,035/);
  });

  it('are one list where they are zoomed', () => {
    const frame = text('instances', 120, 60, on('metrics'));
    expect(frame).toMatch(/─ all 2 instances ─/);
    expect(frame).toMatch(/─ :9464 ─+ :9464 {2}412 series ─/);
  });
});

describe('a zoomed panel', () => {
  it('asks for details, and nothing does where none is zoomed', () => {
    asked.count = 0;
    for (const [columns, rows] of sizes) text('whole', columns, rows);
    text('whole', 120, 40, { zoom: { ...noZoom, focus: 'mongodb' } });
    expect(asked.count).toBe(0);
    text('whole', 120, 40, on('mongodb'));
    expect(asked.count).toBeGreaterThan(0);
  });

  it('shows every value, gaps with their whole reason, and tables below them', () => {
    const frame = text('whole', 120, 40, on('mongodb'));
    expect(frame).toMatch(/━ mongodb ━+ 8\.0\.4 {2}rs0 primary {2}simulated ━/);
    expect(frame).toMatch(/flow control {2}n\/a {2}serverStatus says nothing of it/);
    expect(frame).toMatch(/on admin gives it/);
    expect(frame).toMatch(/running operations\n type +namespace +running s +waiting for/);
    expect(frame).toMatch(/update +events\.sessions +▲ 41\.2 +△ lock: Collection X/);
    expect(frame).toMatch(/4 of 4 operations/);
  });

  it('has the rows that a filter leaves, and says how many', () => {
    const frame = text('whole', 120, 40, on('metrics', 'BUFFER_*size route="/events"'));
    expect(frame).toMatch(/━ metrics {2}\/ BUFFER_\*size route="\/events" {2}\d+ of 305 rows ━/);
    expect(frame).not.toMatch(/flush|kafka|http requests/);
    expect(text('whole', 120, 40, on('metrics', 'nosuch'))).toMatch(/nothing here matches nosuch; Esc shows all again/);
    expect(text('whole', 120, 40, on('metrics', 'server'))).toMatch(/server p95/);
  });

  it('is scrolled, and shows its end where it became shorter', () => {
    const at = (top: number) => text('whole', 80, 24, { zoom: { ...noZoom, focus: 'host', zoomed: true, top } });
    expect(at(0)).toMatch(/lines 1-19 of 26/);
    expect(at(5)).toMatch(/lines 6-24 of 26/);
    expect(at(99)).toMatch(/lines 8-26 of 26/);
    expect(at(99)).toMatch(/loop devices are left out/);
  });

  it('is drawn larger where it is a chart, and tells each worker of the generator', () => {
    expect(text('whole', 80, 24, on('load'))).toMatch(/━ throughput \/s ━/);
    expect(text('whole', 80, 24, on('generator'))).toMatch(/worker 1 .* 41\.0 % +0\.4\n worker 2 .* 38\.0 % +n\/a/);
    expect(text('whole', 120, 40, on('log'))).toMatch(/━ log ━+\n {2}0:00 {2}started/);
  });
});

it('the chosen panel has a heavier rule, and a sign in the block of a small terminal', () => {
  const view: Partial<View> = { zoom: { ...noZoom, focus: 'mongodb' } };
  expect(text('whole', 120, 40, view)).toMatch(/━ mongodb ━/);
  expect(text('whole', 80, 24, view)).toMatch(/^>mongodb/m);
});

it('what is typed as a filter stands in the last line', () => {
  const prompt = { text: 'buf', cursor: 3, error: undefined };
  const lines = linesOf(probeStates.whole, 80, 24, { ...on('metrics', 'buf'), mode: 'filter', prompt });
  expect(lines.at(-1)).toMatch(/^ \/buf▏ +Enter keeps it, Esc shows all/);
  expect(lines.join('\n')).toMatch(/━ metrics {2}\/ buf/);
});

describe('the frames to read', () => {
  const frames: readonly (readonly [string, Name, number, number, Partial<View>])[] = [
    ...(
      [
        ...[
          [80, 24],
          [120, 40],
          [200, 60],
        ],
      ] as const
    ).flatMap(([columns, rows]) => [
      ['server-whole', 'whole', columns!, rows!, {}] as const,
      ['mongodb-zoomed', 'whole', columns!, rows!, on('mongodb')] as const,
      ['host-zoomed', 'whole', columns!, rows!, on('host')] as const,
      ['metrics-filtered', 'whole', columns!, rows!, on('metrics', 'buffer events')] as const,
      ['instances', 'instances', columns!, rows!, {}] as const,
      ['probes-late', 'late', columns!, rows!, {}] as const,
      ['levels', 'levels', columns!, rows!, {}] as const,
    ]),
    ['metrics-zoomed', 'instances', 120, 40, on('metrics')],
    ['generator-zoomed', 'whole', 80, 24, on('generator')],
    ['chosen', 'whole', 80, 24, { zoom: { ...noZoom, focus: 'mongodb' } }],
    ['load-zoomed', 'whole', 80, 24, on('load')],
  ];

  it.each(frames)('%s at %s, %ix%i', async (file, name, columns, rows, view) => {
    const frame = frameOf(probeStates[name], columns, rows, { view });
    await expect(`${frame}\n`).toMatchFileSnapshot(`frames/${file}-${columns}x${rows}.txt`);
  });

  it.each([
    ['levels', 'levels', {}],
    ['mongodb-zoomed', 'whole', on('mongodb')],
  ] as const)('%s in ASCII', async (file, name, view) => {
    const frame = frameOf(probeStates[name], 120, 40, { view, theme: { ...plainUnicode, ascii: true } });
    expect(frame).toMatch(/^[ -~\n]+$/);
    await expect(`${frame}\n`).toMatchFileSnapshot(`frames/${file}-ascii-120x40.txt`);
  });
});
