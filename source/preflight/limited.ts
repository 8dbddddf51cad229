// Bounds a piece of work in time: preflight has five seconds in all, and what does not answer must not hold up the rest.

import { SystemClock } from '../common/clock.ts';

/** What `limited` brings where the work took too long. */
export const late = Symbol('late');

const clock = new SystemClock();

/**
 * Does `work` for at most `ms`, or until `outer` is aborted; then its own signal is aborted and it is waited for no longer.
 * Rejects as the work does.
 */
export const limited = async <Value>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | typeof late> => {
  const controller = new AbortController();
  const over = Promise.withResolvers<typeof late>();
  const end = (): void => {
    // First: work that rejects at once when it is aborted would be taken for the outcome.
    over.resolve(late);
    controller.abort();
  };
  const cancel = clock.after(ms, end);
  outer?.addEventListener('abort', end, { once: true });
  if (outer?.aborted) end();
  const working = work(controller.signal);
  // Nobody looks any more at what comes of work that was given up.
  working.catch(() => {});
  try {
    return await Promise.race([working, over.promise]);
  } finally {
    cancel();
    outer?.removeEventListener('abort', end);
  }
};
