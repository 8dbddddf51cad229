// The lasting settings of the demo target: what they are called as flags, their bounds, what they begin with, and what
// they mean, in one table that the command line, PUT /knobs and the help read.

/** One object for the process; only PUT /knobs writes to it. */
export interface Knobs {
  capacity: number;
  bufferSize: number;
  serviceMs: number;
  fault503: number;
  fault524: number;
  faultReset: number;
  /** Refuse events whose fields are wrong, in place of counting them. */
  strict: boolean;
  uploadRate: number;
  uploadMs: number;
  /** From the last byte of an upload to its 524; 0 for no limit. */
  proxyLimitMs: number;
  hangShare: number;
  strain: number;
  firstEventMs: number;
  gapMs: number;
  tokens: number;
  brokenChunks: number;
  cutShare: number;
  silenceMs: number;
  mounted: boolean;
  sessionLimit: number;
  agentMs: number;
}

export interface NumberRule {
  /** Without its dashes. */
  readonly flag: string;
  readonly initial: number;
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
  readonly help: string;
}

export interface SwitchRule {
  readonly flag: string;
  readonly initial: boolean;
  readonly help: string;
}

type KnobTable = {
  readonly [Knob in keyof Knobs]: Knobs[Knob] extends number ? NumberRule : SwitchRule;
};

const share = (flag: string, help: string): NumberRule => ({ flag, initial: 0, least: 0, most: 1, help });
/** A span in ms: up to ten minutes, which is longer than load generators wait. */
const span = (flag: string, initial: number, help: string): NumberRule => ({
  flag,
  initial,
  least: 0,
  most: 600_000,
  help: `${help}, ms`,
});
const count = (flag: string, initial: number, [least, most]: readonly [number, number], help: string): NumberRule => ({
  flag,
  initial,
  least,
  most,
  whole: true,
  help,
});

/** With twice the capacity offered, the buffer grows by one capacity a second: it is full after 10 s. */
export const knobTable: KnobTable = {
  capacity: {
    flag: 'capacity',
    initial: 2000,
    least: 0,
    most: 1e9,
    help: 'events per second that the flusher takes',
  },
  bufferSize: count('buffer', 20_000, [1, 1e7], 'events that the buffer holds'),
  serviceMs: { ...span('service-ms', 5, 'service time of what meets nothing else'), most: 60_000 },
  fault503: share('fault-503', 'share of the event requests answered with 503'),
  fault524: share('fault-524', 'share answered with 524'),
  faultReset: share('fault-reset', 'share whose connection is reset'),
  strict: { flag: 'strict', initial: false, help: 'refuse events with wrong fields, in place of counting them' },
  uploadRate: {
    flag: 'upload-rate',
    initial: 100e6,
    least: 1,
    most: 1e12,
    help: 'bytes per second of the disk that all uploads share',
  },
  uploadMs: span('upload-ms', 20, 'time of an upload beside its part of the disk'),
  proxyLimitMs: span(
    'proxy-limit-ms',
    120_000,
    'limit of the proxy before the uploads, which get 524 from it (0: none)',
  ),
  hangShare: share('hang-share', 'share of the uploads that never get an answer, not a byte'),
  strain: {
    flag: 'strain',
    initial: 0.02,
    least: 0,
    most: 10,
    help: 'share by which each upload in work lengthens the service times of the rest',
  },
  firstEventMs: span('first-event-ms', 300, 'time to the first event of a chat answer'),
  gapMs: span('gap-ms', 30, 'between two events of a chat answer'),
  tokens: count('tokens', 40, [1, 100_000], 'events with content in a chat answer'),
  brokenChunks: count('broken-chunks', 0, [0, 1000], 'further events in it that are not JSON'),
  cutShare: share('cut-share', 'share of the chat answers that are cut off in the middle'),
  silenceMs: span('silence-ms', 0, 'silence in the middle of a chat answer'),
  mounted: { flag: 'mounted', initial: true, help: 'false: nothing is there at /api/v1/documents' },
  sessionLimit: count('session-limit', 10_000, [1, 1e6], 'document sessions that may be open'),
  agentMs: span('agent-ms', 40, 'service time of a query to an agent'),
};

type NumberKnob = { [Knob in keyof Knobs]: Knobs[Knob] extends number ? Knob : never }[keyof Knobs];
type SwitchKnob = Exclude<keyof Knobs, NumberKnob>;

export const isKnob = (name: string): name is keyof Knobs => Object.hasOwn(knobTable, name);

export const isSwitchKnob = (name: string): name is SwitchKnob =>
  isKnob(name) && typeof knobTable[name].initial === 'boolean';

export const isNumberKnob = (name: string): name is NumberKnob => isKnob(name) && !isSwitchKnob(name);

export const knobNames: readonly (keyof Knobs)[] = Object.keys(knobTable).filter(isKnob);

/** The table of README, which `npm run readme` writes. */
export const knobsMarkdown = (): string =>
  [
    '| knob | flag | means | begins with |',
    '|---|---|---|---|',
    ...knobNames.map((name) => {
      const { flag, help, initial } = knobTable[name];
      return `| \`${name}\` | \`--${flag}\` | ${help} | ${initial.toLocaleString('en-US')} |`;
    }),
  ].join('\n');
