// Which rows are chosen from the metrics that real clients write, and the numbers in them after two or more scrapes.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { deriveSignals } from '../../source/probes/derive-signals.ts';
import type { ProbeValue } from '../../source/probes/probe.ts';
import { mostSignals, recognise } from '../../source/probes/recognise.ts';
import { Scraped } from './scraped.ts';

/** The rows after scrapes one second apart. */
const rows = (...texts: readonly string[]): ProbeValue[] => {
  const target = new Scraped();
  let values: ProbeValue[] = [];
  for (const [second, text] of texts.entries()) {
    target.take(1000 * (second + 1), text);
    values = deriveSignals(recognise(target.families), target.book);
  }
  return values;
};

/** `label: value [of limit] unit` or `label: (reason)`. */
const lines = (values: readonly ProbeValue[]): string[] =>
  values.map((value) => {
    if (value.type === 'gap') return `${value.label}: (${value.reason})`;
    if (value.type === 'fact') return `${value.label}: ${value.text}`;
    const limit = value.limit === undefined ? '' : ` of ${value.limit}`;
    return `${value.label}: ${Number(value.value.toPrecision(6))}${limit} ${value.unit}`;
  });

const registries: Registry[] = [];
afterEach(() => {
  for (const registry of registries.splice(0)) registry.clear();
});

test('an events service on prom-client: what it serves, its buffer, what it flushes, its process', async () => {
  const registry = new Registry();
  registries.push(registry);
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labelNames = ['route', 'code'];
  const buckets = [0.01, 0.1, 1];
  const duration = new Histogram({ name: 'http_request_duration_seconds', help: 'd', labelNames, buckets, registers });
  const size = new Gauge({ name: 'buffer_size', help: 'b', registers });
  new Gauge({ name: 'buffer_capacity', help: 'c', registers }).set(10_000);
  const flushedTotal = new Counter({ name: 'events_flushed_total', help: 'f', registers });
  const dropped = new Counter({ name: 'events_dropped_total', help: 'x', registers });
  duration.observe({ route: '/events', code: '202' }, 0.005);
  const before = await registry.metrics();
  for (let n = 0; n < 90; n += 1) duration.observe({ route: '/events', code: '202' }, 0.05);
  for (let n = 0; n < 10; n += 1) duration.observe({ route: '/other', code: '503' }, 0.5);
  size.set(8100);
  flushedTotal.inc(5000);
  dropped.inc(7);
  const values = rows(before, await registry.metrics());
  expect(lines(values).slice(0, 6)).toEqual([
    'requests: 100 /s',
    'server p95: 550 ms',
    'server 5xx: 10 /s',
    'buffer_size: 8100 of 10000 count',
    'events_flushed: 5000 /s',
    'events_dropped: 7 /s',
  ]);
  const labels = values.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['heap', 'cpu of 1 core', 'loop lag p99', 'rss']));
  expect(values.length).toBeLessThanOrEqual(mostSignals);
  expect(labels.every((label) => label.length <= 18)).toBe(true);
  expect(values.map(({ rank }) => rank)).toEqual(values.map((_, index) => index));
});

