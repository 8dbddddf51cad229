// What a probe is: something that can be asked once a second what a part of the system under test says of itself. It
// answers with readings, or with the reason why it cannot. When it is asked, and how long it may take, is sampler.ts.

/** The parts of the screen that probes feed. */
export type ProbeKind = 'health' | 'metrics' | 'mongodb' | 'host' | 'process';

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
  readonly rank: number;
}

export type HealthState = 'ok' | 'degraded' | 'down' | 'unknown';

export type ProbeValue = Reading | Gap | Fact;

/** What one look brought. */
export interface ProbeResult {
  readonly values: readonly ProbeValue[];
  /** One line for the panel's title: status, version, number of series. */
  readonly title?: string;
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
  close(): Promise<void>;
}

/** Why a probe has nothing to show, with what to do about it. */
export class ProbeError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'ProbeError';
    this.hint = hint;
  }
}
