// Why a request ended as it did: finer than the classes of outcome.ts, each cause within one class, and whose matter it is.
// One table: its order is the order of the workers' counters. Which error has which cause is engine/classify-error.ts.

import { classesByName, type OutcomeClass, outcomeClasses } from './outcome.ts';

/** Where to look first. `nobody`: all is well, or it cannot be told. */
export type Fault = 'target' | 'edge' | 'network' | 'ours' | 'profile' | 'nobody';

export interface Cause {
  /** Unique; the name of its class, or begins with it, or stands for itself (`404`). */
  readonly name: string;
  readonly class: OutcomeClass;
  readonly fault: Fault;
  readonly meaning: string;
}

/** Details of one class: [what comes after its name, fault, meaning]. */
const within = <const Name extends OutcomeClass, const Rest extends string>(
  name: Name,
  rows: readonly (readonly [rest: Rest, fault: Fault, meaning: string])[],
) => rows.map(([rest, fault, meaning]) => ({ name: `${name}${rest}` as const, class: name, fault, meaning }));

/** A status that has a counter of its own although it has no class of its own. */
const status = <const Name extends string>(name: Name, group: OutcomeClass, fault: Fault, meaning: string) => ({
  name,
  class: group,
  fault,
  meaning,
});

const through = 'an edge stood between, which made the answer or passed it on';

const answers = [
  ...within('2xx', [['', 'nobody', 'success']]),
  ...within('3xx', [['', 'nobody', 'redirect (redirects are not followed)']]),
  status('400', '4xx', 'profile', 'bad request'),
  status('401', '4xx', 'profile', 'credentials are missing or wrong'),
  status('403', '4xx', 'profile', 'these credentials may not do this'),
  status('404', '4xx', 'profile', 'nothing at this path'),
  status('408', '4xx', 'network', 'the request did not arrive in time'),
  status('413', '4xx', 'profile', 'the body is larger than the target takes'),
  status('422', '4xx', 'profile', 'the body is understood and not accepted'),
  status('other 4xx', '4xx', 'profile', 'refused as a bad request'),
  ...within('429', [
    ['', 'target', 'too many requests: backpressure'],
    [', through an edge', 'edge', `too many requests; ${through}`],
  ]),
  ...within('503', [
    ['', 'target', 'service unavailable'],
    [', through an edge', 'edge', `service unavailable; ${through}`],
  ]),
  ...within('504', [
    ['', 'target', 'gateway timeout'],
    [', through an edge', 'edge', 'gateway timeout at an edge'],
  ]),
  ...within('520', [
    [', from the edge', 'target', 'the origin answered with something that the edge does not understand'],
    [', from the origin', 'target', 'no edge stood between: the target itself says 520'],
  ]),
  ...within('521', [
    [', from the edge', 'target', 'the origin refused the edge'],
    [', from the origin', 'target', 'no edge stood between: the target itself says 521'],
  ]),
  ...within('522', [
    [', from the edge', 'edge', 'the edge got no connection to the origin in time'],
    [', from the origin', 'target', 'no edge stood between: the target itself says 522'],
  ]),
  ...within('523', [
    [', from the edge', 'edge', 'the edge has no way to the origin'],
    [', from the origin', 'target', 'no edge stood between: the target itself says 523'],
  ]),
  ...within('524', [
    [', from the edge', 'target', 'the origin took too long to answer the edge'],
    [', from the origin', 'target', 'no edge stood between: the target itself says 524'],
  ]),
  status('500', '5xx', 'target', 'internal error'),
  status('502', '5xx', 'target', 'bad gateway: what is behind the target does not answer it'),
  status('502, through an edge', '5xx', 'edge', 'bad gateway at an edge'),
  status('525 or 526', '5xx', 'edge', 'edge: TLS with the origin failed'),
  status('other 5xx', '5xx', 'target', 'other server errors'),
  status('status outside 200 to 599', '5xx', 'target', 'an answer, but with a status that HTTP does not know'),
  ...within('expectation failed', [
    [', status 2xx', 'target', 'a success, but not the one that the profile expects'],
    [', status 3xx', 'profile', 'a redirect that the profile does not expect; redirects are not followed'],
    [': header', 'target', 'the status is as expected, a header is not'],
    [': JSON', 'target', 'the status is as expected, a value in the JSON of the body is not'],
    [': text', 'target', 'the status is as expected, the text of the body is not'],
    [': size', 'target', 'the status is as expected, the size of the body is not'],
    [': time', 'target', 'answered as expected, but too late for the profile'],
    [
      ': body not judged',
      'profile',
      'the body is larger than 1 MiB or cannot be decoded, so that nothing can be said of it',
    ],
    [': check', 'target', 'the status is as expected, but a function of the profile says that the answer is not'],
    [': no event', 'target', 'the status is as expected, but the answer holds not one server-sent event'],
    [': nothing to capture', 'target', 'answered as expected, but without a value that later steps need'],
    [', redirect not followed', 'profile', 'a redirect to another origin, or one more than the profile lets follow'],
  ]),
] as const;

