// The ways a request can end, told apart as people search for them. One table: its order is the order of rows on the
// screen and of the workers' counters. Which error of a socket belongs to which class is engine/classify-error.ts.

interface OutcomeRow {
  readonly name: string;
  /** An HTTP response ended, whatever its status. */
  readonly completed: boolean;
  /** Shown even when its count is 0, because operators look for it. */
  readonly always?: true;
  readonly meaning: string;
}

const rows = [
  { name: '2xx', completed: true, always: true, meaning: 'success' },
  { name: '3xx', completed: true, meaning: 'redirect (redirects are not followed)' },
  { name: '4xx', completed: true, meaning: 'refused as a bad request' },
  { name: '429', completed: true, always: true, meaning: 'too many requests: backpressure' },
  { name: '503', completed: true, always: true, meaning: 'service unavailable' },
  { name: '504', completed: true, meaning: 'gateway timeout' },
  { name: '520', completed: true, meaning: 'edge: the origin answered with something unknown' },
  { name: '521', completed: true, meaning: 'edge: the origin refused' },
  { name: '522', completed: true, meaning: 'edge: the origin could not be connected to' },
  { name: '523', completed: true, meaning: 'edge: the origin could not be reached' },
  { name: '524', completed: true, always: true, meaning: 'edge: the origin took too long to answer' },
  { name: '5xx', completed: true, meaning: 'other server errors' },
  { name: 'expectation failed', completed: true, meaning: 'answered, but not as the profile expects' },
  { name: 'DNS', completed: false, meaning: 'the name could not be resolved' },
  { name: 'refused', completed: false, always: true, meaning: 'connection refused' },
  { name: 'unreachable', completed: false, meaning: 'no route to host or network' },
  { name: 'connect timeout', completed: false, meaning: 'no connection within the limit' },
  { name: 'TLS', completed: false, meaning: 'the TLS handshake failed' },
  { name: 'reset', completed: false, meaning: 'connection reset before the answer was complete' },
  { name: 'timeout', completed: false, meaning: 'no complete answer within the limit' },
  { name: 'cut short', completed: false, meaning: 'connection closed before the answer was complete' },
  { name: 'protocol', completed: false, meaning: 'the answer is not valid HTTP' },
  { name: 'ours', completed: false, meaning: 'this machine ran out of ports, descriptors or memory' },
  { name: 'other', completed: false, meaning: 'any other failure' },
] as const satisfies readonly OutcomeRow[];

export type OutcomeClass = (typeof rows)[number]['name'];

/** All outcome classes, in the order of their counters. */
export const outcomeClasses: readonly (OutcomeRow & { readonly name: OutcomeClass })[] = rows;

const indexes = new Map<string, number>(rows.map((row, index) => [row.name, index]));

/** The counter of a class. */
export const outcomeIndex = (name: OutcomeClass): number => indexes.get(name)!;

const own = new Set([429, 503, 504, 520, 521, 522, 523, 524]);

// One look-up for each status from 0 to 999 keeps the request path free of branches.
const byStatus = Uint8Array.from({ length: 1000 }, (_, status) => {
  if (own.has(status)) return indexes.get(String(status))!;
  // Whatever is above 5xx is an answer all the same, and not a good one.
  return indexes.get(`${Math.min(5, Math.floor(status / 100))}xx`) ?? indexes.get('5xx')!;
});

/**
 * The class of an answer: by its status, or `expectation failed` for a status below 400 that the profile does not expect.
 * @param good whether the answer was as expected
 */
export const outcomeOfStatus = (status: number, good: boolean): number => {
  if (!good && status < 400) return indexes.get('expectation failed')!;
  return byStatus[status] ?? indexes.get('5xx')!;
};

/** The outcome groups that histograms are kept for. */
export const outcomeGroups = ['good', 'notGood'] as const;
export type OutcomeGroup = (typeof outcomeGroups)[number];
