// What the ten types of events hold, and what came of them: how many of each, in batches of which size, and whether types
// came in turn. Events of other types are taken as they are.

type Kind = 'text' | 'number' | 'time';
type Fields = Readonly<Record<string, Kind>>;

const common: Fields = { event_id: 'text', user_id: 'text', timestamp: 'time' };

/** In the order in which they take turns. */
export const fieldsOfType: Readonly<Record<string, Fields>> = {
  session_start: { session: 'text', device: 'text' },
  page_view: { url: 'text' },
  search: { query: 'text' },
  purchase: { amount: 'number', currency: 'text' },
  add_to_cart: { product_id: 'text' },
  remove_from_cart: { product_id: 'text' },
  button_click: { button_id: 'text' },
  form_submit: { form_id: 'text' },
  video_play: { video_id: 'text', position: 'number' },
  video_pause: { video_id: 'text', position: 'number' },
};

export const eventTypes: readonly string[] = Object.keys(fieldsOfType);

const expected: Readonly<Record<Kind, string>> = {
  text: 'a text or a whole number',
  number: 'a number',
  time: 'a date as text or milliseconds since 1970',
};

const checks = new Map(
  Object.entries(fieldsOfType).map(([type, own]) => [type, Object.entries({ ...common, ...own })] as const),
);
const indexes = new Map(eventTypes.map((type, index) => [type, index]));

/** What is wrong with the event, in a sentence; undefined where nothing is. */
export const faultOf = (event: Readonly<Record<string, unknown>>): string | undefined => {
  const { type } = event;
  const fields = typeof type === 'string' ? checks.get(type) : undefined;
  if (!fields) return `the type is ${shown(type)}, not one of ${eventTypes.join(', ')}`;
  for (const [name, kind] of fields) {
    const value = event[name];
    if (!fits(kind, value)) return `${name} of ${type} is ${shown(value)}, expected ${expected[kind]}`;
  }
  return undefined;
};

const fits = (kind: Kind, value: unknown): boolean => {
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'text') return typeof value === 'string' ? value !== '' : Number.isInteger(value);
  return typeof value === 'number' ? value > 0 : typeof value === 'string' && !Number.isNaN(Date.parse(value));
};

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100));

/** Other sizes of batches than these many are counted together. */
const sizeLimit = 100;
/** So many types of events that came one by one are kept. */
const firstLimit = 100;

interface Turns {
  /** Events whose type follows that of the event before, and those whose type does not. */
  inTurn: number;
  outOfTurn: number;
}

interface SizeCounts extends Turns {
  requests: number;
  events: number;
  /** Types of the first event of each request. */
  readonly startsWith: Record<string, number>;
}

const isAfter = (before: number, index: number): boolean => index === (before + 1) % eventTypes.length;

export class EventCounts {
  #events = 0;
  #types = new Map<string, number>();
  #sizes = new Map<string, SizeCounts>();
  #first: string[] = [];
  /** Turn of the last event that came alone; undefined before the first, -1 after one of another type. */
  #last: number | undefined;

  /** Counts the events of a request, which came as an array or one alone. */
  add(events: readonly { readonly event: Readonly<Record<string, unknown>> }[], alone: boolean): void {
    this.#events += events.length;
    const counts = this.#countsOf(alone ? 'alone' : String(events.length));
    counts.requests += 1;
    counts.events += events.length;
    let before = alone ? this.#last : undefined;
    for (const [place, { event }] of events.entries()) {
      const { type } = event;
      const index = typeof type === 'string' ? (indexes.get(type) ?? -1) : -1;
      const name = eventTypes[index] ?? 'other';
      this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
      if (place === 0) counts.startsWith[name] = (counts.startsWith[name] ?? 0) + 1;
      if (before !== undefined) counts[isAfter(before, index) && index >= 0 ? 'inTurn' : 'outOfTurn'] += 1;
      before = index;
      if (alone && this.#first.length < firstLimit) this.#first.push(name);
    }
    if (alone) this.#last = before;
  }

  reset(): void {
    this.#events = 0;
    this.#types = new Map();
    this.#sizes = new Map();
    this.#first = [];
    this.#last = undefined;
  }

  counts(): object {
    return {
      received: this.#events,
      byType: Object.fromEntries(this.#types),
      /** By the length of the array; `alone` are those that came without one. */
      bySize: Object.fromEntries(this.#sizes),
      first: this.#first,
    };
  }

  #countsOf(size: string): SizeCounts {
    const known = this.#sizes.has(size) || this.#sizes.size < sizeLimit ? size : 'other';
    let counts = this.#sizes.get(known);
    if (!counts) {
      counts = { requests: 0, events: 0, inTurn: 0, outOfTurn: 0, startsWith: {} };
      this.#sizes.set(known, counts);
    }
    return counts;
  }
}
