import { describe, expect, it } from 'vitest';
import { footerEntries, keyGroups, keysMarkdown } from '../../source/ui/key-texts.ts';
import { keymap as allKeys, bindingOf } from '../../source/ui/keymap.ts';
import { firstView, type View } from '../../source/ui/view.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { fixtureEndpoints } from '../helpers/endpoints.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const [endpoint] = fixtureEndpoints;
const endpoints = [endpoint!, endpoint!];
const healthy = fixtureState({ endpoints });
/** Those of a run; the keys of the armed screen are armed-state.test.ts. */
const keymap = allKeys.filter(({ group }) => group !== 'armed');
const chosen: View = { ...firstView, zoom: { ...noZoom, focus: 'metrics' } };
const zoomed: View = { ...firstView, zoom: { ...chosen.zoom, zoomed: true } };
/** Where every key has something to do: frozen, and some answers were not good. */
const frozen: View = { ...zoomed, look: { ...zoomed.look, frozen: { end: 252_000, cursor: 251_000 } } };
/** The first of two phases. */
const run = { ...healthy.run!, phase: { name: 'validate', number: 1, count: 2, load: '500/s' } };
const mixed = fixtureState({ endpoints, run, totals: { ...healthy.totals, notGood: 5 } });
const works = (state = mixed, view = frozen) =>
  keymap.filter((binding) => binding.disabled?.(state, view) === undefined).map(({ shown }) => shown);

