// The wheel expires each deadline once, not early and at most a step late, whatever is added and taken out in between.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deadline, Deadlines, wheelStepMs } from '../../source/engine/deadlines.ts';

const expired = (wheel: Deadlines<Deadline>, now: number): Deadline[] => {
  const found: Deadline[] = [];
  wheel.advance(now, (node) => found.push(node));
  return found;
};

describe('the deadlines', () => {
  it('expire at most a step late, each once', () => {
    const wheel = new Deadlines<Deadline>(0);
    const node = new Deadline();
    wheel.add(node, 25);
    expect(expired(wheel, 20)).toEqual([]);
    expect(expired(wheel, 25 + wheelStepMs)).toEqual([node]);
    expect(expired(wheel, 1000)).toEqual([]);
  });

  it('do not expire once they are taken out, and a node can be used again', () => {
    const wheel = new Deadlines<Deadline>(0);
    const node = new Deadline();
    wheel.add(node, 50);
    wheel.remove(node);
    wheel.remove(node);
    expect(expired(wheel, 100)).toEqual([]);
    wheel.add(node, 120);
    expect(expired(wheel, 130)).toEqual([node]);
  });

  it('that lie further away than a turn of the wheel wait for theirs', () => {
    const wheel = new Deadlines<Deadline>(0);
    const node = new Deadline();
    wheel.add(node, 60_000);
    for (let now = 10; now < 60_000; now += 10) expect(expired(wheel, now)).toEqual([]);
    expect(expired(wheel, 60_010)).toEqual([node]);
  });

  it('are all seen after a stand-still of many turns', () => {
    const wheel = new Deadlines<Deadline>(0);
    const nodes = Array.from({ length: 50 }, () => new Deadline());
    for (const [index, node] of nodes.entries()) wheel.add(node, index * 997);
    expect(new Set(expired(wheel, 100_000))).toEqual(new Set(nodes));
  });

  it('are all seen where what expires takes out its neighbours, and adds them again', () => {
    const wheel = new Deadlines<Deadline>(0);
    const nodes = Array.from({ length: 12 }, () => new Deadline());
    for (const node of nodes) wheel.add(node, 45);
    const found: Deadline[] = [];
    wheel.advance(60, (node) => {
      found.push(node);
      const index = nodes.indexOf(node);
      const neighbour = nodes[index % 2 === 0 ? index + 1 : index - 1]!;
      wheel.remove(neighbour);
      if (index < 2) wheel.add(neighbour, 500);
    });
    // One of each pair expires, the other was taken out by it.
    expect(new Set(found.map((node) => Math.floor(nodes.indexOf(node) / 2))).size).toBe(6);
    expect(found).toHaveLength(6);
    expect(expired(wheel, 520)).toHaveLength(1);
  });

  it('that have passed when they are added expire with the next step', () => {
    const wheel = new Deadlines<Deadline>(1000);
    const node = new Deadline();
    wheel.add(node, 5);
    expect(expired(wheel, 1000 + wheelStepMs)).toEqual([node]);
  });

  it('are all taken out at once where they are drained, also those of later turns', () => {
    const wheel = new Deadlines<Deadline>(0);
    const nodes = [5, 500, 50_000].map((at) => {
      const node = new Deadline();
      wheel.add(node, at);
      return node;
    });
    const out = new Set<Deadline>();
    wheel.drain((node) => out.add(node));
    expect(out).toEqual(new Set(nodes));
    expect(expired(wheel, 100_000)).toEqual([]);
  });

  it('hold for any order of adding, removing and advancing', () => {
    const step = fc.record({ at: fc.nat(30_000), remove: fc.boolean(), pass: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const wheel = new Deadlines<Deadline>(0);
        const live = new Set<Deadline>();
        let now = 0;
        for (const { at, remove, pass } of steps) {
          const node = new Deadline();
          wheel.add(node, now + at);
          live.add(node);
          if (remove) {
            wheel.remove(node);
            live.delete(node);
          }
          now += pass;
          for (const gone of expired(wheel, now)) {
            expect(live.delete(gone)).toBe(true);
            expect(gone.dueAt).toBeLessThanOrEqual(now);
          }
          for (const { dueAt } of live) expect(dueAt).toBeGreaterThan(now - 2 * wheelStepMs);
        }
      }),
    );
  });
});
