// Everything that a zoomed panel can show, as lines that are made when they are looked at: all values of all probes of a
// kind, gaps with their reasons in full, and the tables of their details. Pure. How much of it is in sight is zoom.ts.

import type { EndpointState, ProbeState } from '../../session/state.ts';
import { type Matches, matcher } from '../filter.ts';
import { cut, displayWidth, fitLine, ruleLine, spreadLine } from '../format.ts';
import { instancesOf, silenceText } from '../parts/instance-lines.ts';
import { combine, combinedCourse, combinedNote } from '../parts/instances.ts';
import { failingLines, isSilentState, sparkWidth } from '../parts/probe-lines.ts';
import {
  type Fact,
  factRole,
  type Gap,
  isOld,
  levelSign,
  type ProbeTable,
  type ProbeValue,
  probesOf,
  ranked,
} from '../parts/probe-values.ts';
import { courseOf, gapRow, readingRow } from '../parts/reading-row.ts';
import { dim, run, wrapped } from '../parts/runs.ts';
import { type LazyLine, tableLines } from '../parts/table-lines.ts';
import type { Seen } from '../seen.ts';
import type { Line } from '../theme.ts';
import { type FocusName, kindOf } from '../zoom.ts';
import { addBursts } from './burst-lines.ts';
import { addCounted } from './counted-lines.ts';
import { endpointLine, itemsHead, noEndpoints } from './endpoint-lines.ts';
import { generatorLines, workerTable } from './generator-lines.ts';
import { logLine } from './log-line.ts';
import { addOutcomes, unexpected } from './outcome-rows.ts';

interface Place {
  /** Cells of the whole panel. */
  readonly width: number;
  readonly ascii: boolean;
  /** In the order in which they are shown; as they come by default. */
  readonly endpoints?: readonly EndpointState[] | undefined;
  /** The outcomes have their table above: the list is for what went wrong. */
  readonly besideTable?: boolean | undefined;
}

export interface ZoomRows {
  readonly lines: readonly LazyLine[];
  /** Rows with something in them that the filter left, and all there are. */
  readonly shown: number;
  readonly all: number;
}

/** From this width on values stand in two columns. */
const twoColumns = 110;

/** The lines of a panel that is zoomed. Asks the probes for their details: not to be called while nothing is. */
export const zoomRows = (name: FocusName, state: Seen, filter: string, place: Place): ZoomRows => {
  const list = new RowList(filter, place);
  const kind = kindOf(name);
  if (name === 'log')
    for (const line of state.log.toReversed())
      list.row(`${line.text} ${line.effect ?? ''}`, () => logLine(line, place.width, place.ascii));
  if (name === 'endpoints') {
    const items = itemsHead(state.endpoints);
    for (const one of place.endpoints ?? state.endpoints) {
      list.row(one.name, () => endpointLine(one, place.width, place.ascii, items));
    }
    if (state.endpoints.length === 0) list.line(() => noEndpoints(state));
  }
  if (name === 'errors') addOutcomes(list, place.besideTable ? unexpected(state.outcomes) : state.outcomes);
  if (name === 'counted') addCounted(list, state);
  if (name === 'bursts') addBursts(list, state, place);
  if (name === 'generator') {
    for (const line of generatorLines(state, Number.POSITIVE_INFINITY, place)) list.row('', () => line);
    const workers = workerTable(state);
    if (workers !== undefined) list.table(workers);
    if (probesOf(state, 'process').length > 0) list.rule('this process');
  }
  if (kind !== undefined) addProbes(list, probesOf(state, kind), state);
  return list.done();
};

/** Lines as they come together; those that a filter does not leave are only counted. */
export class RowList {
  readonly place: Place;
  readonly #lines: LazyLine[] = [];
  readonly #matches: Matches | undefined;
  readonly #filter: string;
  #shown = 0;
  #all = 0;

  constructor(filter: string, place: Place) {
    this.place = place;
    this.#filter = filter.trim();
    this.#matches = this.#filter === '' ? undefined : matcher(filter);
  }

  /** Whether the filter leaves a row of this name; counts it. */
  keeps(text: string): boolean {
    this.#all += 1;
    const kept = this.#matches?.(text) ?? true;
    if (kept) this.#shown += 1;
    return kept;
  }

  /** A row that is found by `text`. */
  row(text: string, line: LazyLine): void {
    if (this.keeps(text)) this.#lines.push(line);
  }

  /** A line that is no row: shown with any filter. */
  line(line: LazyLine): void {
    this.#lines.push(line);
  }

  rule(title: string, right: Line = []): void {
    const { width, ascii } = this.place;
    this.#lines.push(() => ruleLine(title, right, width, { ascii, titleRole: 'text' }));
  }

