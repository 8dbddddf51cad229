// The numbers of a run over time, in rings of fixed size: 100 ms for a minute, 1 s for an hour, 10 s for a day. Fed by the
// reducer with what closed; read by charts.

import { Series } from '../common/series.ts';
import { Histogram } from '../measure/histogram.ts';
import { achievedOf } from '../measure/interval.ts';
import { histogramIn, type Percentiles, percentilesOf, type Second, type Slice } from '../measure/second.ts';
import type { ProbeValue } from '../probes/probe.ts';
import { type ColumnName, columnNames, type History } from './state.ts';

const steps = [
  { stepMs: 100, capacity: 600 },
  { stepMs: 1000, capacity: 3600 },
  { stepMs: 10_000, capacity: 8640 },
] as const;

type StepMs = (typeof steps)[number]['stepMs'];
type Row = Partial<Record<ColumnName, number>>;

/** Series kept of one probe: more than any has by itself, 9 MB. */
const mostReadings = 300;

/** Histograms of the newest slices are kept for percentiles over a moving window. */
const windowSlices = 50;

const isGoodResponse: Parameters<typeof histogramIn>[1] = (key) =>
  key.type === 'span' && key.span === 'response' && key.group === 'good';

export class RunHistory implements History {
  readonly #columns = new Map<StepMs, Record<ColumnName, Series>>();
  readonly #readings = new Map<string, Series>();
  /** When each probe answered last. */
  readonly #readAt = new Map<string, number>();
  readonly #window: Slice[] = [];
  /** The open 10 s: its response times, and the row of each of its seconds. */
  readonly #decade = { histogram: new Histogram(), rows: new Map<number, Row>(), index: -1 };

  constructor() {
    for (const { stepMs, capacity } of steps) this.#columns.set(stepMs, columnsOf(stepMs, capacity));
  }

  column(name: ColumnName, stepMs: StepMs): Series {
    return this.#columns.get(stepMs)![name];
  }

  reading(probe: string, metric: string): Series | undefined {
    return this.#readings.get(`${probe}/${metric}`);
  }

  /** Enters a slice that closed. */
  takeSlice(slice: Slice): void {
    this.#set(100, slice.slice, { ...flowRow(slice.flows, 10), ...stockRow(slice.stocks) });
    this.#window.push(slice);
    if (this.#window.length > windowSlices) this.#window.shift();
  }

  /** Enters a second that closed; a late addition corrects the rates of its second. */
  takeSecond(second: Second, trouble: number): void {
    const bytes = {
      bytesIn: second.series.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
      bytesOut: second.series.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
    };
    if (second.late) {
      this.#takeLate(second, { ...flowRow(second.flows, 1), ...bytes });
      return;
    }
    const row: Row = {
      ...flowRow(second.flows, 1),
      ...stockRow(second.stocks),
      ...percentileRow(second.good),
      ...bytes,
      loopUtilisation: second.loopUtilisation,
      pacingP99Ms: second.pacingP99Ms,
      trouble,
    };
    this.#set(1000, second.second, row);
    this.#takeDecade(second, row);
  }

  /**
   * Enters what a probe read at run time `at`. One that asks less often than each second, or a little late, is taken to have
   * said the same until then; where an answer is missing there is a gap.
   */
  takeReadings(probe: string, at: number, values: readonly ProbeValue[], periodMs = 1000): void {
    const since = this.#readAt.get(probe) ?? Number.NEGATIVE_INFINITY;
    this.#readAt.set(probe, at);
    for (const value of values) {
      if (value.type !== 'value') continue;
      const key = `${probe}/${value.metric}`;
      const series = this.#seriesOf(probe, key);
      const step = series.stepOf(at);
      if (at - since < 1.6 * periodMs) {
        const before = series.get(series.stepOf(since));
        for (let held = series.stepOf(since) + 1; held < step; held += 1) series.set(held, before);
      }
      series.set(step, value.value);
    }
  }

  /** Names come from the target, which may invent new ones all the time: of too many, the one that was read longest ago goes. */
  #seriesOf(probe: string, key: string): Series {
    const known = this.#readings.get(key);
    const series = known ?? new Series(1000, 3600);
    if (known) this.#readings.delete(key);
    else {
      const own = [...this.#readings.keys()].filter((name) => name.startsWith(`${probe}/`));
      if (own.length >= mostReadings) this.#readings.delete(own[0]!);
    }
    // The newest stands last.
    this.#readings.set(key, series);
    return series;
  }

  /** The newest slices, up to one second of them. */
  lastSecond(): readonly Slice[] {
    return this.#window.slice(-10);
  }

  /** Percentiles of good requests over the last slices that were entered, merged from their histograms. */
  window(): { windowMs: number; good: Percentiles } {
    const merged = new Histogram();
    for (const { cells } of this.#window) for (const part of cells) histogramIn(part, isGoodResponse, merged);
    return { windowMs: this.#window.length * 100, good: percentilesOf(merged) };
  }

  #takeDecade(second: Second, row: Row): void {
    const index = Math.floor(second.second / 10);
    const decade = this.#decade;
    if (index !== decade.index) {
      decade.index = index;
      decade.rows.clear();
      decade.histogram.reset();
    }
    decade.rows.set(second.second, row);
    histogramIn(second.cells, isGoodResponse, decade.histogram);
    this.#writeDecade();
  }

  #writeDecade(): void {
    const decade = this.#decade;
    const rows = [...decade.rows.values()];
    const mean: Row = {};
    for (const name of columnNames) {
      const values = known(rows, name);
      mean[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
    }
    // Percentiles are not averaged: those of the response time are read anew, of the pacing delay the worst is kept.
    const worst = (name: ColumnName): number => {
      const values = known(rows, name);
      return values.length === 0 ? Number.NaN : Math.max(...values);
    };
    this.#set(10_000, decade.index, {
      ...mean,
      ...percentileRow(percentilesOf(decade.histogram)),
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
  #takeLate(second: Second, more: Row): void {
    const columns = this.#columns.get(1000)!;
    for (const name of columnNames) {
      const value = more[name];
      const before = columns[name].get(second.second);
      if (value !== undefined && !Number.isNaN(before)) columns[name].set(second.second, before + value);
    }
    const row = this.#decade.rows.get(second.second);
    if (!row) return;
    for (const name of columnNames) {
      const value = more[name];
      if (value !== undefined) row[name] = (row[name] ?? 0) + value;
    }
    histogramIn(second.cells, isGoodResponse, this.#decade.histogram);
    this.#writeDecade();
  }
}

/** The values of a column in these rows, without gaps. */
const known = (rows: readonly Row[], name: ColumnName): number[] =>
  rows.flatMap((row) => {
    const value = row[name];
    return value === undefined || Number.isNaN(value) ? [] : [value];
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

const stockRow = ({ inFlight, backlog, users, stuck }: Slice['stocks']): Row => ({ inFlight, backlog, users, stuck });

const percentileRow = ({ p50, p95, p99, max }: Percentiles): Row => ({ p50, p95, p99, max });
