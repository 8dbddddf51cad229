import { describe, expect, it } from 'vitest';
import { bindingOf, footerEntries, keyGroups, keymap, keysMarkdown } from '../../source/ui/keymap.ts';
import { fixtureState, fixtureStates } from '../helpers/run-state.ts';

const healthy = fixtureState();
const works = (state = healthy) =>
  keymap.filter((binding) => binding.disabled?.(state) === undefined).map(({ shown }) => shown);

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
    expect(bindingOf(key, 'screen')?.disabled?.(fixtureStates[name])).toBe(reason);
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
    expect(works(draining)).toEqual([':', '?', 'q', 'Esc', 'y', 'n', 'Ctrl+C', 'Ctrl+Z']);
  });
});

describe('the footer', () => {
  it('fits into 80 columns whole, and gives way to narrower ones from what matters least', () => {
    const text = (columns: number) =>
      footerEntries(healthy, columns)
        .map((entry) => entry.text)
        .join('  ');
    expect(text(79)).toBe('↑↓ rate  > double  < halve  p pause  0 zero  : command  a mark  ? help  q quit');
    expect(text(59)).toBe('↑↓ rate  > double  p pause  0 zero  ? help  q quit');
    for (let columns = 40; columns < 100; columns += 1) expect(text(columns).length).toBeLessThanOrEqual(columns);
    expect(text(10)).toBe('↑↓ rate  p pause  ? help  q quit');
  });

  it('marks what cannot be pressed, and names what p would do', () => {
    const dim = footerEntries(fixtureStates['full speed'], 100)
      .filter((entry) => !entry.works)
      .map((entry) => entry.text);
    expect(dim).toEqual(['↑↓ rate', '> double', '< halve', '0 zero']);
    expect(footerEntries(fixtureStates['closed model'], 100)[0]).toEqual({ text: '↑↓ users', works: true });
    expect(footerEntries(fixtureStates.paused, 100).map((entry) => entry.text)).toContain('p go on');
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