const connecting = [
  ...within('DNS', [
    [': name not found', 'profile', 'no such name, or it has no address'],
    [': no answer', 'network', 'the name server fails or does not answer'],
  ]),
  ...within('refused', [
    ['', 'target', 'nobody listens there'],
    [': no such socket', 'profile', 'there is no Unix socket at this path'],
    [': accept queue full', 'target', 'the Unix socket takes no more connections'],
  ]),
  ...within('unreachable', [
    [': no route to host', 'network', 'no route to the host, or it does not answer for its address'],
    [': no route to network', 'network', 'no route to the network'],
    [': not permitted', 'network', 'a firewall or the permissions of a Unix socket forbid the connection'],
    [': refused by the proxy', 'edge', 'the proxy opens no connection to the target'],
    [': the proxy wants credentials', 'profile', 'the proxy wants credentials, or others (407)'],
    [': other', 'network', 'no connection, for another reason'],
  ]),
  ...within('connect timeout', [
    ['', 'target', 'no connection within the limit: the accept queue is full, or packets are dropped'],
    [', in the TLS handshake', 'target', 'connected, but the TLS handshake did not end within the limit'],
    [', of the system', 'network', 'the system gave up connecting'],
  ]),
  ...within('TLS', [
    [': certificate expired', 'target', "the target's certificate has expired"],
    [': certificate not yet valid', 'target', "the target's certificate is not valid yet, or a clock is wrong"],
    [': certificate revoked', 'target', "the target's certificate is revoked, or that cannot be found out"],
    [': self-signed or unknown issuer', 'profile', 'the certificate is signed by nobody who is trusted here'],
    [': name mismatch', 'profile', 'the certificate is for another name'],
    [': client certificate wanted', 'profile', 'the target wants a client certificate'],
    [': client certificate refused', 'profile', 'the target does not take our client certificate'],
    [': handshake refused', 'target', 'no common cipher, or a client certificate is wanted'],
    [': no common version or cipher', 'target', 'no protocol version, cipher or key that both sides take'],
    [': not TLS at all', 'profile', 'the target does not speak TLS on this port'],
    [': handshake cut off', 'target', 'the connection was closed or reset in the handshake'],
    [': other', 'target', 'TLS failed for another reason'],
  ]),
] as const;

