import { describe, expect, it } from 'vitest';
import { UserError } from '../../source/common/errors.ts';
import { FanOut } from '../../source/outputs/fan-out.ts';
import type { Output } from '../../source/outputs/output.ts';
import type { RunEvent } from '../../source/session/events.ts';
import { fixtureRun } from '../helpers/events.ts';

/** An output that keeps what it was handed, and fails where it is told to. */
class Kept implements Output {
  readonly name: string;
  readonly taken: RunEvent[] = [];
  closed = 0;
  readonly #failing: { readonly open?: Error; readonly takeFrom?: number; readonly close?: Error | 'never' };

  constructor(name: string, failing: { open?: Error; takeFrom?: number; close?: Error | 'never' } = {}) {
    this.name = name;
    this.#failing = failing;
  }

  async open(): Promise<void> {
    if (this.#failing.open) throw this.#failing.open;
  }

  take(event: RunEvent): void {
    if (this.taken.length >= (this.#failing.takeFrom ?? Infinity)) throw new Error('no space left on device');
    this.taken.push(event);
  }

  async close(): Promise<void> {
    this.closed += 1;
    if (this.#failing.close === 'never') await new Promise(() => undefined);
    else if (this.#failing.close) throw this.#failing.close;
  }
}

const fanOut = (outputs: readonly Output[], closeWithinMs = 1000) => {
  const told: string[] = [];
  const fan = new FanOut(
    outputs,
    (output, error) => told.push(`${output}: ${error instanceof Error ? error.message : error}`),
    {
      closeWithinMs,
    },
  );
  return { fan, told };
};

const events = fixtureRun();

describe('fan-out', () => {
  it('hands every event to every output, in order', async () => {
    const outputs = [new Kept('a'), new Kept('b')];
    const { fan, told } = fanOut(outputs);
    await fan.open();
    for (const event of events) fan.take(event);
    await fan.close();
    for (const output of outputs) {
      expect(output.taken).toEqual(events);
      expect(output.closed).toBe(1);
    }
    expect(told).toEqual([]);
  });

  it('drops an output that fails to take, closes it, says so once, and goes on with the others', async () => {
    const broken = new Kept('broken', { takeFrom: 2 });
    const sound = new Kept('sound');
    const { fan, told } = fanOut([broken, sound]);
    await fan.open();
    for (const event of events) fan.take(event);
    await fan.close();
    expect(told).toEqual(['broken: no space left on device']);
    expect(broken.taken).toHaveLength(2);
    expect(broken.closed).toBe(1);
    expect(sound.taken).toEqual(events);
  });

  it('drops an output that cannot be opened', async () => {
    const broken = new Kept('broken', { open: new Error('gone') });
    const sound = new Kept('sound');
    const { fan, told } = fanOut([broken, sound]);
    await fan.open();
    fan.take(events[0]!);
    expect(told).toEqual(['broken: gone']);
    expect(broken.taken).toEqual([]);
    expect(sound.taken).toHaveLength(1);
    await fan.close();
  });

  it('refuses to open where an output was asked for that cannot be had, and closes the others', async () => {
    const refused = new Kept('refused', { open: new UserError('cannot be written') });
    const sound = new Kept('sound');
    const { fan, told } = fanOut([refused, sound]);
    await expect(fan.open()).rejects.toThrow('cannot be written');
    expect(sound.closed).toBe(1);
    expect(told).toEqual([]);
  });

  it('keeps the order of events when the callback brings one', async () => {
    const broken = new Kept('broken', { takeFrom: 0 });
    const sound = new Kept('sound');
    const problem: RunEvent = { sequence: 99, at: 0, type: 'marker/set', name: 'an output broke' };
    const fan: FanOut = new FanOut([broken, sound], () => fan.take(problem));
    await fan.open();
    fan.take(events[0]!);
    expect(sound.taken).toEqual([events[0], problem]);
    await fan.close();
  });

  it('tells of an output that fails to close', async () => {
    const { fan, told } = fanOut([new Kept('full', { close: new Error('disk full') }), new Kept('sound')]);
    await fan.open();
    await fan.close();
    expect(told).toEqual(['full: disk full']);
  });

  it('does not wait longer than its limit for one that never closes', async () => {
    const sound = new Kept('sound');
    const { fan, told } = fanOut([new Kept('stuck', { close: 'never' }), sound], 50);
    await fan.open();
    await fan.close();
    expect(told).toEqual(['stuck: did not finish within 50 ms']);
    expect(sound.closed).toBe(1);
  });

  it('takes nothing after it was closed', async () => {
    const output = new Kept('a');
    const { fan } = fanOut([output]);
    await fan.open();
    await fan.close();
    await fan.close();
    fan.take(events[0]!);
    expect(output.taken).toEqual([]);
    expect(output.closed).toBe(1);
  });
});
