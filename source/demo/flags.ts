// The demo target's command line: what it takes, and one sentence for what it does not. Each knob is a flag.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { isNumberKnob, knobNames, knobTable } from './knob-table.ts';
import { checkNumber, checkShares, checkSwitch, initialKnobs, KnobError, type Knobs } from './knobs.ts';

/** What requests have to show. Words of a demo, but the person may set them, so no answer and no log repeats them. */
export interface Secrets {
  /** What the Authorization of an upload has to be, without a scheme. */
  readonly uploadKey: string;
  /** The bearer token of the chat. */
  readonly chatToken: string;
}

export interface Flags {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly knobs: Knobs;
  readonly secrets: Secrets;
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

export const defaultSecrets: Secrets = { uploadKey: 'demo-upload-key', chatToken: 'demo-chat-token' };

const line = (flag: string, help: string): string =>
  flag.length < 23 ? `  ${flag.padEnd(23)} ${help}` : `  ${flag}\n${' '.repeat(26)}${help}`;

const knobLine = (name: keyof Knobs): string => {
  const rule = knobTable[name];
  const word = 'least' in rule ? (rule.most === 1 ? 'SHARE' : 'N') : 'true|false';
  return line(`--${rule.flag} ${word}`, `${rule.help} (${rule.initial})`);
};

export const usage = `Usage: node target.js [flags]
${[
  line('--port N', 'port to listen on; 0, the default, takes any free one'),
  line('--host ADDRESS', 'address to listen on (127.0.0.1)'),
  ...knobNames.map(knobLine),
  line('--upload-key WORD', `Authorization of an upload, also LOADTOP_DEMO_UPLOAD_KEY (${defaultSecrets.uploadKey})`),
  line('--chat-token WORD', `bearer token of the chat, also LOADTOP_DEMO_CHAT_TOKEN (${defaultSecrets.chatToken})`),
  line(
    '--mongo URI|auto|simulated',
    'keep the events in MongoDB; auto starts a mongod of its own, simulated only counts them',
  ),
  line('--exit-with-parent', 'end when stdin closes'),
].join('\n')}
GET /openapi.json describes what there is; GET|PUT /knobs, GET /counters, POST /counters/reset, GET /chat/log are for tests.
`;

const options: ParseArgsOptionsConfig = {
  port: { type: 'string' },
  host: { type: 'string' },
  ...Object.fromEntries(knobNames.map((name) => [knobTable[name].flag, { type: 'string' as const }])),
  'upload-key': { type: 'string' },
  'chat-token': { type: 'string' },
  mongo: { type: 'string' },
  'exit-with-parent': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/**
 * The flags in `argv` (without node and the script). What may be secret is taken from `env` where no flag gives it.
 * @throws UsageError in one sentence.
 */
export const readFlags = (argv: readonly string[], env: Readonly<NodeJS.ProcessEnv> = {}): Flags => {
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    const text = (flag: string): string | undefined => {
      const value = values[flag];
      return typeof value === 'string' ? value : undefined;
    };
    return {
      host: text('host') ?? '127.0.0.1',
      port: readPort(text('port') ?? '0'),
      knobs: readKnobs(text),
      secrets: {
        uploadKey: text('upload-key') ?? env.LOADTOP_DEMO_UPLOAD_KEY ?? defaultSecrets.uploadKey,
        chatToken: text('chat-token') ?? env.LOADTOP_DEMO_CHAT_TOKEN ?? defaultSecrets.chatToken,
      },
      mongo: text('mongo') ?? env.LOADTOP_DEMO_MONGO,
      exitWithParent: values['exit-with-parent'] === true,
      help: values.help === true,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof KnobError) throw new UsageError(error.message);
    // parseArgs: a first sentence that names the flag, then advice about `--` that does not apply here.
    throw new UsageError(String(error instanceof Error ? error.message : error).replace(/[.\n][\s\S]*$/, ''));
  }
};

const readKnobs = (text: (flag: string) => string | undefined): Knobs => {
  const knobs = initialKnobs();
  for (const name of knobNames) {
    const { flag } = knobTable[name];
    const given = text(flag);
    if (given === undefined) continue;
    if (isNumberKnob(name)) knobs[name] = checkNumber(knobTable[name], readNumber(given), `--${flag}`);
    else knobs[name] = checkSwitch(readSwitch(given), `--${flag}`);
  }
  checkShares(knobs);
  return knobs;
};

/** The number that the text says, or the text itself for the message that will quote it. */
const readNumber = (text: string): number | string => {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
};

const readSwitch = (text: string): boolean | string => (text === 'true' || text === 'false' ? text === 'true' : text);

const readPort = (text: string): number => {
  const port = readNumber(text);
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port must be a whole number from 0 to 65535, not ${JSON.stringify(text)}`);
};
