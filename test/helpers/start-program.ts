// The built program as a process of its own, without a terminal: what it wrote, and with which code it ended.

import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  /** Where it runs and keeps its recordings. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly nodeFlags?: readonly string[];
}

export const startProgram = (
  args: readonly string[],
  { folder, env = {}, nodeFlags = [] }: Options,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } => {
  const child = spawn(process.execPath, [...nodeFlags, cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LOADTOP_HOME: path.join(folder, 'home'), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) };
};
