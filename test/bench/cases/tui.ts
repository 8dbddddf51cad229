// What the live view and the probes cost: 10,000 arrivals a second with both, at a terminal of 120 x 40, and with neither.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Case, foreignNote, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand, type RunSummary, takeSummary, warmup } from '../loadtop.ts';
import {
  cores,
  type Measured,
  type MeasureOptions,
  measure,
  measureRunning,
  settleMs,
  untilLoadEnds,
} from '../measure.ts';
import { startInPty } from '../pty.ts';
import { atMost, type CaseReport, short, spreadText } from '../report.ts';
import { present, runRounds } from '../rounds.ts';
import { median, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const rate = 10_000;

interface Run {
  readonly measured: Measured;
  readonly pacing: RunSummary['pacing'];
}

const runTui = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(8);
  const file = path.join(bench.workFolder, 'tui.json');
  const load = ['-q', `${rate}`, '-w', '1', '-c', '64', '-z', `${seconds}s`, '-o', file, ...warmup(bench.loadtop, 2)];
  const options: MeasureOptions = {
    cpu: undefined,
    withinMs: seconds * 1000 + settleMs + 30_000,
    requests: () => target.requests(),
    targetPid: target.pid,
    ...untilLoadEnds(seconds),
    accept: [0, 96],
  };
  const without = async (): Promise<Run> => {
    const measured = await measure(loadtopCommand(bench.loadtop, [`${target.origin}/`, ...bare, ...load]), options);
    return { measured, pacing: takeSummary(file).pacing };
  };
  const withBoth = async (): Promise<Run> => {
    const running = startInPty(loadtopCommand(bench.loadtop, [`${target.origin}/`, '--no-record', ...load]), undefined);
    const leave = async (): Promise<void> => {
      await sleep(seconds * 1000 + 1500);
      running.press('q');
    };
    const measured = await measureRunning(running, { ...options, watch: leave });
    if (running.written() < 10_000) throw new Error(`the live view wrote only ${running.written()} bytes`);
    return { measured, pacing: takeSummary(file).pacing };
  };
  const contenders = [
    { name: 'live view and probes', run: withBoth },
    { name: 'neither', run: without },
  ];
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  const [both, neither] = [rounds[0]!, rounds[1]!];
  const more = both.results.flatMap((run, round) => {
    const other = neither.results[round];
    return run && other ? [(cores(run.measured) - cores(other.measured)) * 100] : [];
  });
  return {
    title: 'tui: what the live view costs',
    about: `Open model at ${short(rate)}/s, 64 connections, one worker, a terminal of 120 × 40, /health and /metrics polled; ${times(bench.pairs, 'pair', seconds)}, not pinned. Median (quartiles).`,
    tables: [
      {
        head: ['with', '% of a core', 'pacing p50, ms', 'pacing p99, ms', 'pacing max, ms', 'RSS, MB'],
        rows: rounds.map((each) => {
          const of = (figure: (run: Run) => number): string => spreadText(spread(present(each).map(figure)));
          return [
            each.name,
            of(({ measured }) => cores(measured) * 100),
            ...[of(({ pacing }) => pacing.p50), of(({ pacing }) => pacing.p99), of(({ pacing }) => pacing.max)],
            of(({ measured }) => measured.residentBytes / 1e6),
          ];
        }),
      },
    ],
    goals: [
      atMost('live view and probes, more than without', median(more), 12, ' % of a core'),
      atMost('pacing delay p99 with them', median(present(both).map(({ pacing }) => pacing.p99)), 1.6, ' ms'),
    ],
    notes: [
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
      foreignNote(rounds.flatMap((each) => present(each).map(({ measured }) => measured))),
    ],
  };
};

export const tuiCase: Case = {
  name: 'tui',
  about: 'what the live view and the probes cost at 10,000/s',
  run: (bench) => withTarget(bench, 'tui', undefined, (target) => runTui(bench, target)),
};
