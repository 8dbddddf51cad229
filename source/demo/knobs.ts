// The checks of what is set on the demo target, shared by flags at the start and PUT /knobs while it runs. The settings
// themselves are in knob-table.ts; what they do is in routes/, flusher.ts, shared-disk.ts and chat-stream.ts.
import { isNumberKnob, isSwitchKnob, type Knobs, knobNames, knobTable, type NumberRule } from './knob-table.ts';

export type { Knobs } from './knob-table.ts';

/** What PUT /knobs takes: settings, and things that happen once. */
export interface KnobPatch extends Partial<Knobs> {
  /** Answer nothing for this long, in ms from now; 0 ends a stall. */
  stallMs?: number;
  /** False: stop listening, for good unless `listenOffMs` says for how long. */
  listen?: boolean;
  /** Stop listening for this long, in ms, then listen again on the same port. */
  listenOffMs?: number;
}

type Bounds = Pick<NumberRule, 'least' | 'most' | 'whole'>;

const onceBounds: Bounds = { least: 0, most: 600_000 };

/** A setting that cannot be; the message is one sentence for the person who sent it. */
export class KnobError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KnobError';
  }
}

/** A fresh set of the settings as they begin. */
export const initialKnobs = (): Knobs => {
  const knobs: Partial<Knobs> = {};
  for (const name of knobNames) {
    if (isNumberKnob(name)) knobs[name] = knobTable[name].initial;
    else knobs[name] = knobTable[name].initial;
  }
  return checkedWhole(knobs);
};

const checkedWhole = (knobs: Partial<Knobs>): Knobs => {
  if (!isWhole(knobs)) throw new Error('the table of knobs has a gap');
  return knobs;
};

const isWhole = (knobs: Partial<Knobs>): knobs is Knobs => knobNames.every((name) => knobs[name] !== undefined);

export const defaultKnobs: Readonly<Knobs> = initialKnobs();

/**
 * The number, if it is within the bounds. `called` is the name in the message (a flag's differs from its knob's).
 * @throws KnobError
 */
export const checkNumber = ({ least, most, whole }: Bounds, value: unknown, called: string): number => {
  const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (!fits) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new KnobError(
      `${called} must be ${kind} from ${least} to ${most}, not ${JSON.stringify(value) ?? 'nothing'}`,
    );
  }
  return value;
};

/** @throws KnobError */
export const checkSwitch = (value: unknown, called: string): boolean => {
  if (typeof value === 'boolean') return value;
  throw new KnobError(`${called} must be true or false, not ${JSON.stringify(value) ?? 'nothing'}`);
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
    if (isNumberKnob(name)) patch[name] = checkNumber(knobTable[name], value, name);
    else if (isSwitchKnob(name)) patch[name] = checkSwitch(value, name);
    else if (name === 'listen') patch.listen = checkSwitch(value, name);
    else if (name === 'stallMs' || name === 'listenOffMs') patch[name] = checkNumber(onceBounds, value, name);
    else throw new KnobError(unknownKnob(name));
  }
  checkShares({ ...current, ...patch });
  return patch;
};

const unknownKnob = (name: string): string =>
  `unknown knob ${JSON.stringify(name)}; there are ${[...knobNames, 'stallMs', 'listenOffMs'].join(', ')} and listen`;

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
