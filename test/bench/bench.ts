// What every case gets: how often and how long to run, the checkouts, the peers, the CPUs, and a place for files.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Found, findPeer } from './build-peers.ts';
import { type Command, type Pins, pins } from './command.ts';
import type { Loadtop } from './loadtop.ts';
import { type Measured, type MeasureOptions, measure, settleMs } from './measure.ts';
import type { Options } from './options.ts';
import { type PeerName, peers, type Shape } from './peers.ts';
import type { CaseReport } from './report.ts';
import { startTarget, type Target } from './target.ts';

export interface Bench {
  readonly pairs: number;
  readonly loadtop: Loadtop;
  /** The checkout measured, then the one it is compared with, if there is one. */
  readonly checkouts: readonly Loadtop[];
  readonly workFolder: string;
  /** The CPUs of generator and target; `apart` false lets both run anywhere. */
  pins(apart: boolean): Pins;
  /** Length of a run: as asked for, else the case's own. */
  seconds(own: number): number;
  say(text: string): void;
}

/** One case: its name on the command line, what it is, and how it is done. */
export interface Case {
  readonly name: string;
  readonly about: string;
  run(bench: Bench): Promise<CaseReport>;
  /** Arguments of loadtop that show the case's path, for a profile; undefined where a profile shows nothing. */
  readonly profiled?: (bench: Bench, origin: string) => readonly string[];
}

export const makeBench = (
  options: Options,
  checkouts: readonly Loadtop[],
  workFolder: string,
  say: (text: string) => void,
): Bench => {
  mkdirSync(workFolder, { recursive: true });
  return {
    pairs: options.pairs,
    loadtop: checkouts[0]!,
    checkouts,
    workFolder,
    pins: (apart) => pins(apart && options.pin),
    seconds: (own) => options.seconds ?? own,
    say,
  };
};

/** Runs `body` with the target; a report that says why not where there is no nginx. */
export const withTarget = async (
  bench: Bench,
  title: string,
  cpu: number | undefined,
  body: (target: Target) => Promise<CaseReport>,
): Promise<CaseReport> => {
  const target = await startTarget(bench.workFolder, cpu);
  if (!target) return skipped(title, 'nginx was not found (Debian: nginx-light)');
  try {
    return await body(target);
  } finally {
    await target.stop();
  }
};

export const skipped = (title: string, reason: string): CaseReport => ({
  title,
  about: `Skipped: ${reason}.`,
  tables: [],
  goals: [],
  notes: [],
});

/** Measures a command against the target. */
export const measureOn = (
  target: Target,
  cpu: number | undefined,
  command: Command,
  seconds: number,
  more: Partial<MeasureOptions> = {},
): Promise<Measured> =>
  measure(command, {
    cpu,
    withinMs: seconds * 1000 + settleMs + 30_000,
    requests: () => target.requests(),
    targetPid: target.pid,
    ...more,
  });

/** The command of each peer that can be had and has such a mode; what is left out is noted. */
export const peerCommands = (
  bench: Bench,
  names: readonly PeerName[],
  shape: Shape,
  notes: string[],
): { readonly name: PeerName; readonly label: string; readonly command: Command }[] =>
  names.flatMap((name) => {
    const found: Found = findPeer(name, bench.say);
    if ('missing' in found) {
      notes.push(`${name}: skipped, ${found.missing}`);
      return [];
    }
    const command = peers[name].command(found.program, shape, path.join(bench.workFolder, name));
    return command === undefined ? [] : [{ name, label: `${peers[name].name} ${found.version}`.trim(), command }];
  });

/** `7 rounds of 6 s`. */
export const times = (count: number, word: string, seconds: number): string =>
  `${count} ${word}${count === 1 ? '' : 's'} of ${seconds} s`;

/** What others used of the machine in the runs, for the notes: figures of a busy machine are none. */
export const foreignNote = (all: readonly Measured[]): string => {
  const most = Math.max(0, ...all.map(({ foreignCores }) => foreignCores));
  const busy = all.filter(({ foreignCores }) => foreignCores > 0.08).length;
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return busy === 0
    ? `Others used at most ${percent(most)} of a core meanwhile.`
    : `**Others used more than 8 % of a core in ${busy} of ${all.length} runs (at most ${percent(most)}): do not trust these figures.**`;
};
