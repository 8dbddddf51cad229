// What a request to /events may hold: one JSON object or an array of them. The fields of an event are nobody's business
// here; they are kept as they came.

// MongoDB stores 100 levels, two of which are the document's own.
const depthLimit = 98;

/** An event in the buffer and in the store. A store may add its key (`_id`) to the object. */
export interface StoredEvent {
  readonly receivedAt: Date;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Why a body holds no events; the message is one sentence for whoever sent it. */
export class EventError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventError';
  }
}

/**
 * The events in a request's body.
 * @throws EventError
 */
export const readEvents = (body: Buffer, receivedAt: Date): StoredEvent[] => {
  const value = readJson(body);
  if (!Array.isArray(value)) return [{ receivedAt, event: checkEvent(value, '') }];
  if (value.length === 0) throw new EventError('the array holds no event');
  return value.map((event: unknown, index) => ({
    receivedAt,
    event: checkEvent(event, ` (at index ${index} of the array)`),
  }));
};

const checkEvent = (value: unknown, where: string): Record<string, unknown> => {
  if (!isObject(value)) throw new EventError(`an event is a JSON object, not ${kindOf(value)}${where}`);
  if (isDeeperThan(value, depthLimit))
    throw new EventError(`an event is nested ${depthLimit} levels deep at most${where}`);
  return value;
};

/** Looks no further than the limit, so that no nesting can exhaust the stack. */
const isDeeperThan = (value: object, levels: number): boolean => {
  if (levels === 0) return true;
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null && isDeeperThan(child, levels - 1)) return true;
  }
  return false;
};

/**
 * The JSON value in a request's body.
 * @throws EventError
 */
export const readJson = (body: Buffer): unknown => {
  if (body.length === 0) throw new EventError('the body is empty; JSON was expected');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new EventError(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
};
