import { describe, expect, it } from 'vitest';
import { footerEntries, keyGroups, keysMarkdown } from '../../source/ui/key-texts.ts';
import { bindingOf, keymap } from '../../source/ui/keymap.ts';
import { firstView, type View } from '../../source/ui/view-state.ts';
import { noZoom } from '../../source/ui/zoom.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const healthy = fixtureState();
const chosen: View = { ...firstView, zoom: { ...noZoom, focus: 'metrics' } };
const zoomed: View = { ...firstView, zoom: { ...chosen.zoom, zoomed: true } };
const works = (state = healthy, view = zoomed) =>
  keymap.filter((binding) => binding.disabled?.(state, view) === undefined).map(({ shown }) => shown);

describe('the table of keys', () => {
  it.each(['screen', 'question'] as const)('gives no key two meanings on the %s', (where) => {
    const keys = keymap
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
    const zero = fixtureState({ plan: { ...healthy.plan, wanted: 0, applied: 0 } });
    expect(works(healthy)).toEqual(keymap.map(({ shown }) => shown));
    expect(keymap.filter((binding) => !works(zero).includes(binding.shown)).map(({ shown }) => shown)).toEqual([
      '↓ j -',
      'J',
      '>',
      '<',
    ]);
  });

  it('has nothing to steer while the run ends', () => {
    const draining = fixtureState({ phase: 'draining' });
    expect(works(draining)).toEqual([
      ...[':', 'Tab', 'Enter', 'Esc', 'PgUp PgDn', '/', '?', 'q', 'y', 'n', 'Ctrl+C', 'Ctrl+Z'],
    ]);
  });

  it('knows that there is nothing to zoom, to scroll or to filter', () => {
    const missing = (view: View, state = healthy) =>
      keymap.filter((binding) => !works(state, view).includes(binding.shown)).map(({ shown }) => shown);
    expect(missing(firstView)).toEqual(['Enter', 'PgUp PgDn']);
    expect(missing(chosen)).toEqual(['PgUp PgDn']);
    expect(missing({ ...zoomed, zoom: { ...zoomed.zoom, focus: 'load' } })).toEqual(['PgUp PgDn', '/']);
    expect(missing(chosen, fixtureState({ probes: [] }))).toEqual(['PgUp PgDn', '/']);
  });
});

describe('the footer', () => {
  const text = (columns: number, view = firstView) =>
    footerEntries(healthy, view, columns)
      .map((entry) => entry.text)
      .join('  ');

  it('fits whole into a wide terminal, and gives way to narrower ones from what matters least', () => {
    expect(text(99)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  : command  a mark  Tab panel  / filter  ? help  q quit');
    expect(text(79)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  : command  Tab panel  ? help  q quit');
    expect(text(59)).toBe('↑↓ rate  >< ×2 ÷2  p pause  0 zero  ? help  q quit');
    for (let columns = 40; columns < 100; columns += 1) {
      for (const view of [firstView, chosen, zoomed])
        expect(text(columns, view).length).toBeLessThanOrEqual(Math.max(columns, 42));
    }
    expect(text(10)).toBe('↑↓ rate  p pause  ? help  q quit');
  });

  it('says what a chosen panel and a zoomed one can do', () => {
    expect(text(79, chosen)).toBe('↑↓ rate  p pause  0 zero  Tab panel  Enter zoom  Esc back  ? help  q quit');
    expect(text(79, zoomed)).toBe('↑↓ rate  p pause  0 zero  Esc back  PgDn scroll  / filter  ? help  q quit');
  });

  it('marks what cannot be pressed, and names what p would do', () => {
    const dim = footerEntries(fixtureStates['full speed'], firstView, 100)
      .filter((entry) => !entry.works)
      .map((entry) => entry.text);
    expect(dim).toEqual(['↑↓ rate', '>< ×2 ÷2', '0 zero']);
    expect(footerEntries(fixtureStates['closed model'], firstView, 100)[0]).toEqual({ text: '↑↓ users', works: true });
    expect(footerEntries(fixtureStates.paused, firstView, 100).map((entry) => entry.text)).toContain('p go on');
  });
});

it("makes README's table with every key once, in groups", () => {
  const lines = keysMarkdown().split('\n');
  expect(lines.slice(0, 3)).toEqual(['| key | does |', '|---|---|', '| `↑` `k` `+` | raise rate/users by one step |']);
  expect(lines).toHaveLength(keymap.length + 2);
  expect(keyGroups.flatMap(({ group }) => keymap.filter((binding) => binding.group === group))).toHaveLength(
    keymap.length,
  );
});
