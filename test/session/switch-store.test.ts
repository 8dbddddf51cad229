import { expect, it } from 'vitest';
import { SwitchStore } from '../../source/session/switch-store.ts';
import { FixtureStore, fixtureState } from '../helpers/run-state.ts';

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
