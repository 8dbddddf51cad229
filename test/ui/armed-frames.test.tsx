// Whole frames of the armed screen: their size, what stands where, and a few of them as files to read.
import { describe, expect, it } from 'vitest';
import { beginning } from '../../source/session/reduce.ts';
import { type Armed, armedAt } from '../../source/ui/armed-state.ts';
import { displayWidth } from '../../source/ui/format.ts';
import type { Briefing, FieldTexts } from '../../source/ui/lobby.ts';
import { plainTheme } from '../../source/ui/theme.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { frameOf } from '../helpers/frame.tsx';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const texts: FieldTexts = {
  target: 'http://localhost:3000/events',
  load: 'rate',
  rate: '2.5k',
  users: '10',
  spawn: '',
  duration: '5m',
  connections: '',
};

const briefing: Briefing = {
  errors: {},
  standIns: { spawn: 'all at once', duration: '1h', connections: 'up to 1,000' },
  lines: [
    { label: 'sends', text: 'profile events: single event ×3, purchase ×1' },
    { label: 'load', text: '2,500/s, whether the target answers or not (open model)' },
    { label: 'ends', text: 'after 5m' },
    { label: 'limits', text: 'timeout 10s, 1,000 in flight, 1 worker' },
    { label: 'note', text: 'at most 900 connections, because 1,000 descriptors are allowed', warn: true },
    {
      label: 'probes',
      text: 'health http://localhost:3000/health; metrics http://localhost:9464/metrics; mongodb mongodb://localhost',
    },
    { label: 'recording', text: 'a new file in /home/ada/.local/state/loadtop/runs' },
  ],
  fault: undefined,
  runs: [],
};

const atFirst = armedAt({ first: texts, fixed: {} });
const users = armedAt({ first: { ...texts, load: 'users', users: '200' }, fixed: {} });
const resting = beginning().state;

interface Case {
  readonly armed: Armed;
  readonly briefing: Briefing;
}

const runs = [
  'run 1  50/s  30 s  1,500 requests  good 100 %  p50 3.2  p95 8.1  p99 12 ms',
  'run 2  200 users  30 s  61,204 requests  good 99.3 %  p50 9.2  p95 18.1  p99 112 ms  stopped by key',
];

const cases = {
  armed: { armed: atFirst, briefing },
  'armed users': {
    armed: { ...users, runs: 2, field: 'spawn', cursor: 0, before: '' },
    briefing: {
      ...briefing,
      standIns: { ...briefing.standIns, connections: '200' },
      lines: [
        { label: 'sends', text: 'GET /events' },
        { label: 'load', text: '200 users, all begin at once (closed model: waiting is not seen)' },
      ],
      runs,
    },
  },
  'armed error': {
    armed: {
      ...atFirst,
      texts: { ...texts, rate: 'fast', duration: 'x' },
      cursor: 4,
      fault: { message: 'mend what is marked, then press Enter', hint: undefined },
    },
    briefing: {
      ...briefing,
      errors: {
        rate: "expected a rate such as 500, 2.5k, 50/s or 3000/m, or 'max' for full speed",
        duration: 'expected a duration such as 500ms, 30s, 3m or 1h30m (a bare number is seconds)',
      },
      lines: [],
    },
  },
  'armed question': {
    armed: {
      ...atFirst,
      texts: { ...texts, target: 'https://example.com/' },
      status: {
        type: 'asks',
        question:
          'example.com (93.184.216.34) is neither this machine nor in a private network. Send load to https://example.com?',
      },
    },
    briefing,
  },
  'armed fault': {
    armed: {
      ...atFirst,
      fault: { message: 'nohost.invalid: found no address', hint: 'look at the name, or use an address' },
    },
    briefing,
  },
} satisfies Record<string, Case>;

const sizes = [
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const all = Object.keys(cases).flatMap((name) =>
  sizes.map(([columns, rows]) => [name as keyof typeof cases, columns, rows] as const),
);

const frame = (
  name: keyof typeof cases,
  columns: number,
  rows: number,
  view: Partial<View> = {},
  theme = {},
): string => {
  const { armed, briefing: said }: Case = cases[name];
  return frameOf(resting, columns, rows, { ...theme, briefing: said, view: { mode: 'armed', armed, ...view } });
};

describe('the armed screen', () => {
  it.each(all)('%s at %ix%i has exactly the terminal size', async (name, columns, rows) => {
    const text = frame(name, columns, rows);
    const lines = text.split('\n');
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    await expect(`${text}\n`).toMatchFileSnapshot(`frames/${name.replace(' ', '-')}-${columns}x${rows}.txt`);
  });

  it.each(all)('%s at %ix%i is all ASCII where it must be', (name, columns, rows) => {
    expect(frame(name, columns, rows, {}, { theme: plainTheme })).toMatch(/^[\n\u0020-\u007e]*$/);
  });

  it('tells without colour where the cursor is, what is chosen and what is wrong', () => {
    const lines = frame('armed error', 80, 24, {}, { theme: plainTheme }).split('\n');
    expect(lines.find((line) => line.includes('rate  '))).toMatch(/\(\*\) rate {3}\( \) users/);
    expect(lines.find((line) => line.startsWith(' >'))).toMatch(/^ > rate +fast\|/);
    expect(lines.filter((line) => line.includes('! expected'))).toHaveLength(2);
  });

  it('keeps the cursor of a long text in sight', () => {
    const target = `http://localhost:3000/${'a-long-path/'.repeat(12)}end`;
    const armed: Armed = {
      ...atFirst,
      texts: { ...texts, target },
      field: 'target',
      cursor: target.length,
      before: '',
    };
    const lines = frameOf(resting, 60, 20, { briefing, view: { mode: 'armed', armed } }).split('\n');
    expect(lines[2]).toMatch(/^ > target +\S*long-path\/end▏$/);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('says what size it needs', () => {
    const text = frame('armed', 50, 10);
    expect(text).toMatch(/50x10 is too small[\s\S]*60x20/);
    expect(text).not.toContain('the load goes on');
  });

  it('shows its keys, and the one for help', async () => {
    expect(frame('armed', 80, 24).split('\n').at(-1)).toBe(' Enter starts  Tab field  ? help  q leaves');
    const help = frame('armed', 60, 20, { mode: 'armed help' });
    expect(help.split('\n')).toHaveLength(20);
    expect(help).toMatch(/Enter +start the run/);
    await expect(`${help}\n`).toMatchFileSnapshot('frames/armed-help-60x20.txt');
  });
});

describe('the footer of a run that was started from fields', () => {
  const last = (state = fixtureState(), view: Partial<View> = {}): string =>
    frameOf(state, 60, 20, { view: { ...firstView, armed: atFirst, ...view } })
      .split('\n')
      .at(-1)!;

  it('says the way back when it has ended', () => {
    expect(last(fixtureStates.ended)).toBe(' the run has ended   Enter or r: fields   q leaves   ? help');
  });

  it('offers to stay', () => {
    expect(last(fixtureState(), { mode: 'confirm quit' })).toBe(' stop the run? y and leave / r and stay / n');
  });
});
