// Whether the response times that a tool tells are true: against a server that logs each arrival, takes 20 ms for an answer
// and stands still for 2 s every 5 s, at 1,000 arrivals a second on 64 connections.

import path from 'node:path';
import { type Logged, type ServerSettings, startArrivalServer } from '../arrival-server.ts';
import { type Bench, type Case, peerCommands } from '../bench.ts';
import { type Claims, claimsFrom } from '../claims.ts';
import { type Command, type Exit, lastLines, start } from '../command.ts';
import { bare, loadtopCommand, takeSummary } from '../loadtop.ts';
import type { PeerName } from '../peers.ts';
import { atMost, type CaseReport, type Goal, short } from '../report.ts';
import { isTrue, percentiles, truthByNumber, truthByOrder } from '../truth.ts';

const rate = 1000;
const connections = 64;
const stalling: ServerSettings = { serviceMs: 20, cycleMs: 5000, stallMs: 2000 };

interface Told {
  readonly tool: string;
  readonly claims: Claims;
  /** Undefined where no rate was asked for, so that there is no schedule to be late against. */
  readonly truth: Claims | undefined;
  readonly answered: number;
}

/** Runs a command against a fresh server. */
const against = async (
  bench: Bench,
  settings: ServerSettings,
  seconds: number,
  command: (origin: string) => Command,
): Promise<{ exit: Exit; log: readonly Logged[] }> => {
  const { generator, target } = bench.pins(true);
  const server = await startArrivalServer(bench.workFolder, settings, target);
  const running = start(command(server.origin), generator);
  const watchdog = setTimeout(() => running.end('SIGKILL'), seconds * 1000 + 40_000);
  const exit = await running.exited;
  clearTimeout(watchdog);
  return { exit, log: await server.stop() };
};

const loadtopTold = async (bench: Bench, settings: ServerSettings, seconds: number, notes: string[]): Promise<Told> => {
  const file = path.join(bench.workFolder, 'truth.json');
  const load = [
    '-q',
    `${rate}`,
    '-c',
    `${connections}`,
    '-w',
    '1',
    '-z',
    `${seconds}s`,
    '-H',
    'x-arrival: {{arrival}}',
  ];
  const { exit, log } = await against(bench, settings, seconds, (origin) =>
    loadtopCommand(bench.loadtop, [`${origin}/`, ...bare, ...load, '-o', file]),
  );
  if (![0, 96].includes(exit.code ?? -1)) throw new Error(`loadtop ended with ${lastLines(exit)}`);
  if (exit.code === 96) notes.push('loadtop itself says that it could not keep up (exit code 96)');
  const summary = takeSummary(file);
  const truth = truthByNumber(log, rate, seconds * 1000);
  if (summary.good !== truth.length) notes.push(`loadtop counts ${summary.good} answers, the server ${truth.length}`);
  return { tool: bench.loadtop.name, claims: summary.claims, truth: percentiles(truth), answered: truth.length };
};

const formats: Partial<Record<PeerName, (text: string) => Claims>> = {
  wrk: claimsFrom.wrk,
  hey: claimsFrom.hey,
  oha: claimsFrom.oha,
  autocannon: claimsFrom.autocannon,
};

/** The peers: with the rate where they have one; oha also with its correction switched on. */
const peersTold = async (bench: Bench, seconds: number, notes: string[]): Promise<Told[]> => {
  const told: Told[] = [];
  const variants: readonly { name: PeerName; rated: boolean; more?: readonly string[]; says?: string }[] = [
    { name: 'wrk', rated: false, says: ', closed' },
    { name: 'hey', rated: true },
    { name: 'oha', rated: true },
    { name: 'oha', rated: true, more: ['--latency-correction'], says: ' --latency-correction' },
    { name: 'autocannon', rated: true },
  ];
  for (const { name, rated, more = [], says = '' } of variants) {
    const shape = (origin: string) => ({ url: `${origin}/`, connections, seconds, ...(rated ? { rate } : {}) });
    const [first] = peerCommands(bench, [name], shape('http://127.0.0.1:1'), notes);
    const parse = formats[name];
    if (!first || !parse) continue;
    bench.say(`${first.label}${says}`);
    const { exit, log } = await against(bench, stalling, seconds, (origin) => {
      const { command } = peerCommands(bench, [name], shape(origin), [])[0]!;
      return { ...command, args: [...more, ...command.args] };
    });
    if (exit.code !== 0) {
      notes.push(`${first.label}: failed, it ended with ${lastLines(exit)}`);
      continue;
    }
    const truth = rated ? percentiles(truthByOrder(log, rate)) : undefined;
    const answered = log.filter(({ ended }) => ended > 0).length;
    told.push({ tool: `${first.label}${says}`, claims: parse(exit.stdout), truth, answered });
  }
  return told;
};

const keys = ['p50', 'p99', 'p999', 'max'] as const;
const words = { p50: 'p50', p99: 'p99', p999: 'p99.9', max: 'max' };

const rowsOf = ({ tool, claims, truth, answered }: Told): string[][] => {
  const cells = (of: Claims): string[] => keys.map((key) => short(of[key] ?? Number.NaN));
  return [
    [`${tool} says`, ...cells(claims), answered.toLocaleString('en-US')],
    ...(truth ? [['… the truth of its run', ...cells(truth), '']] : []),
  ];
};

const goalsOf = (stalled: Told, even: Told): Goal[] => [
  ...keys.map((key): Goal => {
    const claim = stalled.claims[key];
    const truth = stalled.truth?.[key];
    return {
      what: `${words[key]} under stalls`,
      wanted: `${short(truth ?? Number.NaN)} ms, within 1 % or 1 ms`,
      figure: `${short(claim ?? Number.NaN)} ms`,
      met: isTrue(claim, truth),
    };
  }),
  atMost(
    'p50 without stalls, away from the truth',
    Math.abs((even.claims.p50 ?? NaN) - (even.truth?.p50 ?? NaN)),
    0.25,
    ' ms',
  ),
];

export const truthCase: Case = {
  name: 'truth',
  about: 'response times beside the truth from the server’s own log',
  run: async (bench): Promise<CaseReport> => {
    const seconds = bench.seconds(20);
    const notes: string[] = [];
    bench.say('loadtop, under stalls');
    const stalled = await loadtopTold(bench, stalling, seconds, notes);
    bench.say('loadtop, without stalls');
    const even = await loadtopTold(bench, { ...stalling, cycleMs: 0, stallMs: 0 }, Math.min(seconds, 10), notes);
    const told = [stalled, ...(await peersTold(bench, seconds, notes))];
    const head = ['ms', ...keys.map((key) => words[key]), 'answers'];
    return {
      title: 'truth: what users would have waited',
      about: `1,000 arrivals/s on ${connections} connections for ${seconds} s, 20 ms for an answer, the server stands still for 2 s every 5 s; ${bench.pins(true).words}. The truth is the end of each answer in the server's log less the instant at which the schedule wanted it; a tool without numbered requests has its k-th answer compared with the k-th arrival of the rate it was asked for.`,
      tables: [
        { head, rows: told.flatMap(rowsOf) },
        { head: ['ms, without stalls', ...head.slice(1)], rows: rowsOf(even) },
      ],
      goals: goalsOf(stalled, even),
      notes: [...new Set(notes)],
    };
  },
};
