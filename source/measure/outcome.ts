// The ways a request can end, told apart as people search for them. One table: its order is the order of rows on the
// screen. Why a request ended so, and whose matter that is, is cause.ts.

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
  {
    name: 'cut short',
    completed: false,
    meaning: 'connection closed, or stream ended, before the answer was complete',
  },
  { name: 'protocol', completed: false, meaning: 'the answer is not valid HTTP' },
  { name: 'ours', completed: false, meaning: 'this machine ran out of ports, descriptors or memory' },
  { name: 'other', completed: false, meaning: 'any other failure' },
] as const satisfies readonly OutcomeRow[];

export type OutcomeClass = (typeof rows)[number]['name'];

/** All outcome classes, in the order of their rows. */
export const outcomeClasses: readonly (OutcomeRow & { readonly name: OutcomeClass })[] = rows;

/** The index of each class, by its name. */
export const classesByName: ReadonlyMap<string, number> = new Map(rows.map((row, index) => [row.name, index]));

/** The index of a class. */
export const outcomeIndex = (name: OutcomeClass): number => classesByName.get(name)!;

/** The outcome groups that histograms are kept for. */
export const outcomeGroups = ['good', 'notGood'] as const;
export type OutcomeGroup = (typeof outcomeGroups)[number];
