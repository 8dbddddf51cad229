// How loadtop is started: as built, from a checkout, without screen, probes and recording unless a case is about them.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Claims, claimsFrom, numberAt } from './claims.ts';
import { type Command, cleanEnv } from './command.ts';

/** A built checkout. */
export interface Loadtop {
  /** As the report calls it. */
  readonly name: string;
  readonly folder: string;
  readonly version: string;
  /** Whether its help knows a flag. */
  knows(flag: string): boolean;
}

const nodeOf = (folder: string): string => {
  const own = path.join(folder, 'node_modules/node/bin/node');
  return existsSync(own) ? own : process.execPath;
};

/** A checkout that cannot be built or started, with the words of what failed. */
export class CannotStart extends Error {}

/**
 * Builds a checkout unless told not to, and asks it what it can.
 * @throws CannotStart
 */
export const prepare = (name: string, folder: string, build: boolean): Loadtop => {
  const run = (file: string, args: readonly string[]): string => {
    const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: folder, encoding: 'utf8', env: cleanEnv() });
    if (status === 0) return stdout;
    throw new CannotStart(
      `${path.basename(file)} ${args.join(' ')} failed: ${error?.message ?? (stdout + stderr).trim()}`,
    );
  };
  if (build) run('npm', ['run', '--silent', 'build']);
  const cli = path.join(folder, 'dist/cli.js');
  const help = run(nodeOf(folder), [cli, '--help']);
  const version = run(nodeOf(folder), [cli, '--version']).trim();
  return { name, folder, version, knows: (flag) => new RegExp(`(^|[\\s,])${flag}\\b`).test(help) };
};

/** The command with these arguments; `nodeArgs` stand before the program. */
export const loadtopCommand = (
  { folder }: Loadtop,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): Command => ({ file: nodeOf(folder), args: [...nodeArgs, path.join(folder, 'dist/cli.js'), ...args] });

/** The demo target of a checkout, with these flags. */
export const demoTargetCommand = ({ folder }: Loadtop, flags: readonly string[]): Command => ({
  file: nodeOf(folder),
  args: [path.join(folder, 'dist/demo/target.js'), ...flags],
});

/** Without anything that is not load. */
export const bare = ['--no-tui', '--no-record', '--no-probe'] as const;

/** Leaves the first seconds out of the summary, where this version can. */
export const warmup = (loadtop: Loadtop, seconds: number): readonly string[] =>
  loadtop.knows('--warmup') ? ['--warmup', `${seconds}s`] : [];

/** What a summary file says that cases ask for. */
export interface RunSummary {
  readonly claims: Claims;
  readonly pacing: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly good: number;
  readonly notGood: number;
  readonly cutOff: number;
  /** Wall-clock ms of run time 0. */
  readonly startedAt: number;
}

/** Reads a summary file and removes it, so that no later run is taken for this one. */
export const takeSummary = (file: string): RunSummary => {
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  const json: unknown = JSON.parse(text);
  const startedAt = /"startedAt":\s*"([^"]+)"/.exec(text)?.[1] ?? '';
  const at = (...keys: string[]): number => numberAt(json, ...keys) ?? Number.NaN;
  return {
    claims: claimsFrom.loadtop(text),
    pacing: {
      p50: at('waits', 'pacing', 'p50Ms'),
      p99: at('waits', 'pacing', 'p99Ms'),
      max: at('waits', 'pacing', 'maxMs'),
    },
    good: at('good'),
    notGood: at('notGood'),
    cutOff: at('iterations', 'cutOff'),
    startedAt: Date.parse(startedAt),
  };
};
