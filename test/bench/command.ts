// Starts a program of the benchmark, on a CPU of its own where that can be had, and ends whatever was started when the
// benchmark ends, also by a signal.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { allowedCpus } from './proc.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Resolves at the first line on stdout; rejects where the program ends before. */
  readonly firstLine: Promise<string>;
  end(signal?: NodeJS.Signals): void;
}

/** The path of a program on PATH or where system programs are; undefined where there is none. */
export const findProgram = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));

/** Which CPUs the two sides of a measurement have; undefined for any. */
export interface Pins {
  readonly generator: number | undefined;
  readonly target: number | undefined;
  /** What the report says. */
  readonly words: string;
}

/** The generator on the first CPU and the target on the last; not pinned where there is one CPU or no taskset. */
export const pins = (wanted: boolean): Pins => {
  const cpus = allowedCpus();
  const first = cpus[0];
  const last = cpus.at(-1);
  const none = (words: string): Pins => ({ generator: undefined, target: undefined, words });
  if (!wanted) return none('not pinned');
  if (first === undefined || last === undefined || first === last) return none('not pinned: there is one CPU');
  if (findProgram('taskset') === undefined) return none('not pinned: taskset was not found');
  return { generator: first, target: last, words: `generator on CPU ${first}, target on CPU ${last}` };
};

/** The same command, on one CPU. */
export const pinned = (command: Command, cpu: number | undefined): Command =>
  cpu === undefined
    ? command
    : { ...command, file: findProgram('taskset')!, args: ['-c', String(cpu), command.file, ...command.args] };

/** The environment of what is started: without what would steer npm's or loadtop's flags. */
export const cleanEnv = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|LOADTOP_|NODE_OPTIONS$)/.test(name))),
  ...extra,
});

const started = new Set<ChildProcess>();

/** Ends everything that was started. */
export const endAll = (): void => {
  for (const child of started) endGroup(child, 'SIGKILL');
};

const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended just now.
  }
};

/** Starts a program in a process group of its own. `exited` never rejects: a program that is not there has code 127. */
export const start = (command: Command, cpu?: number): Running => {
  const { file, args, env } = pinned(command, cpu);
  const child = spawn(file, args, { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  started.add(child);
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = new Promise<Exit>((resolve) => {
    child.on('error', (error) => resolve({ code: 127, signal: undefined, stdout, stderr: error.message }));
    child.on('close', (code, signal) => {
      started.delete(child);
      resolve({ code: code ?? undefined, signal: signal ?? undefined, stdout, stderr });
    });
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const end = stdout.indexOf('\n');
      if (end >= 0) resolve(stdout.slice(0, end));
    });
    void exited.then((exit) => reject(new Error(`${path.basename(file)} ended: ${lastLines(exit)}`)));
  });
  firstLine.catch(() => undefined);
  return { pid: child.pid ?? 0, exited, firstLine, end: (signal = 'SIGTERM') => endGroup(child, signal) };
};

/** What a program said last, in one line, for a message. */
export const lastLines = ({ stdout, stderr, code, signal }: Exit): string => {
  const lines = (stderr.trim() || stdout.trim()).split('\n').map((line) => line.trim());
  return `${signal ?? `code ${code}`}: ${lines.filter(Boolean).slice(0, 3).join(' · ').slice(0, 300)}`;
};
