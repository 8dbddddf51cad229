import { expect, it } from 'vitest';
import { SwitchStore } from '../../source/session/switch-store.ts';
import { FixtureStore, fixtureState } from '../helpers/run-state.ts';

it('shows the rest between two runs in the state of the one that has ended, the same one until either changes', () => {
  const store = new SwitchStore();
  const first = new FixtureStore(fixtureState({ now: 1, phase: 'closed' }));
  store.switchTo(first);
  const next = { name: 'stress', number: 2, count: 2, load: '500/s' };
  store.between({ next, leftMs: 3000 });
  const state = store.getState();
  expect(state).toMatchObject({ now: 1, phase: 'closed', interlude: { leftMs: 3000 } });
  expect(store.getState()).toBe(state);
  store.between({ next, leftMs: 2000 });
  expect(store.getState().interlude?.leftMs).toBe(2000);
  store.between(undefined);
  expect(store.getState()).toBe(first.getState());
});

it('shows the run that it was switched to, and listens to no other', () => {
  const store = new SwitchStore();
  let told = 0;
  const leave = store.subscribe(() => {
    told += 1;
  });
  expect(store.getState().run).toBeUndefined();
  const first = new FixtureStore(fixtureState({ now: 1 }));
  store.switchTo(first);
  expect([store.getState().now, told]).toEqual([1, 1]);
  first.set(fixtureState({ now: 2 }));
  expect([store.getState().now, told]).toEqual([2, 2]);
  const second = new FixtureStore(fixtureState({ now: 10 }));
  store.switchTo(second);
  first.set(fixtureState({ now: 3 }));
  expect([store.getState().now, told]).toEqual([10, 3]);
  leave();
  second.set(fixtureState({ now: 11 }));
  expect([store.getState().now, told]).toEqual([11, 3]);
});
