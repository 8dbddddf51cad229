// What can be set on the demo target, as flags at the start and by PUT /knobs while it runs, and the checks both share.
// What the knobs do is in service.ts and flusher.ts.

/** The lasting settings. One object for the process; only PUT /knobs writes to it. */
export interface Knobs {
  /** Events per second that the flusher takes out of the buffer. */
  capacity: number;
  /** Events that the buffer holds. */
  bufferSize: number;
  /** Service time of an accepted request with an empty buffer, in ms. */
  serviceMs: number;
  /** Share (0-1) of the event requests answered with 503. */
  fault503: number;
  /** Share (0-1) of the event requests answered with 524. */
  fault524: number;
  /** Share (0-1) of the event requests whose connection is reset. */
  faultReset: number;
}

/** What PUT /knobs takes: settings, and things that happen once. */
export interface KnobPatch extends Partial<Knobs> {
  /** Answer nothing for this long, in ms from now; 0 ends a stall. */
  stallMs?: number;
  /** False: stop listening, for good unless `listenOffMs` says for how long. */
  listen?: boolean;
  /** Stop listening for this long, in ms, then listen again on the same port. */
  listenOffMs?: number;
}

/** With twice the capacity offered, the buffer grows by one capacity a second: it is full after 10 s. */
export const defaultKnobs: Readonly<Knobs> = {
  capacity: 2000,
  bufferSize: 20_000,
  serviceMs: 5,
  fault503: 0,
  fault524: 0,
  faultReset: 0,
};

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

const share: Bounds = { least: 0, most: 1 };
const span: Bounds = { least: 0, most: 600_000 };

const bounds = {
  capacity: { least: 0, most: 1e9 },
  bufferSize: { least: 1, most: 1e7, whole: true },
  serviceMs: { least: 0, most: 60_000 },
  fault503: share,
  fault524: share,
  faultReset: share,
  stallMs: span,
  listenOffMs: span,
} satisfies Readonly<Record<string, Bounds>>;

type NumberKnob = keyof typeof bounds;

const isNumberKnob = (name: string): name is NumberKnob => Object.hasOwn(bounds, name);

/** A setting that cannot be; the message is one sentence for the person who sent it. */
export class KnobError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KnobError';
  }
}

/**
 * The number, if it is within the knob's bounds. `called` is the name in the message (a flag's differs from its knob's).
 * @throws KnobError
 */
export const checkKnob = (knob: NumberKnob, value: unknown, called: string = knob): number => {
  const { least, most, whole }: Bounds = bounds[knob];
  const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (!fits) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new KnobError(
      `${called} must be ${kind} from ${least} to ${most}, not ${JSON.stringify(value) ?? 'nothing'}`,
    );
  }
  return value;
};

/**
 * The patch in a parsed JSON body, checked together with the settings it is going to change.
 * @throws KnobError
 */
export const readKnobPatch = (body: unknown, current: Readonly<Knobs>): KnobPatch => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new KnobError('expected a JSON object of knobs, such as {"capacity": 500}');
  }
  const patch: KnobPatch = {};
  for (const [name, value] of Object.entries(body)) {
    if (isNumberKnob(name)) patch[name] = checkKnob(name, value);
    else if (name !== 'listen') {
      throw new KnobError(
        `unknown knob ${JSON.stringify(name)}; there are ${Object.keys(bounds).join(', ')} and listen`,
      );
    } else if (typeof value !== 'boolean') throw new KnobError('listen must be true or false');
    else patch.listen = value;
  }
  checkShares({ ...current, ...patch });
  return patch;
};

/**
 * The shares of one request's possible faults cannot add up to more than all requests.
 * @throws KnobError
 */
export const checkShares = ({ fault503, fault524, faultReset }: Readonly<Knobs>): void => {
  // A little over 1 is the rounding of sums such as 0.7 + 0.2 + 0.1.
  if (fault503 + fault524 + faultReset > 1 + 1e-9)
    throw new KnobError('the shares of the faults add up to more than 1');
};

/** `current` with the lasting settings of `patch`; what happens once is not in it. */
export const lastingKnobs = (current: Readonly<Knobs>, patch: KnobPatch): Knobs => {
  const { stallMs, listen, listenOffMs, ...lasting } = patch;
  return { ...current, ...lasting };
};