test('OpenTelemetry for Node: no unit suffix in names, the unit in a line of its own', () => {
  const text = (n: number) => `# HELP http_server_request_duration Duration
# UNIT http_server_request_duration s
# TYPE http_server_request_duration histogram
http_server_request_duration_count{http_request_method="GET",http_response_status_code="200",otel_scope_name="http"} ${n}
http_server_request_duration_sum{http_request_method="GET",http_response_status_code="200",otel_scope_name="http"} ${n * 0.02}
http_server_request_duration_bucket{http_request_method="GET",http_response_status_code="200",le="0.01"} 0
http_server_request_duration_bucket{http_request_method="GET",http_response_status_code="200",le="0.03"} ${n}
http_server_request_duration_bucket{http_request_method="GET",http_response_status_code="200",le="+Inf"} ${n}
# TYPE http_server_active_requests gauge
http_server_active_requests{http_request_method="GET"} 3
http_server_active_requests{http_request_method="POST"} 4
# UNIT nodejs_eventloop_utilization 1
# TYPE nodejs_eventloop_utilization gauge
nodejs_eventloop_utilization 0.63
# UNIT nodejs_eventloop_delay_p99 s
# TYPE nodejs_eventloop_delay_p99 gauge
nodejs_eventloop_delay_p99 0.011
# UNIT v8js_memory_heap_used By
# TYPE v8js_memory_heap_used gauge
v8js_memory_heap_used{v8js_heap_space_name="old_space"} 1000
v8js_memory_heap_used{v8js_heap_space_name="new_space"} 500
# TYPE v8js_memory_heap_limit gauge
v8js_memory_heap_limit{v8js_heap_space_name="old_space"} 4000
v8js_memory_heap_limit{v8js_heap_space_name="new_space"} 1000
# TYPE db_client_connection_count gauge
db_client_connection_count{db_client_connection_state="used",db_client_connection_pool_name="m"} 9
db_client_connection_count{db_client_connection_state="idle",db_client_connection_pool_name="m"} 1
# TYPE db_client_connection_max gauge
db_client_connection_max{db_client_connection_pool_name="m"} 10
# TYPE target_info gauge
target_info{service_name="x"} 1
`;
  expect(lines(rows(text(0), text(100)))).toEqual([
    'requests: 100 /s',
    'server p95: 29 ms',
    'server 5xx: 0 /s',
    'in flight: 7 count',
    '…connection_count: 9 of 10 count',
    'event loop util: 0.63 ratio',
    'heap: 1500 of 5000 bytes',
    'loop lag p99: 11 ms',
  ]);
});

test('Micrometer: a summary without quantiles, limits of −1, a pool', () => {
  const text = (n: number) => `# TYPE http_server_requests_seconds summary
http_server_requests_seconds_count{status="200",outcome="SUCCESS",uri="/a"} ${n * 9}
http_server_requests_seconds_sum{status="200",outcome="SUCCESS",uri="/a"} ${n * 9 * 0.1}
http_server_requests_seconds_count{status="500",outcome="SERVER_ERROR",uri="/a"} ${n}
http_server_requests_seconds_sum{status="500",outcome="SERVER_ERROR",uri="/a"} ${n * 0.1}
# TYPE http_server_requests_seconds_max gauge
http_server_requests_seconds_max{status="200"} 0.4
# TYPE jvm_memory_used_bytes gauge
jvm_memory_used_bytes{area="heap",id="eden"} 100
jvm_memory_used_bytes{area="heap",id="old"} 300
jvm_memory_used_bytes{area="nonheap",id="meta"} 999
# TYPE jvm_memory_max_bytes gauge
jvm_memory_max_bytes{area="heap",id="eden"} -1
jvm_memory_max_bytes{area="heap",id="old"} 1000
jvm_memory_max_bytes{area="nonheap",id="meta"} -1
# TYPE process_cpu_usage gauge
process_cpu_usage 0.25
# TYPE jvm_gc_pause_seconds summary
jvm_gc_pause_seconds_count{cause="x"} ${n}
jvm_gc_pause_seconds_sum{cause="x"} ${n * 0.005}
# TYPE hikaricp_connections_active gauge
hikaricp_connections_active{pool="p"} 10
# TYPE hikaricp_connections_max gauge
hikaricp_connections_max{pool="p"} 10
# TYPE hikaricp_connections_pending gauge
hikaricp_connections_pending{pool="p"} 42
`;
  expect(lines(rows(text(0), text(10)))).toEqual([
    'requests: 100 /s',
    'server mean: 100 ms',
    'server 5xx: 10 /s',
    'heap: 400 of 1000 bytes',
    'cpu: 0.25 ratio',
    'gc time: 0.05 ratio',
    'pool waiting: 42 count',
    'pool active: 10 of 10 count',
  ]);
});

