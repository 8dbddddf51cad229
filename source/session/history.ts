// The numbers of a run over time, in rings of fixed size: 100 ms for a minute, 1 s for an hour, 10 s for a day. Fed by the
// reducer with what closed; read by charts.

import { Series } from '../common/series.ts';
import { Histogram, type SparseCounts } from '../measure/histogram.ts';
import { achievedOf } from '../measure/interval.ts';
import type { OutcomeClass } from '../measure/outcome.ts';
import { type Percentiles, percentilesOf, type Second, type Slice } from '../measure/second.ts';
import type { ProbeValue } from '../probes/probe.ts';
import { LatencyRows } from './latency-rows.ts';
import { OutcomeColumns } from './outcome-columns.ts';
import { Readings } from './readings.ts';
import { Recent, type RecentSum, responses } from './recent.ts';
import { type ColumnName, columnNames, type History, type LatencyGrid } from './state.ts';

const steps = [
  { stepMs: 100, capacity: 600 },
  { stepMs: 1000, capacity: 3600 },
  { stepMs: 10_000, capacity: 8640 },
] as const;

type StepMs = (typeof steps)[number]['stepMs'];
type Row = Partial<Record<ColumnName, number>>;

/** Metrics that have a course over time: 29 kB each. */
const mostMetrics = 100;

/** What is known of a second, and how much of it the run lasted, ms. */
interface LongRow {
  readonly row: Row;
  readonly lengthMs: number;
}

/** Seconds whose response times are kept, for what comes late of them. */
const openSeconds = 10;

type Group = 'good' | 'notGood';

export class RunHistory implements History {
  readonly #columns = new Map<StepMs, Record<ColumnName, Series>>();
  readonly #readings = new Readings();
  readonly #recent = new Recent();
  readonly #outcomes = new OutcomeColumns();
  readonly #metrics = new Map<number, Series>();
  readonly #latencies: Readonly<Record<Group, LatencyRows>> = { good: new LatencyRows(), notGood: new LatencyRows() };
  /** Response times of the newest seconds. */
  readonly #open = new Map<number, Record<Group, SparseCounts[]>>();
  /** The open 10 s: its response times, and the row of each of its seconds. */
  readonly #decade = {
    good: new Histogram(),
    notGood: new Histogram(),
    rows: new Map<number, LongRow>(),
    index: -1,
  };

  constructor() {
    for (const { stepMs, capacity } of steps) this.#columns.set(stepMs, columnsOf(stepMs, capacity));
  }

  column(name: ColumnName, stepMs: StepMs): Series {
    return this.#columns.get(stepMs)![name];
  }

  reading(probe: string, metric: string): Series | undefined {
    return this.#readings.get(probe, metric);
  }

  outcome(name: OutcomeClass): Series | undefined {
    return this.#outcomes.get(name);
  }

  metric(index: number): Series | undefined {
    return this.#metrics.get(index);
  }

  /** Enters the value of a metric in a second. */
  setMetric(index: number, second: number, value: number): void {
    if (index >= mostMetrics) return;
    const column = this.#metrics.get(index) ?? new Series(1000, 3600);
    this.#metrics.set(index, column);
    column.set(second, value);
  }

  latencies(group: Group): LatencyGrid {
    return this.#latencies[group];
  }

  /** Enters a slice that closed. */
  takeSlice(slice: Slice): void {
    this.#set(100, slice.slice, { ...flowRow(slice.flows, 10), ...stockRow(slice.stocks) });
    this.#recent.takeSlice(slice);
  }

  /**
   * Enters a second that closed; a late addition corrects the rates and percentiles of its second.
   * @returns whether the newest figures changed with it: it was not made of slices that were entered before
   */
  takeSecond(second: Second, trouble: number): boolean {
    // The run's last second may have been cut short; what comes late is added to a second that was whole.
    const perSecond = second.late ? 1 : 1000 / Math.max(1, second.lengthMs);
    const rates = { ...flowRow(second.flows, perSecond), ...bytesRow(second.series, perSecond) };
    const spans = responses([second.cells]);
    this.#outcomes.take(second);
    this.#latencies.good.add(second.second, spans.good);
    this.#latencies.notGood.add(second.second, spans.notGood);
    if (second.late) {
      this.#takeLate(second, rates, spans);
    } else {
      const row: Row = {
        ...rates,
        ...stockRow(second.stocks),
        ...percentileRow('good', second.good),
        ...percentileRow('notGood', percentilesIn([spans.notGood])),
        loopUtilisation: second.loopUtilisation,
        pacingP99Ms: second.pacingP99Ms,
        trouble,
      };
      this.#set(1000, second.second, row);
      this.#keepOpen(second.second, spans);
      this.#takeDecade(second, row, spans);
    }
    return this.#recent.takeSecond(second);
  }

  /** Enters what a probe read at run time `at`; see `Readings`. */
  takeReadings(probe: string, at: number, values: readonly ProbeValue[], periodMs?: number): void {
    this.#readings.take(probe, at, values, periodMs);
  }

  /** What ended in the newest second, by slices where there are any. */
  lastSecond(): RecentSum {
    return this.#recent.lastSecond();
  }

  /** Percentiles over the last 5 s, merged from their histograms. */
  window(): { windowMs: number; good: Percentiles; notGood: Percentiles } {
    return this.#recent.window();
  }

  #keepOpen(second: number, { good, notGood }: Record<Group, SparseCounts>): void {
    this.#open.set(second, { good: [good], notGood: [notGood] });
    for (const old of this.#open.keys()) if (old <= second - openSeconds) this.#open.delete(old);
  }

  #takeDecade(second: Second, row: Row, spans: Record<Group, SparseCounts>): void {
    const index = Math.floor(second.second / 10);
    const decade = this.#decade;
    if (index !== decade.index) {
      decade.index = index;
      decade.rows.clear();
      decade.good.reset();
      decade.notGood.reset();
    }
    decade.rows.set(second.second, { row, lengthMs: Math.max(1, second.lengthMs) });
    decade.good.add(spans.good);
    decade.notGood.add(spans.notGood);
    this.#writeDecade();
  }

  #writeDecade(): void {
    const decade = this.#decade;
    const rows = [...decade.rows.values()];
    const mean: Row = {};
    for (const name of columnNames) {
      const values = known(rows, name);
      const lengthMs = values.reduce((sum, one) => sum + one.lengthMs, 0);
      mean[name] = values.reduce((sum, one) => sum + one.value * one.lengthMs, 0) / lengthMs;
    }
    // Percentiles are not averaged: those of the response time are read anew, of the pacing delay the worst is kept.
    const worst = (name: ColumnName): number => {
      const values = known(rows, name);
      return values.length === 0 ? Number.NaN : Math.max(...values.map(({ value }) => value));
    };
    this.#set(10_000, decade.index, {
      ...mean,
      ...percentileRow('good', percentilesOf(decade.good)),
      ...percentileRow('notGood', percentilesOf(decade.notGood)),
      pacingP99Ms: worst('pacingP99Ms'),
      trouble: worst('trouble'),
    });
  }

  #set(stepMs: StepMs, step: number, row: Row): void {
    const columns = this.#columns.get(stepMs)!;
    for (const name of columnNames) {
      const value = row[name];
      if (value !== undefined) columns[name].set(step, value);
    }
  }

  /** Adds what came late to its second, and to its 10 s where they are still open. */
  #takeLate({ second }: Second, more: Row, spans: Record<Group, SparseCounts>): void {
    const columns = this.#columns.get(1000)!;
    for (const name of columnNames) {
      const value = more[name];
      const before = columns[name].get(second);
      if (value !== undefined && !Number.isNaN(before)) columns[name].set(second, before + value);
    }
    const open = this.#open.get(second);
    if (open) {
      for (const group of ['good', 'notGood'] as const) {
        if (spans[group].length === 0) continue;
        open[group].push(spans[group]);
        this.#set(1000, second, percentileRow(group, percentilesIn(open[group])));
      }
    }
    const row = this.#decade.rows.get(second)?.row;
    if (!row) return;
    for (const name of columnNames) {
      const value = more[name];
      if (value !== undefined) row[name] = (row[name] ?? 0) + value;
    }
    this.#decade.good.add(spans.good);
    this.#decade.notGood.add(spans.notGood);
    this.#writeDecade();
  }
}

