// The one table of flags. meow's options, the help text and README's table are made from it; what a value means is read
// in flag-values.ts.

import { defaultRate, defaultTimeoutMs } from '../profile/defaults.ts';

export type FlagGroup = 'Load' | 'Request' | 'Limits' | 'Probes' | 'Output' | 'Other';

export interface Flag {
  /** Long name as it is typed, without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Further names, long or of one letter, that people bring with them from other tools. */
  readonly aliases?: readonly string[];
  /** `list` may be given several times; a `switch` takes no value. */
  readonly type: 'text' | 'list' | 'switch';
  /** Name of the value in the help. */
  readonly value?: string;
  /** A value that works, for messages. */
  readonly example?: string;
  /** What holds without the flag, in words. */
  readonly default?: string;
  readonly group: FlagGroup;
  readonly help: string;
}

export const flags = [
  {
    name: 'rate',
    short: 'q',
    aliases: ['R'],
    type: 'text',
    value: 'RATE',
    example: '500',
    default: `${defaultRate}/s`,
    group: 'Load',
    help: 'arrivals a second in total (500, 2.5k, 3000/m), or max: every connection busy all the time',
  },
  {
    name: 'stages',
    type: 'text',
    value: 'STAGES',
    example: '30s:500,2m:500,10s:0',
    group: 'Load',
    help: 'ramps, each LENGTH:RATE: reach RATE over LENGTH',
  },
  {
    name: 'duration',
    short: 'z',
    aliases: ['run-time'],
    type: 'text',
    value: 'TIME',
    example: '30s',
    default: '1h with the live view, 30s without, unless -n, stages or the profile give an end',
    group: 'Load',
    help: 'length of the run; a bare number is seconds, 0 is until stopped',
  },
  {
    name: 'requests',
    short: 'n',
    type: 'text',
    value: 'N',
    example: '1000',
    default: 'no limit',
    group: 'Load',
    help: 'end after so many iterations (one request each, unless a profile has more steps)',
  },
  {
    name: 'arrivals',
    type: 'text',
    value: 'uniform|poisson',
    example: 'poisson',
    default: 'uniform',
    group: 'Load',
    help: 'evenly spaced, or with the random gaps of independent users',
  },
  {
    name: 'seed',
    type: 'text',
    value: 'N',
    example: '7',
    default: 'drawn for each run',
    group: 'Load',
    help: 'makes the random choices of a run repeatable',
  },
  {
    name: 'method',
    short: 'm',
    type: 'text',
    value: 'METHOD',
    example: 'PUT',
    default: 'GET; POST with a body (-d, -D)',
    group: 'Request',
    help: 'request method for a URL',
  },
  {
    name: 'header',
    short: 'H',
    type: 'list',
    value: "'Name: value'",
    example: "'Accept: application/json'",
    group: 'Request',
    help: 'a header of every request; repeatable',
  },
  {
    name: 'body',
    short: 'd',
    type: 'text',
    value: 'TEXT|@FILE',
    example: '\'{"type":"page_view"}\'',
    default: 'none',
    group: 'Request',
    help: 'body for a URL; makes it POST unless -m says otherwise; {{arrival}} is the number of the arrival',
  },
  {
    name: 'body-file',
    short: 'D',
    type: 'text',
    value: 'FILE',
    example: 'event.json',
    default: 'none',
    group: 'Request',
    help: 'body for a URL from a file; makes it POST unless -m says otherwise',
  },
  {
    name: 'content-type',
    short: 'T',
    type: 'text',
    value: 'TYPE',
    example: 'text/plain',
    default: 'application/json for a body that is JSON or a .json file',
    group: 'Request',
    help: 'Content-Type of the body',
  },
  {
    name: 'host',
    type: 'text',
    value: 'ORIGIN',
    example: 'http://localhost:8000',
    default: "the profile's target",
    group: 'Request',
    help: 'scheme, host and port in place of those of the profile',
  },
  {
    name: 'timeout',
    short: 't',
    type: 'text',
    value: 'TIME',
    example: '10s',
    default: `${defaultTimeoutMs / 1000}s`,
    group: 'Limits',
    help: 'limit of a request, from its start to the end of its answer',
  },
  {
    name: 'connections',
    short: 'c',
    type: 'text',
    value: 'N',
    example: '100',
    default: 'up to 1,000; 50 at -q max',
    group: 'Limits',
    help: 'connections in total',
  },
  {
    name: 'max-in-flight',
    type: 'text',
    value: 'N',
    example: '200',
    default: 'as many as connections',
    group: 'Limits',
    help: 'requests in flight at the most',
  },
  {
    name: 'overflow',
    type: 'text',
    value: 'queue|drop',
    example: 'drop',
    default: 'queue',
    group: 'Limits',
    help: 'what an arrival does that finds no room: wait with its clock running, or be dropped and counted',
  },
  {
    name: 'workers',
    short: 'w',
    type: 'text',
    value: 'N|auto',
    example: '2',
    default: 'auto',
    group: 'Limits',
    help: 'threads that send',
  },
  {
    name: 'health',
    type: 'list',
    value: 'URL',
    example: '/health',
    default: '/health of a local target, where there is one',
    group: 'Probes',
    help: 'health endpoint to watch: a URL, a path or :PORT/path of the target; repeatable',
  },
  {
    name: 'metrics',
    type: 'list',
    value: 'URL',
    example: ':9464/metrics',
    default: '/metrics of a local target, where there is one',
    group: 'Probes',
    help: 'Prometheus metrics to watch: a URL, a path or :PORT/path of the target; repeatable',
  },
  {
    name: 'mongo',
    type: 'list',
    value: 'URI',
    example: 'mongodb://localhost:27017',
    default: 'none',
    group: 'Probes',
    help: 'MongoDB server to watch; repeatable',
  },
  { name: 'no-probe', type: 'switch', group: 'Probes', help: 'poll nothing of the target' },
  {
    name: 'no-tui',
    aliases: ['headless'],
    type: 'switch',
    default: 'live view where there is a terminal',
    group: 'Output',
    help: 'plain lines in place of the live view',
  },
  {
    name: 'json',
    type: 'switch',
    group: 'Output',
    help: 'one JSON object a line on stdout, the last one the summary; no live view',
  },
  {
    name: 'out',
    short: 'o',
    type: 'text',
    value: 'FILE.json',
    example: 'result.json',
    default: 'none',
    group: 'Output',
    help: 'write the summary to a file',
  },
  {
    name: 'record',
    type: 'text',
    value: 'FILE',
    example: 'run.jsonl',
    default: 'a new file under ~/.local/state/loadtop',
    group: 'Output',
    help: 'write the recording to this file',
  },
  { name: 'no-record', type: 'switch', group: 'Output', help: 'write no recording' },
  { name: 'no-color', type: 'switch', default: 'colour where there is a terminal', group: 'Output', help: 'no colour' },
  { name: 'ascii', type: 'switch', default: 'Unicode', group: 'Output', help: 'draw with ASCII characters only' },
  {
    name: 'yes',
    type: 'switch',
    group: 'Other',
    help: 'do not ask before loading a target outside this machine and private networks',
  },
  { name: 'help', short: 'h', type: 'switch', group: 'Other', help: 'show this help' },
  { name: 'version', type: 'switch', group: 'Other', help: 'show the version' },
] as const satisfies readonly Flag[];

export type FlagName = (typeof flags)[number]['name'];

/** The table without its literal types: for code that walks over all flags. */
export const flagTable: readonly (Flag & { readonly name: FlagName })[] = flags;

/** Flags that contradict each other. */
export const exclusiveFlags: readonly (readonly [FlagName, FlagName])[] = [
  ['rate', 'stages'],
  ['body', 'body-file'],
  ['record', 'no-record'],
  ['no-probe', 'health'],
  ['no-probe', 'metrics'],
  ['no-probe', 'mongo'],
];

/** The environment variable that stands in for a flag; undefined for those that have none. */
export const environmentName = (name: FlagName): string | undefined =>
  name === 'help' || name === 'version' ? undefined : `LOADTOP_${name.toUpperCase().replaceAll('-', '_')}`;
