// What a probe is: something that can be asked once a second what a part of the system under test says of itself. It
// answers with readings, or with the reason why it cannot. When it is asked, and how long it may take, is sampler.ts.

/** The parts of the screen that probes feed. */
export type ProbeKind =
  | 'health'
  | 'metrics'
  | 'mongodb'
  | 'host'
  /** The machine of the target, as its node_exporter tells. */
  | 'target host'
  /** The target's process, where it runs on this machine. */
  | 'target process'
  /** This process, the generator. */
  | 'process';

/** How a number or fact is to be taken: all is well, worth a look, wrong. Who knows the thresholds says so. */
export type Level = 'ok' | 'warn' | 'bad';

/** How a number behaves: a gauge is a state, a counter only grows, a rate was already derived per second. */
export type MetricKind = 'gauge' | 'counter' | 'rate';

/** Units a reading can be in; 'count' has no unit. */
export type MetricUnit = 'count' | 'bytes' | 'bytes/s' | 'ms' | 's' | 'ratio' | '/s';

/** A number that a probe read. Text in it comes from the target and is already stripped of control characters. */
export interface Reading {
  readonly type: 'value';
  /** Stable within the probe, such as `buffer_size` or `connections.current`. */
  readonly metric: string;
  /** What people call it; short enough for a panel's column. */
  readonly label: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly value: number;
  /** The bound that the value is held against, in the same unit. */
  readonly limit?: number;
  /** Left out where nothing is known of it: a panel may then judge by the limit. */
  readonly level?: Level;
  /** Panels show lower ranks first: 0 is what matters most. */
  readonly rank: number;
}

/** A number that should be there and is not, with the reason. */
export interface Gap {
  readonly type: 'gap';
  readonly metric: string;
  readonly label: string;
  readonly rank: number;
  readonly reason: string;
}

/** A fact in words: a health state, a version, a check. */
export interface Fact {
  readonly type: 'fact';
  readonly metric: string;
  readonly label: string;
  readonly text: string;
  readonly state?: HealthState;
  /** Of a fact that is no health state. */
  readonly level?: Level;
  readonly rank: number;
}

export type HealthState = 'ok' | 'degraded' | 'down' | 'unknown';

export type ProbeValue = Reading | Gap | Fact;

/** What one look brought. */
export interface ProbeResult {
  readonly values: readonly ProbeValue[];
  /** One line for the panel's title: status, version, number of series. */
  readonly title?: string;
  /** What happened since the last look that its numbers do not tell. */
  readonly notices?: readonly Notice[];
  /** What the answer turned out to be of, where that is not what the probe was built for. */
  readonly kind?: ProbeKind;
}

/** Something that happened to what is looked at: it was restarted, its counters began anew, another server answers. */
export interface Notice {
  readonly what: 'restart' | 'change';
  readonly level: 'info' | 'warn';
  /** Control characters removed; a sentence without its subject: `restarted, was up 2 d`. */
  readonly text: string;
}

/** A cell of a table: text, a number in its column's unit, or nothing known. */
export type TableCell =
  | string
  | number
  | undefined
  | { readonly value: string | number; readonly level?: Level; readonly limit?: number };

export interface TableColumn {
  readonly label: string;
  /** Of numbers; text has none. Networks are spoken of in bits. */
  readonly unit?: MetricUnit | 'bit/s';
  /** A ratio that is drawn as a bar beside its number. */
  readonly bar?: boolean;
}

/** What a panel shows when it has the whole screen: cores, disks, running operations, every series. */
export interface ProbeTable {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  /** Most important first; text is already stripped of control characters. */
  readonly rows: readonly (readonly TableCell[])[];
  /** What stands in place of rows, or below them: why there are none, or not all. */
  readonly note?: string;
}

/**
 * Something that can be read. `read` rejects with a `ProbeError` (or any error) where there is nothing to show; the
 * sampler turns that into a gap with the reason.
 */
export interface Probe {
  /** Unique in a run: `health`, `metrics`, `metrics 2`. */
  readonly id: string;
  readonly kind: ProbeKind;
  /** What it looks at, without secrets. */
  readonly target: string;
  read(signal: AbortSignal): Promise<ProbeResult>;
  /** The details of the newest look; asked for only while somebody looks, a few times a second. */
  tables?(): readonly ProbeTable[];
  close(): Promise<void>;
}

/** Why a probe has nothing to show, with what to do about it. */
export class ProbeError extends Error {
  readonly hint: string | undefined;
  /** Asking again soon would do harm, as a wrong password does that locks an account. */
  readonly lasting: boolean;

  constructor(message: string, hint?: string | undefined, { lasting = false } = {}) {
    super(message);
    this.name = 'ProbeError';
    this.hint = hint;
    this.lasting = lasting;
  }
}
