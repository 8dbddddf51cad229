// The lines of the armed screen: fields with what is wrong in them, what Enter would start, the runs so far. Pure; keys are
// armed-state.ts.

import { type Armed, fieldsOf } from '../armed-state.ts';
import { cut, displayWidth, lineWidth, ruleLine, spreadLine, tail } from '../format.ts';
import type { Briefing, FieldName } from '../lobby.ts';
import { dim, run, wrapped } from '../parts/runs.ts';
import type { Line } from '../theme.ts';

/** Where values begin. */
const valueColumn = 15;
/** Longer lines of prose are hard to read. */
const widestText = 120;

const labels: Readonly<Record<FieldName, string>> = {
  target: 'target',
  load: 'load',
  rate: 'rate',
  users: 'users',
  spawn: 'spawn rate',
  duration: 'duration',
  connections: 'connections',
};

/** Said of the field that the cursor is in, where there is room. */
const hints: Readonly<Record<FieldName, string>> = {
  target: 'where the load goes',
  load: '← → chooses',
  rate: 'arrivals a second in total: 500, 2.5k, 3000/m or max',
  users: 'virtual users, each with one request at a time',
  spawn: 'users that begin in a second; empty: all at once',
  duration: '30s, 5m, 1h30m; 0 is until stopped',
  connections: 'at most so many, over all workers',
};

interface Room {
  readonly columns: number;
  readonly rows: number;
  readonly ascii: boolean;
}

/** The screen but for its footer; what finds no room is left out from below, and the runs so far go first. */
export const armedLines = (armed: Armed, briefing: Briefing, { columns, rows, ascii }: Room): Line[] => {
  const title = `run ${armed.runs + 1}`;
  const head: Line[] = [
    spreadLine([run(' loadtop', 'title'), run('  armed')], [dim('nothing is sent before Enter ')], columns, ascii),
    ruleLine(title, [], columns, { ascii }),
  ];
  const fields = fieldsOf(armed.texts).flatMap((name) => fieldLines(name, armed, briefing, { columns, rows, ascii }));
  const said = wordLines(armed, briefing, columns);
  const top = [...head, ...fields, ...said];
  const brief: Line[] =
    briefing.lines.length > 0
      ? briefing.lines.flatMap((line) => labelled(line.label, line.text, columns, line.warn ? 'warn' : 'text'))
      : [[dim('   nothing, until what is marked is mended')]];
  const lines = [...top, ruleLine('what Enter starts', [], columns, { ascii }), ...brief];
  const left = rows - lines.length - 1;
  if (briefing.runs.length === 0 || left < 1) return lines.slice(0, rows);
  // The newest are nearest to what comes next.
  const runs = briefing.runs.toReversed().slice(0, left);
  return [
    ...lines,
    ruleLine('runs so far', [], columns, { ascii }),
    ...runs.map((text): Line => [run(` ${cut(text, columns - 2, ascii)}`)]),
  ];
};

const fieldLines = (name: FieldName, armed: Armed, briefing: Briefing, { columns }: Room): Line[] => {
  const here = armed.field === name && armed.status.type === 'open';
  const label = `${here ? ' > ' : '   '}${labels[name]}`.padEnd(valueColumn);
  const value = name === 'load' ? choice(armed) : valueLine(name, armed, briefing, here, columns - valueColumn - 1);
  const line: Line = [run(label, here ? 'focus' : 'dim'), ...value];
  const error = briefing.errors[name];
  const room = columns - lineWidth(line) - 4;
  if (error === undefined) {
    const hint = armed.fixed[name] ?? (here ? hints[name] : undefined);
    return [hint !== undefined && displayWidth(hint) <= room ? [...line, run('   '), dim(hint)] : line];
  }
  const text = `▲ ${error}`;
  if (displayWidth(text) <= room) return [[...line, run('   '), run(text, 'alarm')]];
  const below = wrapped(text, columns - valueColumn - 1, 2);
  return [line, ...below.map((part): Line => [run(' '.repeat(valueColumn)), run(part, 'alarm')])];
};

const choice = ({ texts }: Armed): Line =>
  ['rate', 'users'].flatMap((model, index) => {
    const chosen = texts.load === model;
    return [...(index > 0 ? [run('   ')] : []), run(`${chosen ? '(*)' : '( )'} ${model}`, chosen ? 'title' : 'dim')];
  });

/** What stands in a field; of an empty one what it stands for, in brackets. The cursor is always in sight. */
const valueLine = (name: FieldName, armed: Armed, { standIns }: Briefing, here: boolean, width: number): Line => {
  const text = armed.texts[name];
  const standIn = standIns[name];
  const empty: Line = text === '' && standIn !== undefined ? [dim(`(${standIn})`)] : [];
  if (!here) return text === '' ? empty : [run(cut(text, width))];
  const before = tail(text.slice(0, armed.cursor), width - 8);
  const after = cut(text.slice(armed.cursor), width - 1 - displayWidth(before));
  return [run(before, 'title'), run('▏', 'focus'), run(after, 'title'), ...(text === '' ? [run(' '), ...empty] : [])];
};

/** The question that stands, or why nothing can be started. */
const wordLines = ({ status, fault }: Armed, briefing: Briefing, columns: number): Line[] => {
  const width = Math.min(columns, widestText) - 5;
  const lines = (text: string, role: 'warn' | 'alarm', sign: string): Line[] =>
    wrapped(text, width, 4).map((part, index) => [run(index === 0 ? ` ${sign} ` : '   '), run(part, role)]);
  if (status.type === 'asks') return lines(status.question, 'warn', '▲');
  const shown = fault ?? (status.type === 'open' ? briefing.fault : undefined);
  if (shown === undefined) return [];
  return [
    ...lines(shown.message, 'alarm', '▲'),
    ...wrapped((shown.hint ?? '').replaceAll(/\s+/g, ' '), width, 3)
      .filter((part) => part !== '')
      .map((part): Line => [run('   '), run(part)]),
  ];
};

const labelled = (label: string, text: string, columns: number, role: 'text' | 'warn'): Line[] =>
  wrapped(text, Math.min(columns, widestText) - valueColumn - 1, 3).map((part, index) => [
    dim((index === 0 ? `   ${label}` : '').padEnd(valueColumn)),
    run(part, role),
  ]);
