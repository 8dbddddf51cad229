// The checks of the ten types of events, and what is counted of their turns.
import { describe, expect, it } from 'vitest';
import { EventCounts, eventTypes, faultOf } from '../../source/demo/event-check.ts';

const common = { event_id: 'e-1', user_id: 7, timestamp: '2026-01-01T00:00:00.000Z' };
const ofType: Readonly<Record<string, object>> = {
  session_start: { session: 's', device: 'phone' },
  page_view: { url: '/' },
  search: { query: 'ü' },
  purchase: { amount: 19.9, currency: 'EUR' },
  add_to_cart: { product_id: 'p' },
  remove_from_cart: { product_id: 'p' },
  button_click: { button_id: 'b' },
  form_submit: { form_id: 'f' },
  video_play: { video_id: 'v', position: 0 },
  video_pause: { video_id: 'v', position: 3.5 },
};

/** Events of these turns, from 0; a turn beyond the ten is of another type. */
const events = (...turns: number[]) => turns.map((turn) => ({ event: { type: eventTypes[turn] ?? 'unheard_of' } }));

describe('an event', () => {
  it.each(Object.entries(ofType))('of type %s needs each of its fields', (type, fields) => {
    const whole = { type, ...common, ...fields };
    expect(faultOf(whole)).toBeUndefined();
    for (const name of Object.keys({ ...common, ...fields })) {
      expect(faultOf({ ...whole, [name]: undefined })).toMatch(
        new RegExp(`^${name} of ${type} is missing, expected a`),
      );
    }
  });

  it('has ten types', () => {
    expect(eventTypes).toEqual(Object.keys(ofType));
  });

  it.each<[object, string]>([
    [{ type: 'page_view', ...common, url: '' }, 'url of page_view is "", expected a text or a whole number'],
    [{ type: 'purchase', ...common, amount: '1', currency: 'EUR' }, 'amount of purchase is "1", expected a number'],
    [
      { type: 'page_view', ...common, url: '/', timestamp: 'now' },
      'timestamp of page_view is "now", expected a date as text or milliseconds since 1970',
    ],
    [{ type: 'click' }, `the type is "click", not one of ${eventTypes.join(', ')}`],
    [{}, `the type is missing, not one of ${eventTypes.join(', ')}`],
  ])('%j is at fault', (event, fault) => {
    expect(faultOf({ ...event })).toBe(fault);
  });
});

describe('the counts of events', () => {
  it('tell ten types in turn, one by one', () => {
    const counts = new EventCounts();
    for (let n = 0; n < 25; n += 1) counts.add(events(n % 10), true);
    expect(counts.counts()).toMatchObject({
      received: 25,
      byType: { session_start: 3, video_play: 2 },
      bySize: { alone: { requests: 25, events: 25, inTurn: 24, outOfTurn: 0 } },
      first: [...eventTypes, ...eventTypes, ...eventTypes.slice(0, 5)],
    });
    counts.add(events(7), true);
    expect(counts.counts()).toMatchObject({ bySize: { alone: { inTurn: 24, outOfTurn: 1 } } });
  });

  it('tell it of batches by their size, each for itself', () => {
    const counts = new EventCounts();
    counts.add(events(8, 9, 0), false);
    counts.add(events(1, 2, 2), false);
    counts.add(events(5), false);
    expect(counts.counts()).toMatchObject({
      bySize: {
        3: { requests: 2, events: 6, inTurn: 3, outOfTurn: 1, startsWith: { video_play: 1, page_view: 1 } },
        1: { requests: 1, events: 1, inTurn: 0, outOfTurn: 0 },
      },
      first: [],
    });
  });

  it('do not take other types for a turn', () => {
    const counts = new EventCounts();
    counts.add(events(99, 0, 99), false);
    expect(counts.counts()).toMatchObject({ byType: { other: 2, session_start: 1 }, bySize: { 3: { outOfTurn: 1 } } });
  });

  it('are bounded, and begin anew', () => {
    const counts = new EventCounts();
    for (let size = 2; size < 300; size += 1) counts.add(events(...Array.from({ length: size }, () => 0)), false);
    const { bySize } = counts.counts() as { bySize: Record<string, { requests: number }> };
    expect(Object.keys(bySize)).toHaveLength(101);
    expect(bySize.other?.requests).toBe(198);
    counts.reset();
    expect(counts.counts()).toEqual({ received: 0, byType: {}, bySize: {}, first: [] });
  });
});