const underway = [
  ...within('reset', [
    [' while connecting', 'target', 'reset as soon as it was made'],
    [' while sending', 'target', 'connection reset while the request was going out'],
    [' before an answer', 'target', 'connection reset when the request was out, before a byte came'],
    [' during the answer', 'target', 'connection reset before the answer was complete'],
    [' during the stream', 'target', 'connection reset before the stream of events was complete'],
    [', given up with its connection', 'target', 'lost with the connection by a request before it on the same one'],
  ]),
  ...within('timeout', [
    [', while sending', 'target', 'the target did not take the request within the limit'],
    [', waiting for headers', 'target', 'no answer within the limit'],
    [', waiting for the body', 'target', 'the answer came, but too slowly'],
    [', stuck', 'target', 'the answer began, and then no byte came for at least 2 s'],
    [', silence in the answer', 'target', 'the answer began, and then no byte came for as long as the step allows'],
    [', of the system', 'network', 'packets on an open connection were not acknowledged'],
  ]),
  ...within('cut short', [
    [' before an answer', 'target', 'connection closed before a byte of the answer'],
    [' during the head', 'target', 'connection closed within the head of the answer'],
    [' during the body', 'target', 'connection closed before the body was complete'],
    [' during the stream', 'target', 'connection closed before the stream of events was complete'],
    [', stream without its end', 'target', 'the answer is complete, but the event that ends the stream never came'],
  ]),
  ...within('protocol', [
    [': not HTTP', 'target', 'the answer is not valid HTTP'],
    [': broken body', 'target', 'the head is valid, what follows is not'],
    [': headers too large', 'target', 'the head of the answer is larger than is read'],
    [': body too large', 'target', 'the body says that it is longer than can be read'],
    [': unasked upgrade', 'target', 'the target switched protocols without being asked'],
    [': HTTP/2 stream refused', 'target', 'REFUSED_STREAM: the target takes no more streams'],
    [': HTTP/2 stream cancelled', 'target', 'CANCEL: the target gave the request up'],
    [': HTTP/2 enhance your calm', 'target', 'ENHANCE_YOUR_CALM: the target finds it too much'],
    [': HTTP/2 internal error', 'target', 'INTERNAL_ERROR in the target'],
    [': HTTP/2 protocol error', 'target', 'one side finds what the other sent not valid'],
    [': HTTP/2 flow control', 'target', 'FLOW_CONTROL_ERROR'],
    [
      ': HTTP/1.1 required',
      'profile',
      'the target does not take this over HTTP/2: HTTP_1_1_REQUIRED, or no agreement in TLS',
    ],
    [': HTTP/2 other', 'target', 'another HTTP/2 error'],
    [': HTTP/2 GOAWAY', 'target', 'the target is closing the connection'],
  ]),
  ...within('ours', [
    [': descriptors', 'ours', 'this machine or process is out of file descriptors'],
    [': ports', 'ours', 'this machine is out of ports or local addresses'],
    [': memory', 'ours', 'this machine or process is out of memory or buffers'],
    [': file', 'ours', 'a file that is to be sent cannot be read, or changed its size during the run'],
    [': function', 'ours', 'a function of the profile threw, or returned what cannot be sent'],
  ]),
  ...within('other', [
    [': request not valid', 'profile', 'the client refuses to send this request'],
    [': value missing', 'profile', 'the request needs a value that no step before it captured'],
    ['', 'nobody', 'any other failure'],
  ]),
] as const;

const rows = [...answers, ...connecting, ...underway] as const satisfies readonly Cause[];

export type CauseName = (typeof rows)[number]['name'];

/** All causes, in the order of their counters. */
export const causes: readonly (Cause & { readonly name: CauseName })[] = rows;

const indexes = new Map<string, number>(rows.map(({ name }, index) => [name, index]));

/** The counter of a cause. */
export const causeIndex = (name: CauseName): number => indexes.get(name)!;

const classes = Uint8Array.from(rows, (row) => classesByName.get(row.class)!);

/** The class of a cause: an index into `outcomeClasses`. */
export const classOfCause = (cause: number): number => classes[cause] ?? outcomeClasses.length - 1;

/** What a cause says beyond its class, without the class's name: `waiting for headers`; empty where that is nothing. */
export const causeDetail = (cause: Pick<Cause, 'name' | 'class'>): string =>
  cause.name.startsWith(cause.class) ? cause.name.slice(cause.class.length).replace(/^[,:]? /, '') : cause.name;

/** Whose matter a cause is, as it is printed; empty for `nobody`. */
export const whoseFault: Readonly<Record<Fault, string>> = {
  target: "the target's",
  edge: "the edge's",
  network: "the network's",
  ours: 'ours',
  profile: "the profile's",
  nobody: '',
};
