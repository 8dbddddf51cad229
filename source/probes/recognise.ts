// Chooses, from what may be a thousand series, the dozen rows worth watching under load: well-known names by what they
// mean (first match wins), the target's own quantities with their limits, then other names by the words in them.

import type { Family } from './metric-family.ts';
import { findPairs, isGauge } from './metric-pairs.ts';
import { pinnedSignals } from './pins.ts';
import { runtimeSignals } from './recognise-runtime.ts';
import { familyLabel, gaugeOf, latencyOf, rateOf, type Signal } from './signal.ts';
import { signalsOf } from './signals-of-family.ts';
import { nearItsLimit } from './thresholds.ts';

type Families = ReadonlyMap<string, Family>;

/** Rows that a panel is given at most. */
export const mostSignals = 12;

/** What else decides on the rows. */
export interface Wishes {
  /** Globs of what the user wants to see; beside the rows of our own choice. */
  readonly pins?: readonly string[];
  /** The names that moved most are chosen by the caller, from the families that are free. */
  readonly movers?: (free: readonly Family[]) => readonly string[];
}

/** Movers that get a row for having moved. */
export const mostMovers = 3;

/** What to show of a scrape, most important first. */
export const recognise = (families: Families, { pins = [], movers = () => [] }: Wishes = {}): Signal[] => {
  const claimed = new Set<Family>();
  const pinned = pinnedSignals(families, pins, claimed);
  const requests = requestSignals(families, claimed);
  const runtime = runtimeSignals(families, claimed);
  const own = ownSignals(families, claimed, movers);
  // The process's own vital signs are not crowded out by the target's many other metrics.
  const room = mostSignals - requests.length - Math.min(5, runtime.length);
  const signals = [...requests, ...own.telling.slice(0, room), ...runtime, ...own.telling.slice(room), ...own.other];
  const seen = new Set(pinned.map(({ metric }) => metric));
  const chosen = signals.filter(({ metric }) => !seen.has(metric) && seen.add(metric)).slice(0, mostSignals);
  return [...unique(pinned), ...chosen];
};

const unique = (signals: readonly Signal[]): Signal[] => {
  const seen = new Set<string>();
  return signals.filter(({ metric }) => !seen.has(metric) && seen.add(metric));
};

const requestNames: readonly RegExp[] = [
  /^http_server_request_duration(_seconds)?$/,
  /(^|_)http_request_duration(_seconds)?$/,
  /^http_server_requests_seconds$/,
  /(^|_)http_request_duration_(ms|milliseconds)$/,
  /^http_server_duration(_ms|_milliseconds|_seconds)?$/,
  /(^|_)http_requests$/,
  /^http_requests_received$/,
  /^http_server_requests$/,
  /^grpc_server_handling_seconds$/,
  /^grpc_server_handled$/,
];

/** Looked at where there is none of the above. */
const likelyRequestNames: readonly RegExp[] = [
  /(^|_)requests?_duration(_seconds|_ms|_milliseconds)?$/,
  /^(app_|server_|api_)?requests$/,
];

const inFlightNames: readonly RegExp[] = [
  /^http_server_active_requests$/,
  /(^|_)http_requests_in_?progress$/,
  /(^|_)(in_?flight_requests|requests_in_?flight)$/,
  /^kestrel_active_connections$/,
  /^tomcat_threads_busy(_threads)?$/,
];

/** Requests that the target sends, and those for its metrics, are not those that it serves. */
const notServed = /client|outgoing|upstream|promhttp/;

const statusLabels = [
  'code',
  'status',
  'status_code',
  'http_response_status_code',
  'http_status_code',
  'http_response.status_code',
  'http.response.status_code',
  'grpc_code',
  'outcome',
];