/** The values of a column in these rows, without gaps. */
const known = (rows: readonly LongRow[], name: ColumnName): { readonly value: number; readonly lengthMs: number }[] =>
  rows.flatMap(({ row, lengthMs }) => {
    const value = row[name];
    return value === undefined || Number.isNaN(value) ? [] : [{ value, lengthMs }];
  });

const columnsOf = (stepMs: number, capacity: number): Record<ColumnName, Series> => {
  const made: Partial<Record<ColumnName, Series>> = {};
  for (const name of columnNames) made[name] = new Series(stepMs, capacity);
  return made as Record<ColumnName, Series>;
};

const flowRow = (flows: Slice['flows'], perSecond: number): Row => ({
  offered: flows.due * perSecond,
  achieved: achievedOf(flows) * perSecond,
  good: flows.good * perSecond,
  notGood: flows.notGood * perSecond,
});

const bytesRow = (series: Second['series'], perSecond: number): Row => ({
  bytesIn: series.reduce((sum, { bytesIn }) => sum + bytesIn, 0) * perSecond,
  bytesOut: series.reduce((sum, { bytesOut }) => sum + bytesOut, 0) * perSecond,
});

const stockRow = ({ inFlight, backlog, users, stuck }: Slice['stocks']): Row => ({ inFlight, backlog, users, stuck });

const percentileRow = (group: Group, { p50, p95, p99, max }: Percentiles): Row =>
  group === 'good' ? { p50, p95, p99, max } : { notGoodP50: p50, notGoodP95: p95, notGoodP99: p99, notGoodMax: max };

/** Made once: a histogram is 88 kB. */
const scratch = new Histogram();

const percentilesIn = (parts: readonly SparseCounts[]): Percentiles => {
  scratch.reset();
  for (const pairs of parts) scratch.add(pairs);
  return percentilesOf(scratch);
};
