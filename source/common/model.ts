// How arrivals come about, as every layer names it.

/**
 * `open`: a rate, whatever the target does. `closed`: virtual users, each with one iteration at a time. `full speed`: every
 * connection busy all the time. `burst`: so many at once, then all are awaited.
 */
export type Model = 'open' | 'closed' | 'full speed' | 'burst';

/** Whether a target that is slow slows the arrivals too, so that waiting for it is not seen. */
export const hidesWaiting = (model: Model): boolean => model === 'closed' || model === 'full speed';

/** Whether the generator being busy is a fault: at full speed and in a burst it is the purpose. */
export const isPaced = (model: Model): boolean => model === 'open';
