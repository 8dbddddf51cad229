// Where loadtop's CPU time goes: one run under V8's sampling profiler, which covers its worker threads, summed up by
// function.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { lastLines, start } from './command.ts';
import { loadtopCommand } from './loadtop.ts';
import { tableMarkdown } from './report.ts';
import { startTarget } from './target.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** The parts of a .cpuprofile file that are read. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  /** Function and where it stands. */
  readonly where: string;
  readonly ms: number;
}

const isProfile = (value: unknown): value is CpuProfile =>
  typeof value === 'object' && value !== null && 'nodes' in value && 'samples' in value && 'timeDeltas' in value;

const whereOf = ({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string => {
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/(node_modules|dist)\//, '$1/');
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}:${lineNumber + 1}`}`;
};

/** Self time by function, longest first; waiting is left out. */
export const selfTimes = ({ nodes, samples, timeDeltas }: CpuProfile): SelfTime[] => {
  const names = new Map(nodes.map((node) => [node.id, whereOf(node)]));
  const sums = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    sums.set(name, (sums.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  sums.delete('(idle)');
  return [...sums].map(([where, ms]) => ({ where, ms })).toSorted((a, b) => b.ms - a.ms);
};

/** Profiles one run of a case; the table is that of the busiest thread. */
export const profileMarkdown = async (
  bench: Bench,
  args: (bench: Bench, origin: string) => readonly string[],
): Promise<string> => {
  const { generator, target: targetCpu } = bench.pins(true);
  const target = await startTarget(bench.workFolder, targetCpu);
  if (!target) return 'No profile: nginx was not found.';
  try {
    const folder = mkdtempSync(path.join(bench.workFolder, 'profile-'));
    const nodeArgs = ['--cpu-prof', '--cpu-prof-dir', folder];
    const exit = await start(loadtopCommand(bench.loadtop, args(bench, target.origin), nodeArgs), generator).exited;
    const profiles = readdirSync(folder).map((file): unknown =>
      JSON.parse(readFileSync(path.join(folder, file), 'utf8')),
    );
    const busy = (times: readonly SelfTime[]): number => times.reduce((sum, { ms }) => sum + ms, 0);
    const threads = profiles.filter(isProfile).map(selfTimes);
    const busiest = threads.toSorted((a, b) => busy(b) - busy(a))[0];
    if (!busiest) return `No profile: it ended with ${lastLines(exit)}.`;
    const total = busy(busiest);
    return [
      `Self time of its busiest thread, ${Math.round(total)} ms of CPU in all, start-up included:`,
      tableMarkdown({
        head: ['function', 'ms', 'share'],
        rows: busiest
          .slice(0, 25)
          .map(({ where, ms }) => [where, `${Math.round(ms)}`, `${((ms / total) * 100).toFixed(1)} %`]),
      }),
    ].join('\n\n');
  } finally {
    await target.stop();
  }
};
