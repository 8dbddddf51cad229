// The bounded buffer: its bound, its order, and that looking at items does not lose them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedBuffer } from '../../source/demo/buffer.ts';

describe('BoundedBuffer', () => {
  it('takes all items of a request or none', () => {
    const buffer = new BoundedBuffer<number>(() => 3);
    expect(buffer.add([1, 2])).toBe(true);
    expect(buffer.add([3, 4])).toBe(false);
    expect(buffer.add([3])).toBe(true);
    expect([buffer.size, buffer.turnedAway, buffer.fill]).toEqual([3, 2, 1]);
    expect(buffer.peek(9)).toEqual([1, 2, 3]);
  });

  it('keeps what was only looked at', () => {
    const buffer = new BoundedBuffer<number>(() => 10);
    buffer.add([1, 2, 3]);
    expect(buffer.peek(2)).toEqual([1, 2]);
    expect(buffer.size).toBe(3);
    buffer.remove(2);
    expect(buffer.peek(2)).toEqual([3]);
  });

  it('counts as full, not more, when its limit is lowered below what it holds', () => {
    let limit = 4;
    const buffer = new BoundedBuffer<number>(() => limit);
    buffer.add([1, 2, 3, 4]);
    limit = 2;
    expect(buffer.fill).toBe(1);
    expect(buffer.add([5])).toBe(false);
    buffer.remove(3);
    expect(buffer.add([5])).toBe(true);
    expect(buffer.peek(9)).toEqual([4, 5]);
  });

  it('behaves like a plain array, whatever is added and removed', () => {
    const step = fc.oneof(fc.record({ add: fc.nat(6) }), fc.record({ remove: fc.nat(9) }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new BoundedBuffer<number>(() => 12);
        const model: number[] = [];
        let next = 0;
        for (const change of steps) {
          if ('add' in change) {
            const items = Array.from({ length: change.add }, () => next++);
            const fits = model.length + items.length <= 12;
            expect(buffer.add(items)).toBe(fits);
            if (fits) model.push(...items);
          } else {
            buffer.remove(change.remove);
            model.splice(0, change.remove);
          }
          expect(buffer.size).toBe(model.length);
          expect(buffer.peek(100)).toEqual(model);
        }
      }),
    );
  });
});
