// The vital signs of the target's process and its runtime, whatever it is written in: event loop, heap, CPU, memory,
// garbage collection, descriptors, threads and pools. Names as the official clients and OpenTelemetry write them.

import type { Family } from './metric-family.ts';
import { isGauge } from './metric-pairs.ts';
import { gaugeOf, type Signal, shareOf, type Thresholds } from './signal.ts';
import { nearItsLimit } from './thresholds.ts';

type Families = ReadonlyMap<string, Family>;

interface Slot {
  readonly metric: string;
  readonly label: string;
  /** Matching names; the first that is there wins. A counter or distribution of time becomes a share of time. */
  readonly names: readonly (string | readonly [used: string, limit: string])[];
  /** Of a family with several kinds of series, those that count. */
  readonly where?: (labels: Readonly<Record<string, string>>) => boolean;
  readonly thresholds?: Thresholds;
}

/** What a heap grows to before it is collected or enlarged: no bound that hurts when it is reached. */
const softLimits = new Set(['nodejs_heap_size_total_bytes', 'go_memstats_next_gc_bytes']);

const isHeap = (labels: Readonly<Record<string, string>>): boolean => {
  const area = labels.area ?? labels.jvm_memory_type ?? labels['jvm.memory.type'] ?? labels.type;
  return area === undefined || area === 'heap';
};

// In the order of their importance under load.
const slots: readonly Slot[] = [
  {
    metric: 'loop.utilisation',
    label: 'event loop util',
    names: ['nodejs_eventloop_utilization', 'nodejs_eventloop_utilization_ratio'],
    thresholds: { of: 'value', warn: 0.8, bad: 0.92 },
  },
  {
    metric: 'heap',
    label: 'heap',
    names: [
      ['v8js_memory_heap_used', 'v8js_memory_heap_limit'],
      ['v8js_memory_heap_used_bytes', 'v8js_memory_heap_limit_bytes'],
      ['nodejs_heap_size_used_bytes', 'nodejs_heap_size_total_bytes'],
      ['jvm_memory_used_bytes', 'jvm_memory_max_bytes'],
      ['jvm_memory_used_bytes', 'jvm_memory_limit_bytes'],
      ['jvm_memory_bytes_used', 'jvm_memory_bytes_max'],
      ['jvm_memory_used', 'jvm_memory_limit'],
      ['go_memstats_heap_inuse_bytes', 'go_memstats_next_gc_bytes'],
      'dotnet_total_memory_bytes',
    ],
    where: isHeap,
    thresholds: nearItsLimit,
  },
  {
    metric: 'cpu',
    label: 'cpu of 1 core',
    names: [
      'process_cpu_seconds',
      'process_cpu_time',
      'process_cpu_time_seconds',
      'jvm_cpu_time',
      'jvm_cpu_time_seconds',
      'dotnet_process_cpu_time',
      'dotnet_process_cpu_time_seconds',
      'go_cpu_time',
      'go_cpu_time_seconds',
    ],
  },
  {
    metric: 'cpu.usage',
    label: 'cpu',
    names: ['process_cpu_usage', 'process_cpu_utilization', 'process_cpu_utilization_ratio'],
    thresholds: { of: 'value', warn: 0.8, bad: 0.9 },
  },
  {
    metric: 'loop.lag',
    label: 'loop lag p99',
    names: ['nodejs_eventloop_lag_p99_seconds', 'nodejs_eventloop_delay_p99', 'nodejs_eventloop_delay_p99_seconds'],
  },
  { metric: 'loop.lag.now', label: 'loop lag', names: ['nodejs_eventloop_lag_seconds'] },
  {
    metric: 'rss',
    label: 'rss',
    names: [
      'process_resident_memory_bytes',
      'process_memory_usage',
      'process_memory_usage_bytes',
      'dotnet_process_memory_working_set',
      'dotnet_process_memory_working_set_bytes',
    ],
  },
  {
    metric: 'gc.time',
    label: 'gc time',
    names: [
      'nodejs_gc_duration_seconds',
      'v8js_gc_duration',
      'v8js_gc_duration_seconds',
      'go_gc_duration_seconds',
      'jvm_gc_pause_seconds',
      'jvm_gc_collection_seconds',
      'jvm_gc_duration',
      'jvm_gc_duration_seconds',
      'dotnet_gc_pause_time',
      'dotnet_gc_pause_time_seconds',
    ],
    // Above a sixth of the time the collector is the bottleneck, not what it collects for.
    thresholds: { of: 'value', warn: 0.1, bad: 0.17 },
  },
  {
    metric: 'pool.pending',
    label: 'pool waiting',
    names: [
      'hikaricp_connections_pending',
      'db_client_connection_pending_requests',
      'db_client_connections_pending_requests',
    ],
    // Whoever waits for a connection does so on a request's time.
    thresholds: { of: 'value', warn: 1, bad: Number.POSITIVE_INFINITY },
  },
  {
    metric: 'pool.active',
    label: 'pool active',
    names: [['hikaricp_connections_active', 'hikaricp_connections_max']],
    thresholds: nearItsLimit,
  },
  {
    metric: 'queued.tasks',
    label: 'queued tasks',
    names: [
      'executor_queued_tasks',
      'dotnet_thread_pool_queue_length',
      'kestrel_queued_requests',
      'aspnetcore_rate_limiting_queued_requests',
    ],
  },
  {
    metric: 'descriptors',
    label: 'open files',
    names: [
      ['process_open_fds', 'process_max_fds'],
      ['process_files_open_files', 'process_files_max_files'],
      'process_unix_file_descriptor_count',
    ],
    thresholds: nearItsLimit,
  },
  { metric: 'goroutines', label: 'goroutines', names: ['go_goroutines', 'go_goroutine_count'] },
  {
    metric: 'threads',
    label: 'threads',
    names: ['jvm_threads_live_threads', 'jvm_threads_current', 'jvm_thread_count', 'dotnet_thread_pool_thread_count'],
  },
];

/** The signals of the runtime that are there; their families, and limits, are added to `claimed`. */
export const runtimeSignals = (families: Families, claimed: Set<Family>): Signal[] =>
  slots.flatMap((slot) => {
    for (const entry of slot.names) {
      const [used, limitName] = typeof entry === 'string' ? [entry] : entry;
      const family = families.get(used);
      if (!family) continue;
      const limit = limitName === undefined ? undefined : families.get(limitName);
      claimed.add(family);
      if (limit) claimed.add(limit);
      const isSoft = limitName !== undefined && softLimits.has(limitName);
      return [{ ...signalOf(slot, family, limit), thresholds: isSoft ? noDanger : slot.thresholds }];
    }
    return [];
  });

/** Its limit is worth showing and no reason for alarm. */
const noDanger: Thresholds = { of: 'limit', warn: Number.POSITIVE_INFINITY, bad: Number.POSITIVE_INFINITY };

const signalOf = ({ metric, label, where }: Slot, family: Family, limit: Family | undefined): Signal => {
  if (!isGauge(family)) return shareOf(metric, label, family);
  const withUnit = { ...family, unit: family.unit || unitOfSlot(metric) };
  return gaugeOf(metric, label, withUnit, { limit, ...(where && { where }) });
};

/** OpenTelemetry's names carry no unit, and not every exporter writes `# UNIT`. */
const unitOfSlot = (metric: string): string => {
  if (metric === 'heap' || metric === 'rss') return 'bytes';
  if (metric.startsWith('loop.lag')) return 's';
  return metric === 'loop.utilisation' || metric === 'cpu.usage' ? 'ratio' : '';
};