  table(table: ProbeTable): void {
    this.#all += table.rows.length;
    const { lines, shown } = tableLines(table, this.place.width - 2, this.place.ascii, this.#matches);
    this.#shown += shown;
    if (lines.length === 0) return;
    if (this.#lines.length > 0) this.#lines.push(() => []);
    for (const line of lines) this.#lines.push(() => [run(' '), ...line()]);
  }

  done(): ZoomRows {
    const none = this.#shown === 0 && this.#filter !== '';
    const lines = none ? [() => [dim(` nothing here matches ${this.#filter}; Esc shows all again`)]] : this.#lines;
    return { lines, shown: this.#shown, all: this.#all };
  }
}

const addProbes = (list: RowList, probes: readonly ProbeState[], state: Seen): void => {
  const [only] = probes;
  if (only === undefined) return;
  if (probes.length === 1) {
    addProbe(list, only, state);
    return;
  }
  list.rule(`all ${probes.length} instances`);
  addCombined(list, probes, state);
  for (const { probe, name } of instancesOf(probes)) {
    list.rule(name, [dim(probe.status === 'ok' && probe.title ? probe.title : probe.target)]);
    addProbe(list, probe, state);
  }
};

const addProbe = (list: RowList, probe: ProbeState, state: Seen): void => {
  const { width } = list.place;
  if (probe.status === 'waiting') list.line(() => [dim(' waiting for the first answer')]);
  if (probe.status === 'failing') {
    for (const line of failingLines(probe, width - 2, failingRows)) list.line(() => [run(' '), ...line]);
  }
  if (probe.values.length === 0) return;
  if (probe.status === 'late') {
    const reason = probe.reason === undefined ? '' : `: ${probe.reason}`;
    list.line(() => [run(` ${silenceText(probe, state.now)}${reason}`, 'warn')]);
  }
  addValues(list, probe, state);
  for (const table of state.details.tables(probe.id)) list.table(table);
  if (state.look.frozen !== undefined && state.live.details.tables(probe.id).length > 0) {
    list.line(() => []);
    list.line(() => [dim(' its tables are not kept: they are of now only; f goes back to live')]);
  }
};

/** Rows for why a probe does not answer, and what to do about it. */
const failingRows = 6;

/** What stands in a cell of so many cells. */
type CellOf = (width: number) => Line;

const addValues = (list: RowList, probe: ProbeState, state: Seen): void => {
  const { ascii } = list.place;
  const dimmed = isOld(probe);
  const values = ranked<ProbeValue>(probe.values).filter(({ label, metric }) => list.keeps(`${label} ${metric}`));
  const cells = values.flatMap((value): CellOf[] => {
    if (value.type === 'gap') return [];
    if (value.type === 'fact') {
      const past = isSilentState(probe, value);
      return [(width) => factRow(value, { width, ascii, dimmed, past })];
    }
    const course = courseOf(state, probe, value);
    return [(width) => readingRow(value, course, { width, spark: sparkWidth(width), ascii, dimmed })];
  });
  addCells(list, cells);
  for (const value of values) if (value.type === 'gap') addGap(list, value);
};

const addCombined = (list: RowList, probes: readonly ProbeState[], state: Seen): void => {
  const { ascii } = list.place;
  const cells = combine(probes).flatMap((row): CellOf[] => {
    const { label, metric } = 'type' in row ? row : row.reading;
    if (!list.keeps(`${label} ${metric}`)) return [];
    if ('type' in row) return [(width) => gapRow(row, { width, spark: sparkWidth(width), ascii })];
    const course = combinedCourse(state, row);
    const note = combinedNote(row, probes.length);
    return [(width) => readingRow(row.reading, course, { width, spark: sparkWidth(width), ascii }, note)];
  });
  addCells(list, cells);
};

/** Cells side by side where there is room, line by line. */
const addCells = (list: RowList, cells: readonly CellOf[]): void => {
  const { width, ascii } = list.place;
  const count = width >= twoColumns ? 2 : 1;
  const cellWidth = Math.floor((width - 2 - (count - 1) * 3) / count);
  for (let at = 0; at < cells.length; at += count) {
    const beside = cells.slice(at, at + count);
    list.line(() =>
      beside.flatMap(
        (cell, index): Line => [run(index === 0 ? ' ' : '   '), ...fitLine(cell(cellWidth), cellWidth, ascii)],
      ),
    );
  }
};

interface FactPlace extends Place {
  /** It is not of now. */
  readonly dimmed: boolean;
  /** It is the state of what is silent now. */
  readonly past: boolean;
}

/** A fact as a row of its own: what it is, and what it says at the right. */
const factRow = (fact: Fact, { width, ascii, dimmed, past }: FactPlace): Line => {
  const sign = past ? 'was ' : fact.metric === 'status' ? '● ' : '';
  const text = `${sign}${levelSign(fact.level)}${fact.text}`;
  const shown = cut(text, Math.max(8, width - displayWidth(fact.label) - 2), ascii);
  return spreadLine([run(fact.label)], [run(shown, dimmed ? 'dim' : factRole(fact))], width, ascii);
};

/** A gap with its whole reason, in as many lines as that needs. */
const addGap = (list: RowList, { label, reason }: Gap): void => {
  const lead = `${label}  n/a  `;
  const lines = wrapped(reason, Math.max(20, list.place.width - 3 - displayWidth(lead)), failingRows);
  for (const [index, text] of lines.entries()) {
    list.line(() => [
      run(` ${index === 0 ? label : ' '.repeat(displayWidth(label))}`),
      run(index === 0 ? '  n/a  ' : ' '.repeat(7)),
      dim(text),
    ]);
  }
};