describe('the table of keys', () => {
  it.each(['screen', 'question'] as const)('gives no key two meanings on the %s', (where) => {
    const keys = allKeys
      .filter((binding) => binding.where === where || binding.where === 'anywhere')
      .flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('finds every key where it belongs and nowhere else', () => {
    for (const binding of keymap) {
      for (const key of binding.keys) {
        expect(bindingOf(key, binding.where)).toBe(binding);
        if (binding.where === 'screen') expect(bindingOf(key, 'anywhere')).toBeUndefined();
      }
    }
    expect(bindingOf('y', 'screen')).toBeUndefined();
    expect(bindingOf('+', 'question')).toBeUndefined();
    expect(bindingOf('x', 'screen')).toBeUndefined();
  });

  it.each([
    ['full speed', 'k', 'full speed has no rate to change; give -q a number'],
    ['full speed', '0', 'full speed has no rate to change; give -q a number'],
    ['full speed', 'p', undefined],
    ['burst', 'k', 'a burst has no rate to change; give -q a number'],
    ['closed model', 'k', undefined],
    ['ended', '+', 'the run has ended'],
    ['ended', 'p', 'the run has ended'],
    ['ended', 'q', undefined],
    ['paused', '+', undefined],
    ['paused', 'p', undefined],
  ] as const)('at %s, %s: %s', (name, key, reason) => {
    expect(bindingOf(key, 'screen')?.disabled?.(fixtureStates[name], firstView)).toBe(reason);
  });

  it('knows that a rate of 0 cannot be halved or lowered, but raised', () => {
    const plan = { ...healthy.plan, wanted: 0, applied: 0 };
    const zero = fixtureState({ endpoints, run, totals: mixed.totals, plan });
    expect(works()).toEqual(keymap.map(({ shown }) => shown));
    expect(keymap.filter((binding) => !works(zero).includes(binding.shown)).map(({ shown }) => shown)).toEqual([
      '↓ j -',
      'J',
      '>',
      '<',
    ]);
  });

  it('knows which keys for time have nothing to do', () => {
    const missing = (view: View, state = healthy) =>
      keymap
        .filter(
          ({ group, shown }) => (group === 'time' || shown.startsWith('PgUp')) && !works(state, view).includes(shown),
        )
        .map(({ shown }) => shown);
    const at = (windowMs: number): View => ({ ...firstView, look: { ...firstView.look, windowMs } });
    expect(missing(firstView)).toEqual(['← →', 'g', 'PgUp PgDn']);
    expect(missing({ ...firstView, look: frozen.look })).toEqual(['g']);
    expect(missing(firstView, mixed)).toEqual(['← →', 'PgUp PgDn']);
    expect(missing({ ...firstView, look: { ...firstView.look, latency: 'notGood' } })).not.toContain('g');
    expect(missing(at(30_000), mixed)).toContain('[');
    expect(missing(at(3_600_000), mixed)).toContain(']');
    expect(missing(firstView, fixtureStates.fresh)).toContain('f');
  });

  it('has nothing to steer while the run ends', () => {
    const draining = fixtureState({ endpoints, phase: 'draining', totals: mixed.totals });
    expect(works(draining)).toEqual([
      ...[
        ':',
        's',
        'f',
        '← →',
        '[',
        ']',
        'g',
        'Tab',
        'Enter',
        'Esc',
        'PgUp PgDn',
        'Home End',
        '/',
        'v V',
        '1-9',
        'o O',
        '?',
        'q',
        'y',
        'n',
        'Ctrl+C',
        'Ctrl+Z',
      ],
    ]);
  });

  it('knows that there is nothing to zoom, to scroll or to filter', () => {
    const missing = (view: View, state = fixtureState({ endpoints, run })) =>
      keymap
        .filter(({ group }) => group !== 'time')
        .filter((binding) => !works(state, view).includes(binding.shown))
        .map(({ shown }) => shown);
    expect(missing(firstView)).toEqual(['Enter', 'PgUp PgDn', 'Home End']);
    expect(missing(chosen)).toEqual(['PgUp PgDn', 'Home End']);
    expect(missing({ ...zoomed, zoom: { ...zoomed.zoom, focus: 'load' } })).toEqual(['PgUp PgDn', 'Home End', '/']);
    expect(missing(chosen, fixtureState({ probes: [], run }))).toEqual(['PgUp PgDn', 'Home End', '/', 'o O']);
  });

  it('begins the next phase where there is one, and in the rest before it', () => {
    const why = (state = healthy) => bindingOf('e', 'screen')?.disabled?.(state, firstView);
    expect(why()).toBe('the profile has no phases');
    expect(why(mixed)).toBeUndefined();
    const last = { ...run, phase: { ...run.phase, number: 2 } };
    expect(why(fixtureState({ run: last }))).toBe('this is the last phase: stop ends it');
    expect(why(fixtureState({ run, phase: 'draining' }))).toBe('the run is ending: nothing more is started');
    const interlude = { next: last.phase, leftMs: 7000 };
    expect(why(fixtureState({ run, phase: 'closed', interlude }))).toBeUndefined();
    expect(footerEntries(healthy, firstView, 200).map(({ text }) => text)).not.toContain('e next phase');
    expect(footerEntries(mixed, firstView, 80).map(({ text }) => text)).toContain('e next phase');
  });
});

describe('the footer', () => {
  const text = (columns: number, view = firstView) =>
    footerEntries(healthy, view, columns)
      .map((entry) => entry.text)
      .join('  ');

  it('fits whole into a wide terminal, and gives way to narrower ones from what matters least', () => {
    expect(text(160)).toBe(
      '↑↓ rate  >< ×2 ÷2  p pause  0 zero  z undo  : command  a mark  f freeze  [] window  Tab panel  / filter  v view  1-9 panels  ? help  q quit',
    );
    expect(text(91)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  : command  a mark  Tab panel  / filter  ? help  q quit');
    expect(text(79)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  : command  Tab panel  ? help  q quit');
    expect(text(59)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  ? help  q quit');
    for (let columns = 40; columns < 100; columns += 1) {
      for (const view of [firstView, chosen, zoomed])
        expect(text(columns, view).length).toBeLessThanOrEqual(Math.max(columns, 42));
    }
    expect(text(10)).toBe('↑↓ rate  p pause  ? help  q quit');
  });

  it('is for time while the view is frozen', () => {
    const view = { ...firstView, look: frozen.look };
    expect(text(79, view)).toBe('↑↓ rate  p pause  0 zero  ←→ time  Esc live  PgUp window  ? help  q quit');
    expect(text(59, view)).toContain('←→ time');
  });

  it('says what a chosen panel and a zoomed one can do', () => {
    expect(text(79, chosen)).toBe('↑↓ rate  p pause  0 zero  Tab panel  Enter zoom  Esc back  ? help  q quit');
    expect(text(79, zoomed)).toBe('↑↓ rate  p pause  : command  Esc back  PgDn scroll  / filter  ? help  q quit');
  });

  it('marks what cannot be pressed, and names what p would do', () => {
    const dim = footerEntries(fixtureStates.ended, firstView, 100)
      .filter((entry) => !entry.works)
      .map((entry) => entry.text);
    expect(dim).toEqual(expect.arrayContaining(['↑↓ rate', '>< ×2 ÷2', '0 zero']));
    expect(footerEntries(fixtureStates['closed model'], firstView, 100)[0]).toEqual({ text: '↑↓ users', works: true });
    expect(footerEntries(fixtureStates.paused, firstView, 100).map((entry) => entry.text)).toContain('p go on');
  });
});

describe.each(['full speed', 'burst'] as const)('the footer at %s', (name) => {
  it('has no key for a rate that is not there', () => {
    const texts = footerEntries(fixtureStates[name], firstView, 200).map((entry) => entry.text);
    expect(texts).toContain('p pause');
    expect(texts.join(' ')).not.toMatch(/rate|zero|÷/);
  });
});

it("makes README's table with every key once, in groups", () => {
  const lines = keysMarkdown().split('\n');
  expect(lines.slice(0, 3)).toEqual(['| key | does |', '|---|---|', '| `↑` `k` `+` | raise rate/users by one step |']);
  expect(lines).toHaveLength(allKeys.length + 2);
  expect(keyGroups.flatMap(({ group }) => allKeys.filter((binding) => binding.group === group))).toHaveLength(
    allKeys.length,
  );
});
