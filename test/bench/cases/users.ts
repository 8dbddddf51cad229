// Whether a thousand users who think come as often as the law of Little says, and what that costs: beside Locust, with the
// same users, against a server that takes a known time and logs every arrival.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { monotonicNow } from '../../../source/common/clock.ts';
import type { Think } from '../../../source/load/think.ts';
import { type Logged, startArrivalServer } from '../arrival-server.ts';
import { type Bench, type Case, foreignNote, peerCommands, times } from '../bench.ts';
import { type Claims, claimsFrom } from '../claims.ts';
import type { Command } from '../command.ts';
import { lawChance, lawRate } from '../littles-law.ts';
import { bare, loadtopCommand, takeSummary } from '../loadtop.ts';
import { cpuUsPerRequest, type Measured, measure, requestRate, settleMs } from '../measure.ts';
import type { Shape } from '../peers.ts';
import { atMost, type CaseReport, type Goal, short, spreadText } from '../report.ts';
import { type Contender, present, type Rounds, runRounds } from '../rounds.ts';
import { median, spread } from '../statistics.ts';

const users = 1000;
const leastSeconds = 1;
const mostSeconds = 5;
const think: Think = { type: 'uniform', leastMs: leastSeconds * 1000, mostMs: mostSeconds * 1000 };
const serviceMs = 20;
/** Five iterations of each user: what is left of all having begun at once is then less than a thousandth. */
const warmupSeconds = 15;

export interface UsersRun {
  /** Of the window after the warm-up; the requests are those that the server logged in it. */
  readonly measured: Measured;
  readonly claims: Claims;
}

/** What the law says for a run, by the response time that the tool itself tells. */
export const lawOf = ({ claims }: Pick<UsersRun, 'claims'>): number => lawRate(users, think, claims.mean ?? Number.NaN);

/** By how much the rate of a run is away from the law, %; above 0: more came. */
export const awayOf = (run: UsersRun): number => (requestRate(run.measured) / lawOf(run) - 1) * 100;

const profile = (origin: string, seconds: number): string => `target: ${origin}
load: { users: ${users}, think: ${leastSeconds}s-${mostSeconds}s, duration: ${seconds}s, warmup: ${warmupSeconds}s }
steps:
  - get: /
`;

/** From the start of the program on, ms: the window begins when users have begun and the warm-up is over. */
const windowFromMs = settleMs + warmupSeconds * 1000;
/** What the load lasts, so that it is there until the window ends even where the program takes a second to start. */
const loadSeconds = (windowSeconds: number): number => windowFromMs / 1000 + windowSeconds + 1;

/** Runs a command against a server of its own, and counts what came in the window by its log. */
const against = async (
  bench: Bench,
  windowSeconds: number,
  command: (origin: string) => Command,
): Promise<Measured> => {
  const { generator, target } = bench.pins(true);
  const server = await startArrivalServer(bench.workFolder, { serviceMs, cycleMs: 0, stallMs: 0 }, target);
  // Asked for where CPU time is read, at both ends of the window: the server, too, logs by this clock.
  const instants: number[] = [];
  let measured: Measured;
  let log: readonly Logged[] = [];
  try {
    measured = await measure(command(server.origin), {
      cpu: generator,
      withinMs: loadSeconds(windowSeconds) * 1000 + 40_000,
      requests: async () => {
        instants.push(monotonicNow());
        return Number.NaN;
      },
      targetPid: server.pid,
      accept: [0, 96],
      settleMs: windowFromMs,
      untilMs: windowFromMs + windowSeconds * 1000,
    });
  } finally {
    log = await server.stop();
  }
  const [from = Number.NaN, to = Number.NaN] = instants;
  return { ...measured, requests: log.filter(({ came }) => came >= from && came < to).length };
};

