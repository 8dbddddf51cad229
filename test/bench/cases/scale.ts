// How loadtop's own cost changes with workers, connections, and the sizes of bodies and responses: one of them at a time,
// from 64 connections, one worker, no body and an empty response.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Bench, type Case, foreignNote, measureOn, times, withTarget } from '../bench.ts';
import { bare, loadtopCommand } from '../loadtop.ts';
import { cores, cpuUsPerRequest, type Measured, requestRate } from '../measure.ts';
import { type CaseReport, short, spreadText } from '../report.ts';
import { present, runRounds } from '../rounds.ts';
import { median, spread } from '../statistics.ts';
import { responseSizes, type Target } from '../target.ts';

interface Point {
  readonly workers: number;
  readonly connections: number;
  readonly bodyBytes: number;
  readonly responseBytes: number;
}

const base: Point = { workers: 1, connections: 64, bodyBytes: 0, responseBytes: 0 };

const points: readonly Point[] = [
  base,
  ...[2, 3].map((workers) => ({ ...base, workers, connections: 60 })),
  ...[1, 8, 256, 1000, 5000].map((connections) => ({ ...base, connections })),
  ...[300, 10_000, 100_000, 1_000_000].map((bodyBytes) => ({ ...base, bodyBytes })),
  ...responseSizes.map((responseBytes) => ({ ...base, responseBytes })),
];

const argsOf = (point: Point, bench: Bench, origin: string, seconds: number): string[] => {
  const { workers, connections, bodyBytes, responseBytes } = point;
  const file = path.join(bench.workFolder, `scale-${bodyBytes}.body`);
  if (bodyBytes > 0) writeFileSync(file, Buffer.alloc(bodyBytes, 'x'));
  return [
    `${origin}/${responseBytes > 0 ? `size/${responseBytes}` : ''}`,
    ...[...bare, '-q', 'max', '-w', `${workers}`, '-c', `${connections}`, '-z', `${seconds}s`],
    ...(bodyBytes > 0 ? ['-m', 'POST', '-T', 'application/octet-stream', '-D', file] : []),
  ];
};

const bytes = (count: number): string => (count === 0 ? '–' : count.toLocaleString('en-US'));

const runScale = async (bench: Bench, target: Target): Promise<CaseReport> => {
  const { generator, words } = bench.pins(true);
  const seconds = bench.seconds(5);
  const contenders = points.map((point) => ({
    name: `${point.workers} workers, ${point.connections} connections, body ${point.bodyBytes}, response ${point.responseBytes}`,
    run: (): Promise<Measured> => {
      const command = loadtopCommand(bench.loadtop, argsOf(point, bench, target.origin, seconds));
      // Several workers are not put on one CPU.
      return measureOn(target, point.workers > 1 ? undefined : generator, command, seconds);
    },
  }));
  const rounds = await runRounds(contenders, bench.pairs, bench.say);
  return {
    title: 'scale: what the cost depends on',
    about: `Full speed, ${times(bench.pairs, 'round', seconds)}, ${words} (several workers: not pinned). Median (quartiles).`,
    tables: [
      {
        head: ['workers', 'connections', 'body, bytes', 'response, bytes', 'CPU µs/request', 'requests/s', 'cores'],
        rows: rounds.map((each, index) => {
          const { workers, connections, bodyBytes, responseBytes } = points[index]!;
          const results = present(each);
          return [
            ...[`${workers}`, `${connections}`, bytes(bodyBytes), bytes(responseBytes)],
            spreadText(spread(results.map(cpuUsPerRequest))),
            short(median(results.map(requestRate))),
            short(median(results.map(cores))),
          ];
        }),
      },
    ],
    goals: [],
    notes: [
      ...rounds.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: failed, ${failure}`])),
      foreignNote(rounds.flatMap(present)),
    ],
  };
};

export const scaleCase: Case = {
  name: 'scale',
  about: 'CPU per request over workers, connections, body and response sizes',
  run: (bench) => withTarget(bench, 'scale', bench.pins(true).target, (target) => runScale(bench, target)),
};
