// What a fixture keeps of a recording: all that the state and its charts are made of, without the histograms that nobody
// shows, and the same on every machine but for what was measured.

import { fixtureStart } from '../helpers/fixture-summary.ts';

/** Ports, so that those of a run become the same ones each time. */
export type Ports = Readonly<Record<string, number>>;

interface Line {
  readonly loadtop?: number;
  readonly type?: string;
  /** Missing in the head. */
  readonly at?: number;
  readonly run?: object;
  readonly startedAtWall?: number;
  readonly summary?: object;
  readonly second?: { readonly waits: object; readonly spans: Readonly<Record<string, string>> };
}

/** Numbers of processes and their like, as people see them in titles. */
const stable = (text: string, ports: Ports, work: string): string => {
  let changed = text.replaceAll(work, '/home/me/.local/state/loadtop').replaceAll(/\bpid \d+/g, 'pid 4121');
  const shownPorts = { target: 3000, metrics: 9464, mongo: 27_017, closed: 8125 } as const;
  for (const [name, port] of Object.entries(ports)) {
    const shown = Object.entries(shownPorts).find(([known]) => known === name)?.[1] ?? 8080;
    changed = changed.replaceAll(new RegExp(`:${port}\\b`, 'g'), `:${shown}`);
  }
  return changed;
};

const pick = <Value>(from: Readonly<Record<string, Value>>, wanted: (name: string) => boolean): Record<string, Value> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => wanted(name)));

const trimLine = (line: Line): object => {
  if (line.loadtop !== undefined) {
    const place = { startedAtWall: fixtureStart, timeZone: 'Europe/Berlin' };
    return { ...line, ...place, run: { ...line.run, ...place } };
  }
  if (line.summary) return { ...line, summary: { ...line.summary, startedAt: new Date(fixtureStart).toISOString() } };
  if (line.second === undefined) return line;
  const spans = pick(line.second.spans, (name) => name.endsWith('/response'));
  return { ...line, second: { ...line.second, waits: {}, baselines: {}, spans } };
};

/** Six digits are more than any screen shows, and half as many bytes. */
const short = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

interface Trim {
  readonly ports: Ports;
  /** The folder in which the run was recorded. */
  readonly work: string;
  /** Run time (ms) at which the recording ends, as that of a process that is killed does. */
  readonly cutAt: number | undefined;
}

export const trimRecording = (text: string, { ports, work, cutAt = Number.POSITIVE_INFINITY }: Trim): string =>
  stable(text, ports, work)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ at }) => at === undefined || at <= cutAt)
    .map((line) => `${JSON.stringify(trimLine(line), short)}\n`)
    .join('');