test('Go: CPU of the process, goroutines, garbage collection, an unlimited limit left out', () => {
  const text = (n: number) => `# TYPE go_goroutines gauge
go_goroutines 12
# TYPE go_gc_duration_seconds summary
go_gc_duration_seconds{quantile="0.5"} 0.001
go_gc_duration_seconds_sum ${n * 0.01}
go_gc_duration_seconds_count ${n}
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total ${n * 1.5}
# TYPE process_open_fds gauge
process_open_fds 9
# TYPE process_max_fds gauge
process_max_fds 1.8446744073709552e+19
`;
  expect(lines(rows(text(1), text(2)))).toEqual([
    'cpu of 1 core: 1.5 ratio',
    'gc time: 0.01 ratio',
    'open files: 9 count',
    'goroutines: 12 count',
  ]);
});

test('the first scrape says that rates need a second one', () => {
  const text = '# TYPE http_requests_total counter\nhttp_requests_total 5\n';
  expect(lines(rows(text))).toEqual(['requests: (needs a second reading)']);
});

test('a restart is no negative rate', () => {
  const text = (n: number) => `# TYPE http_requests_total counter\nhttp_requests_total ${n}\n`;
  expect(lines(rows(text(1000), text(30)))).toEqual(['requests: 30 /s']);
});

test('NaN and infinity are gaps, not zeroes', () => {
  const text = '# TYPE queue_depth gauge\nqueue_depth NaN\n# TYPE queue_lag gauge\nqueue_lag +Inf\n';
  expect(lines(rows(text))).toEqual(['queue_depth: (the target says NaN)', 'queue_lag: (the target says infinity)']);
});

test('a latency above the highest bucket is said to be at least that', () => {
  const text = (n: number) => `# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="1"} 0
http_request_duration_seconds_bucket{le="10"} 0
http_request_duration_seconds_bucket{le="+Inf"} ${n}
http_request_duration_seconds_count ${n}
http_request_duration_seconds_sum ${n * 20}
`;
  expect(lines(rows(text(0), text(5)))).toEqual(['requests: 5 /s', 'server p95 ≥: 10000 ms']);
  expect(lines(rows(text(5), text(5)))[1]).toBe('server p95: (nothing observed in the last 10 s)');
});

test('a native histogram gives a mean and says why there is no percentile', () => {
  const text = (n: number) => `# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_count ${n}
http_request_duration_seconds_sum ${n * 0.02}
`;
  expect(lines(rows(text(0), text(5)))).toEqual([
    'requests: 5 /s',
    'server mean: 20 ms',
    'server p95: (native histogram: its buckets cannot be read as text)',
  ]);
});

test('requests that the target sends are not those it serves', () => {
  const text = `# TYPE http_client_request_duration_seconds histogram
http_client_request_duration_seconds_count 5
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total 9
# TYPE api_requests_total counter
api_requests_total 1
`;
  const labels = rows(text, text).map(({ metric }) => metric);
  expect(labels[0]).toBe('requests');
  expect(rows(text, text.replace('api_requests_total 1', 'api_requests_total 4'))[0]).toMatchObject({ value: 3 });
});

test('gRPC errors are those that are the server’s fault', () => {
  const text = (n: number) => `# TYPE grpc_server_handled_total counter
grpc_server_handled_total{grpc_code="OK"} ${n * 10}
grpc_server_handled_total{grpc_code="NotFound"} ${n * 5}
grpc_server_handled_total{grpc_code="Unavailable"} ${n * 2}
`;
  expect(lines(rows(text(1), text(2)))).toEqual(['requests: 17 /s', 'server errors: 2 /s']);
});

test('of a thousand names the telling ones are taken, and control characters of none', () => {
  const names = Array.from({ length: 1000 }, (_, n) => `metric_${n}`);
  const text = [...names, 'orders_queue_depth', 'build_info', 'cache_created']
    .map((name) => `# TYPE ${name} gauge\n${name} 1\n`)
    .join('');
  const values = rows(`${text}# TYPE "a\u001b[31m.queue" gauge\n{"a\u001b[31m.queue"} 1\n`);
  expect(values).toHaveLength(mostSignals);
  expect(values[0]?.metric).toBe('orders_queue_depth');
  expect(values.some(({ metric }) => /build_info|cache_created/.test(metric))).toBe(false);
  expect(JSON.stringify(values)).not.toContain('\\u001b');
});
