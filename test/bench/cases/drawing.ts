// What drawing alone costs: the same load with the same probes, with the live view on a terminal of 120 x 40 and with
// --no-tui; and whether the view changes what is measured. tui.ts compares with neither view nor probes, at a higher rate.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Case, foreignNote, times, withTarget } from '../bench.ts';
import { type Loadtop, loadtopCommand, type RunSummary, takeSummary, warmup } from '../loadtop.ts';
import {
  cores,
  type Measured,
  type MeasureOptions,
  measure,
  measureRunning,
  RunFailed,
  settleMs,
  untilLoadEnds,
} from '../measure.ts';
import { startInPty } from '../pty.ts';
import { atMost, type CaseReport, type Goal, short, spreadText, within } from '../report.ts';
import { present, type Rounds, runRounds } from '../rounds.ts';
import { median, ratios, spread } from '../statistics.ts';
import type { Target } from '../target.ts';

const rate = 2000;
const warmupSeconds = 2;
const framesPerSecond = 4;

export interface DrawingRun {
  readonly measured: Measured;
  /** Answers per second outside the warm-up, by its own count. */
  readonly achieved: number;
  readonly claims: RunSummary['claims'];
  /** Bytes that were drawn in a second; NaN without the view. */
  readonly bytesPerSecond: number;
}

/** The figures that the view must not change, and what each differs by at the least where nothing was changed. */
const figures = [
  ['achieved rate', ({ achieved }: DrawingRun) => achieved, 0.005],
  ['p50', ({ claims }: DrawingRun) => claims.p50 ?? Number.NaN, 0.05],
  ['p99', ({ claims }: DrawingRun) => claims.p99 ?? Number.NaN, 0.1],
] as const;

/**
 * Whether each figure is the same with the view and without: the median of the ratios within rounds lies within what the
 * figure scatters by from round to round without the view.
 */
export const sameWithin = (
  drawn: readonly (DrawingRun | undefined)[],
  plain: readonly (DrawingRun | undefined)[],
): Goal[] =>
  figures.map(([name, of, least]) => {
    const value = (run: DrawingRun | undefined): number | undefined => run && of(run);
    const own = plain.flatMap((run) => (run ? [of(run)] : []));
    const { low, high, median: middle } = spread(own);
    const noise = Math.max(least, (high - low) / middle || 0);
    const ratio = median(ratios(drawn.map(value), plain.map(value)));
    return within(`${name}, with the view by without`, ratio, 1 - noise, 1 + noise);
  });

const loadOf = (loadtop: Loadtop, target: Target, seconds: number, file: string): string[] => {
  const fps = loadtop.knows('--fps') ? ['--fps', `${framesPerSecond}`] : [];
  const load = [
    '-q',
    `${rate}`,
    '-w',
    '1',
    '-c',
    '64',
    '-z',
    `${seconds}s`,
    '-o',
    file,
    ...warmup(loadtop, warmupSeconds),
  ];
  return [`${target.origin}/`, '--no-record', ...load, ...fps];
};

const runDrawing = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(12);
  const file = path.join(bench.workFolder, 'drawing.json');
  const args = loadOf(bench.loadtop, target, seconds, file);
  const options: MeasureOptions = {
    cpu: undefined,
    withinMs: seconds * 1000 + settleMs + 30_000,
    requests: () => target.requests(),
    targetPid: target.pid,
    ...untilLoadEnds(seconds),
    accept: [0, 96],
  };
  const summed = (): Pick<DrawingRun, 'achieved' | 'claims'> => {
    const { good, notGood, claims } = takeSummary(file);
    return { claims, achieved: (good + notGood) / (seconds - warmupSeconds) };
  };
  const plain = async (): Promise<DrawingRun> => {
    const measured = await measure(loadtopCommand(bench.loadtop, [...args, '--no-tui']), options);
    return { measured, ...summed(), bytesPerSecond: Number.NaN };
  };
  const drawn = async (): Promise<DrawingRun> => {
    const running = startInPty(loadtopCommand(bench.loadtop, args), undefined);
    let written = Number.NaN;
    const watch = async (): Promise<void> => {
      await sleep(settleMs);
      const before = running.written();
      await sleep(seconds * 1000 - settleMs - 500);
      written = running.written() - before;
    };
    const measured = await measureRunning(running, { ...options, watch });
    const bytesPerSecond = written / (seconds - settleMs / 1000 - 0.5);
    if (!(bytesPerSecond > 100)) throw new RunFailed(`the live view drew only ${short(bytesPerSecond)} bytes a second`);
    return { measured, ...summed(), bytesPerSecond };
  };
  const contenders = [
    { name: 'live view', run: drawn },
    { name: '--no-tui', run: plain },
  ];
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  return report(rounds, bench, seconds);
};

const report = (rounds: readonly Rounds<DrawingRun>[], bench: Bench, seconds: number): CaseReport => {
  const [view, without] = [rounds[0]!, rounds[1]!];
  const more = view.results.flatMap((run, round) => {
    const other = without.results[round];
    return run && other ? [(cores(run.measured) - cores(other.measured)) * 100] : [];
  });
  return {
    title: 'drawing: what the screen costs, and what it changes',
    about: `Open model at ${short(rate)}/s, 64 connections, one worker, /health and /metrics polled, ${framesPerSecond} frames a second on a terminal of 120 × 40; ${times(bench.pairs, 'pair', seconds)}, not pinned. Median (quartiles).`,
    tables: [
      {
        head: ['with', '% of a core', ...figures.map(([name]) => name), 'bytes/s drawn'],
        rows: rounds.map((each) => {
          const of = (figure: (run: DrawingRun) => number): string => spreadText(spread(present(each).map(figure)));
          return [
            each.name,
            of(({ measured }) => cores(measured) * 100),
            ...figures.map(([, figure]) => of(figure)),
            of(({ bytesPerSecond }) => bytesPerSecond),
          ];
        }),
      },
    ],
    goals: [
      atMost('live view, more than --no-tui', median(more), 10, ' % of a core'),
      ...sameWithin(view.results, without.results),
    ],
    notes: [
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
      foreignNote(rounds.flatMap((each) => present(each).map(({ measured }) => measured))),
    ],
  };
};

export const drawingCase: Case = {
  name: 'drawing',
  about: 'what drawing costs beside --no-tui, and whether it changes what is measured',
  run: (bench) => withTarget(bench, 'drawing', undefined, (target) => runDrawing(bench, target)),
};