const ownContender = (bench: Bench, windowSeconds: number): Contender<UsersRun> => ({
  name: bench.loadtop.name,
  run: async () => {
    const file = path.join(bench.workFolder, 'users.yaml');
    const summary = path.join(bench.workFolder, 'users.json');
    const measured = await against(bench, windowSeconds, (origin) => {
      writeFileSync(file, profile(origin, loadSeconds(windowSeconds)));
      return loadtopCommand(bench.loadtop, ['run', file, ...bare, '-w', '1', '-o', summary]);
    });
    return { measured, claims: takeSummary(summary).claims };
  },
});

const locustContenders = (bench: Bench, windowSeconds: number, notes: string[]): Contender<UsersRun>[] => {
  const seconds = loadSeconds(windowSeconds);
  const shape = (origin: string): Shape => ({
    ...{ url: `${origin}/`, connections: users, seconds, warmupSeconds },
    think: { leastSeconds, mostSeconds },
  });
  return peerCommands(bench, ['locust'], shape('http://127.0.0.1:1'), notes).map(({ label }) => ({
    name: label,
    run: async () => {
      const command = (origin: string): Command => peerCommands(bench, ['locust'], shape(origin), [])[0]!.command;
      const measured = await against(bench, windowSeconds, command);
      return { measured, claims: claimsFrom.locust(measured.exit.stdout) };
    },
  }));
};

const row = (each: Rounds<UsersRun>): string[] => {
  const of = (figure: (run: UsersRun) => number | undefined): string =>
    spreadText(spread(present(each).map((run) => figure(run) ?? Number.NaN)));
  return [
    each.name,
    of(({ measured }) => requestRate(measured)),
    of(lawOf),
    of(awayOf),
    of(({ claims }) => claims.p50),
    of(({ claims }) => claims.p95),
    of(({ claims }) => claims.p99),
    // µs for one are ms for a thousand.
    of(({ measured }) => cpuUsPerRequest(measured) / 1000),
  ];
};

const goalsOf = (ours: Rounds<UsersRun>): Goal[] => [
  atMost('rate, away from the law', Math.abs(median(present(ours).map(awayOf))), 2, ' %'),
];

const runUsers = async (bench: Bench): Promise<CaseReport> => {
  const windowSeconds = bench.seconds(60);
  const notes: string[] = [];
  const contenders = [ownContender(bench, windowSeconds), ...locustContenders(bench, windowSeconds, notes)];
  const rounds = await runRounds(contenders, Math.min(bench.pairs, 3), bench.say);
  const count = lawRate(users, think, serviceMs) * windowSeconds;
  const chance = 3 * lawChance(think, serviceMs, count) * 100;
  return {
    title: 'users: a thousand who think, beside the law of Little',
    about: `${users.toLocaleString('en-US')} users, each on a connection of its own, think ${leastSeconds} to ${mostSeconds} s (uniform) between answers that take ${serviceMs} ms; ${times(rounds[0]!.results.length, 'round', windowSeconds)} after ${warmupSeconds} s of warm-up, ${bench.pins(true).words}. The rate is that of arrivals in the server's log; the law says users ÷ (mean think time + mean response time, as the tool tells it). Median (quartiles).`,
    tables: [
      {
        head: ['tool', 'requests/s', 'by the law', 'away, %', 'p50, ms', 'p95, ms', 'p99, ms', 'CPU s/1,000 requests'],
        rows: rounds.map(row),
      },
    ],
    goals: goalsOf(rounds[0]!),
    notes: [
      `By chance alone a rate is away by less than ${short(chance)} % in 997 of 1,000 rounds: the draws of about ${Math.round(count).toLocaleString('en-US')} think times.`,
      ...new Set(notes),
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
      foreignNote(rounds.flatMap((each) => present(each).map(({ measured }) => measured))),
    ],
  };
};

export const usersCase: Case = {
  name: 'users',
  about: '1,000 users who think 1 to 5 s: rate by the law of Little, cost, beside Locust',
  run: runUsers,
};
