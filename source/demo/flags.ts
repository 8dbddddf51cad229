// The demo target's command line: what it takes, and one sentence for what it does not.
import { parseArgs } from 'node:util';
import { checkKnob, checkShares, defaultKnobs, KnobError, type Knobs } from './knobs.ts';

export interface Flags {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly knobs: Knobs;
  /** A connection string, `auto` for a mongod of our own, `simulated` for one that keeps nothing. */
  readonly mongo: string | undefined;
  readonly exitWithParent: boolean;
  readonly help: boolean;
}

/** Wrong use: printed as one line, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const usage = `Usage: node target.js [flags]
  --port N             port to listen on; 0, the default, takes any free one
  --host ADDRESS       address to listen on (127.0.0.1)
  --capacity N         events per second that the flusher takes (${defaultKnobs.capacity})
  --buffer N           events that the buffer holds (${defaultKnobs.bufferSize})
  --service-ms N       service time with an empty buffer (${defaultKnobs.serviceMs})
  --fault-503 SHARE    share of the event requests answered with 503 (0)
  --fault-524 SHARE    share answered with 524 (0)
  --fault-reset SHARE  share whose connection is reset (0)
  --mongo URI|auto|simulated
                       keep the events in MongoDB; auto starts a mongod of its own, simulated only counts them
  --exit-with-parent   end when stdin closes
POST /events  GET /health  GET /metrics  GET|PUT /knobs
`;

const flagOfKnob = {
  capacity: 'capacity',
  bufferSize: 'buffer',
  serviceMs: 'service-ms',
  fault503: 'fault-503',
  fault524: 'fault-524',
  faultReset: 'fault-reset',
} as const satisfies Record<keyof Knobs, string>;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  capacity: { type: 'string' },
  buffer: { type: 'string' },
  'service-ms': { type: 'string' },
  'fault-503': { type: 'string' },
  'fault-524': { type: 'string' },
  'fault-reset': { type: 'string' },
  mongo: { type: 'string' },
  'exit-with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * The flags in `argv` (without node and the script).
 * @param mongo the connection string where no flag gives one
 * @throws UsageError in one sentence.
 */
export const readFlags = (argv: readonly string[], mongo?: string): Flags => {
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    const knobs: Knobs = { ...defaultKnobs };
    for (const [knob, flag] of Object.entries(flagOfKnob) as [keyof Knobs, (typeof flagOfKnob)[keyof Knobs]][]) {
      const text = values[flag];
      if (text !== undefined) knobs[knob] = checkKnob(knob, readNumber(text), `--${flag}`);
    }
    checkShares(knobs);
    return {
      host: values.host ?? '127.0.0.1',
      port: readPort(values.port ?? '0'),
      knobs,
      mongo: values.mongo ?? mongo,
      exitWithParent: values['exit-with-parent'] ?? false,
      help: values.help ?? false,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof KnobError) throw new UsageError(error.message);
    // parseArgs: a first sentence that names the flag, then advice about `--` that does not apply here.
    throw new UsageError(String(error instanceof Error ? error.message : error).replace(/[.\n][\s\S]*$/, ''));
  }
};

/** The number that the text says, or the text itself for the message that will quote it. */
const readNumber = (text: string): number | string => {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
};

const readPort = (text: string): number => {
  const port = readNumber(text);
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port must be a whole number from 0 to 65535, not ${JSON.stringify(text)}`);
};
