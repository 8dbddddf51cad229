// 5,000 connections on one worker: memory, and how long the event loop stands still at the longest while they are made.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Case, foreignNote, measureOn, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand, takeSummary } from '../loadtop.ts';
import { cpuUsPerRequest, type Measured, requestRate } from '../measure.ts';
import { residentBytesOf } from '../proc.ts';
import { atMost, type CaseReport, spreadText } from '../report.ts';
import { present, runRounds } from '../rounds.ts';
import { median, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const count = 5000;

interface Run {
  readonly measured: Measured;
  readonly mostBytes: number;
  /** Of a worker's event loop since the load began, ms. */
  readonly longestStallMs: number;
}

/** The longest time, from lines of watch-loop.ts, of those that ended after `since` (wall-clock ms); 0 where there is none. */
export const longestStall = (lines: string, since: number): number =>
  lines
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .reduce((longest, [at = 0, length = 0]) => (at > since ? Math.max(longest, length) : longest), 0);

const runOnce = async (bench: Bench, target: Target, seconds: number): Promise<Run> => {
  const folder = mkdtempSync(path.join(bench.workFolder, 'loops-'));
  const watchLoop = path.join(import.meta.dirname, '../watch-loop.ts');
  const summary = path.join(bench.workFolder, 'connections.json');
  const load = ['-q', 'max', '-c', `${count}`, '-w', '1', '-z', `${seconds}s`, '-o', summary];
  const command = {
    ...loadtopCommand(bench.loadtop, [`${target.origin}/`, ...bare, ...load], ['--import', watchLoop]),
    env: { BENCH_LOOPS: path.join(folder, 'thread') },
  };
  let mostBytes = 0;
  const watch = async (pid: number, exited: Promise<unknown>): Promise<void> => {
    let over = false;
    void exited.then(() => {
      over = true;
    });
    while (!over) {
      mostBytes = Math.max(mostBytes, residentBytesOf(pid));
      await sleep(500);
    }
  };
  const measured = await measureOn(target, bench.pins(true).generator, command, seconds, { watch });
  const { startedAt } = takeSummary(summary);
  // Thread 0 is the main thread, in which no request is.
  const stalls = readdirSync(folder)
    .filter((name) => !name.endsWith('.0'))
    .map((name) => longestStall(readFileSync(path.join(folder, name), 'utf8'), startedAt));
  return { measured, mostBytes, longestStallMs: stalls.length === 0 ? Number.NaN : Math.max(...stalls) };
};

const runConnections = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(10);
  const rounds = await runRounds(
    [{ name: bench.loadtop.name, run: () => runOnce(bench, target, seconds) }],
    Math.min(bench.pairs, 3),
    bench.say,
  );
  const runs = present(rounds[0]!);
  const of = (figure: (run: Run) => number): string => spreadText(spread(runs.map(figure)));
  const stall = median(runs.map(({ longestStallMs }) => longestStallMs));
  return {
    title: 'connections: 5,000 on one worker',
    about: `Full speed, ${times(rounds[0]!.results.length, 'run', seconds)}, ${bench.pins(true).words}. The stall is the longest time that the worker's event loop stood still from run time 0 on, seen by a timer in it (0: never above 10 ms). Median (quartiles).`,
    tables: [
      {
        head: ['connections', 'longest stall, ms', 'most RSS, MB', 'CPU µs/request', 'requests/s'],
        rows: [
          [
            count.toLocaleString('en-US'),
            of(({ longestStallMs }) => longestStallMs),
            of(({ mostBytes }) => mostBytes / 1e6),
            of(({ measured }) => cpuUsPerRequest(measured)),
            of(({ measured }) => requestRate(measured)),
          ],
        ],
      },
    ],
    goals: [atMost('longest stall of the loop', stall, 100, ' ms')],
    notes: [
      ...rounds.flatMap(({ failure }) => (failure === undefined ? [] : [`failed, ${failure}`])),
      foreignNote(runs.map(({ measured }) => measured)),
    ],
  };
};

export const connectionsCase: Case = {
  name: 'connections',
  about: '5,000 connections on one worker: memory, longest stall of its loop',
  run: (bench) => withTarget(bench, 'connections', bench.pins(true).target, (target) => runConnections(bench, target)),
};
