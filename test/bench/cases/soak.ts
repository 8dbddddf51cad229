// Ten minutes at 5,000 arrivals a second: whether memory grows and whether the cost of a request stays what it was.

import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Case, foreignNote, measureOn, withTarget } from '../bench.ts';
import type { Exit } from '../command.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { cpuUsPerRequest } from '../measure.ts';
import { cpuMsOf, residentBytesOf } from '../proc.ts';
import { atMost, type CaseReport, type Goal, short, within } from '../report.ts';
import { lineThrough } from '../statistics.ts';
import type { Target } from '../target.ts';

const rate = 5000;

/** What was seen at one instant of the run. */
interface Sample {
  readonly atMs: number;
  readonly residentBytes: number;
  readonly cpuMs: number;
  readonly requests: number;
}

/** A sample each second while the program runs. */
const sampler =
  (target: Target, samples: Sample[]) =>
  async (pid: number, exited: Promise<Exit>): Promise<void> => {
    const startedAt = performance.now();
    let over = false;
    void exited.then(() => {
      over = true;
    });
    for (let second = 1; ; second += 1) {
      await Promise.race([exited, sleep(startedAt + second * 1000 - performance.now())]);
      if (over) return;
      const requests = await target.requests();
      const residentBytes = residentBytesOf(pid);
      // Nothing is left of it where it ended meanwhile.
      if (residentBytes > 0) {
        samples.push({ atMs: performance.now() - startedAt, residentBytes, cpuMs: cpuMsOf(pid), requests });
      }
    }
  };

/** CPU µs per request between two samples. */
const cost = (from: Sample | undefined, to: Sample | undefined): number =>
  from && to ? ((to.cpuMs - from.cpuMs) * 1000) / (to.requests - from.requests) : Number.NaN;

/** How memory went after the heap has found its size, and what a request cost at both ends. */
export const judgeSoak = (samples: readonly Sample[], lengthMs: number) => {
  const minute = Math.min(60_000, lengthMs / 4);
  const settled = samples.filter(({ atMs }) => atMs >= minute);
  const line = lineThrough(settled.map(({ atMs, residentBytes }) => [atMs / 60_000, residentBytes / 1e6] as const));
  const first = settled[0];
  const last = samples.at(-1);
  const spanMinutes = first && last ? (last.atMs - first.atMs) / 60_000 : Number.NaN;
  const start = samples.find(({ atMs }) => atMs >= 2000);
  const lateFrom = samples.find(({ atMs }) => atMs >= (last?.atMs ?? 0) - minute);
  return {
    mbPerMinute: line.slope,
    scatterMb: line.scatter,
    grownMb: line.slope * spanMinutes,
    mostMb: Math.max(...samples.map(({ residentBytes }) => residentBytes / 1e6)),
    firstCost: cost(
      start,
      samples.findLast(({ atMs }) => atMs <= 2000 + minute),
    ),
    lastCost: cost(lateFrom, last),
  };
};

const runSoak = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(600);
  const samples: Sample[] = [];
  const load = ['-q', `${rate}`, '-c', '64', '-w', '1', '-z', `${seconds}s`];
  bench.say(`${seconds} s at ${rate}/s`);
  const measured = await measureOn(
    target,
    bench.pins(true).generator,
    loadtopCommand(bench.loadtop, [`${target.origin}/`, ...bare, ...load]),
    seconds,
    { accept: [0, 96], watch: sampler(target, samples) },
  );
  const { mbPerMinute, scatterMb, grownMb, mostMb, firstCost, lastCost } = judgeSoak(samples, seconds * 1000);
  const noise: Goal = {
    what: 'RSS at the end of its line, more than at its beginning',
    wanted: `within the noise, ± ${short(2 * scatterMb)} MB`,
    figure: `${short(grownMb)} MB`,
    met: Number.isFinite(grownMb) ? grownMb <= 2 * scatterMb : undefined,
  };
  return {
    title: 'soak: memory and cost over time',
    about: `Open model at ${short(rate)}/s for ${seconds} s, 64 connections, one worker, no live view, ${bench.pins(true).words}. RSS each second; its line by least squares after the first minute (a quarter of a shorter run), the noise twice the scatter about it.`,
    tables: [
      {
        head: ['', ''],
        rows: [
          ['most RSS, MB', short(mostMb)],
          ['slope of RSS, MB/min', short(mbPerMinute)],
          ['scatter about the line, MB', short(scatterMb)],
          ['CPU µs/request, first minute', short(firstCost)],
          ['CPU µs/request, last minute', short(lastCost)],
          ['CPU µs/request, whole', short(cpuUsPerRequest(measured))],
        ],
      },
    ],
    goals: [
      atMost('most RSS', mostMb, 200, ' MB'),
      noise,
      within('cost of a request, last minute ÷ first', lastCost / firstCost, 0.9, 1.1),
    ],
    notes: [foreignNote([measured])],
  };
};

export const soakCase: Case = {
  name: 'soak',
  about: '10 minutes at 5,000/s: RSS each second, cost at both ends',
  run: (bench) => withTarget(bench, 'soak', bench.pins(true).target, (target) => runSoak(bench, target)),
};
