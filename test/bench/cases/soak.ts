// Ten minutes of load: whether memory grows and whether the cost of a request stays what it was. Once bare at 5,000 arrivals a
// second, once as users run it: a shipped profile at 2,000 a second, with its templates, probes and objectives, recorded.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Case, foreignNote, measureOn, withTarget } from '../bench.ts';
import type { Command, Exit } from '../command.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { cpuUsPerRequest } from '../measure.ts';
import { cpuMsOf, residentBytesOf } from '../proc.ts';
import { atMost, type CaseReport, type Goal, short, within } from '../report.ts';
import { lineThrough, median } from '../statistics.ts';
import type { Target } from '../target.ts';

interface Soak {
  readonly name: string;
  readonly about: string;
  readonly rate: number;
  /** What is run, for the report. */
  readonly words: string;
  readonly command: (bench: Bench, origin: string, seconds: number) => Command;
  /** MB; undefined where only growth is judged. */
  readonly mostMb: number | undefined;
}

const soaks: readonly Soak[] = [
  {
    name: 'soak',
    about: '10 minutes at 5,000/s: RSS each second, cost at both ends',
    rate: 5000,
    words: 'GET, 64 connections, one worker, no live view, no probes, no recording',
    command: ({ loadtop }, origin, seconds) =>
      loadtopCommand(loadtop, [`${origin}/`, ...bare, '-q', '5000', '-c', '64', '-w', '1', '-z', `${seconds}s`]),
    mostMb: 200,
  },
  {
    name: 'soak-recorded',
    about: '10 minutes at 2,000/s as users run it, recorded: the same',
    rate: 2000,
    words:
      'the profile `soak`, events drawn one by one, /health and /metrics polled, objectives judged, recorded, no live view',
    command: ({ loadtop, workFolder }, origin, seconds) => ({
      ...loadtopCommand(loadtop, ['run', 'soak', '--host', origin, '-q', '2000', '-z', `${seconds}s`, '--no-tui']),
      env: { LOADTOP_HOME: path.join(workFolder, 'home') },
    }),
    mostMb: undefined,
  },
];

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
  const megabytes = (of: readonly Sample[]): number => median(of.map(({ residentBytes }) => residentBytes / 1e6));
  const lateFrom = samples.find(({ atMs }) => atMs >= (last?.atMs ?? 0) - minute);
  return {
    /** Medians of ten seconds: after the heap has found its size, and at the end. */
    startMb: megabytes(settled.slice(0, 10)),
    endMb: megabytes(settled.slice(-10)),
    mbPerMinute: line.slope,
    /** What is no growth, over the whole span and in a minute: twice what the points scatter about their line. */
    noiseMb: 2 * line.scatter,
    noiseMbPerMinute: (2 * line.scatter) / spanMinutes,
    grownMb: line.slope * spanMinutes,
    mostMb: Math.max(...samples.map(({ residentBytes }) => residentBytes / 1e6)),
    firstCost: cost(
      start,
      samples.findLast(({ atMs }) => atMs <= 2000 + minute),
    ),
    lastCost: cost(lateFrom, last),
  };
};

const runSoak = async (soak: Soak, bench: Bench, target: Target): Promise<CaseReport> => {
  const seconds = bench.seconds(600);
  const samples: Sample[] = [];
  const { generator, words } = bench.pins(true);
  bench.say(`${seconds} s at ${soak.rate}/s`);
  const command = soak.command(bench, target.origin, seconds);
  const measured = await measureOn(target, generator, command, seconds, {
    accept: [0, 96],
    watch: sampler(target, samples),
  });
  const found = judgeSoak(samples, seconds * 1000);
  return {
    title: `${soak.name}: memory and cost over time`,
    about: `Open model at ${short(soak.rate)}/s for ${seconds} s: ${soak.words}; ${words}. RSS each second; its line by least squares after the first minute (a quarter of a shorter run), the noise twice the scatter about it.`,
    tables: [
      {
        head: ['', ''],
        rows: [
          ['RSS at the start of the line, MB', short(found.startMb)],
          ['RSS at the end, MB', short(found.endMb)],
          ['most RSS, MB', short(found.mostMb)],
          ['slope of RSS, MB/min', `${short(found.mbPerMinute)} ± ${short(found.noiseMbPerMinute)}`],
          ['CPU µs/request, first minute', short(found.firstCost)],
          ['CPU µs/request, last minute', short(found.lastCost)],
          ['CPU µs/request, whole', short(cpuUsPerRequest(measured))],
        ],
      },
    ],
    goals: goalsOf(soak, found),
    notes: [foreignNote([measured])],
  };
};

const goalsOf = ({ mostMb }: Soak, found: ReturnType<typeof judgeSoak>): Goal[] => [
  ...(mostMb === undefined ? [] : [atMost('most RSS', found.mostMb, mostMb, ' MB')]),
  {
    what: 'RSS flat: its line at the end, more than at its beginning',
    wanted: `within the noise, ± ${short(found.noiseMb)} MB`,
    figure: `${short(found.grownMb)} MB`,
    met: Number.isFinite(found.grownMb) ? found.grownMb <= found.noiseMb : undefined,
  },
  within('cost of a request, last minute ÷ first', found.lastCost / found.firstCost, 0.9, 1.1),
];

export const soakCases: readonly Case[] = soaks.map((soak) => ({
  name: soak.name,
  about: soak.about,
  run: (bench) => withTarget(bench, soak.name, bench.pins(true).target, (target) => runSoak(soak, bench, target)),
}));
