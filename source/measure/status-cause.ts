// From the status of an answer to its cause, on the request path: look-ups in tables, and a look at the headers only where
// it matters whether an edge (CDN, proxy, balancer) stood between.

import { type CauseName, causeIndex, causes } from './cause.ts';

/** The headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const ofItsOwn = new Set<string>(causes.map(({ name }) => name));
const isCause = (name: string): name is CauseName => ofItsOwn.has(name);

const nameOf = (status: number): CauseName => {
  if (status >= 520 && status <= 524) {
    const name = `${status}, from the origin`;
    if (isCause(name)) return name;
  }
  if (status === 525 || status === 526) return '525 or 526';
  const exact = String(status);
  if (isCause(exact)) return exact;
  switch (Math.floor(status / 100)) {
    case 2:
      return '2xx';
    case 3:
      return '3xx';
    case 4:
      return 'other 4xx';
    case 5:
      return 'other 5xx';
    default:
      return 'status outside 200 to 599';
  }
};

// One look-up for each status keeps the request path free of branches.
const byStatus = Uint8Array.from({ length: 1000 }, (_, status) => causeIndex(nameOf(status)));
const outside = causeIndex('status outside 200 to 599');

/** The cause in place of another where an edge stood between; 0, which is a success, for none. */
const atEdge = Uint8Array.from(causes, ({ name }) => {
  const status = name.slice(0, 3);
  const twin = name === status ? `${status}, through an edge` : `${status}, from the edge`;
  const isPlain = name === status || name.endsWith(', from the origin');
  return isPlain && isCause(twin) ? causeIndex(twin) : 0;
});

const edgeHeaders = ['cf-ray', 'x-served-by', 'x-cache', 'x-amz-cf-id', 'x-azure-ref', 'via'];
const edgeServers = /cloudflare|cloudfront|akamai|fastly|varnish/i;

/** Whether an edge stood between: by headers that edges add. */
const isThroughEdge = (headers: AnswerHeaders): boolean => {
  const { server } = headers;
  return (
    edgeHeaders.some((name) => headers[name] !== undefined) || (typeof server === 'string' && edgeServers.test(server))
  );
};

const unexpectedSuccess = causeIndex('expectation failed, status 2xx');
const unexpectedRedirect = causeIndex('expectation failed, status 3xx');

/**
 * The cause (an index into `causes`) of an answer.
 * @param good whether the answer was as expected
 * @param headers looked at for 429 and from 500 on only
 */
export const causeOfStatus = (status: number, good: boolean, headers: AnswerHeaders): number => {
  if (!good && status >= 200 && status < 400) return status < 300 ? unexpectedSuccess : unexpectedRedirect;
  const cause = byStatus[status] ?? outside;
  const twin = atEdge[cause]!;
  return twin > 0 && isThroughEdge(headers) ? twin : cause;
};
