// Readers are told at most so often, at once where somebody pressed a key, and never see a state change between two tellings.

import { describe, expect, it } from 'vitest';
import type { RunState } from '../../source/session/state.ts';
import { Store } from '../../source/session/store.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { fixtureState } from '../helpers/run-state.ts';

const state = (now: number): RunState => fixtureState({ now });

const stored = () => {
  const clock = new ManualClock();
  const store = new Store(clock, state(0), 100);
  const told: number[] = [];
  const leave = store.subscribe(() => told.push(store.getState().now));
  return { clock, store, told, leave };
};

describe('the store', () => {
  it('tells of many changes once, with the newest', () => {
    const { clock, store, told } = stored();
    for (const now of [1, 2, 3]) store.set(state(now));
    expect(told).toEqual([]);
    expect(store.getState().now).toBe(0);
    expect(store.newest.now).toBe(3);
    clock.pass(100);
    expect(told).toEqual([3]);
    clock.pass(1000);
    expect(told).toEqual([3]);
  });

  it('is never more than its pace behind, however often the state changes', () => {
    const { clock, store, told } = stored();
    for (let now = 1; now <= 50; now += 1) {
      store.set(state(now));
      clock.pass(10);
    }
    expect(told).toEqual([10, 20, 30, 40, 50]);
  });

  it('tells of what is urgent at once, and not again later', () => {
    const { clock, store, told } = stored();
    store.set(state(1));
    store.set(state(2), true);
    expect(told).toEqual([2]);
    clock.pass(1000);
    expect(told).toEqual([2]);
    expect(clock.waiting).toBe(0);
  });

  it('gives the same object until it tells of another', () => {
    const { store } = stored();
    const before = store.getState();
    store.set(state(1));
    expect(store.getState()).toBe(before);
  });

  it('tells everyone who still listens', () => {
    const { store, told, leave } = stored();
    const others: number[] = [];
    store.subscribe(() => others.push(store.getState().now));
    leave();
    store.set(state(1), true);
    expect(told).toEqual([]);
    expect(others).toEqual([1]);
  });

  it('leaves no timer behind when it is closed, and nothing untold', () => {
    const { clock, store, told } = stored();
    store.set(state(1));
    store.close();
    expect(told).toEqual([1]);
    expect(clock.waiting).toBe(0);
  });
});