const requestSignals = (families: Families, claimed: Set<Family>): Signal[] => {
  const served = [...families.values()].filter(({ name }) => !notServed.test(name));
  const counted = served.filter(({ type }) => type === 'counter' || type === 'histogram' || type === 'summary');
  const named = (patterns: readonly RegExp[]): Family[] =>
    patterns.flatMap((pattern) => counted.filter(({ name }) => pattern.test(name)));
  const known = named(requestNames);
  const candidates = known.length > 0 ? known : named(likelyRequestNames);
  const signals: Signal[] = [];
  const [source] = candidates;
  if (source) signals.push(rateOf('requests', 'requests', source));
  const timed = candidates.find(({ type }) => type !== 'counter');
  if (timed) {
    // Before it was renamed, OpenTelemetry's duration was in milliseconds, and not every exporter says so.
    const unit = timed.unit || (timed.name === 'http_server_duration' ? 'ms' : 's');
    signals.push(...latencyOf('server', 'server', { ...timed, unit }));
  }
  const judged = candidates.find((family) => statusLabelOf(family) !== undefined);
  const status = judged && statusLabelOf(judged);
  if (judged && status) {
    const label = judged.name.startsWith('grpc') ? 'server errors' : 'server 5xx';
    const errors = rateOf('server.errors', label, judged, (labels) => isServerError(labels[status] ?? ''));
    signals.push({ ...errors, thresholds: { of: 'value', warn: Number.MIN_VALUE, bad: Number.POSITIVE_INFINITY } });
  }
  for (const family of candidates) {
    claimed.add(family);
    // Micrometer's maximum of a timer: over a window of its own, so it does not go with ours.
    const max = families.get(`${family.name}_max`);
    if (max) claimed.add(max);
  }
  const flying = inFlightNames.flatMap((pattern) => served.filter((one) => isGauge(one) && pattern.test(one.name)))[0];
  if (flying) {
    claimed.add(flying);
    const limit = families.get('tomcat_threads_config_max_threads') ?? families.get('tomcat_threads_config_max');
    const busy = flying.name.startsWith('tomcat') ? limit : undefined;
    signals.push(gaugeOf('in_flight', 'in flight', flying, { limit: busy }));
  }
  return signals;
};

const statusLabelOf = ({ samples }: Family): string | undefined =>
  statusLabels.find((label) => samples.slice(0, samplesLookedAt).some(({ series }) => label in series.labels));

/** Labels of a family are the same in all its series, or nearly so: not all of 50,000 are looked through for them. */
const samplesLookedAt = 500;

const grpcFaults = new Set(['unknown', 'deadlineexceeded', 'resourceexhausted', 'internal', 'unavailable', 'dataloss']);

/** 5xx, Micrometer's SERVER_ERROR, and the gRPC codes that are the server's fault. */
const isServerError = (status: string): boolean =>
  /^5(\d\d|xx)$/i.test(status) || status === 'SERVER_ERROR' || grpcFaults.has(status.toLowerCase().replaceAll('_', ''));

const hidden =
  /^(process|nodejs|v8js|go|jvm|python|cpython|dotnet|promhttp|scrape|otel|target|net_conntrack|prometheus_(tsdb|target|sd|rule))_|(^|_)(info|build|version|created|start_time|timestamp|up)(_|$)/;

const flushed =
  /(^|_)(flush(ed|es)?|processed|ingested|consumed|produced|published|inserted|written|acked|delivered|received|accepted|events|messages|records|documents|jobs)(_|$)/;

const tellingWords =
  /queue|buffer|backlog|pending|in_?flight|active|pool|wait|lag|delay|drop|reject|error|timeout|retry|retries|throttl|evict|depth|fail/g;

/** The target's own metrics: bounded quantities, work done, telling names; and those whose names say nothing. */
const ownSignals = (
  families: Families,
  claimed: Set<Family>,
  movers: NonNullable<Wishes['movers']>,
): { telling: Signal[]; other: Signal[] } => {
  const free = [...families.values()].filter((one) => !claimed.has(one) && !hidden.test(one.name));
  const pairs = findPairs(free).slice(0, 3);
  for (const { used, limit } of pairs) claimed.add(used).add(limit);
  const done = free.filter((one) => !claimed.has(one) && one.type === 'counter' && flushed.test(one.name)).slice(0, 2);
  for (const family of done) claimed.add(family);
  const moved = movers(free.filter((family) => !claimed.has(family)))
    .map((name) => families.get(name))
    .filter((family) => family !== undefined);
  for (const family of moved) claimed.add(family);
  const scored = free
    .filter((family) => !claimed.has(family))
    .map((family) => ({ family, score: new Set(family.name.match(tellingWords)).size }))
    .toSorted((a, b) => b.score - a.score);
  const telling = scored.filter(({ score }) => score > 0).flatMap(({ family }) => signalsOf(family));
  return {
    telling: [
      ...pairs.map(({ used, limit, where }) => ({
        ...gaugeOf(used.rawName, familyLabel(used), used, { limit, ...where }),
        thresholds: nearItsLimit,
      })),
      ...done.flatMap(signalsOf),
      ...moved.flatMap(signalsOf),
      ...telling,
    ],
    other: scored.filter(({ score }) => score === 0).flatMap(({ family }) => signalsOf(family)),
  };
};
